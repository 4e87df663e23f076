-- How a referral fares when it does not arrive: the case waits for the city again, a clerk sees why and sends it once more.
-- And a report whose number the other side gives later is asked for by its token.
alter table referral.disclosure drop constraint disclosure_state_check;
alter table referral.disclosure add constraint disclosure_state_check
  check (state in ('waiting', 'sent', 'kept', 'failed', 'bounced'));
alter table referral.disclosure add column their_token text check (length(their_token) <= 200);
-- When a clerk sent it once more: the three days of trying begin again.
alter table referral.disclosure add column resent_at timestamptz;

-- The case of a referral that did not arrive: what was settled waits for the city again.
create function referral.wake(p_case uuid) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  update correspondence.casefile set version = version + 1, state_since = city.now(), state = 'open', closed_because = null,
    closed_agency = null
  where id = p_case and state in ('answered', 'closed')
$$;

drop function referral.settle(uuid, text, text, text);
-- Settles a sending: 'sent' (with the agency's number, or the token for it, where it gave one), 'kept' (no mail server) or
-- 'failed'. 'waiting' puts it off, as with mail, for three days.
create function referral.settle(p_id uuid, p_state text, p_failure text default null, p_number text default null,
  p_token text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record;
begin
  update referral.disclosure x set attempts = attempts + 1, failure = p_failure, their_number = p_number, their_token = p_token,
    ask_at = case when coalesce(p_number, p_token) is not null then clock_timestamp() + interval '1 hour' end,
    state = case when p_state = 'waiting' and clock_timestamp() > coalesce(resent_at, made_at) + interval '3 days' then 'failed' else p_state end,
    due_at = clock_timestamp() + least(interval '2 hours', interval '30 seconds' * power(2, least(attempts, 10))),
    settled_at = case when p_state = 'waiting' and clock_timestamp() <= coalesce(resent_at, made_at) + interval '3 days' then null else city.now() end
  where x.id = p_id and x.state = 'waiting' and p_state in ('waiting', 'sent', 'kept', 'failed')
  returning x.case_id, x.state, x.agency into d;
  if not found or d.state = 'waiting' then return; end if;
  if d.state = 'failed' then perform referral.wake(d.case_id); end if;
  perform vault.record('referral.' || d.state, 'system', d.case_id, f.subject, p_purpose => 'referral', p_detail => 'agency=' || d.agency)
  from correspondence.casefile f where f.id = d.case_id;
end $$;

-- The agency's server took the mail and could not deliver it. False where it was told before, or did not go by mail.
create or replace function referral.bounce(p_id uuid, p_failure text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record;
begin
  update referral.disclosure x set state = 'bounced', settled_at = city.now(),
    failure = case when p_failure ~ '^[A-Za-z0-9.-]{1,40}$' then p_failure else 'bounced' end
  where x.id = p_id and x.state in ('sent', 'waiting') and x.way = 'email' returning x.case_id, x.agency into d;
  if not found then return false; end if;
  perform referral.wake(d.case_id);
  perform vault.record('referral.bounced', 'system', d.case_id, f.subject, p_purpose => 'referral', p_detail => 'agency=' || d.agency)
  from correspondence.casefile f where f.id = d.case_id;
  return true;
end $$;

-- What the agency answered, as a message that the person and the clerk see. A case that was settled waits for the city
-- again, unless the agency says no more than that it works on it. The same message twice is one. False where there is no such referral.
create or replace function referral.answer(p_id uuid, p_message uuid, p_sealed bytea, p_status text default null, p_notes bytea default null)
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d referral.disclosure; f correspondence.casefile;
begin
  select * into d from referral.disclosure x where x.id = p_id;
  if not found then return false; end if;
  select * into f from correspondence.casefile c where c.id = d.case_id for update;
  if exists (select from correspondence.message m where m.case_id = f.id and m.id = p_message) then return true; end if;
  perform correspondence.append(f.id, p_message, 'agency', null, null, null, p_sealed);
  update referral.disclosure set answered_at = city.now(), their_status = coalesce(p_status, their_status),
    their_notes_digest = coalesce(p_notes, their_notes_digest),
    ask_at = case when p_status = 'closed' then null else ask_at end where id = p_id;
  update correspondence.casefile set version = version + 1 where id = f.id;
  if p_status is distinct from 'open' then perform referral.wake(f.id); end if;
  perform vault.record('referral.answered', 'system', f.id, f.subject, p_purpose => 'referral',
    p_detail => 'agency=' || d.agency || case when p_status is not null then ' status=' || p_status else '' end);
  if exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then
    perform correspondence.post(array[f.id], array[f.topic], 'agency', p_message);
  end if;
  return true;
end $$;

-- Sends once more, to the same agency, exactly what did not arrive. Pressed twice it is sent once. Refusals: 'not-there'
-- (also: not permitted), 'not-failed'.
create function referral.send_again(p_id uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; d referral.disclosure;
begin
  select * into t from correspondence.take('refer', null);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f;
  select * into d from referral.disclosure x where x.id = p_id and x.case_id = f.id for update;
  if not found then return 'not-there'; end if;
  if d.state = 'waiting' and d.resent_at is not null then return 'again'; end if;
  if d.state not in ('failed', 'bounced') then return 'not-failed'; end if;
  update referral.disclosure set state = 'waiting', due_at = clock_timestamp(), attempts = 0, failure = null, settled_at = null,
    resent_at = clock_timestamp() where id = d.id;
  perform vault.record('referral.resent', 'staff', f.id, f.subject, need_to_know.employee(), t.duty, 'referral', d.basis,
    'agency=' || d.agency || ' by=' || d.way);
  return 'done';
end $$;

-- The reports to be asked for now: by their number, or by the token that leads to it.
drop function referral.lease_questions(int);
create function referral.lease_questions(p_most int) returns table (id uuid, agency text, their_number text, their_token text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update referral.disclosure d set ask_at = clock_timestamp() + interval '1 hour'
  where d.id in (select x.id from referral.disclosure x where x.ask_at <= clock_timestamp()
    order by x.ask_at limit p_most for update skip locked)
  returning d.id, d.agency, d.their_number, d.their_token
$$;
create function referral.learn_number(p_id uuid, p_number text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update referral.disclosure set their_number = p_number where id = p_id and their_number is null and their_token is not null
$$;

grant execute on function referral.send_again(uuid) to cityhall_app;
grant execute on function referral.settle(uuid, text, text, text, text), referral.lease_questions(int),
  referral.learn_number(uuid, text) to cityhall_keeper;

-- The consent clerk's desk: who has still to show who she is, letters to print, and guardians who do not agree. Lists tell a
-- number, a thing and days; who it is stands sealed until it is opened for a reason.
create function consent.to_verify() returns table (id uuid, number int, thing text, notice bytea, band text, answered_at timestamptz,
  ends_on date, wants int, letter text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.number, r.thing, r.notice, r.band, r.answered_at, r.ends_on,
    (select max(c.strength) from consent.consent c where c.request = r.id and c.proof is null and c.state in ('given', 'frozen')),
    (select l.state from consent.letter l where l.request = r.id and l.state in ('asked', 'printed'))
  from consent.request r where r.state = 'answered' and (select need_to_know.duty_with('consent')) is not null
  order by r.answered_at limit 500
$$;
create function consent.to_settle() returns table (consent uuid, thing text, purpose text, notice bytea, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.thing, c.purpose, c.notice, x.at from consent.conflict x join consent.consent c on c.id = x.consent
  where x.settled_at is null and (select need_to_know.duty_with('consent')) is not null order by x.at limit 200
$$;
-- What of a request waits to be shown, for the clerk who verifies it.
create function consent.waiting_of(p_request uuid) returns table (purpose text, strength int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.purpose, c.strength from consent.consent c where c.request = p_request and c.proof is null and c.state in ('given', 'frozen')
    and (select need_to_know.duty_with('consent')) is not null order by c.strength desc, c.purpose
$$;
create function consent.letter_open(p_openings uuid[]) returns table (id uuid, sealed_address bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.id, l.sealed_address from consent.key(p_openings) k join consent.letter l on l.request = k.request
  where l.state = 'asked' and need_to_know.kind() = 'staff'
$$;
-- The letter is printed, with a code of which the database keeps a hash. It is printed once: another one is asked for anew.
create function consent.print_letter(p_request uuid, p_code_hash bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_duty text := need_to_know.duty_with('consent'); r consent.request;
begin
  select x.* into r from consent.request x where x.id = p_request and x.state = 'answered' for update;
  if its_duty is null or r.id is null then return false; end if;
  update consent.letter l set state = 'printed', printed_at = city.now(), code_hash = p_code_hash, tries = 0,
    ends_on = consent.today() + (select k.post_days from consent.rules k) where l.request = r.id and l.state = 'asked';
  if not found then return false; end if;
  perform vault.record('consent.letter-printed', 'staff', null, r.subject, need_to_know.employee(), its_duty, 'consent');
  return true;
end $$;

-- To speak with two guardians who do not agree, a clerk opens how to reach them: each reads of it on her own page.
create function consent.open_parties(p_consent uuid, p_reason text) returns uuid[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); its_duty text := need_to_know.duty_with('consent'); r record; opening uuid; openings uuid[] := '{}';
begin
  if its_duty is null or not exists (select from need_to_know.duty d where d.id = its_duty and p_reason = any (d.reasons)) then return '{}'; end if;
  for r in select x.subject from consent.conflict c join residents.resident x on x.id in (c.wants, c.objects) and x.ended_at is null
    where c.consent = p_consent and c.settled_at is null order by x.subject
  loop
    insert into vault.opening (subject, people, actor_kind, session, entry_id, ends_at)
    values (r.subject, true, 'staff', (who ->> 'session')::uuid,
      vault.record('contact.opened', 'staff', null, r.subject, (who ->> 'employee')::int, its_duty, 'consent', p_reason),
      clock_timestamp() + interval '15 minutes') returning id into opening;
    openings := openings || opening;
  end loop;
  return openings;
end $$;
create function consent.parties_open(p_consent uuid)
returns table (resident uuid, wants boolean, subject uuid, wrapped_key bytea, kek text, sealed_contact bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.id = c.wants, s.id, s.wrapped_key, s.kek, r.sealed_contact
  from consent.conflict c join residents.resident r on r.id in (c.wants, c.objects) and r.ended_at is null
    join vault.subject s on s.id = r.subject and s.state = 'in-use' cross join (select need_to_know.context() as who offset 0) x
  where c.consent = p_consent and c.settled_at is null and need_to_know.duty_with('consent') is not null
    and exists (select from vault.opening o where o.subject = s.id and o.people and o.actor_kind = 'staff'
      and o.session = (x.who ->> 'session')::uuid and o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed')
  order by 2 desc
$$;

-- Governments are told to stop by the worker: what for, and which; never about whom (the reference is the consent's own).
create function consent.lease_stops(p_most int) returns table (id uuid, consent uuid, agency text, thing text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with leased as (update consent.stop s set due_at = clock_timestamp() + interval '5 minutes', attempts = s.attempts + 1
    where s.id in (select x.id from consent.stop x where x.state = 'waiting' and x.due_at <= clock_timestamp() order by x.due_at limit p_most for update skip locked)
    returning s.id, s.consent, s.agency)
  select l.id, l.consent, l.agency, c.thing from leased l join consent.consent c on c.id = l.consent
$$;
create function consent.settle_stop(p_id uuid, p_state text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s consent.stop;
begin
  update consent.stop x set state = case when p_state = 'waiting' and x.attempts >= 20 then 'failed' else p_state end,
    settled_at = case when p_state = 'waiting' and x.attempts < 20 then null else city.now() end,
    due_at = case when p_state = 'waiting' then city.now() + make_interval(mins => least(60, x.attempts * 5)) else x.due_at end
    where x.id = p_id and x.state = 'waiting' and p_state in ('waiting', 'sent', 'kept', 'failed') returning x.* into s;
  if s.id is null or s.state = 'waiting' then return; end if;
  perform vault.record('consent.agency-told', 'system', null, c.subject, p_purpose => c.purpose, p_detail => 'agency=' || s.agency || ' state=' || s.state)
    from consent.consent c where c.id = s.consent;
end $$;
-- Those that no mail could tell, for the clerk to tell them by other means.
create function consent.stops_kept() returns table (id uuid, consent uuid, agency text, thing text, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.consent, s.agency, c.thing, c.ended_at from consent.stop s join consent.consent c on c.id = s.consent
  where s.state in ('kept', 'failed') and (select need_to_know.duty_with('consent')) is not null order by c.ended_at limit 200
$$;
create function consent.told_stop(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s consent.stop; its_duty text := need_to_know.duty_with('consent');
begin
  if its_duty is null then return false; end if;
  update consent.stop x set state = 'sent', settled_at = city.now() where x.id = p_id and x.state in ('kept', 'failed') returning x.* into s;
  if s.id is null then return false; end if;
  perform vault.record('consent.agency-told', 'staff', null, c.subject, need_to_know.employee(), its_duty, c.purpose, p_detail => 'agency=' || s.agency || ' state=told')
    from consent.consent c where c.id = s.consent;
  return true;
end $$;

grant execute on function consent.to_verify(), consent.to_settle(), consent.waiting_of(uuid), consent.letter_open(uuid[]),
  consent.print_letter(uuid, bytea), consent.open_parties(uuid, text), consent.parties_open(uuid), consent.stops_kept(),
  consent.told_stop(uuid) to cityhall_app;
grant execute on function consent.lease_stops(int), consent.settle_stop(uuid, text) to cityhall_keeper;

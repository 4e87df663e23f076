-- Referral: a letter that another government can answer better is sent there, by duty, with no field more than that agency
-- needs, on a legal basis, and the person is told. What leaves is written down: `disclosure` and the ledger.
create schema referral;
grant usage on schema referral to cityhall_app, cityhall_keeper;

-- What the city's files say of agencies and legal bases, for the foreign keys and checks below; the words stay in the files.
create table city.agency (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  -- Governments only: nothing else can stand here, whatever the files say.
  kind text not null check (kind in ('city', 'county', 'state', 'federal', 'school-district', 'special-district', 'tribal')),
  way text not null check (way in ('email', 'open311', 'none')),
  needs text[] not null check (needs <@ array['name', 'contact', 'words', 'place', 'answers'])
);
create table city.legal_basis (id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'));

-- "Not ours" always says whose.
alter table correspondence.casefile add foreign key (closed_agency) references city.agency;
create index casefile_closed_agency on correspondence.casefile (closed_agency) where closed_agency is not null;
alter table correspondence.casefile add constraint not_ours_says_whose
  check (closed_because is distinct from 'not-ours' or closed_agency is not null);

drop function correspondence.close(int, text);
create function correspondence.close(p_version int, p_because text, p_agency text default null) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  select * into t from correspondence.take('close', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if f.state = 'closed' then return 'closed-already'; end if;
  if p_because = 'not-ours' and not exists (select from city.agency a where a.id = p_agency) then return 'no-such-agency'; end if;
  update correspondence.casefile set version = version + 1, state = 'closed', closed_because = p_because,
    closed_agency = case when p_because = 'not-ours' then p_agency end, state_since = city.now() where id = f.id;
  perform vault.record('case.closed', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form,
    p_detail => 'because=' || p_because || case when p_because = 'not-ours' then ' agency=' || p_agency else '' end);
  if p_because = 'not-ours' and exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then
    perform correspondence.post(array[f.id], array[f.topic], 'not-ours', null);
  end if;
  return 'done';
end $$;

-- Two more kinds of message: what the city sent to another agency, as the person is told; and what that agency answered.
alter table correspondence.message drop constraint message_kind_check;
alter table correspondence.message add constraint message_kind_check
  check (kind in ('letter', 'addition', 'reply', 'note', 'referral', 'agency'));
alter table correspondence.message drop constraint message_check;
alter table correspondence.message drop constraint message_check1;
alter table correspondence.message add constraint message_author
  check ((kind in ('reply', 'note', 'referral')) = (employee is not null));
alter table correspondence.message add constraint message_door
  check ((kind in ('letter', 'addition')) = (channel is not null));
alter table correspondence.mail drop constraint mail_kind_check;
alter table correspondence.mail add constraint mail_kind_check
  check (kind in ('acknowledgement', 'reply', 'referral', 'agency', 'not-ours'));
alter table correspondence.mail drop constraint mail_check;
alter table correspondence.mail add constraint mail_message
  check ((kind in ('reply', 'referral', 'agency')) = (message_id is not null));

-- One sending of parts of a case to one agency. `fields` are codes (`words:answer.what`), never words; exactly what leaves
-- is in `sealed`, under the person's key.
create table referral.disclosure (
  id uuid primary key,
  case_id uuid not null references correspondence.casefile,
  agency text not null references city.agency,
  basis text not null references city.legal_basis,
  way text not null check (way in ('email', 'open311')),
  fields text[] not null check (cardinality(fields) > 0),
  sealed bytea not null,
  message_id uuid not null,
  employee int not null references need_to_know.employee,
  duty text not null,
  made_at timestamptz not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
  due_at timestamptz not null,
  settled_at timestamptz,
  attempts int not null default 0,
  failure text check (failure ~ '^[A-Za-z0-9.-]{1,40}$'),
  -- How the agency knows it, where it is asked how it stands (Open311), and what it last said.
  their_number text check (length(their_number) <= 200),
  their_status text check (their_status in ('open', 'closed')),
  their_notes_digest bytea,
  ask_at timestamptz,
  answered_at timestamptz,
  foreign key (case_id, message_id) references correspondence.message (case_id, id)
);
create index disclosure_case on referral.disclosure (case_id);
create index disclosure_due on referral.disclosure (due_at) where state = 'waiting';
create index disclosure_ask on referral.disclosure (ask_at) where ask_at is not null;
alter table referral.disclosure enable row level security;

-- Sends parts of the case in hand to another agency: the disclosure, the ledger's entry, the sending in the queue, and the
-- message that tells the person, all or nothing. `p_fields` are `category:code`; a category that the agency does not need
-- is refused. The envelope has to be open: nobody sends on what she may not read. Refusals: 'not-there' (also: not
-- permitted), 'changed', 'closed-envelope', 'closed-already', 'no-such-agency', 'no-basis', 'not-needed'.
create function referral.refer(p_version int, p_id uuid, p_agency text, p_basis text, p_fields text[], p_sealed bytea,
  p_message uuid, p_sealed_message bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text; a city.agency;
begin
  if exists (select from referral.disclosure d where d.id = p_id and d.case_id = need_to_know.case_in_hand()) then return 'again'; end if;
  select * into t from correspondence.take('refer', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if vault.opening_in_hand() is null then return 'closed-envelope'; end if;
  if f.state = 'closed' then return 'closed-already'; end if;
  select * into a from city.agency x where x.id = p_agency and x.way <> 'none';
  if not found then return 'no-such-agency'; end if;
  if not exists (select from city.legal_basis b where b.id = p_basis) then return 'no-basis'; end if;
  if cardinality(p_fields) is distinct from 0 and exists (select from unnest(p_fields) as x (field)
    where x.field !~ '^[a-z]+:[a-z0-9._-]{1,60}$' or split_part(x.field, ':', 1) <> all (a.needs || array['case']))
    or cardinality(p_fields) = 0 then return 'not-needed'; end if;
  perform correspondence.append(f.id, p_message, 'referral', null, need_to_know.employee(), duty, p_sealed_message);
  insert into referral.disclosure (id, case_id, agency, basis, way, fields, sealed, message_id, employee, duty, made_at, due_at)
  values (p_id, f.id, p_agency, p_basis, a.way, p_fields, p_sealed, p_message, need_to_know.employee(), duty, city.now(), city.now());
  update correspondence.casefile set version = version + 1,
    state_since = case when state = 'new' then city.now() else state_since end,
    state = case when state = 'new' then 'open' else state end, assignee = coalesce(assignee, need_to_know.employee())
  where id = f.id;
  perform vault.record('case.referred', 'staff', f.id, f.subject, need_to_know.employee(), duty, 'referral', p_basis,
    'agency=' || p_agency || ' by=' || a.way || ' fields=' || array_to_string(p_fields, ' '));
  if exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then
    perform correspondence.post(array[f.id], array[f.topic], 'referral', p_message);
  end if;
  return 'done';
end $$;

-- The referrals of the case in hand, for the clerk and for the person.
create function referral.in_hand() returns table (id uuid, agency text, basis text, way text, fields text[], duty text,
  made_at timestamptz, state text, settled_at timestamptz, failure text, their_number text, their_status text, answered_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id, d.agency, d.basis, d.way, d.fields, d.duty, d.made_at, d.state, d.settled_at, d.failure, d.their_number,
    d.their_status, d.answered_at
  from referral.disclosure d where d.case_id = need_to_know.case_in_hand() order by d.made_at, d.id
$$;

-- The sendings to be tried now, leased for five minutes; and those whose state is to be asked for, put off for an hour.
create function referral.lease(p_most int) returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update referral.disclosure set due_at = clock_timestamp() + interval '5 minutes'
  where id in (select d.id from referral.disclosure d where d.state = 'waiting' and d.due_at <= clock_timestamp()
    order by d.due_at limit p_most for update skip locked)
  returning id
$$;
create function referral.lease_questions(p_most int) returns table (id uuid, agency text, their_number text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update referral.disclosure d set ask_at = clock_timestamp() + interval '1 hour'
  where d.id in (select x.id from referral.disclosure x where x.ask_at <= clock_timestamp()
    order by x.ask_at limit p_most for update skip locked)
  returning d.id, d.agency, d.their_number
$$;

-- The worker opens a case for one referral: to send it, or to write down what the agency answered.
create function vault.open_for_referral(p_id uuid, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record; opening uuid;
begin
  select x.case_id, s.id as subject into d from referral.disclosure x join correspondence.casefile f on f.id = x.case_id
    join vault.subject s on s.id = f.subject and s.state = 'in-use'
  where x.id = p_id and (p_reason = 'send' and x.state = 'waiting' or p_reason = 'answer');
  if not found then return null; end if;
  insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
  values (d.subject, d.case_id, 'system',
    vault.record('letter.opened', 'system', d.case_id, d.subject, p_purpose => 'referral', p_reason => p_reason),
    clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;
create function vault.key_for_referral(p_opening uuid, p_id uuid)
returns table (subject uuid, wrapped_key bytea, kek text, number bigint, topic text, language text, agency text, way text, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, f.number, f.topic, f.language, d.agency, d.way, d.sealed
  from vault.opening o join vault.subject s on s.id = o.subject
  join referral.disclosure d on d.id = p_id and d.case_id = o.case_id join correspondence.casefile f on f.id = d.case_id
  where o.id = p_opening and o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Settles a sending: 'sent' (with the agency's number where it gave one), 'kept' (no mail server) or 'failed'. 'waiting'
-- puts it off, as with mail, for three days.
create function referral.settle(p_id uuid, p_state text, p_failure text default null, p_number text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record;
begin
  update referral.disclosure x set attempts = attempts + 1, failure = p_failure, their_number = p_number,
    ask_at = case when p_number is not null then clock_timestamp() + interval '1 hour' end,
    state = case when p_state = 'waiting' and clock_timestamp() > made_at + interval '3 days' then 'failed' else p_state end,
    due_at = clock_timestamp() + least(interval '2 hours', interval '30 seconds' * power(2, least(attempts, 10))),
    settled_at = case when p_state = 'waiting' and clock_timestamp() <= made_at + interval '3 days' then null else city.now() end
  where x.id = p_id and x.state = 'waiting' and p_state in ('waiting', 'sent', 'kept', 'failed')
  returning x.case_id, x.state, x.agency into d;
  if not found or d.state = 'waiting' then return; end if;
  perform vault.record('referral.' || d.state, 'system', d.case_id, f.subject, p_purpose => 'referral', p_detail => 'agency=' || d.agency)
  from correspondence.casefile f where f.id = d.case_id;
end $$;

-- What the agency answered, as a message that the person and the clerk see. A case that was settled waits for the city
-- again. The same message twice is one. False where there is no such referral.
create function referral.answer(p_id uuid, p_message uuid, p_sealed bytea, p_status text default null, p_notes bytea default null)
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
  update correspondence.casefile set version = version + 1,
    state_since = case when state in ('answered', 'closed') then city.now() else state_since end,
    state = case when state in ('answered', 'closed') then 'open' else state end, closed_because = null
  where id = f.id;
  perform vault.record('referral.answered', 'system', f.id, f.subject, p_purpose => 'referral',
    p_detail => 'agency=' || d.agency || case when p_status is not null then ' status=' || p_status else '' end);
  if exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then
    perform correspondence.post(array[f.id], array[f.topic], 'agency', p_message);
  end if;
  return true;
end $$;
-- Whether what an agency says of a report is news.
create function referral.is_news(p_id uuid, p_status text, p_notes bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from referral.disclosure d where d.id = p_id
    and (d.their_status is distinct from p_status and not (d.their_status is null and p_status = 'open')
      or p_notes is not null and d.their_notes_digest is distinct from p_notes))
$$;
-- The agency's server took the mail and could not deliver it.
create function referral.bounce(p_id uuid, p_failure text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record;
begin
  update referral.disclosure x set state = 'failed', settled_at = city.now(),
    failure = case when p_failure ~ '^[A-Za-z0-9.-]{1,40}$' then p_failure else 'bounced' end
  where x.id = p_id and x.state in ('sent', 'waiting') and x.way = 'email' returning x.case_id, x.agency into d;
  if not found then return false; end if;
  perform vault.record('referral.failed', 'system', d.case_id, f.subject, p_purpose => 'referral', p_detail => 'agency=' || d.agency)
  from correspondence.casefile f where f.id = d.case_id;
  return true;
end $$;

grant execute on function correspondence.close(int, text, text), referral.refer(int, uuid, text, text, text[], bytea, uuid, bytea),
  referral.in_hand() to cityhall_app;
grant execute on function referral.lease(int), referral.lease_questions(int), vault.open_for_referral(uuid, text),
  vault.key_for_referral(uuid, uuid), referral.settle(uuid, text, text, text), referral.answer(uuid, uuid, bytea, text, bytea),
  referral.is_news(uuid, text, bytea), referral.bounce(uuid, text) to cityhall_keeper;

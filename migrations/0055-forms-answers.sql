-- Answers leave as a table only by duty, for one form, one purpose and a choice of questions. The ledger says so as a whole
-- and to each person, before any key is given; and every use of an answer is counted, so that a question which nobody needs
-- is seen. A count tells form, version, question and month: no case, no person, no clerk.
create schema exchange;
grant usage on schema exchange to cityhall_app;

-- A word is added to a closed list without repeating the others: several rooms add theirs.
do $$ declare rule text; begin
  select pg_get_constraintdef(c.oid) into strict rule from pg_constraint c
    where c.conrelid = 'need_to_know.duty'::regclass and c.conname = 'duty_powers_check';
  execute 'alter table need_to_know.duty drop constraint duty_powers_check';
  execute 'alter table need_to_know.duty add constraint duty_powers_check '
    || replace(rule, quote_literal('read') || '::text', quote_literal('read') || '::text, ' || quote_literal('export-answers') || '::text');
end $$;

-- `question`: its name in the form; or, where a use tells only the kind, `@email`, `@telephone`, `@name`, `@slot`, `@fees`.
create table exchange.use (
  form text not null,
  form_version int not null,
  question text not null check (question ~ '^@?[a-z0-9-]{1,60}$'),
  month date not null check (extract(day from month) = 1),
  how text not null check (how in ('exported', 'referred', 'found', 'mailed', 'booked', 'charged')),
  times bigint not null check (times > 0),
  primary key (form, form_version, question, month, how)
);
-- Since when uses are counted: before a year has passed, nothing can be said to be unused.
create table exchange.counting (
  only_one boolean primary key default true check (only_one),
  since date not null
);
insert into exchange.counting (since) values (current_date);

create function exchange.note(p_form text, p_version int, p_questions text[], p_how text, p_times bigint default 1) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into exchange.use as u (form, form_version, question, month, how, times)
  select distinct p_form, p_version, q, date_trunc('month', city.now())::date, p_how, p_times from unnest(p_questions) as q order by q
  on conflict (form, form_version, question, month, how) do update set times = u.times + excluded.times
$$;

create function exchange.note_of_case(p_case uuid, p_questions text[], p_how text) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select exchange.note(f.form, f.form_version, p_questions, p_how) from correspondence.casefile f where f.id = p_case
$$;

-- An e-mail address was used when a mail went to it.
create function exchange.mail_went() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform exchange.note_of_case(new.case_id, array['@email'], 'mailed');
  return null;
end $$;
create trigger counted after update of state on correspondence.mail for each row
  when (old.state = 'waiting' and new.state in ('sent', 'kept')) execute function exchange.mail_went();

-- What was referred: the fields' codes are `answers:1.question`, or `contact:email`.
create function exchange.referral_went() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform exchange.note_of_case(new.case_id, array(
    select case when f ~ '^(name|contact):' then '@' || split_part(f, ':', 2) else substring(f from '\.([a-z0-9-]+)$') end
    from unnest(new.fields) as f where f ~ '^(name|contact):[a-z]+$' or f ~ '^(answers|words|place):\d+\.[a-z0-9-]{1,60}$'), 'referred');
  return null;
end $$;
create trigger counted after insert on referral.disclosure for each row execute function exchange.referral_went();

create function exchange.booking_made() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform exchange.note_of_case(new.case_id, array['@slot'], 'booked');
  return null;
end $$;
create trigger counted after insert on bookings.booking for each row execute function exchange.booking_made();

create function exchange.charge_made() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform exchange.note_of_case(new.case_id, array['@fees'], 'charged');
  return null;
end $$;
create trigger counted after insert on payments.charge for each row execute function exchange.charge_made();

-- As before (0006); and a case that was found by an e-mail address, a telephone number or a name counts as a use of it.
create or replace function correspondence.search(p_kind text, p_token bytea) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  hit record;
begin
  if need_to_know.kind() is distinct from 'staff' then return; end if;
  for hit in
    select f.id, f.subject, f.topic from vault.token t join correspondence.casefile f on f.subject = t.subject
      join vault.subject s on s.id = t.subject and s.state = 'in-use'
    where t.kind = p_kind and t.token = p_token and f.topic = any (need_to_know.topics())
      and need_to_know.duty_for(f.topic, 'read') is not null
    order by f.received_at desc limit 20
  loop
    perform vault.record('person.searched', 'staff', hit.id, hit.subject, need_to_know.employee(),
      need_to_know.duty_for(hit.topic, 'read'), 'search', p_detail => 'by=' || p_kind);
    perform exchange.note_of_case(hit.id, array['@' || p_kind], 'found');
    return next hit.id;
  end loop;
end $$;

-- How often each answer of a form was used in the last twelve months, for staff; and since when that is counted.
create function exchange.uses(p_form text) returns table (form_version int, question text, month date, how text, times bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.form_version, u.question, u.month, u.how, u.times from exchange.use u
  where need_to_know.kind() = 'staff' and u.form = p_form
    and u.month >= date_trunc('month', city.now() - interval '12 months')::date
  order by u.question, u.month
$$;
create function exchange.counted_since() returns date
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.since from exchange.counting c where need_to_know.kind() = 'staff'
$$;

-- One export while it is written out: which cases are still to come. It names its clerk and no person.
create table exchange.export (
  id uuid primary key,
  session uuid not null,
  form text not null,
  purpose text not null,
  fields text[] not null,
  started_at timestamptz not null
);
create table exchange.waiting (
  export uuid not null references exchange.export on delete cascade,
  place int not null,
  case_id uuid not null references correspondence.casefile,
  primary key (export, place)
);
alter table exchange.use enable row level security;
alter table exchange.counting enable row level security;
alter table exchange.export enable row level security;
alter table exchange.waiting enable row level security;

-- The topics whose answers the acting employee may take out.
create function exchange.topics() returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array(select distinct t.topic from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
    join need_to_know.duty_topic t on t.duty = d.id
    where c.employee = need_to_know.employee() and 'export-answers' = any (d.powers)
      and c.since <= city.now() and (c.until is null or c.until > city.now())), '{}')
$$;

-- Begins an export of the letters of one form. Outcomes: 'begun' with the number of rows; 'nothing'; 'too-many' (over
-- 10,000); 'not-there' (no duty exports these answers). The entry says form, purpose, fields and rows, and comes before any
-- letter is opened.
create function exchange.begin(p_id uuid, p_form text, p_from_version int, p_to_version int, p_from timestamptz, p_until timestamptz,
  p_purpose text, p_fields text[], p_format text, out outcome text, out letters int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  topics text[] := exchange.topics();
  v record;
begin
  letters := 0;
  if need_to_know.kind() is distinct from 'staff' or cardinality(topics) = 0 then outcome := 'not-there'; return; end if;
  if cardinality(p_fields) not between 1 and 200 or exists (select from unnest(p_fields) as q where q !~ '^[a-z0-9-]{1,60}$')
    or p_format not in ('csv', 'json') or p_purpose !~ '^[a-z-]{1,40}$' then outcome := 'not-there'; return; end if;
  delete from exchange.export e where e.started_at < clock_timestamp() - interval '1 hour';
  insert into exchange.export values (p_id, (need_to_know.context() ->> 'session')::uuid, p_form, p_purpose, p_fields, clock_timestamp());
  insert into exchange.waiting (export, place, case_id)
    select p_id, row_number() over (order by f.received_at, f.id), f.id
    from correspondence.casefile f join vault.subject s on s.id = f.subject and s.state = 'in-use'
    where f.form = p_form and f.form_version between p_from_version and p_to_version and f.topic = any (topics)
      and f.received_at >= p_from and f.received_at < p_until
    order by f.received_at, f.id limit 10001;
  select count(*) into letters from exchange.waiting w where w.export = p_id;
  if letters = 0 or letters > 10000 then
    delete from exchange.export e where e.id = p_id;
    outcome := case when letters = 0 then 'nothing' else 'too-many' end;
    return;
  end if;
  for v in select f.form_version, count(*) as many from exchange.waiting w join correspondence.casefile f on f.id = w.case_id
    where w.export = p_id group by f.form_version order by f.form_version
  loop
    perform exchange.note(p_form, v.form_version, p_fields, 'exported', v.many);
  end loop;
  perform ledger.write('answers.exported', 'staff', p_employee => need_to_know.employee(),
    p_duty => (select need_to_know.duty_for(f.topic, 'export-answers') from exchange.waiting w
      join correspondence.casefile f on f.id = w.case_id where w.export = p_id order by w.place limit 1),
    p_purpose => p_form, p_reason => p_purpose,
    p_detail => 'rows=' || letters || ' format=' || p_format || ' fields=' || array_to_string(p_fields, '/'));
  outcome := 'begun';
end $$;

-- Opens the next letters of an export: for each an entry that its person reads. The keys come in a later transaction. In the
-- order of the subjects, so that two exports wait for one another one way only.
create function exchange.open_next(p_export uuid, p_most int) returns table (opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  e exchange.export;
  w record;
begin
  select x.* into e from exchange.export x where x.id = p_export and x.session = (need_to_know.context() ->> 'session')::uuid for update;
  if not found then return; end if;
  for w in
    with next as (
      delete from exchange.waiting y where y.export = p_export and y.place in (
        select z.place from exchange.waiting z where z.export = p_export order by z.place limit least(p_most, 500)) returning y.case_id
    )
    select f.id, f.subject, need_to_know.duty_for(f.topic, 'export-answers') as duty
    from next n join correspondence.casefile f on f.id = n.case_id join vault.subject s on s.id = f.subject and s.state = 'in-use'
    where f.topic = any (exchange.topics()) order by f.subject
  loop
    insert into vault.opening (subject, case_id, actor_kind, session, entry_id, ends_at)
    values (w.subject, w.id, 'staff', e.session,
      vault.record('answers.exported', 'staff', w.id, w.subject, need_to_know.employee(), w.duty, e.form, e.purpose,
        'fields=' || array_to_string(e.fields, '/')),
      clock_timestamp() + interval '2 minutes')
    returning id into opening;
    return next;
  end loop;
end $$;

-- How many letters of an export are still to come: an export that nothing opens any more is at its end.
create function exchange.left_of(p_export uuid) returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*) from exchange.waiting w join exchange.export e on e.id = w.export
  where e.id = p_export and e.session = (need_to_know.context() ->> 'session')::uuid
$$;

-- The keys of openings that this session's export made, once they have committed, with the first letter of each.
create function vault.key_for_export(p_openings uuid[])
returns table (case_id uuid, number bigint, form_version int, received_at timestamptz, subject uuid, wrapped_key bytea, kek text,
  sealed_contact bytea, message uuid, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id, f.number, f.form_version, f.received_at, s.id, s.wrapped_key, s.kek, f.sealed_contact, m.id, m.sealed
  from vault.opening o join vault.subject s on s.id = o.subject and s.state = 'in-use'
    join correspondence.casefile f on f.id = o.case_id join ledger.entry e on e.id = o.entry_id and e.act = 'answers.exported'
    join correspondence.message m on m.case_id = f.id and m.seq = 1
  where o.id = any (p_openings) and o.actor_kind = 'staff' and o.session = (need_to_know.context() ->> 'session')::uuid
    and o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed' and f.topic = any (exchange.topics())
  order by f.received_at, f.id
$$;

grant execute on function exchange.uses(text), exchange.counted_since(), exchange.begin(uuid, text, int, int, timestamptz, timestamptz,
  text, text[], text), exchange.open_next(uuid, int), exchange.left_of(uuid), vault.key_for_export(uuid[]) to cityhall_app;

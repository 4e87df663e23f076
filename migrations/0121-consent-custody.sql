-- Custody comes to an end. What became a record and was taken back is kept where nobody uses it until the day on which its published
-- time is over (retention.yaml, counted from the day it went into custody); then its key is destroyed, unless a hold is on it. A
-- hold, and opening custody for a court or a records request, are acts of a duty of their own: the power `custody`.
do $$ declare rule text; begin
  select pg_get_constraintdef(c.oid) into strict rule from pg_constraint c
    where c.conrelid = 'need_to_know.duty'::regclass and c.conname = 'duty_powers_check';
  execute 'alter table need_to_know.duty drop constraint duty_powers_check';
  execute 'alter table need_to_know.duty add constraint duty_powers_check '
    || replace(rule, quote_literal('read') || '::text', quote_literal('read') || '::text, ' || quote_literal('custody') || '::text');
end $$;

-- What the city's file says of how long each kind of record is kept, as far as custody needs it.
create table consent.keeping (
  retention text primary key check (retention ~ '^[a-z][a-z0-9-]{0,59}$'),
  years numeric not null check (years between 0 and 100)
);
-- One consent whose record is under custody. `until` null: the city's file has no such time, and it stays until somebody says so.
create table consent.custody (
  consent uuid primary key references consent.consent,
  since date not null,
  until date,
  destroyed_at timestamptz,
  check (until >= since)
);
create index custody_due on consent.custody (until) where destroyed_at is null;
create table consent.hold (
  id uuid primary key default gen_random_uuid(),
  consent uuid not null references consent.custody,
  because text not null check (because ~ '^[a-z][a-z0-9-]{0,39}$'),
  placed_by int not null references need_to_know.employee,
  placed_duty text not null,
  placed_at timestamptz not null default city.now(),
  lifted_because text check (lifted_because ~ '^[a-z][a-z0-9-]{0,39}$'),
  lifted_by int references need_to_know.employee,
  lifted_duty text,
  lifted_at timestamptz,
  check (num_nonnulls(lifted_because, lifted_by, lifted_duty, lifted_at) in (0, 4))
);
create unique index hold_on on consent.hold (consent) where lifted_at is null;
-- One look at custody: who, why, and which transaction wrote its entry. The copy comes after that has committed (decision 0004).
create table consent.custody_opening (
  id uuid primary key default gen_random_uuid(),
  consent uuid not null references consent.custody,
  session uuid not null,
  entry_id uuid not null references ledger.entry,
  written_by xid8 not null default pg_current_xact_id(),
  ends_at timestamptz not null default clock_timestamp() + interval '15 minutes'
);
create index custody_opening_ends on consent.custody_opening (ends_at);
alter table consent.keeping enable row level security;
alter table consent.custody enable row level security;
alter table consent.hold enable row level security;
alter table consent.custody_opening enable row level security;

-- Two years at least, whatever a file says (Gov. Code 34090).
create function consent.keep_until(p_retention text, p_since date) returns date
language sql stable set search_path = pg_catalog, pg_temp as $$
  select (p_since + greatest(k.years, 2)::float8 * interval '1 year')::date from consent.keeping k where k.retention = p_retention
$$;
-- What went into custody before there was a calendar for it; its day is known once the city's file is in.
insert into consent.custody (consent, since)
  select c.id, c.ended_at::date from consent.consent c join vault.subject s on s.id = c.subject and s.state = 'withdrawn'
  where c.state in ('revoked', 'expired');

-- As before (0103); and what goes into custody has a day from which it may be destroyed, which the receipt says.
create or replace function consent.end_use(p_consents uuid[], p_state text, p_by uuid) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  ids uuid[]; kept uuid[]; day date := consent.today(); backups date;
begin
  select array_agg(x.id order by x.id) into ids from (select c.id from consent.consent c where c.id = any (p_consents)
    and c.state in ('given', 'in-force', 'frozen', 'passed') order by c.subject for update) x;
  if ids is null then return; end if;
  select day + k.backup_days into backups from consent.rules k;
  return query select * from consent.follow(ids);
  delete from consent.opening o where o.consent = any (ids);
  return query
    with mail as (select c.id, c.thing, count(*) as letters from consent.consent c join residents.mail m on m.subject = c.subject
      where c.id = any (ids) and m.state = 'waiting' group by c.id, c.thing)
    select m.id, 'mail-dropped', m.thing, day, 'letters=' || m.letters from mail m;
  perform residents.drop_mail(array(select c.subject from consent.consent c where c.id = any (ids)));
  return query
    with told as (insert into consent.stop (consent, agency)
      select c.id, a from consent.consent c cross join lateral unnest(c.agencies) a
      where c.id = any (ids) and exists (select from consent.held h where h.consent = c.id)
      on conflict do nothing returning stop.consent, stop.agency)
    select t.consent, 'agency-told', c.thing, day, 'agency=' || t.agency from told t join consent.consent c on c.id = t.consent;
  kept := array(select c.id from consent.consent c where c.id = any (ids) and c.record
    and exists (select from consent.held h where h.consent = c.id and h.record));
  delete from consent.held h where h.consent = any (ids) and (h.consent <> all (kept) or not h.record);
  perform vault.withdraw_subject(c.subject) from consent.consent c where c.id = any (kept) order by c.subject;
  perform vault.destroy_subject(c.subject) from consent.consent c where c.id = any (ids) and c.id <> all (kept) order by c.subject;
  update consent.conflict x set settled_at = city.now(), outcome = 'revoked' where x.consent = any (ids) and x.settled_at is null;
  update consent.consent c set state = p_state, ended_at = city.now(), ended_by = p_by where c.id = any (ids);
  return query select c.id, 'use-stops', c.thing, day, null::text from consent.consent c where c.id = any (ids);
  return query select c.id, case when c.id = any (kept) then 'withdrawn' else 'destroyed' end, c.thing, day,
    'retention=' || c.retention from consent.consent c where c.id = any (ids);
  return query
    with under as (insert into consent.custody (consent, since, until)
      select c.id, day, consent.keep_until(c.retention, day) from consent.consent c where c.id = any (kept) returning custody.consent, custody.until)
    select u.consent, 'custody-until', c.thing, u.until, null::text from under u join consent.consent c on c.id = u.consent where u.until is not null;
  return query select c.id, 'backups-expire', c.thing, backups, null::text from consent.consent c where c.id = any (ids);
end $$;

-- Destroys what custody may let go today and no hold keeps: the key is gone, and with it what every copy of the database has. One a
-- call. A hold that is placed at the same moment either comes first, or finds nothing left to hold.
create function consent.end_custody() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  u consent.custody; c consent.consent;
begin
  select x.* into u from consent.custody x where x.destroyed_at is null and x.until < consent.today()
    and not exists (select from consent.hold h where h.consent = x.consent and h.lifted_at is null)
    order by x.until, x.consent limit 1 for update skip locked;
  if not found or exists (select from consent.hold h where h.consent = u.consent and h.lifted_at is null) then return false; end if;
  select x.* into c from consent.consent x where x.id = u.consent;
  delete from consent.custody_opening o where o.consent = c.id;
  delete from consent.held h where h.consent = c.id;
  perform vault.destroy_subject(c.subject);
  update consent.custody x set destroyed_at = city.now() where x.consent = c.id;
  perform vault.record('custody.destroyed', 'system', null, c.subject, p_purpose => c.purpose, p_detail => 'retention=' || c.retention || ' since=' || u.since);
  return true;
end $$;

-- The list of whoever keeps custody: what for, since when, until when, whether it is held. No name; the number is the request's.
create function consent.under_custody() returns table (consent uuid, number int, thing text, purpose text, notice bytea, retention text,
  since date, until date, destroyed_at timestamptz, held_because text, held_since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.consent, r.number, c.thing, c.purpose, c.notice, c.retention, u.since, u.until, u.destroyed_at, h.because, h.placed_at
  from consent.custody u join consent.consent c on c.id = u.consent join consent.request r on r.id = c.request
    left join consent.hold h on h.consent = u.consent and h.lifted_at is null
  where (select need_to_know.duty_with('custody')) is not null and (u.destroyed_at is null or u.destroyed_at > city.now() - interval '90 days')
  order by u.destroyed_at is not null, u.until nulls last, r.number limit 500
$$;
create function consent.custody_duty(p_because text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select d.id from need_to_know.duty d where d.id = need_to_know.duty_with('custody') and p_because = any (d.reasons)
$$;
-- Outcomes: 'done'; 'held' (a hold is on it); 'not-there' (also: destroyed, or no such duty or reason).
create function consent.place_hold(p_consent uuid, p_because text) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_duty text := consent.custody_duty(p_because); u consent.custody;
begin
  select x.* into u from consent.custody x where x.consent = p_consent and x.destroyed_at is null for update;
  if its_duty is null or u.consent is null then return 'not-there'; end if;
  insert into consent.hold (consent, because, placed_by, placed_duty) values (p_consent, p_because, need_to_know.employee(), its_duty)
    on conflict do nothing;
  if not found then return 'held'; end if;
  perform vault.record('custody.held', 'staff', null, c.subject, need_to_know.employee(), its_duty, c.purpose, p_because)
    from consent.consent c where c.id = p_consent;
  return 'done';
end $$;
create function consent.lift_hold(p_consent uuid, p_because text) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_duty text := consent.custody_duty(p_because);
begin
  perform from consent.custody x where x.consent = p_consent and x.destroyed_at is null for update;
  if not found or its_duty is null then return 'not-there'; end if;
  update consent.hold h set lifted_at = city.now(), lifted_by = need_to_know.employee(), lifted_duty = its_duty, lifted_because = p_because
    where h.consent = p_consent and h.lifted_at is null;
  if not found then return 'not-there'; end if;
  perform vault.record('custody.lifted', 'staff', null, c.subject, need_to_know.employee(), its_duty, c.purpose, p_because)
    from consent.consent c where c.id = p_consent;
  return 'done';
end $$;
-- Opens what is under custody, for a court order or a duty under the Public Records Act: who, on what duty, when and why stands in
-- the ledger, and on the guardian's page, before anything is handed out.
create function consent.open_custody(p_consent uuid, p_because text) returns uuid
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_duty text := consent.custody_duty(p_because); c consent.consent; opening uuid;
begin
  select x.* into c from consent.custody u join consent.consent x on x.id = u.consent
    where u.consent = p_consent and u.destroyed_at is null for share of u;
  if its_duty is null or c.id is null then return null; end if;
  insert into consent.custody_opening (consent, session, entry_id)
  values (c.id, (need_to_know.context() ->> 'session')::uuid,
    vault.record('custody.opened', 'staff', null, c.subject, need_to_know.employee(), its_duty, c.purpose, p_because))
  returning id into opening;
  return opening;
end $$;
-- The copy, once that entry has committed, to the session that opened: sealed, with a key that only the custody key unwraps.
create function consent.custody_copy(p_opening uuid)
returns table (consent uuid, thing text, purpose text, subject uuid, custody_key bytea, field text, sealed bytea, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.thing, c.purpose, s.id, s.custody_key, h.field, h.sealed, h.at
  from consent.custody_opening o join consent.consent c on c.id = o.consent join vault.subject s on s.id = c.subject and s.state = 'withdrawn'
    join consent.held h on h.consent = c.id cross join (select need_to_know.context() as who offset 0) x
  where o.id = p_opening and o.session = (x.who ->> 'session')::uuid and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and need_to_know.duty_with('custody') is not null
  order by h.at, h.field
$$;

-- On the page of whoever speaks for the child: until when, whether a hold is on it and since when, whether it is destroyed.
create function consent.custody_of_hers(p_child uuid)
returns table (consent uuid, since date, until date, destroyed_at timestamptz, held_since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.consent, u.since, u.until, u.destroyed_at, h.placed_at
  from consent.consent c join consent.custody u on u.consent = c.id left join consent.hold h on h.consent = u.consent and h.lifted_at is null
  where c.child = p_child and consent.speaks_for(residents.acting(), p_child)
$$;

-- As before (0098).
create or replace function consent.sweep() returns void language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from consent.opening o where o.ends_at < clock_timestamp() - interval '1 hour';
  delete from consent.custody_opening o where o.ends_at < clock_timestamp() - interval '1 hour'
$$;

grant execute on function consent.under_custody(), consent.place_hold(uuid, text), consent.lift_hold(uuid, text), consent.open_custody(uuid, text),
  consent.custody_copy(uuid), consent.custody_of_hers(uuid) to cityhall_app;
grant execute on function consent.end_custody() to cityhall_keeper;

-- Everything that happens is written down here, in the transaction in which it happens, without personal data:
-- codes only, so that no line of it ever needs to be destroyed. The tree (leaf, tile, checkpoint) follows within
-- a second and is the keeper's: writers never wait for one another.
create table ledger.entry (
  id uuid primary key,
  at timestamptz not null,
  act text not null,
  case_id uuid,
  subject uuid,
  subject_count int,
  actor_kind text not null check (actor_kind in ('person', 'staff', 'system', 'operator')),
  employee int,
  employee_salt bytea,
  duty text,
  department text,
  purpose text,
  reason text,
  detail text,
  salt bytea not null check (length(salt) = 32),
  commitment bytea not null check (length(commitment) = 32),
  check ((subject is null) = (subject_count is null)),
  check ((employee is null) = (employee_salt is null)),
  check (act ~ '^[a-z]+([.-][a-z]+)+$'),
  check (coalesce(duty, '') || coalesce(department, '') || coalesce(purpose, '') || coalesce(reason, '')
    || coalesce(detail, '') ~ '^[a-z0-9 =:._/-]*$')
);
-- A case is found by its subject: each index more is paid by every writer.
create index entry_subject on ledger.entry (subject, subject_count) where subject is not null;

create table ledger.pending (entry_id uuid primary key);

create table ledger.leaf (
  seq bigint primary key check (seq >= 0),
  entry_id uuid not null unique,
  commitment bytea not null check (length(commitment) = 32)
);
create table ledger.tile (
  level int not null check (level between 0 and 63),
  n bigint not null check (n >= 0),
  width int not null check (width between 1 and 256),
  hashes bytea not null check (length(hashes) = width * 32),
  primary key (level, n)
);
create table ledger.checkpoint (
  size bigint primary key check (size >= 0),
  root bytea not null check (length(root) = 32),
  note text not null,
  at timestamptz not null default now()
);

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the ledger is append-only: % on %.% is refused', tg_op, tg_table_schema, tg_table_name
    using errcode = 'CH001';
end $$;
create trigger append_only before update or delete on ledger.entry for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.leaf for each row execute function ledger.refuse_change();
create trigger append_only before update or delete on ledger.checkpoint for each row execute function ledger.refuse_change();
create trigger never_emptied before truncate on ledger.entry execute function ledger.refuse_change();
create trigger never_emptied before truncate on ledger.leaf execute function ledger.refuse_change();
create trigger never_emptied before truncate on ledger.checkpoint execute function ledger.refuse_change();

-- The words that a leaf commits to. An employee appears as a salted tag: the city can show who it was, and the
-- tag alone tells nobody. (A body in SQL's own form is bound when it is made and inlined where it is called.)
create function ledger.words(
  id uuid, at timestamptz, act text, case_id uuid, subject uuid, subject_count int, actor_kind text, employee int,
  employee_salt bytea, duty text, department text, purpose text, reason text, detail text
) returns text language sql immutable
return 'cityhall/entry/v1' || E'\n' || id || E'\n' || coalesce(subject::text, '-') || E'\n'
    || coalesce(subject_count::text, '-') || E'\n' || coalesce(case_id::text, '-') || E'\n'
    || round(date_part('epoch', at) * 1000000)::bigint || E'\n' || act || E'\n' || actor_kind || E'\n'
    || coalesce(duty, '-') || E'\n' || coalesce(department, '-') || E'\n'
    || coalesce(encode(sha256(employee_salt || convert_to(employee::text, 'UTF8')), 'hex'), '-') || E'\n'
    || coalesce(purpose, '-') || E'\n' || coalesce(reason, '-') || E'\n' || coalesce(detail, '-');

create function ledger.statement(e ledger.entry) returns text language sql immutable
return ledger.words(e.id, e.at, e.act, e.case_id, e.subject, e.subject_count, e.actor_kind, e.employee, e.employee_salt,
    e.duty, e.department, e.purpose, e.reason, e.detail);

-- A UUID of version 7 (RFC 9562): new entries stand together in the indexes, so a write touches few pages.
create function ledger.new_id() returns uuid language sql volatile
return encode(set_byte(overlay(uuid_send(gen_random_uuid()) placing
    substring(int8send((date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    6, 112 + (random() * 15)::int), 'hex')::uuid;

create function ledger.random32() returns bytea language sql volatile
return sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));

-- The only way into the ledger. Granted to nobody: each act's own function calls it and says who acts.
create function ledger.write(
  p_act text, p_actor_kind text, p_case uuid default null, p_subject uuid default null, p_subject_count int default null,
  p_employee int default null, p_duty text default null, p_purpose text default null, p_reason text default null,
  p_detail text default null
) returns uuid language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  e ledger.entry;
begin
  e.id := ledger.new_id();
  e.at := city.now();
  e.act := p_act;
  e.actor_kind := p_actor_kind;
  e.case_id := p_case;
  e.subject := p_subject;
  e.subject_count := p_subject_count;
  e.employee := p_employee;
  if p_employee is not null then e.employee_salt := ledger.random32(); end if;
  e.duty := p_duty;
  if p_duty is not null then select d.department into e.department from need_to_know.duty d where d.id = p_duty; end if;
  e.purpose := p_purpose;
  e.reason := p_reason;
  e.detail := p_detail;
  e.salt := ledger.random32();
  e.commitment := sha256(e.salt || convert_to(ledger.statement(e), 'UTF8'));
  insert into ledger.entry values (e.*);
  insert into ledger.pending values (e.id);
  return e.id;
end $$;

-- The first entry of many subjects at once, by the persons themselves.
create function ledger.write_first(
  p_at timestamptz, p_act text, p_case uuid[], p_subject uuid[], p_purpose text[], p_reason text, p_detail text
) returns void language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  with e as materialized (
    select ledger.new_id() as id, ledger.random32() as salt, x.*
    from unnest(p_case, p_subject, p_purpose) as x (case_id, subject, purpose)
  ), written as (
    insert into ledger.entry (id, at, act, case_id, subject, subject_count, actor_kind, purpose, reason, detail, salt, commitment)
    select id, p_at, p_act, case_id, subject, 1, 'person', purpose, p_reason, p_detail, salt,
      sha256(salt || convert_to(ledger.words(id, p_at, p_act, case_id, subject, 1, 'person', null, null, null, null,
        purpose, p_reason, p_detail), 'UTF8'))
    from e
  )
  insert into ledger.pending select id from e;
end $$;

alter table ledger.entry enable row level security;
create policy sequencing on ledger.entry for select to cityhall_keeper using (true);
grant select on ledger.tile, ledger.checkpoint to cityhall_app;
grant select (seq, commitment) on ledger.leaf to cityhall_app;
grant select on ledger.entry, ledger.pending, ledger.leaf, ledger.tile, ledger.checkpoint to cityhall_keeper;
grant delete on ledger.pending to cityhall_keeper;
grant insert on ledger.leaf, ledger.tile, ledger.checkpoint to cityhall_keeper;
grant update on ledger.tile to cityhall_keeper;
-- The body of a function in this form is inlined: the caller needs the right to what it calls as well.
grant execute on function ledger.statement(ledger.entry), ledger.words to cityhall_keeper;

-- Seconds that the oldest entry has waited for the keeper; 0 when none waits. Tells whether the keeper keeps up.
create function ledger.lag() returns double precision
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(extract(epoch from clock_timestamp() - min(e.at)), 0)::double precision
  from ledger.pending p join ledger.entry e on e.id = p.entry_id
$$;
grant execute on function ledger.lag() to cityhall_app, cityhall_keeper;

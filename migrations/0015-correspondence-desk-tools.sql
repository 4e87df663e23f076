-- What a clerk has begun to write, sealed under the person's key, until it is sent, dropped or swept. One a writer, case
-- and kind, so that what she typed survives a sign-out, another computer and a crash.
create table correspondence.draft (
  case_id uuid not null references correspondence.casefile on delete cascade,
  employee int not null references need_to_know.employee,
  kind text not null check (kind in ('reply', 'note')),
  sealed bytea not null check (length(sealed) between 30 and 100000),
  -- The version of the case that she saw: a later one is told to her.
  version int not null,
  saved_at timestamptz not null,
  ends_at timestamptz not null,
  primary key (case_id, employee, kind)
);
create index draft_ends on correspondence.draft (ends_at);
create index draft_employee on correspondence.draft (employee);

-- Who has an answer to a case under her hands: good for two minutes, and nothing is lost with it in a crash.
create unlogged table correspondence.writing (
  case_id uuid not null,
  employee int not null,
  at timestamptz not null,
  primary key (case_id, employee)
);
alter table correspondence.draft enable row level security;
alter table correspondence.writing enable row level security;

-- The duty under which the acting employee writes an answer or a note to the case in hand, or null.
create function correspondence.duty_to_write(p_kind text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select need_to_know.duty_for(f.topic, case p_kind when 'reply' then 'answer' when 'note' then 'note' end)
  from correspondence.casefile f join vault.subject s on s.id = f.subject and s.state = 'in-use'
  where f.id = need_to_know.case_in_hand() and need_to_know.kind() = 'staff'
$$;

-- Keeps a draft on the case in hand. Only its beginning is an entry: one for every time the words are saved would tell how
-- somebody types and hide the rest of the list. Refusals: 'not-there'; 'closed-envelope' (nobody writes into a letter that
-- is not open on her desk). 'again': a save that comes after its own message keeps nothing.
create function correspondence.keep_draft(p_kind text, p_version int, p_message uuid, p_sealed bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := correspondence.duty_to_write(p_kind);
  f correspondence.casefile;
begin
  if duty is null then return 'not-there'; end if;
  if vault.opening_in_hand() is null then return 'closed-envelope'; end if;
  -- Waits for the message itself where that is under way in another transaction.
  select c.* into f from correspondence.casefile c where c.id = need_to_know.case_in_hand() for update;
  if correspondence.written_before(p_message) then return 'again'; end if;
  if not exists (select from correspondence.draft d where d.case_id = f.id and d.employee = need_to_know.employee() and d.kind = p_kind) then
    perform vault.record('draft.begun', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form, p_detail => 'kind=' || p_kind);
  end if;
  insert into correspondence.draft as d (case_id, employee, kind, sealed, version, saved_at, ends_at)
  values (f.id, need_to_know.employee(), p_kind, p_sealed, least(p_version, f.version), clock_timestamp(), clock_timestamp() + interval '14 days')
  on conflict (case_id, employee, kind) do update set sealed = excluded.sealed, version = excluded.version,
    saved_at = excluded.saved_at, ends_at = excluded.ends_at;
  if p_kind = 'reply' then perform correspondence.mark_writing(f.id); end if;
  return 'done';
end $$;

create function correspondence.mark_writing(p_case uuid) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into correspondence.writing values (p_case, need_to_know.employee(), clock_timestamp())
  on conflict (case_id, employee) do update set at = excluded.at
$$;

-- The acting employee's own drafts on the case in hand; their words only while the letter is open on her desk.
create function correspondence.drafts_in_hand() returns table (kind text, sealed bytea, version int, saved_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.kind, case when vault.opening_in_hand() is not null then d.sealed end, d.version, d.saved_at
  from correspondence.draft d
  where d.case_id = need_to_know.case_in_hand() and d.employee = need_to_know.employee()
    and d.ends_at > clock_timestamp() and correspondence.duty_to_write(d.kind) is not null
$$;

-- Ends a draft: its message has gone out, which is an entry already, or its writer drops it. Refusal: 'not-there'.
create function correspondence.end_draft(p_kind text, p_message uuid default null) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  gone correspondence.draft;
begin
  if need_to_know.kind() is distinct from 'staff' or need_to_know.case_in_hand() is null then return 'not-there'; end if;
  if p_kind = 'reply' then
    delete from correspondence.writing w where w.case_id = need_to_know.case_in_hand() and w.employee = need_to_know.employee();
  end if;
  delete from correspondence.draft d where d.case_id = need_to_know.case_in_hand()
    and d.employee = need_to_know.employee() and d.kind = p_kind returning * into gone;
  if not found then return 'not-there'; end if;
  if not exists (select from correspondence.message m where m.case_id = gone.case_id and m.id = p_message
    and m.employee = gone.employee and m.kind = p_kind)
  then
    perform vault.record('draft.dropped', 'staff', f.id, f.subject, need_to_know.employee(),
      correspondence.duty_to_write(p_kind), f.form, p_detail => 'kind=' || p_kind)
    from correspondence.casefile f where f.id = gone.case_id;
  end if;
  return 'done';
end $$;

-- Says that the acting employee is writing an answer to the case in hand. It is for her colleagues' eyes, for two minutes.
create function correspondence.say_writing() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select correspondence.mark_writing(need_to_know.case_in_hand()) where correspondence.duty_to_write('reply') is not null
$$;

-- The colleagues who are writing an answer to the case in hand.
create function correspondence.writers_in_hand() returns table (id int, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.name from correspondence.writing w join need_to_know.employee e on e.id = w.employee
  where need_to_know.kind() = 'staff' and w.case_id = need_to_know.case_in_hand()
    and w.employee <> need_to_know.employee() and w.at > clock_timestamp() - interval '2 minutes'
  order by e.name
$$;

-- Sweeps drafts that have run out: after 14 days, a day after the case was closed, at once where the writer may no longer
-- write there or the person's key is gone. Each end is an entry.
create function correspondence.sweep_drafts() returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d record;
  swept int := 0;
begin
  for d in
    delete from correspondence.draft x using correspondence.casefile f, vault.subject s
    where f.id = x.case_id and s.id = f.subject and (x.ends_at < clock_timestamp() or s.state <> 'in-use'
      or f.state = 'closed' and greatest(f.state_since, x.saved_at) < clock_timestamp() - interval '1 day'
      or not exists (
        select from need_to_know.charge h join need_to_know.duty y on y.id = h.duty
          join need_to_know.duty_topic t on t.duty = y.id join need_to_know.employee e on e.id = h.employee
        where h.employee = x.employee and t.topic = f.topic and e.left_at is null
          and (case x.kind when 'reply' then 'answer' else 'note' end) = any (y.powers)
          and h.since <= clock_timestamp() and (h.until is null or h.until > clock_timestamp())))
    returning f.id, f.subject, f.form, x.kind
  loop
    perform vault.record('draft.swept', 'system', d.id, d.subject, p_purpose => d.form, p_detail => 'kind=' || d.kind);
    swept := swept + 1;
  end loop;
  delete from correspondence.writing w where w.at < clock_timestamp() - interval '1 hour';
  return swept;
end $$;
grant execute on function correspondence.keep_draft(text, int, uuid, bytea), correspondence.drafts_in_hand(),
  correspondence.end_draft(text, uuid), correspondence.say_writing(), correspondence.writers_in_hand() to cityhall_app;
grant execute on function correspondence.sweep_drafts() to cityhall_keeper;

-- Words that a department's clerks put into answers, as they write them on the desk. A revision is never changed: the next
-- one follows it. No personal data: placeholders stand for what differs from case to case.
create table correspondence.template (
  id uuid,
  version int check (version > 0),
  department text not null references city.department on delete cascade,
  title text not null check (length(title) between 1 and 80),
  en text not null check (length(en) between 1 and 4000),
  es text check (length(es) between 1 and 4000),
  removed boolean not null,
  employee int not null references need_to_know.employee,
  at timestamptz not null,
  primary key (id, version)
);
create index template_department on correspondence.template (department);
alter table correspondence.template enable row level security;

-- The duty under which the acting employee has a power in a department, whatever its topics; null where she has none.
create function need_to_know.duty_in(p_department text, p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
  where need_to_know.kind() = 'staff' and c.employee = need_to_know.employee() and d.department = p_department
    and p_power = any (d.powers) and c.since <= city.now() and (c.until is null or c.until > city.now())
  order by d.id limit 1
$$;

-- Writes the next revision of a template, the first where `p_version` is 0, or takes it away. Refusals: 'not-there' (also:
-- no duty of hers keeps this department's templates), 'changed' (a colleague was first), 'too-many' (200 a department).
create function correspondence.revise_template(p_template uuid, p_version int, p_department text, p_title text, p_en text,
  p_es text, p_removed boolean) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := need_to_know.duty_in(p_department, 'templates');
  last correspondence.template;
begin
  if duty is null then return 'not-there'; end if;
  perform pg_advisory_xact_lock(hashtext('cityhall template ' || p_department));
  select * into last from correspondence.template t where t.id = p_template order by t.version desc limit 1;
  if found and last.department <> p_department then return 'not-there'; end if;
  if coalesce(last.version, 0) <> p_version or coalesce(last.removed, false) then return 'changed'; end if;
  if p_version = 0 and (select count(distinct t.id) from correspondence.template t where t.department = p_department) >= 200 then
    return 'too-many';
  end if;
  insert into correspondence.template values (p_template, p_version + 1, p_department, p_title, p_en, p_es, p_removed,
    need_to_know.employee(), clock_timestamp());
  perform ledger.write(case when p_removed then 'template.removed' else 'template.revised' end, 'staff',
    p_employee => need_to_know.employee(), p_duty => duty, p_detail => 'template=' || p_template || ' version=' || p_version + 1);
  return 'done';
end $$;

-- The templates of the departments in which the acting employee has a duty, as they are now; `may`: hers to change.
create function correspondence.templates() returns table (id uuid, version int, department text, title text, en text, es text, may boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.id, t.version, t.department, t.title, t.en, t.es, need_to_know.duty_in(t.department, 'templates') is not null
  from (select distinct on (x.id) x.* from correspondence.template x
    where x.department in (select d.department from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
      where need_to_know.kind() = 'staff' and c.employee = need_to_know.employee() and c.since <= city.now()
        and (c.until is null or c.until > city.now()))
    order by x.id, x.version desc) t
  where not t.removed order by t.title, t.id
$$;
grant execute on function need_to_know.duty_in(text, text), correspondence.templates(),
  correspondence.revise_template(uuid, int, text, text, text, text, boolean) to cityhall_app;

-- A part of the inbox that an employee looks at often, under a name of hers. `query` is the part as it stands in an address:
-- codes of the city's files and numbers, so that no name can be in it. A filter is about nobody and changes nothing for
-- anybody, so the ledger does not tell of it.
create table correspondence.filter (
  id uuid primary key,
  employee int not null references need_to_know.employee,
  name text not null check (length(name) between 1 and 40),
  query text not null check (length(query) <= 300 and query ~ '^[a-z0-9=&-]*$'),
  at timestamptz not null default clock_timestamp(),
  unique (employee, name)
);
alter table correspondence.filter enable row level security;

-- Keeps a filter for the acting employee; one of the same name is replaced. Refusals: 'not-there' (nobody), 'too-many' (8).
create function correspondence.keep_filter(p_id uuid, p_name text, p_query text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  perform from need_to_know.employee e where e.id = need_to_know.employee() for update;
  if (select count(*) from correspondence.filter f where f.employee = need_to_know.employee() and f.name <> p_name) >= 8 then
    return 'too-many';
  end if;
  insert into correspondence.filter (id, employee, name, query) values (p_id, need_to_know.employee(), p_name, p_query)
  on conflict (employee, name) do update set query = excluded.query;
  return 'done';
end $$;
create function correspondence.drop_filter(p_id uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from correspondence.filter f where f.id = p_id and f.employee = need_to_know.employee() and need_to_know.kind() = 'staff';
  return case when found then 'done' else 'not-there' end;
end $$;
create function correspondence.filters() returns table (id uuid, name text, query text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id, f.name, f.query from correspondence.filter f
  where f.employee = need_to_know.employee() and need_to_know.kind() = 'staff' order by f.name
$$;
grant execute on function correspondence.keep_filter(uuid, text, text), correspondence.drop_filter(uuid),
  correspondence.filters() to cityhall_app;

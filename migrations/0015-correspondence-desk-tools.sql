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

-- What an employee wants to hear of, and how. Without an address she reads it on the desk only.
create table correspondence.news_wish (
  employee int primary key references need_to_know.employee,
  fresh text not null check (fresh in ('none', 'at-once', 'daily')),
  assigned text not null check (assigned in ('none', 'at-once', 'daily')),
  answered text not null check (answered in ('none', 'at-once', 'daily')),
  due text not null check (due in ('none', 'daily')),
  address text check (length(address) <= 254 and address ~ '^[^@\s]+@[^@\s]+$'),
  hour int not null check (hour between 0 and 23),
  mailed_at timestamptz,
  digest_on date
);
-- What happened since she was told: how many, of which kind, on which topic. Never of whom, never which case.
create table correspondence.news (
  employee int not null references need_to_know.employee,
  kind text not null check (kind in ('fresh', 'assigned', 'answered')),
  topic text not null references city.topic on delete cascade,
  count int not null check (count > 0),
  primary key (employee, kind, topic)
);
-- How far the ledger has been read for news.
create table correspondence.news_read (only_one boolean primary key default true check (only_one), seq bigint not null);
-- A mail of news: the row is its own place in the queue, as with the post. The address goes once it is settled.
create table correspondence.news_mail (
  id uuid primary key default ledger.new_id(),
  employee int not null references need_to_know.employee,
  address text,
  items jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
  made_at timestamptz not null default clock_timestamp(),
  due_at timestamptz not null default clock_timestamp(),
  attempts int not null default 0,
  check ((state = 'waiting') = (address is not null))
);
create index news_mail_due on correspondence.news_mail (due_at) where state = 'waiting';
alter table correspondence.news_wish enable row level security;
alter table correspondence.news enable row level security;
alter table correspondence.news_read enable row level security;
alter table correspondence.news_mail enable row level security;

-- Whether an employee's duties of today read a topic.
create function correspondence.reads(p_employee int, p_topic text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from need_to_know.charge h join need_to_know.duty d on d.id = h.duty and 'read' = any (d.powers)
      join need_to_know.duty_topic t on t.duty = d.id join need_to_know.employee e on e.id = h.employee and e.left_at is null
    where h.employee = p_employee and t.topic = p_topic and h.since <= city.now() and (h.until is null or h.until > city.now()))
$$;

-- Reads the ledger on from where it stopped and counts what employees wish to hear of: a state change is an entry, so none is
-- missed and no act pays for it. Returns how many entries were read. Only entries in the tree: their order is final.
create function correspondence.gather_news(p_most int) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  last bigint;
  upto bigint := coalesce((select max(l.seq) from ledger.leaf l), -1);
begin
  insert into correspondence.news_read (seq) values (upto) on conflict do nothing;
  select r.seq into last from correspondence.news_read r for update skip locked;
  if not found or last >= upto then return 0; end if;
  upto := case when exists (select from correspondence.news_wish) then least(upto, last + p_most) else upto end;
  update correspondence.news_read set seq = upto;
  insert into correspondence.news as n (employee, kind, topic, count)
  select w.employee, x.kind, x.topic, count(distinct x.case_id)
  from (
    select case e.act when 'letter.added' then 'answered' when 'case.assigned' then 'assigned' else 'fresh' end as kind,
      e.case_id, f.topic, f.assignee, e.employee as actor
    from ledger.leaf l join ledger.entry e on e.id = l.entry_id join correspondence.casefile f on f.id = e.case_id
    where l.seq > last and l.seq <= upto
      and (e.act in ('letter.received', 'letter.added', 'case.moved') or e.act = 'case.assigned' and e.detail = 'to=colleague')
  ) x join correspondence.news_wish w on w.employee is distinct from x.actor
    and case x.kind when 'fresh' then w.fresh when 'assigned' then w.assigned else w.answered end <> 'none'
    -- What is assigned concerns the one it is assigned to; an answer too, and everybody while nobody has the case.
    and (x.kind = 'fresh' or w.employee = x.assignee or x.kind = 'answered' and x.assignee is null)
  where correspondence.reads(w.employee, x.topic)
  group by w.employee, x.kind, x.topic
  on conflict (employee, kind, topic) do update set count = n.count + excluded.count;
  return upto - last;
end $$;

-- Makes the mails that are due now, and leases those to be tried for five minutes. What is to be heard at once is gathered
-- for ten minutes after the last mail; the rest comes on working days at the hour she chose. What she may no longer read is
-- dropped, not told.
create function correspondence.lease_news(p_most int, p_day date, p_hour int, p_working boolean, p_soon date)
returns table (id uuid, address text, items jsonb, made_at timestamptz, attempts int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  w correspondence.news_wish;
  told jsonb;
  soon int;
  daily boolean;
begin
  delete from correspondence.news n where not correspondence.reads(n.employee, n.topic);
  for w in
    select x.* from correspondence.news_wish x join need_to_know.employee e on e.id = x.employee and e.left_at is null
    where x.address is not null and (
      p_working and p_hour >= x.hour and coalesce(x.digest_on, '-infinity') < p_day
      or coalesce(x.mailed_at, '-infinity') < clock_timestamp() - interval '10 minutes' and exists (
        select from correspondence.news n where n.employee = x.employee
          and case n.kind when 'fresh' then x.fresh when 'assigned' then x.assigned else x.answered end = 'at-once'))
    order by x.employee limit 200 for update of x skip locked
  loop
    daily := p_working and p_hour >= w.hour and coalesce(w.digest_on, '-infinity') < p_day;
    with gone as (
      delete from correspondence.news n where n.employee = w.employee
        and (daily or case n.kind when 'fresh' then w.fresh when 'assigned' then w.assigned else w.answered end = 'at-once')
      returning n.kind, n.topic, n.count
    ) select jsonb_agg(jsonb_build_object('kind', g.kind, 'topic', g.topic, 'count', g.count) order by g.kind, g.topic)
      into told from gone g;
    soon := 0;
    if daily and w.due = 'daily' then
      select count(*) into soon from (select from correspondence.casefile f where f.assignee = w.employee
        and f.state in ('new', 'open') and f.due_on <= p_soon limit 100) x;
    end if;
    if soon > 0 then
      told := coalesce(told, '[]') || jsonb_build_array(jsonb_build_object('kind', 'due', 'count', soon));
    end if;
    update correspondence.news_wish x set mailed_at = case when told is null then x.mailed_at else clock_timestamp() end,
      digest_on = case when daily then p_day else x.digest_on end where x.employee = w.employee;
    if told is not null then
      insert into correspondence.news_mail (employee, address, items) values (w.employee, w.address, told);
    end if;
  end loop;
  return query update correspondence.news_mail m set due_at = clock_timestamp() + interval '5 minutes'
    where m.id in (select y.id from correspondence.news_mail y where y.state = 'waiting' and y.due_at <= clock_timestamp()
      order by y.due_at limit p_most for update skip locked)
    returning m.id, m.address, m.items, m.made_at, m.attempts;
end $$;

-- Settles a mail of news: 'sent', 'kept' (no mail server) or 'failed'; 'waiting' puts the next try off. That a mail left, and
-- to which employee as a salted tag, is in the ledger.
create function correspondence.settle_news(p_id uuid, p_state text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  whose int;
begin
  update correspondence.news_mail m set state = p_state, attempts = m.attempts + 1,
    address = case when p_state = 'waiting' then m.address end,
    due_at = clock_timestamp() + least(interval '2 hours', interval '30 seconds' * power(2, least(m.attempts, 10)))
  where m.id = p_id and m.state = 'waiting' returning m.employee into whose;
  if found and p_state <> 'waiting' then perform ledger.write('news.' || p_state, 'system', p_employee => whose, p_purpose => 'post'); end if;
end $$;

create function correspondence.sweep_news() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from correspondence.news_mail m where m.state <> 'waiting' and m.made_at < clock_timestamp() - interval '7 days';
  delete from correspondence.news_wish w using need_to_know.employee e where e.id = w.employee and e.left_at is not null;
  delete from correspondence.news n where not exists (select from correspondence.news_wish w where w.employee = n.employee);
$$;

-- The acting employee's own wishes, news and reading them.
create function correspondence.own_wish() returns table (fresh text, assigned text, answered text, due text, address text, hour int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select w.fresh, w.assigned, w.answered, w.due, w.address, w.hour from correspondence.news_wish w
  where w.employee = need_to_know.employee() and need_to_know.kind() = 'staff'
$$;
create function correspondence.wish_news(p_fresh text, p_assigned text, p_answered text, p_due text, p_address text, p_hour int)
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  insert into correspondence.news_wish (employee, fresh, assigned, answered, due, address, hour)
  values (need_to_know.employee(), p_fresh, p_assigned, p_answered, p_due, p_address, p_hour)
  on conflict (employee) do update set fresh = excluded.fresh, assigned = excluded.assigned, answered = excluded.answered,
    due = excluded.due, address = excluded.address, hour = excluded.hour;
  delete from correspondence.news n where n.employee = need_to_know.employee()
    and case n.kind when 'fresh' then p_fresh when 'assigned' then p_assigned else p_answered end = 'none';
  perform ledger.write('news.wished', 'staff', p_employee => need_to_know.employee());
  return 'done';
end $$;
create function correspondence.own_news() returns table (kind text, topic text, count int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.kind, n.topic, n.count from correspondence.news n
  where n.employee = need_to_know.employee() and need_to_know.kind() = 'staff' and n.topic = any (need_to_know.topics())
  order by n.kind, n.topic
$$;
create function correspondence.end_news() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from correspondence.news n where n.employee = need_to_know.employee() and need_to_know.kind() = 'staff'
$$;
grant execute on function correspondence.own_wish(), correspondence.own_news(), correspondence.end_news(),
  correspondence.wish_news(text, text, text, text, text, int) to cityhall_app;
grant execute on function correspondence.gather_news(int), correspondence.lease_news(int, date, int, boolean, date),
  correspondence.settle_news(uuid, text), correspondence.sweep_news() to cityhall_keeper;

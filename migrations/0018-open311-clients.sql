-- GeoReport v2: what may be asked of the city without saying who asks, and the programs that may report to it.
create schema open311;
grant usage on schema open311 to cityhall_app;

-- The topics whose cases are listed for everybody, by the city's files; a sensitive topic never is, whatever stands here.
create table open311.service (topic text primary key references city.topic on delete cascade);

-- A program that reports for people. Of its key only a hash of a keyed hash is here.
create table open311.client (
  id int generated always as identity primary key,
  name text not null check (length(name) between 1 and 80),
  key_hash bytea not null unique check (length(key_hash) = 32),
  per_minute int not null check (per_minute between 1 and 10000),
  per_day int not null check (per_day between 1 and 1000000),
  may_post boolean not null,
  may_update boolean not null,
  added_at timestamptz not null default city.now(),
  revoked_at timestamptz
);
-- Which program brought a case: only that one may add to it. A crash between the letter and this row leaves a letter
-- that its sender repeats, and the repeat writes the row.
create table open311.brought (
  case_id uuid primary key references correspondence.casefile,
  client int not null references open311.client,
  at timestamptz not null
);
create index brought_client on open311.brought (client);
-- What became of a listed case, in codes.
create table open311.update (
  id bigint generated always as identity primary key,
  case_id uuid not null references correspondence.casefile,
  at timestamptz not null,
  status text not null check (status in ('OPEN', 'CLOSED', 'INVESTIGATING', 'DUPLICATE', 'NOT_COUNCILS_RESPONSIBILITY',
    'NO_FURTHER_ACTION', 'INTERNAL_REFERRAL'))
);
create index update_at on open311.update (at, id);
create index update_case on open311.update (case_id);
-- Words that a clerk wrote for everybody, after she saw a preview with what looks personal marked. Public, so not sealed.
create table open311.description (
  case_id uuid primary key references correspondence.casefile,
  words text not null check (length(words) between 1 and 500),
  published_at timestamptz not null,
  duty text not null
);
alter table open311.client enable row level security;
alter table open311.brought enable row level security;
alter table open311.update enable row level security;
alter table open311.description enable row level security;

create function open311.topics() returns text[] language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(s.topic), '{}') from open311.service s join city.topic t on t.id = s.topic where not t.sensitive
$$;

-- Writes down what became of a case, for those who ask for updates. On changes only: a letter that comes in pays nothing.
-- Where a case leaves the listed topics its public words go, at once.
create function open311.note_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  listed boolean := new.topic = any (open311.topics());
  said text := case
    when new.state = 'closed' and old.state <> 'closed' then case new.closed_because
      when 'done' then 'CLOSED' when 'not-ours' then 'NOT_COUNCILS_RESPONSIBILITY' when 'duplicate' then 'DUPLICATE'
      else 'NO_FURTHER_ACTION' end
    when old.state = 'closed' and new.state <> 'closed' then 'OPEN'
    when old.state = 'new' and new.state = 'open' then 'INVESTIGATING'
    -- From where it is not listed it comes as if it were new: where it was before is nobody's business.
    when old.topic <> new.topic and old.topic = any (open311.topics()) and (select a.department from city.topic a where a.id = old.topic)
      <> (select b.department from city.topic b where b.id = new.topic) then 'INTERNAL_REFERRAL' end;
begin
  if not listed then
    delete from open311.description d where d.case_id = new.id;
  elsif said is not null then
    insert into open311.update (case_id, at, status) values (new.id, city.now(), said);
  end if;
  return null;
end $$;
create trigger told_by_open311 after update of state, topic on correspondence.casefile for each row
  when (old.state <> new.state or old.topic <> new.topic) execute function open311.note_change();

-- The number of the first case that came at a time or later, by halving: numbers are given as letters come in, so no index
-- on the time is needed, for which every letter would pay.
create function open311.number_at(p_at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  low bigint; high bigint; middle bigint; n bigint; came timestamptz;
begin
  select c.number into low from correspondence.casefile c order by c.number limit 1;
  select c.number + 1 into high from correspondence.casefile c order by c.number desc limit 1;
  while low < high loop
    middle := (low + high) / 2;
    select c.number, c.received_at into n, came from correspondence.casefile c where c.number >= middle order by c.number limit 1;
    if came >= p_at then high := middle; else low := n + 1; end if;
  end loop;
  return coalesce(low, 0);
end $$;

-- The one shape in which a case is public: number, topic, neighbourhood, times, state, and a clerk's public words. The
-- text of a time is made here, since a thousand of them cost more in the program.
create function open311.shown(f correspondence.casefile, p_zone text, out number bigint, out topic text, out place text,
  out requested text, out updated text, out expected text, out closed_because text, out words text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select f.number, f.topic, f.place, to_char(f.received_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char(f.state_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char((f.due_on + time '23:59:59') at time zone p_zone at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    f.closed_because, (select d.words from open311.description d where d.case_id = f.id)
$$;

-- Between two numbers along the index of numbers, whatever the planner would guess of tables without statistics.
create function open311.found(p_low bigint, p_high bigint, p_from timestamptz, p_until timestamptz, p_topics text[], p_open boolean)
returns setof correspondence.casefile language sql stable set search_path = pg_catalog, pg_temp
set enable_seqscan = off set enable_bitmapscan = off set enable_sort = off as $$
  select f from correspondence.casefile f
  where f.number between p_low and p_high and f.received_at >= p_from and f.received_at <= p_until
    and f.topic = any (p_topics) and (p_open is null or (f.state <> 'closed') = p_open)
  order by f.number desc limit 1000
$$;

-- The listed cases that came between two times, newest first, 1,000 at most; never more than the last 90 days of them.
-- A sample's past may stand a little out of order, so 2,000 numbers more are looked at on both sides.
create function open311.requests(p_from timestamptz, p_until timestamptz, p_topics text[], p_open boolean, p_zone text)
returns table (number bigint, topic text, place text, requested text, updated text, expected text, closed_because text, words text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.number, s.topic, s.place, s.requested, s.updated, s.expected, s.closed_because, s.words
  from (select greatest(p_from, p_until - interval '90 days') as start) as span,
    open311.found(open311.number_at(span.start) - 2000, open311.number_at(p_until) + 2000, span.start, p_until,
      array(select unnest(open311.topics()) intersect select unnest(coalesce(p_topics, open311.topics()))), p_open) as f,
    open311.shown(f, p_zone) as s
$$;

-- The listed ones among these numbers, however old.
create function open311.requests_by_number(p_numbers bigint[], p_zone text)
returns table (number bigint, topic text, place text, requested text, updated text, expected text, closed_because text, words text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.number, s.topic, s.place, s.requested, s.updated, s.expected, s.closed_because, s.words
  from (select distinct n from unnest(p_numbers[1:1000]) as n) as asked
    join correspondence.casefile f on f.number = asked.n and f.topic = any (open311.topics()),
    open311.shown(f, p_zone) as s
  order by s.number desc
$$;

-- What became of listed cases between two times, oldest first, 1,000 at most.
create function open311.updates(p_from timestamptz, p_until timestamptz)
returns table (id bigint, number bigint, at text, status text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.id, f.number, to_char(u.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), u.status
  from open311.update u join correspondence.casefile f on f.id = u.case_id
  where u.at >= greatest(p_from, p_until - interval '90 days') and u.at <= p_until and f.topic = any (open311.topics())
  order by u.at, u.id limit 1000
$$;

-- The program whose key this is, with what it may do; nobody where it was revoked.
create function open311.client_of(p_secret bytea)
returns table (id int, per_minute int, per_day int, may_post boolean, may_update boolean)
language sql stable strict security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.per_minute, c.per_day, c.may_post, c.may_update from open311.client c
  where c.key_hash = sha256(p_secret) and c.revoked_at is null
$$;

-- The number of the case that a program brought, by the secret of its receipt; the first time it is written down who
-- brought it. Null where no such case came through Open311, or another program brought it.
create function open311.bring(p_secret bytea, p_receipt bytea) returns bigint
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who int;
  f correspondence.casefile;
begin
  select c.id into who from open311.client_of(p_secret) c where c.may_post;
  select c.* into f from correspondence.casefile c where c.receipt_hash = sha256(p_receipt) and c.channel = 'open311';
  if who is null or f.id is null then return null; end if;
  insert into open311.brought (case_id, client, at) values (f.id, who, city.now()) on conflict do nothing;
  if not exists (select from open311.brought b where b.case_id = f.id and b.client = who) then return null; end if;
  return f.number;
end $$;

-- The case with this number, if this program brought it and may add to it.
create function open311.own_case(p_secret bytea, p_number bigint) returns correspondence.casefile
language sql stable set search_path = pg_catalog, pg_temp as $$
  select f from open311.client_of(p_secret) c join open311.brought b on b.client = c.id
    join correspondence.casefile f on f.id = b.case_id join vault.subject s on s.id = f.subject
  where c.may_update and f.number = p_number and s.state = 'in-use'
$$;

-- A program adds to a case it brought, which needs the person's key to seal the words. Nothing is read; the use of the key
-- is in the ledger all the same, before the key is given.
create function open311.use_key(p_secret bytea, p_number bigint) returns uuid
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile := open311.own_case(p_secret, p_number);
  opening uuid;
begin
  if f.id is null then return null; end if;
  insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
  values (f.subject, f.id, 'system', vault.record('key.used', 'system', f.id, f.subject, p_purpose => 'open311', p_reason => 'addition'),
    clock_timestamp() + interval '1 minute')
  returning id into opening;
  return opening;
end $$;
create function open311.key_for_addition(p_secret bytea, p_number bigint, p_opening uuid)
returns table (subject uuid, wrapped_key bytea, kek text, topic text)
language sql stable strict security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, f.topic
  from open311.own_case(p_secret, p_number) f join vault.opening o on o.case_id = f.id join vault.subject s on s.id = o.subject
  where o.id = p_opening and o.actor_kind = 'system' and o.ends_at > clock_timestamp() and s.state = 'in-use'
    and pg_xact_status(o.written_by) = 'committed'
$$;
-- Adds what the program was told since. `p_before`: the identifier the same words had in the ten minutes before.
create function open311.add(p_secret bytea, p_number bigint, p_message uuid, p_before uuid, p_sealed bytea, p_due_on date) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile := open311.own_case(p_secret, p_number);
begin
  if f.id is null then return 'not-there'; end if;
  select c.* into f from correspondence.casefile c where c.id = f.id for update;
  if exists (select from correspondence.message m where m.case_id = f.id and m.id in (p_message, p_before)) then return 'again'; end if;
  perform correspondence.append(f.id, p_message, 'addition', 'open311', null, null, p_sealed);
  update correspondence.casefile set version = version + 1,
    due_on = case when state in ('answered', 'closed') then p_due_on else due_on end,
    state_since = case when state in ('answered', 'closed') then city.now() else state_since end,
    state = case when state in ('answered', 'closed') then 'open' else state end, closed_because = null
  where id = f.id;
  perform vault.record('letter.added', 'person', f.id, f.subject, p_purpose => f.form, p_reason => 'own-letter', p_detail => 'open311');
  return 'done';
end $$;

-- A clerk's public words about the case in hand. Who may answer the person may say this to everybody. A new text takes the
-- old one's place. Refusals: 'not-there' (also: not permitted, and topics that are not listed), 'changed'.
create function open311.publish_description(p_version int, p_words text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  select * into t from correspondence.take('answer', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if not f.topic = any (open311.topics()) then return 'not-there'; end if;
  insert into open311.description (case_id, words, published_at, duty) values (f.id, p_words, city.now(), duty)
  on conflict (case_id) do update set words = excluded.words, published_at = excluded.published_at, duty = excluded.duty;
  perform vault.record('description.published', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form);
  return 'done';
end $$;
create function open311.take_back_description() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile;
begin
  select * into t from correspondence.take('answer', null);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f;
  delete from open311.description d where d.case_id = f.id;
  if found then
    perform vault.record('description.withdrawn', 'staff', f.id, f.subject, need_to_know.employee(), t.duty, f.form);
  end if;
  return 'done';
end $$;
create function open311.description_in_hand() returns table (words text, published_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.words, d.published_at from open311.description d where d.case_id = need_to_know.case_in_hand()
$$;

grant execute on function open311.requests(timestamptz, timestamptz, text[], boolean, text), open311.requests_by_number(bigint[], text),
  open311.updates(timestamptz, timestamptz), open311.client_of(bytea), open311.bring(bytea, bytea), open311.use_key(bytea, bigint),
  open311.key_for_addition(bytea, bigint, uuid), open311.add(bytea, bigint, uuid, uuid, bytea, date),
  open311.publish_description(int, text), open311.take_back_description(), open311.description_in_hand() to cityhall_app;

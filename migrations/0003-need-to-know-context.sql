-- Who may see what. A duty belongs to a department, covers topics, and allows powers; an employee is charged with
-- duties for a time. Everything else (lists, counts, searches, pages) follows from the topics of today's duties.
create table need_to_know.employee (
  id int generated always as identity primary key,
  handle text not null unique check (handle ~ '^[a-z][a-z0-9.-]{1,39}$'),
  name text not null check (length(name) between 1 and 120),
  password_hash text,
  joined_at timestamptz not null default now(),
  left_at timestamptz
);
create table need_to_know.duty (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  department text not null references city.department,
  powers text[] not null check (powers <@ array['read','answer','note','assign','move','close',
    'record','refer','oversee','break-glass','review','templates']),
  -- A closed list of codes, the first one prefilled: words typed by hand could carry personal data into the ledger.
  reasons text[] not null check (cardinality(reasons) > 0)
);
create table need_to_know.duty_topic (
  duty text not null references need_to_know.duty on delete cascade,
  topic text not null references city.topic on delete cascade,
  primary key (duty, topic)
);
create index duty_topic_topic on need_to_know.duty_topic (topic);
create table need_to_know.charge (
  employee int not null references need_to_know.employee,
  duty text not null references need_to_know.duty,
  since timestamptz not null default now(),
  until timestamptz,
  primary key (employee, duty, since)
);
create table need_to_know.session (
  id uuid primary key default gen_random_uuid(),
  secret_hash bytea not null unique check (length(secret_hash) = 32),
  employee int not null references need_to_know.employee,
  method text not null check (method in ('password', 'passkey')),
  started_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  ends_at timestamptz not null
);
create index session_employee on need_to_know.session (employee);
create table need_to_know.passkey (
  credential_id bytea primary key,
  employee int not null references need_to_know.employee,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  label text not null check (length(label) between 1 and 60),
  added_at timestamptz not null default now(),
  used_at timestamptz
);
create index passkey_employee on need_to_know.passkey (employee);
create table need_to_know.challenge (
  hash bytea primary key,
  ends_at timestamptz not null
);
-- Failed sign-ins, kept under a keyed token of the name that was typed, never the name.
create table need_to_know.throttle (
  token bytea primary key,
  failures int not null,
  last_at timestamptz not null
);

-- Two keys as prepared HMAC-SHA-256 pads. `context` is made here and never leaves; `session` is shared with the web
-- process (installed by the owner), so that only a process which holds the city's key can start a session.
create table need_to_know.authority (
  name text primary key check (name in ('context', 'session')),
  inner_pad bytea not null check (length(inner_pad) = 64),
  outer_pad bytea not null check (length(outer_pad) = 64)
);

create function need_to_know.pad(key bytea, mask int) returns bytea language plpgsql immutable as $$
declare
  padded bytea := key || decode(repeat('00', 64 - length(key)), 'hex');
begin
  for i in 0..63 loop
    padded := set_byte(padded, i, get_byte(padded, i) # mask);
  end loop;
  return padded;
end $$;

create function need_to_know.install_authority(p_name text, key bytea) returns void language sql as $$
  insert into need_to_know.authority values (p_name, need_to_know.pad(key, 54), need_to_know.pad(key, 92))
  on conflict (name) do update set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad
$$;

do $$ begin
  perform need_to_know.install_authority('context',
    sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())));
end $$;

-- HMAC-SHA-256 (RFC 2104).
create function need_to_know.mac(p_name text, message text) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sha256(outer_pad || sha256(inner_pad || convert_to(message, 'UTF8')))
  from need_to_know.authority where name = p_name
$$;

-- What a signature is bound to besides its payload: this connection and this transaction.
create function need_to_know.here() returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select '|' || pg_backend_pid() || '|' || extract(epoch from transaction_timestamp())
$$;

-- Signs who is acting into a setting of this transaction. Called only by the functions that have seen a secret.
create function need_to_know.sign(payload jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform set_config('cityhall.context',
    encode(need_to_know.mac('context', payload::text || need_to_know.here()), 'hex') || payload::text, true);
end $$;

-- Who is acting, or null. A setting that was not signed for this very transaction is nobody, and so is one that is a
-- minute old: a transaction held open would keep the duties of the moment it began. (`is distinct from`: should the key
-- be missing, the comparison gives null, and null must not pass.)
create function need_to_know.context() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  raw text := current_setting('cityhall.context', true);
begin
  if raw is null or length(raw) <= 64 then return null; end if;
  if encode(need_to_know.mac('context', substr(raw, 65) || need_to_know.here()), 'hex') is distinct from left(raw, 64)
    or clock_timestamp() > transaction_timestamp() + interval '1 minute'
  then return null; end if;
  return substr(raw, 65)::jsonb;
end $$;

create function need_to_know.kind() returns text language sql stable set search_path = pg_catalog, pg_temp as $$
  select need_to_know.context() ->> 'kind'
$$;
create function need_to_know.employee() returns int language sql stable set search_path = pg_catalog, pg_temp as $$
  select (need_to_know.context() ->> 'employee')::int
$$;
create function need_to_know.case_in_hand() returns uuid language sql stable set search_path = pg_catalog, pg_temp as $$
  select (need_to_know.context() ->> 'case')::uuid
$$;
create function need_to_know.topics() returns text[] language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array(select jsonb_array_elements_text(need_to_know.context() -> 'topics')), '{}')
$$;

-- The duty under which the acting employee may use a power on a topic, or null. Duties are read anew each time.
create function need_to_know.duty_for(p_topic text, p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id
  from need_to_know.charge c
  join need_to_know.duty d on d.id = c.duty
  join need_to_know.duty_topic t on t.duty = d.id
  where c.employee = need_to_know.employee() and t.topic = p_topic and p_power = any (d.powers)
    and c.since <= city.now() and (c.until is null or c.until > city.now())
  order by d.id limit 1
$$;

-- Enters as the employee whose session secret this is, for one transaction, optionally with one case in hand.
-- A case that her duties do not cover, and one that is not there, both leave `case_id` null.
create function need_to_know.enter_staff(secret bytea, p_case uuid default null)
returns table (employee int, handle text, name text, session uuid, duties text[], topics text[], case_id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s need_to_know.session;
  e need_to_know.employee;
begin
  select * into s from need_to_know.session x
    where x.secret_hash = sha256(secret) and x.ends_at > clock_timestamp()
      and x.last_seen_at > clock_timestamp() - interval '1 hour';
  if not found then return; end if;
  select * into e from need_to_know.employee x where x.id = s.employee and x.left_at is null;
  if not found then return; end if;
  if s.last_seen_at < clock_timestamp() - interval '5 minutes' then
    update need_to_know.session x set last_seen_at = clock_timestamp() where x.id = s.id;
  end if;
  duties := array(select c.duty from need_to_know.charge c where c.employee = e.id
    and c.since <= clock_timestamp() and (c.until is null or c.until > clock_timestamp()) order by c.duty);
  topics := array(select distinct t.topic from need_to_know.duty_topic t where t.duty = any (duties) order by 1);
  if p_case is not null then
    select f.id into case_id from correspondence.casefile f where f.id = p_case and f.topic = any (topics);
  end if;
  perform need_to_know.sign(jsonb_strip_nulls(jsonb_build_object('kind', 'staff', 'employee', e.id, 'session', s.id,
    'topics', topics, 'case', case_id)));
  employee := e.id; handle := e.handle; name := e.name; session := s.id;
  return next;
end $$;

-- The names of colleagues, for staff only: an author of a note, a person to assign a case to.
create function need_to_know.colleagues(p_topic text default null) returns table (id int, name text, active boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.name, e.left_at is null
  from need_to_know.employee e
  where need_to_know.kind() = 'staff' and (p_topic is null or e.left_at is null and exists (
    select from need_to_know.charge c join need_to_know.duty_topic t on t.duty = c.duty
    where c.employee = e.id and t.topic = p_topic and c.since <= clock_timestamp()
      and (c.until is null or c.until > clock_timestamp())))
  order by e.name
$$;

alter table need_to_know.employee enable row level security;
alter table need_to_know.charge enable row level security;
alter table need_to_know.session enable row level security;
alter table need_to_know.passkey enable row level security;
alter table need_to_know.challenge enable row level security;
alter table need_to_know.throttle enable row level security;
alter table need_to_know.authority enable row level security;
grant select on need_to_know.duty, need_to_know.duty_topic to cityhall_app;
grant execute on function need_to_know.context(), need_to_know.kind(), need_to_know.employee(),
  need_to_know.case_in_hand(), need_to_know.topics(), need_to_know.here(), need_to_know.duty_for(text, text),
  need_to_know.enter_staff(bytea, uuid), need_to_know.colleagues(text) to cityhall_app;
grant execute on function city.now() to cityhall_app, cityhall_keeper;

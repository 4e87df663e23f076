-- Bookings: what the city lends out by the slot. A booking belongs to a case; who the person is stands in the case's sealed
-- letter and nowhere here. That nothing is given away twice is a constraint on `bookings.seat`, not a question asked first.
create schema bookings;
grant usage on schema bookings to cityhall_app, cityhall_keeper;

-- A word is added to a closed list without repeating the others: several rooms add theirs.
create function bookings.also_allow(p_table regclass, p_constraint text, p_after text, p_word text) returns void
language plpgsql as $$
declare
  rule text;
begin
  select pg_get_constraintdef(c.oid) into strict rule from pg_constraint c where c.conrelid = p_table and c.conname = p_constraint;
  execute format('alter table %s drop constraint %I', p_table, p_constraint);
  execute format('alter table %s add constraint %I %s', p_table, p_constraint,
    replace(rule, quote_literal(p_after) || '::text', quote_literal(p_after) || '::text, ' || quote_literal(p_word) || '::text'));
end $$;
do $$ begin
  perform bookings.also_allow('need_to_know.duty', 'duty_powers_check', 'read', 'book');
  perform bookings.also_allow('correspondence.mail', 'mail_kind_check', 'acknowledgement', 'booking');
end $$;
drop function bookings.also_allow(regclass, text, text, text);

-- What the city's files say, as far as the rules below need it; the words and prices stay in the files.
create table bookings.facility (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  -- Null where the topic is gone from the files: then it is on nobody's desk.
  topic text references city.topic on delete set null,
  time_zone text not null,
  slot int not null check (slot between 5 and 1440),
  buffer int not null check (buffer >= 0),
  most_slots int not null check (most_slots > 0),
  most_places int not null check (most_places > 0),
  capacity int not null check (capacity > 0),
  lead interval not null,
  horizon int not null check (horizon > 0),
  cancel_until interval not null,
  free_until interval not null,
  refund text not null,
  late_refund text not null,
  pay_within interval,
  -- False: no longer in the files. Nothing more can be booked, what was booked stands.
  open boolean not null default true,
  -- The days of closing are known up to here; nothing is booked past it.
  known_until date not null
);
-- By ISO weekday, in minutes of the day; past 1440 is after midnight.
create table bookings.opening (
  facility text not null references bookings.facility on delete cascade,
  weekday int not null check (weekday between 1 and 7),
  opens int not null check (opens between 0 and 1439),
  closes int not null check (closes between opens and 2880),
  primary key (facility, weekday, opens)
);
create table bookings.closed_day (
  facility text not null references bookings.facility on delete cascade,
  day date not null,
  primary key (facility, day)
);
-- Each table, court or clerk. Where the capacity shrinks, those above it are given to nobody any more.
create table bookings.unit (
  id int generated always as identity primary key,
  facility text not null references bookings.facility on delete cascade,
  number int not null check (number > 0),
  unique (facility, number)
);

create table bookings.booking (
  id uuid primary key,
  case_id uuid not null references correspondence.casefile,
  facility text not null references bookings.facility,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  slots int not null check (slots > 0),
  places int not null check (places > 0),
  state text not null check (state in ('held', 'booked', 'cancelled-by-person', 'cancelled-by-city', 'taken-place', 'no-show')),
  made_at timestamptz not null,
  held_until timestamptz,
  ended_at timestamptz,
  because text check (because in ('weather', 'repair', 'emergency', 'needed-by-the-city', 'rules', 'asked', 'mistake', 'not-paid')),
  refund text check (refund in ('full', 'half', 'none')),
  version int not null default 1,
  check ((state = 'held') = (held_until is not null)),
  check ((state in ('held', 'booked')) = (ended_at is null)),
  check ((state = 'cancelled-by-city') = (because is not null)),
  check ((state in ('cancelled-by-person', 'cancelled-by-city')) = (refund is not null))
);
create index booking_case on bookings.booking (case_id);
create index booking_facility on bookings.booking (facility, starts_at);
create index booking_held on bookings.booking (held_until) where state = 'held';
create index booking_to_come on bookings.booking (ends_at) where state = 'booked';

-- One unit for one stretch of time, as a single range of numbers (seconds, in a stretch of 2^34 of each unit's own), so that
-- an ordinary exclusion constraint keeps any two apart, also where hours and slots were other ones when the first was made.
create function bookings.span(p_unit int, p_from timestamptz, p_until timestamptz) returns int8range
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select int8range((p_unit::bigint << 34) + floor(date_part('epoch', p_from))::bigint,
    (p_unit::bigint << 34) + ceil(date_part('epoch', p_until))::bigint)
$$;
create table bookings.seat (
  booking uuid not null references bookings.booking,
  unit int not null references bookings.unit,
  span int8range not null check (lower(span) >> 34 = unit and upper(span) >> 34 = unit),
  primary key (booking, unit),
  constraint nothing_twice exclude using gist (span with &&)
);

-- Time that the city keeps for itself. What is booked in it stands until somebody cancels it, and is not booked anew.
create table bookings.block (
  id uuid primary key,
  facility text not null references bookings.facility,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  because text not null check (because in ('weather', 'repair', 'emergency', 'needed-by-the-city')),
  employee int not null references need_to_know.employee,
  duty text not null,
  made_at timestamptz not null,
  ended_at timestamptz
);
create index block_standing on bookings.block (facility, starts_at) where ended_at is null;

-- What a mail says beside its case: codes, from which the post office makes words.
create table bookings.notice (
  mail uuid primary key references correspondence.mail,
  booking uuid not null references bookings.booking,
  news text not null check (news in ('booked', 'held', 'confirmed', 'cancelled-by-person', 'cancelled-by-city'))
);

alter table bookings.booking enable row level security;
alter table bookings.seat enable row level security;
alter table bookings.block enable row level security;
alter table bookings.notice enable row level security;

-- The slots of some days: each opening's, one after the other in minutes that pass, so that a night on which the clocks
-- change has an hour's slots more or less, and none twice. An hour of opening that the clocks skip or show twice counts
-- as standard time has it. `opening` and `at` say which slots stand in a row.
create function bookings.cells(f bookings.facility, p_from date, p_days int)
returns table (opening timestamptz, at int, starts_at timestamptz, ends_at timestamptz)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select w.opens_at, n, w.opens_at + n * s.step, w.opens_at + n * s.step + s.length
  from generate_series(-2, p_days - 1) as d (n0)
    cross join lateral (select p_from + d.n0 as day) x
    join bookings.opening o on o.facility = f.id and o.weekday = extract(isodow from x.day)
    cross join lateral (select (x.day + make_interval(mins => o.opens)) at time zone f.time_zone as opens_at,
      (x.day + make_interval(mins => o.closes)) at time zone f.time_zone as closes_at) w
    cross join lateral (select make_interval(mins => f.slot + f.buffer) as step, make_interval(mins => f.slot) as length) s
    cross join lateral generate_series(0,
      floor((date_part('epoch', w.closes_at - w.opens_at) / 60 + f.buffer) / (f.slot + f.buffer))::int - 1) as n
  where not exists (select from bookings.closed_day c where c.facility = f.id and c.day = x.day)
    and ((w.opens_at + n * s.step) at time zone f.time_zone)::date between p_from and p_from + p_days - 1
$$;

-- Why a slot cannot be booked now; null where only its places decide.
create function bookings.out_of_reach(f bookings.facility, p_start timestamptz) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when p_start < city.now() + f.lead or p_start <= city.now() then 'too-late'
    when (p_start at time zone f.time_zone)::date
      > least((city.now() at time zone f.time_zone)::date + f.horizon, f.known_until) then 'too-far' end
$$;
create function bookings.blocked(f bookings.facility, p_start timestamptz, p_end timestamptz) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from bookings.block b where b.facility = f.id and b.ended_at is null
    and b.starts_at < p_end and b.ends_at > p_start)
$$;
create function bookings.free_units(f bookings.facility, p_start timestamptz, p_end timestamptz) returns int[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(u.id order by u.number), '{}') from bookings.unit u
  where u.facility = f.id and u.number <= f.capacity
    and not exists (select from bookings.seat s where s.span && bookings.span(u.id, p_start, p_end))
$$;

-- What anybody may see of a facility's days: the slots, and which of its units are free in each. Never more than 62 days
-- at once.
create function bookings.free(p_facility text, p_from date, p_days int)
returns table (opening timestamptz, at int, starts_at timestamptz, ends_at timestamptz, state text, units int[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.opening, c.at, c.starts_at, c.ends_at,
    case when w.why is not null then w.why when b.blocked then 'closed' when cardinality(u.ids) = 0 then 'taken' else 'free' end,
    case when w.why is null and not b.blocked then u.ids else '{}' end
  from bookings.facility f cross join lateral bookings.cells(f, p_from, least(p_days, 62)) c
    cross join lateral (select bookings.out_of_reach(f, c.starts_at) as why) w
    cross join lateral (select bookings.blocked(f, c.starts_at, c.ends_at) as blocked) b
    cross join lateral (select case when w.why is null then bookings.free_units(f, c.starts_at, c.ends_at) end as ids) u
  where f.id = p_facility and f.open
  order by c.starts_at, c.opening
$$;

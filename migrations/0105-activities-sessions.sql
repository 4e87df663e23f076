-- Activities: what people take part in, session by session. An enrolment belongs to a case; who the person is stands in the
-- case's sealed letter (or, of a child, under the consent's own key) and nowhere here. That no session has more people than
-- places is not a question asked first: a place is a row, and it can be held once.
create schema activities;
grant usage on schema activities to cityhall_app, cityhall_keeper;

-- A word is added to a closed list without repeating the others: several rooms add theirs.
create function activities.also_allow(p_table regclass, p_constraint text, p_after text, p_word text) returns void
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
  perform activities.also_allow('need_to_know.duty', 'duty_powers_check', 'read', 'run-activities');
  perform activities.also_allow('need_to_know.duty', 'duty_powers_check', 'read', 'lead-session');
  perform activities.also_allow('correspondence.mail', 'mail_kind_check', 'acknowledgement', 'enrolment');
end $$;
drop function activities.also_allow(regclass, text, text, text);

-- What somebody agrees to, in the very words, under their hash: a changed text is another row, and both stay.
create table activities.waiver (
  hash bytea primary key check (length(hash) = 32),
  en text not null,
  es text not null,
  since timestamptz not null default now()
);

-- What the city's files say, as far as the rules below need it; the words and prices stay in the files.
create table activities.session (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  programme text not null check (programme ~ '^[a-z][a-z0-9-]{0,59}$'),
  -- Null where the topic is gone from the files: then it is on nobody's desk.
  topic text references city.topic on delete set null,
  leader text,
  -- What it is called on a bill.
  name_en text not null check (length(name_en) between 1 and 120),
  name_es text not null check (length(name_es) between 1 and 120),
  time_zone text not null,
  -- Whole years on the first day; adults sign up on a form, children through whoever has the right to consent.
  youngest int not null check (youngest >= 0),
  oldest int check (oldest >= youngest),
  after text[] not null default '{}',
  waiver bytea references activities.waiver,
  first_day date not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  capacity int not null check (capacity > 0),
  opens_at timestamptz not null,
  closes_at timestamptz not null check (closes_at > opens_at),
  lottery boolean not null,
  offer_for interval not null,
  pay_within interval,
  free_until interval not null,
  refund text not null check (refund in ('full', 'half', 'none')),
  late_refund text not null check (late_refund in ('full', 'half', 'none')),
  -- False: no longer in the files. Nobody can join, who has a place keeps it.
  open boolean not null default true,
  called_off_at timestamptz,
  because text check (because in ('few-people', 'leader-ill', 'weather', 'repair', 'emergency', 'mistake')),
  check ((called_off_at is null) = (because is null))
);
create table activities.meeting (
  session text not null references activities.session on delete cascade,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  primary key (session, starts_at)
);
create index meeting_day on activities.meeting (starts_at);

-- One row a place. `free` is what the lock below looks at; what holds is the key of `activities.enrolment` to it.
create table activities.place (
  session text not null references activities.session on delete cascade,
  number int not null check (number > 0),
  free boolean not null default true,
  -- False: the session has fewer places by now. It is given to nobody any more.
  open boolean not null default true,
  primary key (session, number)
);
create index place_free on activities.place (session, number) where free and open;

create sequence activities.turn as bigint;
create table activities.enrolment (
  id uuid primary key,
  case_id uuid not null references correspondence.casefile,
  session text not null references activities.session,
  state text not null,
  place int,
  -- The order in which people came, or were drawn: whoever waits with the lowest is next.
  turn bigint not null default nextval('activities.turn'),
  -- What stands in the public list of a drawing. It follows from the random id, and from nothing of the person.
  ticket text not null generated always as (upper(substr(replace(id::text, '-', ''), 25, 8))) stored,
  -- Brothers and sisters who were entered together are drawn together: the ticket of the first of them.
  drawn_with text not null,
  -- Cents that its price group pays; null: free of charge.
  price int check (price between 0 and 100000000),
  waiver bytea references activities.waiver,
  made_at timestamptz not null,
  -- Until when an offer is open, or a place is held unpaid.
  until timestamptz,
  ended_at timestamptz,
  because text,
  refund text check (refund in ('full', 'half', 'none')),
  version int not null default 1,
  foreign key (session, place) references activities.place (session, number),
  constraint one_place_once unique (session, place),
  constraint one_ticket_once unique (session, ticket),
  constraint state_fits check (case state
    when 'lottery' then place is null and until is null and ended_at is null
    when 'waiting' then place is null and until is null and ended_at is null
    when 'offered' then place is not null and until is not null and ended_at is null
    when 'held' then place is not null and until is not null and ended_at is null
    when 'enrolled' then place is not null and until is null and ended_at is null
    when 'completed' then until is null and ended_at is not null and because is null and refund is null
    when 'cancelled-by-person' then place is null and until is null and ended_at is not null and refund is not null
      and because is not distinct from null
    when 'cancelled-by-city' then place is null and until is null and ended_at is not null and refund is not null
      and because in ('few-people', 'leader-ill', 'weather', 'repair', 'emergency', 'mistake', 'rules', 'asked')
    when 'lapsed' then place is null and until is null and ended_at is not null and refund is null
      and because in ('not-paid', 'offer-over', 'declined', 'no-place')
    else false end)
);
create index enrolment_case on activities.enrolment (case_id);
create index enrolment_queue on activities.enrolment (session, turn) where state = 'waiting';
create index enrolment_until on activities.enrolment (until) where until is not null;
create index enrolment_session on activities.enrolment (session, state);

-- A place is free as soon as nobody has it, and not before.
create function activities.mind_place() returns trigger
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'UPDATE' and old.place is not null and old.place is distinct from new.place then
    update activities.place set free = true where session = old.session and number = old.place;
  end if;
  if new.place is not null and (tg_op = 'INSERT' or old.place is distinct from new.place) then
    update activities.place set free = false where session = new.session and number = new.place;
  end if;
  return null;
end $$;
create trigger minds_place after insert or update of place on activities.enrolment
  for each row execute function activities.mind_place();

alter table activities.waiver enable row level security;
alter table activities.session enable row level security;
alter table activities.meeting enable row level security;
alter table activities.place enable row level security;
alter table activities.enrolment enable row level security;

-- What anybody may see of the sessions: how many places are left and how many wait, and nothing of whom. A place that is
-- offered to somebody is not left.
create function activities.standing()
returns table (session text, capacity int, free int, waiting int, entered int, called_off boolean, because text, drawn boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.capacity,
    (select count(*)::int from activities.place p where p.session = s.id and p.free and p.open),
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state = 'waiting'),
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state = 'lottery'),
    s.called_off_at is not null, s.because, false
  from activities.session s where s.open order by s.starts_at, s.id
$$;
grant execute on function activities.standing() to cityhall_app;

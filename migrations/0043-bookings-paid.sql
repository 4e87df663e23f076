-- Bookings and what is owed for them. A booking is held until the charge of its case is paid or waived; where it ends unpaid,
-- nothing is owed any more; where money is to go back, the case waits for whoever pays it back.

-- How the charge of a case stands, for other rooms, locked: 'none', 'due', 'settled' (paid or waived), 'paid' (money is here).
create function payments.stands(p_case uuid) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge;
begin
  select x.* into c from payments.charge x where x.case_id = p_case and x.state <> 'cancelled' for update;
  return case when c.id is null then 'none' when c.state = 'due' then 'due' when c.paid > c.refunded then 'paid' else 'settled' end;
end $$;
-- What was owed for something that comes to nothing is owed no more.
create function payments.call_back(p_case uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge;
begin
  update payments.charge set state = 'cancelled', state_since = city.now(), version = version + 1
  where case_id = p_case and state = 'due' returning * into c;
  if found then perform payments.record(c, 'charge.cancelled', null, null); end if;
end $$;

create or replace function bookings.give_back(p_id uuid, p_state text, p_because text, p_refund text) returns bookings.booking
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  b bookings.booking;
begin
  delete from bookings.seat where booking = p_id;
  update bookings.booking set state = p_state, because = p_because, refund = p_refund, held_until = null, ended_at = city.now(),
    version = version + 1 where id = p_id returning * into b;
  if not exists (select from bookings.booking o where o.case_id = b.case_id and o.ended_at is null) then
    perform payments.call_back(b.case_id);
  end if;
  return b;
end $$;

-- As before; and where money is here that goes back, the case waits for the city, as if the letter had come today.
create or replace function bookings.end_case(b bookings.booking, p_because text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
begin
  if b.refund in ('full', 'half') and payments.stands(b.case_id) = 'paid' then
    update correspondence.casefile set state = 'open', state_since = city.now(), version = version + 1,
      due_on = greatest(due_on, city.now()::date + 7) where id = b.case_id and state = 'answered';
    return;
  end if;
  if exists (select from bookings.booking o where o.case_id = b.case_id and o.ended_at is null) then return; end if;
  update correspondence.casefile set state = 'closed', closed_because = p_because, state_since = city.now(), version = version + 1
  where id = b.case_id and state = 'answered' returning * into f;
  if found then
    perform vault.record('case.closed', 'system', f.id, f.subject, p_purpose => f.form, p_detail => 'because=' || p_because);
  end if;
end $$;

-- The worker's turn, one booking at a time: what was held and is paid stands; what was not paid in time is let go; what is
-- over by a day has taken place. False where nothing is due.
create or replace function bookings.turn() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  due uuid; b bookings.booking; stands text;
begin
  select x.id into due from bookings.booking x
    where x.state = 'held' and (x.held_until <= city.now() or exists (select from payments.charge c
        where c.case_id = x.case_id and c.state in ('paid', 'waived', 'partly-refunded')))
      or x.state = 'booked' and x.ends_at <= city.now() - interval '1 day' limit 1;
  if not found then return false; end if;
  perform from correspondence.casefile c join bookings.booking y on y.case_id = c.id where y.id = due for update of c;
  perform from bookings.facility x join bookings.booking y on y.facility = x.id where y.id = due for no key update of x;
  select x.* into b from bookings.booking x where x.id = due for update;
  if b.state = 'held' then
    stands := payments.stands(b.case_id);
    if stands in ('paid', 'settled') then
      perform bookings.settle_hold(b.id, 'system', null);
      return true;
    end if;
    if b.held_until > city.now() then return true; end if;
    b := bookings.give_back(b.id, 'cancelled-by-city', 'not-paid', 'none');
    perform bookings.write(b, 'booking.let-go', 'system');
    perform bookings.tell(b, 'cancelled-by-city');
  elsif b.state = 'booked' and b.ends_at <= city.now() - interval '1 day' then
    update bookings.booking set state = 'taken-place', ended_at = city.now(), version = version + 1 where id = b.id returning * into b;
    perform bookings.write(b, 'booking.taken-place', 'system');
  end if;
  perform bookings.end_case(b, 'done');
  return true;
end $$;

-- A booked case counts as answered only when its transaction is done: until then it is the letter that was just received,
-- to which a charge can be added, before the booking or after it. As the last thing of that transaction, therefore.
create function bookings.count_as_answered() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update correspondence.casefile set state = 'answered', state_since = city.now() where id = new.case_id and state = 'new';
  return null;
end $$;
create constraint trigger answered after insert on bookings.booking deferrable initially deferred
  for each row execute function bookings.count_as_answered();

-- Books for the letter that this very transaction has received: `p_slots` slots in a row from `p_start` on, in as many
-- places. Outcomes: 'booked'; 'held' (until it is paid); 'taken'; 'closed' (no slot begins then, or the city keeps it);
-- 'too-late', 'too-far' (before the lead, past the horizon); 'too-many' (slots, places, or bookings of one letter);
-- 'not-there' (no such facility, or no letter received here). On a refusal nothing is written; the letter is the caller's.
create or replace function bookings.book(p_id uuid, p_case uuid, p_facility text, p_start timestamptz, p_slots int, p_places int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c correspondence.casefile; f bookings.facility; b bookings.booking; first record; last record; units int[]; why text;
  kind text := 'person'; duty text;
begin
  select x.* into c from correspondence.casefile x where x.id = p_case and x.xmin = pg_current_xact_id()::xid and x.messages = 1;
  if not found then return 'not-there'; end if;
  select x.* into f from bookings.facility x where x.id = p_facility and x.open for no key update;
  if not found then return 'not-there'; end if;
  -- A clerk books for somebody only what her duty keeps.
  if need_to_know.kind() = 'staff' then
    kind := 'staff';
    duty := need_to_know.duty_for(f.topic, 'book');
    if duty is null then return 'not-there'; end if;
  end if;
  if coalesce(p_slots, 0) not between 1 and f.most_slots or coalesce(p_places, 0) not between 1 and f.most_places
    or (select count(*) from bookings.booking x where x.case_id = c.id) >= 5 then return 'too-many'; end if;
  why := bookings.out_of_reach(f, p_start);
  if why is not null then return why; end if;
  select x.* into first from bookings.cells(f, (p_start at time zone f.time_zone)::date, 1) x where x.starts_at = p_start limit 1;
  if not found then return 'closed'; end if;
  select x.* into last from bookings.cells(f, (first.opening at time zone f.time_zone)::date, 3) x
    where x.opening = first.opening and x.at = first.at + p_slots - 1;
  if not found or bookings.blocked(f, p_start, last.ends_at) then return 'closed'; end if;
  units := bookings.free_units(f, p_start, last.ends_at);
  if cardinality(units) < p_places then return 'taken'; end if;
  insert into bookings.booking (id, case_id, facility, starts_at, ends_at, slots, places, state, made_at, held_until)
  values (p_id, c.id, f.id, p_start, last.ends_at, p_slots, p_places, case when f.pay_within is null then 'booked' else 'held' end,
    city.now(), case when f.pay_within is not null then least(city.now() + f.pay_within, p_start) end)
  returning * into b;
  insert into bookings.seat select b.id, u, bookings.span(u, b.starts_at, b.ends_at) from unnest(units[1:p_places]) as x (u);
  perform bookings.write(b, case b.state when 'held' then 'booking.held' else 'booking.made' end, kind, duty,
    ' slots=' || b.slots || ' places=' || b.places);
  perform bookings.tell(b, b.state);
  return b.state;
end $$;

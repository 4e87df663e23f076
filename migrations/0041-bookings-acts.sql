-- The acts of bookings. Each takes its locks in one order: the case, the facility, the booking; seats only while the facility
-- is held. So no two acts wait for one another.

-- Puts the news of a booking in the post, where the person left an address. The acknowledgement of a letter that this very
-- transaction received is not sent besides: the news takes its place.
create function bookings.tell(b bookings.booking, p_news text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile; mail uuid;
begin
  select c.* into f from correspondence.casefile c where c.id = b.case_id;
  if not exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then return; end if;
  if p_news in ('booked', 'held') then
    update correspondence.mail m set kind = 'booking' where m.case_id = f.id and m.kind = 'acknowledgement'
      and m.state = 'waiting' and m.xmin = pg_current_xact_id()::xid returning m.id into mail;
    if mail is null then return; end if;
  else
    insert into correspondence.mail (case_id, topic, kind, created_at, due_at)
    values (f.id, f.topic, 'booking', city.now(), city.now()) returning id into mail;
  end if;
  insert into bookings.notice values (mail, b.id, p_news);
end $$;

create function bookings.write(b bookings.booking, p_act text, p_kind text, p_duty text default null, p_more text default '') returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select vault.record(p_act, p_kind, b.case_id, f.subject, case when p_kind = 'staff' then need_to_know.employee() end, p_duty,
    f.form, p_detail => 'facility=' || b.facility || ' start='
      || to_char(b.starts_at at time zone 'UTC', 'YYYY-MM-DD"t"HH24:MI"z"') || p_more)
  from correspondence.casefile f where f.id = b.case_id
$$;

-- A booking needs no clerk, so its case waits for none: it counts as answered, and is closed when the booking has ended.
-- A case in which something else is going on is left alone.
create function bookings.end_case(b bookings.booking, p_because text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
begin
  if exists (select from bookings.booking o where o.case_id = b.case_id and o.ended_at is null) then return; end if;
  update correspondence.casefile set state = 'closed', closed_because = p_because, state_since = city.now(), version = version + 1
  where id = b.case_id and state = 'answered' returning * into f;
  if found then
    perform vault.record('case.closed', 'system', f.id, f.subject, p_purpose => f.form, p_detail => 'because=' || p_because);
  end if;
end $$;

-- Books for the letter that this very transaction has received: `p_slots` slots in a row from `p_start` on, in as many
-- places. Outcomes: 'booked'; 'held' (until it is paid); 'taken'; 'closed' (no slot begins then, or the city keeps it);
-- 'too-late', 'too-far' (before the lead, past the horizon); 'too-many' (slots, places, or bookings of one letter);
-- 'not-there' (no such facility, or no letter received here). On a refusal nothing is written; the letter is the caller's.
create function bookings.book(p_id uuid, p_case uuid, p_facility text, p_start timestamptz, p_slots int, p_places int) returns text
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
  update correspondence.casefile set state = 'answered', state_since = city.now() where id = c.id;
  perform bookings.write(b, case b.state when 'held' then 'booking.held' else 'booking.made' end, kind, duty,
    ' slots=' || b.slots || ' places=' || b.places);
  perform bookings.tell(b, b.state);
  return b.state;
end $$;

-- The places go back, whoever ends it; the row stays as what happened.
create function bookings.give_back(p_id uuid, p_state text, p_because text, p_refund text) returns bookings.booking
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  b bookings.booking;
begin
  delete from bookings.seat where booking = p_id;
  update bookings.booking set state = p_state, because = p_because, refund = p_refund, held_until = null, ended_at = city.now(),
    version = version + 1 where id = p_id returning * into b;
  return b;
end $$;

-- What of the price is given back, if it is cancelled now.
create function bookings.refund_now(f bookings.facility, b bookings.booking) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when b.state = 'held' then 'none' when city.now() <= b.starts_at - f.free_until then f.refund else f.late_refund end
$$;

-- The bookings of the case in hand, for the person and for the clerk.
create function bookings.in_hand() returns table (id uuid, facility text, starts_at timestamptz, ends_at timestamptz, slots int,
  places int, units int[], state text, made_at timestamptz, held_until timestamptz, ended_at timestamptz, because text,
  refund text, version int, cancel_until timestamptz, free_until timestamptz, refund_now text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.id, b.facility, b.starts_at, b.ends_at, b.slots, b.places,
    array(select u.number from bookings.seat s join bookings.unit u on u.id = s.unit where s.booking = b.id order by u.number),
    b.state, b.made_at, b.held_until, b.ended_at, b.because, b.refund, b.version,
    b.starts_at - f.cancel_until, b.starts_at - f.free_until, bookings.refund_now(f, b)
  from bookings.booking b join bookings.facility f on f.id = b.facility
  where b.case_id = need_to_know.case_in_hand() order by b.starts_at, b.id
$$;

-- The person cancels. She is told what she saw: where the refund is another by now, nothing is done. Outcomes: 'done';
-- 'again' (it was cancelled before); 'too-late'; 'changed' (the refund); 'not-there'.
create function bookings.cancel(p_id uuid, p_refund text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f bookings.facility; b bookings.booking; refund text;
begin
  if need_to_know.kind() is distinct from 'person' then return 'not-there'; end if;
  perform from correspondence.casefile c where c.id = need_to_know.case_in_hand() for update;
  select x.* into f from bookings.facility x join bookings.booking y on y.facility = x.id
    where y.id = p_id and y.case_id = need_to_know.case_in_hand() for no key update of x;
  if not found then return 'not-there'; end if;
  select x.* into b from bookings.booking x where x.id = p_id for update;
  if b.state = 'cancelled-by-person' then return 'again'; end if;
  if b.state not in ('held', 'booked') then return 'not-there'; end if;
  if city.now() > b.starts_at - f.cancel_until or city.now() >= b.starts_at then return 'too-late'; end if;
  refund := bookings.refund_now(f, b);
  if refund is distinct from p_refund then return 'changed'; end if;
  b := bookings.give_back(p_id, 'cancelled-by-person', null, refund);
  perform bookings.write(b, 'booking.cancelled', 'person', null, ' refund=' || refund);
  perform bookings.tell(b, 'cancelled-by-person');
  perform bookings.end_case(b, 'withdrawn');
  return 'done';
end $$;

-- A booking of a facility whose bookings a duty of the acting employee keeps, locked, at the version she saw.
create function bookings.take(p_id uuid, p_version int, out f bookings.facility, out b bookings.booking, out duty text, out refusal text)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  refusal := 'not-there';
  select need_to_know.duty_for(x.topic, 'book') into duty
    from bookings.facility x join bookings.booking y on y.facility = x.id where y.id = p_id and need_to_know.kind() = 'staff';
  if duty is null then return; end if;
  perform from correspondence.casefile c join bookings.booking y on y.case_id = c.id where y.id = p_id for update of c;
  select x.* into f from bookings.facility x join bookings.booking y on y.facility = x.id where y.id = p_id for no key update of x;
  select x.* into b from bookings.booking x where x.id = p_id for update;
  refusal := case when b.version is distinct from p_version then 'changed' end;
end $$;

-- The city cancels, and gives back all that was paid. Outcomes: 'done', 'changed', 'ended' (it is no longer to come), 'not-there'.
create function bookings.call_off(p_id uuid, p_version int, p_because text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; b bookings.booking;
begin
  select * into t from bookings.take(p_id, p_version);
  if t.refusal is not null then return t.refusal; end if;
  if (t.b).state not in ('held', 'booked') or (t.b).ends_at <= city.now() then return 'ended'; end if;
  if p_because is null or p_because not in ('weather', 'repair', 'emergency', 'needed-by-the-city', 'rules', 'asked', 'mistake') then
    return 'no-reason';
  end if;
  b := bookings.give_back(p_id, 'cancelled-by-city', p_because, case when (t.b).state = 'held' then 'none' else 'full' end);
  perform bookings.write(b, 'booking.called-off', 'staff', t.duty, ' because=' || p_because || ' refund=' || b.refund);
  perform bookings.tell(b, 'cancelled-by-city');
  perform bookings.end_case(b, 'done');
  return 'done';
end $$;

-- Nobody came. From the start on, and for a week; what is noted too soon or by mistake cannot be, or is undone ('came').
create function bookings.mark(p_id uuid, p_version int, p_what text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; b bookings.booking;
begin
  select * into t from bookings.take(p_id, p_version);
  if t.refusal is not null then return t.refusal; end if;
  b := t.b;
  if city.now() < b.starts_at then return 'too-soon'; end if;
  if city.now() > b.ends_at + interval '7 days' then return 'ended'; end if;
  if p_what = 'no-show' and b.state in ('booked', 'taken-place') or p_what = 'came' and b.state in ('booked', 'no-show') then
    update bookings.booking set state = case p_what when 'came' then 'taken-place' else p_what end, ended_at = city.now(),
      version = version + 1 where id = p_id returning * into b;
    perform bookings.write(b, case p_what when 'came' then 'booking.taken-place' else 'booking.missed' end, 'staff', t.duty);
    perform bookings.end_case(b, 'done');
    return 'done';
  end if;
  return 'ended';
end $$;

-- Paid: what was held stands. For whoever takes payments (it holds the case already), and for the clerk's act below; granted
-- to nobody.
create function bookings.settle_hold(p_id uuid, p_kind text, p_duty text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  b bookings.booking;
begin
  update bookings.booking set state = 'booked', held_until = null, version = version + 1 where id = p_id and state = 'held'
  returning * into b;
  if not found then return false; end if;
  perform bookings.write(b, 'booking.confirmed', p_kind, p_duty);
  perform bookings.tell(b, 'confirmed');
  return true;
end $$;
create function bookings.confirm(p_id uuid, p_version int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record;
begin
  select * into t from bookings.take(p_id, p_version);
  if t.refusal is not null then return t.refusal; end if;
  return case when bookings.settle_hold(p_id, 'staff', t.duty) then 'done' else 'ended' end;
end $$;

-- Keeps time for the city: a month at most, at any hour. Outcomes: 'done', 'again', 'not-there', 'not-then', 'no-reason'.
create function bookings.block_out(p_id uuid, p_facility text, p_from timestamptz, p_until timestamptz, p_because text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f bookings.facility; duty text;
begin
  if need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  select x.* into f from bookings.facility x where x.id = p_facility for no key update;
  duty := need_to_know.duty_for(f.topic, 'book');
  if duty is null then return 'not-there'; end if;
  if exists (select from bookings.block x where x.id = p_id and x.facility = f.id) then return 'again'; end if;
  if p_from is null or p_until is null or p_until <= p_from or p_until > p_from + interval '31 days' or p_until <= city.now()
    or p_from > city.now() + interval '2 years' then return 'not-then'; end if;
  if p_because is null or p_because not in ('weather', 'repair', 'emergency', 'needed-by-the-city') then return 'no-reason'; end if;
  insert into bookings.block values (p_id, f.id, p_from, p_until, p_because, need_to_know.employee(), duty, city.now());
  perform ledger.write('facility.blocked', 'staff', p_employee => need_to_know.employee(), p_duty => duty,
    p_detail => 'facility=' || f.id || ' because=' || p_because || ' start='
      || to_char(p_from at time zone 'UTC', 'YYYY-MM-DD"t"HH24:MI"z"') || ' end=' || to_char(p_until at time zone 'UTC', 'YYYY-MM-DD"t"HH24:MI"z"'));
  return 'done';
end $$;
create function bookings.unblock(p_id uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  b record; duty text;
begin
  if need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  select f.id as facility, f.topic into b from bookings.block x join bookings.facility f on f.id = x.facility
    where x.id = p_id for no key update of f;
  duty := need_to_know.duty_for(b.topic, 'book');
  if duty is null then return 'not-there'; end if;
  update bookings.block set ended_at = city.now() where id = p_id and ended_at is null;
  if not found then return 'again'; end if;
  perform ledger.write('facility.unblocked', 'staff', p_employee => need_to_know.employee(), p_duty => duty,
    p_detail => 'facility=' || b.facility);
  return 'done';
end $$;

-- The facilities whose bookings the acting employee keeps, and what stands in a stretch of time: case numbers and times. The
-- case itself only where it is on her desk.
create function bookings.kept() returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id from bookings.facility f where need_to_know.kind() = 'staff' and need_to_know.duty_for(f.topic, 'book') is not null
  order by f.id
$$;
create function bookings.on_desk(p_facility text, p_from timestamptz, p_until timestamptz)
returns table (id uuid, case_id uuid, number bigint, starts_at timestamptz, ends_at timestamptz, slots int, places int,
  units int[], state text, made_at timestamptz, held_until timestamptz, because text, version int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.id, case when c.topic = any (need_to_know.topics()) then c.id end, c.number, b.starts_at, b.ends_at, b.slots, b.places,
    array(select u.number from bookings.seat s join bookings.unit u on u.id = s.unit where s.booking = b.id order by u.number),
    b.state, b.made_at, b.held_until, b.because, b.version
  from bookings.booking b join bookings.facility f on f.id = b.facility join correspondence.casefile c on c.id = b.case_id
  where need_to_know.kind() = 'staff' and need_to_know.duty_for(f.topic, 'book') is not null
    and b.facility = p_facility and b.starts_at < p_until and b.ends_at > p_from and b.starts_at > p_from - interval '15 days'
  order by b.starts_at, b.made_at, b.id limit 2000
$$;
create function bookings.blocks_on_desk(p_facility text, p_from timestamptz, p_until timestamptz)
returns table (id uuid, starts_at timestamptz, ends_at timestamptz, because text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.id, b.starts_at, b.ends_at, b.because from bookings.block b join bookings.facility f on f.id = b.facility
  where need_to_know.kind() = 'staff' and need_to_know.duty_for(f.topic, 'book') is not null
    and b.facility = p_facility and b.ended_at is null and b.starts_at < p_until and b.ends_at > p_from
  order by b.starts_at, b.id
$$;

-- The worker's turn, one booking at a time: what was held and not paid is let go, and what is over by a day has taken place.
-- False where nothing is due.
create function bookings.turn() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  due uuid; b bookings.booking;
begin
  select x.id into due from bookings.booking x
    where x.state = 'held' and x.held_until <= city.now() or x.state = 'booked' and x.ends_at <= city.now() - interval '1 day' limit 1;
  if not found then return false; end if;
  perform from correspondence.casefile c join bookings.booking y on y.case_id = c.id where y.id = due for update of c;
  perform from bookings.facility x join bookings.booking y on y.facility = x.id where y.id = due for no key update of x;
  select x.* into b from bookings.booking x where x.id = due for update;
  if b.state = 'held' and b.held_until <= city.now() then
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

-- What mails are about, for the post office, while they wait.
create function bookings.notices(p_mails uuid[])
returns table (mail uuid, news text, facility text, starts_at timestamptz, ends_at timestamptz, places int, because text,
  refund text, held_until timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.mail, n.news, b.facility, b.starts_at, b.ends_at, b.places, b.because, b.refund, b.held_until
  from bookings.notice n join bookings.booking b on b.id = n.booking join correspondence.mail m on m.id = n.mail
  where n.mail = any (p_mails) and m.state = 'waiting'
$$;

grant execute on function bookings.free(text, date, int), bookings.book(uuid, uuid, text, timestamptz, int, int),
  bookings.in_hand(), bookings.cancel(uuid, text), bookings.call_off(uuid, int, text), bookings.mark(uuid, int, text),
  bookings.confirm(uuid, int), bookings.block_out(uuid, text, timestamptz, timestamptz, text), bookings.unblock(uuid),
  bookings.kept(), bookings.on_desk(text, timestamptz, timestamptz),
  bookings.blocks_on_desk(text, timestamptz, timestamptz) to cityhall_app;
grant execute on function bookings.turn(), bookings.notices(uuid[]) to cityhall_keeper;

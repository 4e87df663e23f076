-- One booking, for whoever keeps the bookings of its facility; the case only where it is on her desk.
create function bookings.one_on_desk(p_id uuid)
returns table (id uuid, facility text, case_id uuid, number bigint, starts_at timestamptz, ends_at timestamptz, slots int,
  places int, units int[], state text, made_at timestamptz, held_until timestamptz, ended_at timestamptz, because text,
  refund text, version int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select b.id, b.facility, case when c.topic = any (need_to_know.topics()) then c.id end, c.number, b.starts_at, b.ends_at,
    b.slots, b.places,
    array(select u.number from bookings.seat s join bookings.unit u on u.id = s.unit where s.booking = b.id order by u.number),
    b.state, b.made_at, b.held_until, b.ended_at, b.because, b.refund, b.version
  from bookings.booking b join bookings.facility f on f.id = b.facility join correspondence.casefile c on c.id = b.case_id
  where need_to_know.kind() = 'staff' and need_to_know.duty_for(f.topic, 'book') is not null and b.id = p_id
$$;

-- The list of a stretch of time, now with all that belongs to each state; her duty is asked once, not for each row.
drop function bookings.on_desk(text, timestamptz, timestamptz);
create function bookings.on_desk(p_facility text, p_from timestamptz, p_until timestamptz)
returns table (id uuid, facility text, case_id uuid, number bigint, starts_at timestamptz, ends_at timestamptz, slots int,
  places int, units int[], state text, made_at timestamptz, held_until timestamptz, ended_at timestamptz, because text,
  refund text, version int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with kept as materialized (
    select f.id, need_to_know.topics() as hers from bookings.facility f
    where need_to_know.kind() = 'staff' and f.id = p_facility and need_to_know.duty_for(f.topic, 'book') is not null)
  select b.id, b.facility, case when c.topic = any (k.hers) then c.id end, c.number, b.starts_at, b.ends_at, b.slots, b.places,
    array(select u.number from bookings.seat s join bookings.unit u on u.id = s.unit where s.booking = b.id order by u.number),
    b.state, b.made_at, b.held_until, b.ended_at, b.because, b.refund, b.version
  from kept k join bookings.booking b on b.facility = k.id join correspondence.casefile c on c.id = b.case_id
  where b.starts_at < p_until and b.ends_at > p_from and b.starts_at > p_from - interval '15 days'
  order by b.starts_at, b.made_at, b.id limit 2000
$$;
grant execute on function bookings.one_on_desk(uuid), bookings.on_desk(text, timestamptz, timestamptz) to cityhall_app;

-- Cancelling a booking gives back by the city's rule what was paid for it, in the same transaction.

-- What of the price is given back, if it is cancelled now. What is held and not paid gives nothing back; what is paid and not
-- yet told so is treated as paid.
create or replace function bookings.refund_now(f bookings.facility, b bookings.booking) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when b.state = 'held' and not exists (select from payments.charge c where c.case_id = b.case_id and c.paid > c.refunded)
    then 'none' when city.now() <= b.starts_at - f.free_until then f.refund else f.late_refund end
$$;

-- A booking's share of what was paid for its case: all of it, or by slots and places where a case has several.
create function bookings.share_of(b bookings.booking, p_refund text) returns numeric
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case p_refund when 'full' then 1 when 'half' then 0.5 else 0 end * b.slots * b.places
    / (select sum(o.slots * o.places) from bookings.booking o where o.case_id = b.case_id)
$$;

-- What would go back now if the person cancelled this booking of the case in hand, and how it was paid. No row: it is not
-- paid.
create function bookings.back_now(p_id uuid) returns table (cents int, way text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select payments.back_by_rule(b.case_id, bookings.share_of(b, bookings.refund_now(f, b))), p.way
  from bookings.booking b join bookings.facility f on f.id = b.facility join payments.charge c on c.case_id = b.case_id
    join payments.payment p on p.charge = c.id and not p.surplus
  where b.id = p_id and b.case_id = need_to_know.case_in_hand() and c.state in ('paid', 'partly-refunded')
$$;
grant execute on function bookings.back_now(uuid) to cityhall_app;

-- As before; money goes back by the rule. Where a person has to hand it out, the case waits for the city, as if the letter
-- had come today.
create or replace function bookings.end_case(b bookings.booking, p_because text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile; outcome text := 'none';
begin
  if b.refund in ('full', 'half') then
    outcome := payments.refund_by_rule(b.case_id, bookings.share_of(b, b.refund), case when need_to_know.kind() = 'staff' then
      (select need_to_know.duty_for(x.topic, 'book') from bookings.facility x where x.id = b.facility) end);
  end if;
  if outcome = 'waits' then
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

-- The city cancels, and gives back all that was paid. Outcomes: 'done', 'changed', 'ended' (it is no longer to come), 'not-there'.
create or replace function bookings.call_off(p_id uuid, p_version int, p_because text) returns text
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
  b := bookings.give_back(p_id, 'cancelled-by-city', p_because, case when (t.b).state = 'held'
    and not exists (select from payments.charge c where c.case_id = (t.b).case_id and c.paid > c.refunded) then 'none' else 'full' end);
  perform bookings.write(b, 'booking.called-off', 'staff', t.duty, ' because=' || p_because || ' refund=' || b.refund);
  perform bookings.tell(b, 'cancelled-by-city');
  perform bookings.end_case(b, 'done');
  return 'done';
end $$;

-- A page of the desk asks every room what it keeps of the case in hand, and most keep nothing. One look says which do.

-- For staff with a case in hand: the rooms that keep something of it, and 'drafts' and 'writing' where she, or a colleague, has begun
-- to write. A room that is not named here has nothing of it to be asked for.
create function correspondence.beside_in_hand() returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select array_remove(array[
    case when exists (select from attachments.attachment x where x.case_id = hand.id) then 'attachments' end,
    case when exists (select from correspondence.draft x where x.case_id = hand.id and x.employee = hand.employee) then 'drafts' end,
    case when exists (select from correspondence.writing x where x.case_id = hand.id and x.employee <> hand.employee) then 'writing' end,
    case when exists (select from mailroom.received x where x.case_id = hand.id) then 'mailroom' end,
    case when exists (select from counter.reading r join attachments.attachment x on x.id = r.attachment where x.case_id = hand.id)
      then 'counter' end,
    case when exists (select from payments.charge x where x.case_id = hand.id) then 'payments' end,
    case when exists (select from bookings.booking x where x.case_id = hand.id) then 'bookings' end,
    case when exists (select from activities.enrolment x where x.case_id = hand.id) then 'activities' end,
    case when exists (select from routing.reminder x where x.case_id = hand.id) then 'reminders' end,
    case when exists (select from routing.joined x where x.child = hand.id)
      or exists (select from routing.joined x where x.parent = hand.id) then 'joined' end,
    case when exists (select from forms.minors_letter x where x.case_id = hand.id) then 'minors' end,
    case when exists (select from open311.description x where x.case_id = hand.id) then 'open311' end,
    case when exists (select from referral.disclosure x where x.case_id = hand.id) then 'referral' end
  ], null)
  from (select need_to_know.context() as who offset 0) c
    cross join lateral (select (c.who ->> 'case')::uuid as id, (c.who ->> 'employee')::int as employee offset 0) hand
  where c.who ->> 'kind' = 'staff' and hand.id is not null
$$;
grant execute on function correspondence.beside_in_hand() to cityhall_app;

-- What is read of the case in hand, as before (0006, 0013, 0015), each proving once who is acting, where it was two to four times.
create or replace function correspondence.in_hand() returns setof correspondence.visible
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.number, c.topic, c.state, c.place, c.language, c.channel, c.form, c.form_version, c.subject, c.sealed_contact,
    c.received_at, c.due_on, c.state_since, c.closed_because, case when x.who ->> 'kind' = 'staff' then c.assignee end, c.version,
    c.messages
  from (select need_to_know.context() as who offset 0) x join correspondence.casefile c on c.id = (x.who ->> 'case')::uuid
$$;
create or replace function correspondence.messages_in_hand()
returns table (id uuid, seq int, kind text, written_at timestamptz, channel text, employee int, duty text, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.seq, m.kind, m.written_at, m.channel, case when x.who ->> 'kind' = 'staff' then m.employee end, m.duty, m.sealed
  from (select need_to_know.context() as who offset 0) x join correspondence.message m on m.case_id = (x.who ->> 'case')::uuid
  where m.kind <> 'note' or x.who ->> 'kind' = 'staff'
  order by m.seq
$$;
create or replace function correspondence.writers_in_hand() returns table (id int, name text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.name
  from (select need_to_know.context() as who offset 0) x join correspondence.writing w on w.case_id = (x.who ->> 'case')::uuid
    join need_to_know.employee e on e.id = w.employee
  where x.who ->> 'kind' = 'staff' and w.employee <> (x.who ->> 'employee')::int and w.at > clock_timestamp() - interval '2 minutes'
  order by e.name
$$;

-- The names of colleagues, as before (0003): who has a duty to a topic is looked up once, not for each of them.
create or replace function need_to_know.colleagues(p_topic text default null) returns table (id int, name text, active boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.name, e.left_at is null
  from need_to_know.employee e
  where (select need_to_know.kind() = 'staff') and (p_topic is null or e.left_at is null and e.id = any (array(
    select c.employee from need_to_know.duty_topic t join need_to_know.charge c on c.duty = t.duty
    where t.topic = p_topic and c.since <= clock_timestamp() and (c.until is null or c.until > clock_timestamp()))))
  order by e.name
$$;

-- What stands in the rail for whoever has just entered, as before (0019): her duties are read once for both questions.
create or replace function need_to_know.glass_at_hand(p_employee int) returns table (breaks boolean, reviews int, overdue int)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); powers text[];
begin
  if (who ->> 'employee')::int is distinct from p_employee or who ->> 'kind' is distinct from 'staff' then return; end if;
  powers := array(select unnest(d.powers) from need_to_know.duty d
    where d.id = any (need_to_know.duties_of(p_employee, coalesce((who ->> 'groups')::boolean, false))));
  breaks := 'break-glass' = any (powers);
  if 'review' = any (powers) then
    select count(*), count(*) filter (where g.review_by < city.now()::date) into reviews, overdue
    from need_to_know.broken_glass g where g.reviewer is null and g.employee <> p_employee;
  end if;
  return next;
end $$;

-- News and filters of the acting employee, as before (0029, 0015).
create or replace function correspondence.own_news() returns table (kind text, topic text, count int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.kind, n.topic, n.count
  from (select need_to_know.context() as who offset 0) x join correspondence.news n on n.employee = (x.who ->> 'employee')::int
  where x.who ->> 'kind' = 'staff' and (n.topic = any ((x.who ->> 'topics')::text[])
    or n.kind = 'escalated' and correspondence.hears(n.employee, n.kind, n.topic))
  order by n.kind, n.topic
$$;
create or replace function correspondence.filters() returns table (id uuid, name text, query text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id, f.name, f.query
  from (select need_to_know.context() as who offset 0) x join correspondence.filter f on f.employee = (x.who ->> 'employee')::int
  where x.who ->> 'kind' = 'staff' order by f.name
$$;

-- How many cases call for the acting employee, as before (0133). A topic's cases are looked through no further than to the last
-- day of which anybody was reminded: what is due later can have no reminder, and that is most of what waits in a city that keeps up.
create index reminder_due_on on routing.reminder (due_on);
create or replace function routing.calling() returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select count(*)::int
  from (select need_to_know.context() as who offset 0) x
    cross join lateral (select (x.who ->> 'employee')::int as employee, coalesce((x.who ->> 'topics')::text[], '{}') as topics,
      (select max(r.due_on) from routing.reminder r) as last,
      array(select t.topic from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
        join need_to_know.duty_topic t on t.duty = d.id
        where c.employee = (x.who ->> 'employee')::int and 'oversee' = any (d.powers)
          and (c.source <> 'group' or coalesce((x.who ->> 'groups')::boolean, false))
          and c.since <= city.now() and (c.until is null or c.until > city.now())) as overseen offset 0) hers
    cross join lateral (
      select 1 from (
        select f.id, f.due_on from correspondence.casefile f
        where f.assignee = hers.employee and f.state in ('new', 'open') and f.due_on <= hers.last and f.topic = any (hers.topics)
        order by f.due_on, f.id limit 100) m
      where exists (select from routing.reminder r where r.case_id = m.id and r.due_on = m.due_on)
      union all
      select 1 from unnest(hers.topics) as t (topic)
        cross join lateral (
          select f.id, f.due_on from correspondence.casefile f
          where f.topic = t.topic and f.state in ('new', 'open') and f.due_on <= hers.last order by f.due_on, f.id limit 100) u
        join correspondence.casefile f on f.id = u.id
      where exists (select from routing.reminder r where r.case_id = u.id and r.due_on = u.due_on)
        and (f.assignee is null or t.topic = any (hers.overseen) and f.assignee <> hers.employee
          and exists (select from routing.reminder r where r.case_id = u.id and r.due_on = u.due_on and r.kind = 'escalated'))
      limit 100) calling
  where x.who ->> 'kind' = 'staff'
$$;

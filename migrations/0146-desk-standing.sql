-- What stands on every shelf is asked by every page of the desk, and proved thirteen times who is asking. Now once, and so does
-- the question which duty reads a topic. Who may see and do what is as before.

-- For staff: how many cases stand on each shelf, and wait in each topic, counted to a hundred; and what is news. Only of the topics
-- of her duties, as they were signed: what else stands in the city is not looked at.
create function correspondence.standing() returns table (waiting int, mine int, answered int, closed int, topics json, news int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select by_topic.waiting,
    (select count(*)::int from (select from correspondence.casefile c
      where c.assignee = hers.employee and c.state in ('new', 'open') and c.topic = any (hers.topics) limit 100) counted),
    (select count(*)::int from (select from unnest(hers.topics) as t (topic) cross join lateral (
      select from correspondence.casefile c where c.topic = t.topic and c.state = 'answered' limit 100) c limit 100) counted),
    (select count(*)::int from (select from unnest(hers.topics) as t (topic) cross join lateral (
      select from correspondence.casefile c where c.topic = t.topic and c.state = 'closed' limit 100) c limit 100) counted),
    by_topic.topics,
    (select coalesce(sum(n.count), 0)::int from correspondence.news n where n.employee = hers.employee
      and (n.topic = any (hers.topics) or n.kind = 'escalated' and correspondence.hears(n.employee, n.kind, n.topic)))
  from (select need_to_know.context() as who offset 0) x
    cross join lateral (select (x.who ->> 'employee')::int as employee, (x.who ->> 'topics')::text[] as topics offset 0) hers
    cross join lateral (
      select least(100, coalesce(sum(w.waiting), 0))::int as waiting, coalesce(json_agg(w order by w.topic), '[]') as topics
      from (select t.topic, counted.waiting from unnest(hers.topics) as t (topic) cross join lateral (
        select count(*)::int as waiting from (select from correspondence.casefile c
          where c.topic = t.topic and c.state in ('new', 'open') limit 100) c) counted) w) by_topic
  where x.who ->> 'kind' = 'staff'
$$;
grant execute on function correspondence.standing() to cityhall_app;

-- As before (0019).
create or replace function need_to_know.duty_for(p_topic text, p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id
  from (select need_to_know.context() as who offset 0) x
    join need_to_know.charge c on c.employee = (x.who ->> 'employee')::int
    join need_to_know.duty d on d.id = c.duty
    join need_to_know.duty_topic t on t.duty = d.id
  where t.topic = p_topic and p_power = any (d.powers)
    and (c.source <> 'group' or coalesce((x.who ->> 'groups')::boolean, false))
    and c.since <= city.now() and (c.until is null or c.until > city.now())
  order by d.id limit 1
$$;

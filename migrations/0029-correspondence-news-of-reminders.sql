-- Reminders and escalations of a working day reach the employees they fall to as news, at the pace each of them chose:
-- how many, on which topic, and never of whom.
alter table correspondence.news drop constraint news_kind_check;
alter table correspondence.news add constraint news_kind_check
  check (kind in ('fresh', 'assigned', 'answered', 'unassigned', 'due-soon', 'overdue', 'escalated'));
alter table correspondence.news_wish
  add column reminded text not null default 'none' check (reminded in ('none', 'at-once', 'daily')),
  add column escalated text not null default 'none' check (escalated in ('none', 'at-once', 'daily'));

create function correspondence.pace_of(w correspondence.news_wish, p_kind text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case p_kind when 'fresh' then w.fresh when 'assigned' then w.assigned when 'answered' then w.answered
    when 'escalated' then w.escalated else w.reminded end
$$;

-- Whether an employee may hear how many there are: of a topic that her duties of today read; of what was escalated, whoever
-- oversees the department, of a sensitive topic only where it is her own.
create function correspondence.hears(p_employee int, p_kind text, p_topic text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select correspondence.reads(p_employee, p_topic) or p_kind = 'escalated' and exists (
    select from need_to_know.charge h join need_to_know.duty d on d.id = h.duty and 'oversee' = any (d.powers)
      join city.topic t on t.id = p_topic and t.department = d.department and not t.sensitive
      join need_to_know.employee e on e.id = h.employee and e.left_at is null
    where h.employee = p_employee and h.since <= city.now() and (h.until is null or h.until > city.now()))
$$;

-- Whom the reminders of a day fall to, by kind and topic.
create function routing.reminders_of_day(p_day date) returns table (employee int, kind text, topic text, cases int)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select who.employee, r.kind, f.topic, count(*)::int
  from routing.reminder r
    join correspondence.casefile f on f.id = r.case_id and f.due_on = r.due_on and f.state in ('new', 'open')
    cross join lateral (
      select f.assignee as employee where f.assignee is not null and r.kind <> 'escalated'
      union
      select c.employee from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
        join need_to_know.employee e on e.id = c.employee and e.left_at is null
        left join need_to_know.duty_topic t on t.duty = d.id and t.topic = f.topic
        join city.topic y on y.id = f.topic
      where c.since <= city.now() and (c.until is null or c.until > city.now())
        and case r.kind when 'escalated' then 'oversee' = any (d.powers) and d.department = y.department
            and (t.topic is not null or not y.sensitive)
          else f.assignee is null and t.topic is not null and 'answer' = any (d.powers) end
    ) who
  where r.day = p_day
  group by who.employee, r.kind, f.topic
$$;
create or replace function routing.due_reminders(p_day date) returns table (employee int, kind text, cases int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.employee, r.kind, sum(r.cases)::int from routing.reminders_of_day(p_day) r group by r.employee, r.kind
$$;

-- As before (0017); and with the end of a round, once, whoever it concerns has news of it.
create or replace function routing.end_round(p_day date) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from routing.reminder r where not exists (select from correspondence.casefile f
    where f.id = r.case_id and f.due_on = r.due_on and f.state in ('new', 'open'));
  delete from routing.round r where r.day < p_day - 60;
  insert into routing.round values (p_day, city.now()) on conflict do nothing;
  if not found then return; end if;
  insert into correspondence.news as n (employee, kind, topic, count)
    select r.employee, r.kind, r.topic, r.cases from routing.reminders_of_day(p_day) r
      join correspondence.news_wish w on w.employee = r.employee and correspondence.pace_of(w, r.kind) <> 'none'
    where correspondence.hears(r.employee, r.kind, r.topic)
    on conflict (employee, kind, topic) do update set count = n.count + excluded.count;
end $$;

-- As before (0015), with the kinds of above.
create or replace function correspondence.lease_news(p_most int, p_day date, p_hour int, p_working boolean, p_soon date)
returns table (id uuid, address text, items jsonb, made_at timestamptz, attempts int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  w correspondence.news_wish;
  told jsonb;
  soon int;
  daily boolean;
begin
  delete from correspondence.news n where not correspondence.hears(n.employee, n.kind, n.topic);
  for w in
    select x.* from correspondence.news_wish x join need_to_know.employee e on e.id = x.employee and e.left_at is null
    where x.address is not null and (
      p_working and p_hour >= x.hour and coalesce(x.digest_on, '-infinity') < p_day
      or coalesce(x.mailed_at, '-infinity') < clock_timestamp() - interval '10 minutes' and exists (
        select from correspondence.news n where n.employee = x.employee and correspondence.pace_of(x, n.kind) = 'at-once'))
    order by x.employee limit 200 for update of x skip locked
  loop
    daily := p_working and p_hour >= w.hour and coalesce(w.digest_on, '-infinity') < p_day;
    with gone as (
      delete from correspondence.news n where n.employee = w.employee
        and (daily or correspondence.pace_of(w, n.kind) = 'at-once')
      returning n.kind, n.topic, n.count
    ) select jsonb_agg(jsonb_build_object('kind', g.kind, 'topic', g.topic, 'count', g.count) order by g.kind, g.topic)
      into told from gone g;
    soon := 0;
    if daily and w.due = 'daily' then
      select count(*) into soon from (select from correspondence.casefile f where f.assignee = w.employee
        and f.state in ('new', 'open') and f.due_on <= p_soon limit 100) x;
    end if;
    if soon > 0 then
      told := coalesce(told, '[]') || jsonb_build_array(jsonb_build_object('kind', 'due', 'count', soon));
    end if;
    update correspondence.news_wish x set mailed_at = case when told is null then x.mailed_at else clock_timestamp() end,
      digest_on = case when daily then p_day else x.digest_on end where x.employee = w.employee;
    if told is not null then
      insert into correspondence.news_mail (employee, address, items) values (w.employee, w.address, told);
    end if;
  end loop;
  return query update correspondence.news_mail m set due_at = clock_timestamp() + interval '5 minutes'
    where m.id in (select y.id from correspondence.news_mail y where y.state = 'waiting' and y.due_at <= clock_timestamp()
      order by y.due_at limit p_most for update skip locked)
    returning m.id, m.address, m.items, m.made_at, m.attempts;
end $$;

drop function correspondence.own_wish();
create function correspondence.own_wish() returns table (fresh text, assigned text, answered text, reminded text,
  escalated text, due text, address text, hour int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select w.fresh, w.assigned, w.answered, w.reminded, w.escalated, w.due, w.address, w.hour from correspondence.news_wish w
  where w.employee = need_to_know.employee() and need_to_know.kind() = 'staff'
$$;
drop function correspondence.wish_news(text, text, text, text, text, int);
create function correspondence.wish_news(p_fresh text, p_assigned text, p_answered text, p_reminded text, p_escalated text,
  p_due text, p_address text, p_hour int)
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  kept correspondence.news_wish;
begin
  if need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  insert into correspondence.news_wish as w (employee, fresh, assigned, answered, reminded, escalated, due, address, hour)
  values (need_to_know.employee(), p_fresh, p_assigned, p_answered, p_reminded, p_escalated, p_due, p_address, p_hour)
  on conflict (employee) do update set fresh = excluded.fresh, assigned = excluded.assigned, answered = excluded.answered,
    reminded = excluded.reminded, escalated = excluded.escalated, due = excluded.due, address = excluded.address,
    hour = excluded.hour
  returning * into kept;
  delete from correspondence.news n where n.employee = kept.employee and correspondence.pace_of(kept, n.kind) = 'none';
  perform ledger.write('news.wished', 'staff', p_employee => kept.employee);
  return 'done';
end $$;
create or replace function correspondence.own_news() returns table (kind text, topic text, count int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.kind, n.topic, n.count from correspondence.news n
  where n.employee = need_to_know.employee() and need_to_know.kind() = 'staff'
    and (n.topic = any (need_to_know.topics()) or n.kind = 'escalated' and correspondence.hears(n.employee, n.kind, n.topic))
  order by n.kind, n.topic
$$;
grant execute on function correspondence.own_wish(), correspondence.wish_news(text, text, text, text, text, text, text, int)
  to cityhall_app;

-- Where letters go, what waits too long, which belong together, and what the city's own past says about a letter.
create schema routing;
grant usage on schema routing to cityhall_app, cityhall_keeper;

-- Something broken or in the way: only of such topics may the public site say that somebody reported one.
alter table city.topic add column problem boolean not null default false;

-- Somebody was reminded of a case, at most once of each kind for one date by which it is due. Whom, follows from the
-- case as it is now. What no longer waits is swept: that it happened stands in the ledger.
create table routing.reminder (
  case_id uuid not null references correspondence.casefile,
  kind text not null check (kind in ('unassigned', 'due-soon', 'overdue', 'escalated')),
  due_on date not null,
  day date not null,
  primary key (case_id, kind, due_on)
);
-- The working days whose reminders have all gone out.
create table routing.round (day date primary key, done_at timestamptz not null);

-- Two reports of one thing. Each keeps its person, its receipt and its state; taken apart again, nothing is lost.
create table routing.joined (
  child uuid primary key references correspondence.casefile,
  parent uuid not null references correspondence.casefile,
  since timestamptz not null,
  employee int not null references need_to_know.employee,
  duty text not null,
  check (child <> parent)
);
create index joined_parent on routing.joined (parent);

-- What a letter that is learnt from at this moment weighs.
create function routing.gain() returns double precision
language sql stable set search_path = pg_catalog, pg_temp as $$
  select power(2::double precision, extract(epoch from city.now() - timestamptz '2026-01-01 00:00+00') / 31557600)
$$;

-- How often a word stood in letters about a topic: keyed hashes, never words. Weights grow by half-lives of a year
-- counted from 2026 (forward decay): what is old weighs less without ever being touched.
create table routing.word (
  topic text not null references city.topic on delete cascade,
  token bytea not null check (length(token) = 16),
  weight double precision not null,
  cases int not null,
  primary key (topic, token)
);
create table routing.learnt (
  topic text primary key references city.topic on delete cascade,
  weight double precision not null,
  cases int not null
);
create table routing.taught (
  case_id uuid not null references correspondence.casefile,
  topic text not null references city.topic on delete cascade,
  primary key (case_id, topic)
);

alter table routing.reminder enable row level security;
alter table routing.round enable row level security;
alter table routing.joined enable row level security;
alter table routing.word enable row level security;
alter table routing.learnt enable row level security;
alter table routing.taught enable row level security;

-- The topics whose counts the acting employee may see: those of her duties; and where one of them may oversee, those of
-- its department, but no sensitive one that is not her own: how many complaints wait can tell whose they are.
create function routing.overseen() returns table (topic text, own boolean)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select t.id, t.id = any (need_to_know.topics()) from city.topic t
  where need_to_know.kind() = 'staff' and (t.id = any (need_to_know.topics()) or not t.sensitive and exists (
    select from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
    where c.employee = need_to_know.employee() and d.department = t.department and 'oversee' = any (d.powers)
      and c.since <= city.now() and (c.until is null or c.until > city.now())))
$$;

-- How much waits in each topic, by when it is due; counts stop at 100. `unassigned` is of the hundred most urgent.
create function routing.ageing(p_day date, p_soon date, p_escalate date)
returns table (topic text, own boolean, unassigned int, escalated int, overdue int, soon int, later int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.topic, o.own, n.unassigned, a.n, b.n, c.n, d.n
  from routing.overseen() o
  cross join lateral (select count(*) filter (where x.assignee is null)::int as unassigned from (
    select f.assignee from correspondence.casefile f where f.topic = o.topic and f.state in ('new', 'open')
    order by f.due_on, f.id limit 100) x) n
  cross join lateral (select count(*)::int as n from (select from correspondence.casefile f
    where f.topic = o.topic and f.state in ('new', 'open') and f.due_on < p_escalate limit 100) x) a
  cross join lateral (select count(*)::int as n from (select from correspondence.casefile f
    where f.topic = o.topic and f.state in ('new', 'open') and f.due_on >= p_escalate and f.due_on < p_day limit 100) x) b
  cross join lateral (select count(*)::int as n from (select from correspondence.casefile f
    where f.topic = o.topic and f.state in ('new', 'open') and f.due_on >= p_day and f.due_on <= p_soon limit 100) x) c
  cross join lateral (select count(*)::int as n from (select from correspondence.casefile f
    where f.topic = o.topic and f.state in ('new', 'open') and f.due_on > p_soon limit 100) x) d
  order by o.topic
$$;

-- The reminders that hold for these cases now, as far as they are on the acting employee's desk.
create function routing.reminders_of(p_cases uuid[]) returns table (case_id uuid, kind text, day date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.case_id, r.kind, r.day from routing.reminder r
    join correspondence.casefile f on f.id = r.case_id and f.due_on = r.due_on and f.state in ('new', 'open')
  where need_to_know.kind() = 'staff' and r.case_id = any (p_cases) and f.topic = any (need_to_know.topics())
    and (r.kind <> 'unassigned' or f.assignee is null)
  order by r.case_id, r.day
$$;

-- How many cases the acting employee should look at now: hers that are due soon or late; and of the hundred most urgent
-- of each of her topics those that nobody has, and, where she oversees, those that were escalated. Stops at 100.
create function routing.calling() returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select least(100, count(distinct called.id))::int from (
    select m.id from (
      select f.id, f.due_on from correspondence.casefile f
      where f.assignee = need_to_know.employee() and f.state in ('new', 'open') and f.topic = any (need_to_know.topics())
      order by f.due_on, f.id limit 100) m
      join routing.reminder r on r.case_id = m.id and r.due_on = m.due_on
    union all
    select u.id from (select t.topic, need_to_know.duty_for(t.topic, 'oversee') is not null as overseen
        from unnest(need_to_know.topics()) as t (topic)) t
      cross join lateral (
        select f.id, f.due_on, f.assignee from correspondence.casefile f
        where f.topic = t.topic and f.state in ('new', 'open') order by f.due_on, f.id limit 100) u
      join routing.reminder r on r.case_id = u.id and r.due_on = u.due_on
      where u.assignee is null or t.overseen and r.kind = 'escalated') called
  where need_to_know.kind() = 'staff'
$$;

-- The employee with this duty who has the fewest waiting cases; counts stop at 1000.
create function routing.least_busy(p_duty text) returns int
language sql stable set search_path = pg_catalog, pg_temp as $$
  select e.id from need_to_know.charge c join need_to_know.employee e on e.id = c.employee and e.left_at is null
  cross join lateral (select count(*) as n from (select from correspondence.casefile f
    where f.assignee = e.id and f.state in ('new', 'open') limit 1000) x) waiting
  where c.duty = p_duty and c.since <= city.now() and (c.until is null or c.until > city.now())
  order by waiting.n, e.id limit 1
$$;

-- One stretch of the waiting cases of a topic, most urgent first, each with what is due for it today: given to an
-- employee by rule, or reminded of, or told to whoever oversees. Every row is written once, with its entry, in this
-- transaction; a round that is broken off begins again and finds what it did. Returns where to go on; null at the end.
create function routing.remind(
  p_topic text, p_day date, p_soon date, p_escalate date, p_untouched_since timestamptz, p_until date,
  p_overseer text, p_places text[], p_duties text[], p_after_due date, p_after_id uuid, p_most int
) returns table (due_on date, id uuid, written int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  f record; seen int := 0; given int; its_kind text; rule_duty text;
begin
  written := 0;
  for f in
    select c.id, c.subject, c.place, c.due_on, c.assignee, c.state_since from correspondence.casefile c
    where c.topic = p_topic and c.state in ('new', 'open') and c.due_on <= p_until
      and (c.due_on, c.id) > (p_after_due, p_after_id)
    order by c.due_on, c.id limit p_most
  loop
    seen := seen + 1; due_on := f.due_on; id := f.id;
    if f.assignee is null and f.state_since < p_untouched_since then
      select d.duty into rule_duty from unnest(p_places, p_duties) with ordinality as d (place, duty, n)
        where d.place is null or d.place = f.place order by d.n limit 1;
      given := case when rule_duty is not null then routing.least_busy(rule_duty) end;
      if given is not null then
        update correspondence.casefile c set assignee = given, version = c.version + 1
        where c.id = f.id and c.assignee is null and c.topic = p_topic and c.state in ('new', 'open');
        if found then
          perform vault.record('case.assigned', 'system', f.id, f.subject, p_detail => 'to=colleague');
          f.assignee := given; written := written + 1;
        end if;
      end if;
    end if;
    foreach its_kind in array array_remove(array[
      case when f.assignee is null and f.state_since < p_untouched_since then 'unassigned' end,
      case when f.assignee is not null and f.due_on between p_day and p_soon then 'due-soon' end,
      case when f.due_on < p_day then 'overdue' end,
      case when f.due_on < p_escalate and p_overseer is not null then 'escalated' end], null)
    loop
      insert into routing.reminder values (f.id, its_kind, f.due_on, p_day) on conflict do nothing;
      if found then
        perform vault.record(case its_kind when 'escalated' then 'case.escalated' else 'case.reminded' end, 'system',
          f.id, f.subject, p_detail => case its_kind when 'escalated' then 'to=' || p_overseer else 'because=' || its_kind end);
        written := written + 1;
      end if;
    end loop;
  end loop;
  if seen < p_most then due_on := null; id := null; end if;
  return next;
end $$;

-- A round is done once; asked before it begins and told when it has ended.
create function routing.round_done(p_day date) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from routing.round r where r.day = p_day)
$$;
create function routing.end_round(p_day date) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from routing.reminder r where not exists (select from correspondence.casefile f
    where f.id = r.case_id and f.due_on = r.due_on and f.state in ('new', 'open'));
  delete from routing.round r where r.day < p_day - 60;
  insert into routing.round values (p_day, city.now()) on conflict do nothing;
$$;

-- Whom to tell of the reminders of a day, and of how many cases of what kind: numbers only, nothing of a case.
create function routing.due_reminders(p_day date) returns table (employee int, kind text, cases int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select who.employee, r.kind, count(*)::int
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
  group by who.employee, r.kind
$$;

grant execute on function routing.ageing(date, date, date), routing.reminders_of(uuid[]), routing.calling() to cityhall_app;
grant execute on function routing.remind(text, date, date, date, timestamptz, date, text, text[], text[], date, uuid, int),
  routing.round_done(date), routing.end_round(date), routing.due_reminders(date) to cityhall_keeper;

-- What was lately reported there and is not settled: how long ago and whether somebody works on it, and no more. For
-- anybody, before a letter is sent; so only of problems, never of a sensitive topic. It looks at the 200 waiting cases
-- of the topic that are due last. `p_receipt` is the hash of the sender's own receipt: if it brought a letter already,
-- there is nothing to ask her.
create function routing.reported_near(p_topic text, p_place text, p_receipt bytea) returns table (received_at timestamptz, state text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select date_trunc('day', n.received_at), n.state from (
    select f.received_at, f.state, f.place from correspondence.casefile f
    where f.topic = (select t.id from city.topic t where t.id = p_topic and t.problem and not t.sensitive)
      and f.state in ('new', 'open')
    order by f.due_on desc, f.id desc limit 200) n
  where not exists (select from correspondence.casefile own where own.receipt_hash = p_receipt)
    and n.place = p_place and n.received_at > city.now() - interval '14 days'
  order by n.received_at desc limit 3
$$;

-- The cases that were joined with the case in hand and are on the acting employee's desk. A person learns only that
-- hers is handled together with another.
create function routing.joined_in_hand() returns table (case_id uuid, is_parent boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select case when who.kind = 'staff' then x.other end, x.is_parent
  from (select need_to_know.kind() as kind, need_to_know.case_in_hand() as hand) who cross join lateral (
    select j.parent as other, true as is_parent from routing.joined j where j.child = who.hand
    union all select j.child, false from routing.joined j where j.parent = who.hand and who.kind = 'staff') x
  join correspondence.casefile f on f.id = x.other
  where who.kind = 'person' or who.kind = 'staff' and f.topic = any (need_to_know.topics())
  order by f.number limit 50
$$;

-- Joins the case in hand to another on the same desk. Refusals: 'not-there' (either of them), 'joined-already',
-- 'leads-others' (others are joined to it), 'not-a-lead' (the other is itself joined to a third).
create function routing.join_case(p_parent uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  child correspondence.casefile; parent correspondence.casefile; child_duty text; parent_duty text;
begin
  if need_to_know.kind() is distinct from 'staff' or p_parent = need_to_know.case_in_hand() then return 'not-there'; end if;
  perform from correspondence.casefile f where f.id in (need_to_know.case_in_hand(), p_parent) order by f.id for update;
  select f.* into child from correspondence.casefile f where f.id = need_to_know.case_in_hand();
  select f.* into parent from correspondence.casefile f where f.id = p_parent and f.topic = any (need_to_know.topics());
  child_duty := need_to_know.duty_for(child.topic, 'answer');
  parent_duty := need_to_know.duty_for(parent.topic, 'answer');
  if child_duty is null or parent_duty is null then return 'not-there'; end if;
  if exists (select from routing.joined j where j.child = child.id) then return 'joined-already'; end if;
  if exists (select from routing.joined j where j.parent = child.id) then return 'leads-others'; end if;
  if exists (select from routing.joined j where j.child = parent.id) then return 'not-a-lead'; end if;
  insert into routing.joined values (child.id, parent.id, city.now(), need_to_know.employee(), child_duty);
  perform vault.record('case.joined', 'staff', child.id, child.subject, need_to_know.employee(), child_duty, child.form);
  perform vault.record('case.joined', 'staff', parent.id, parent.subject, need_to_know.employee(), parent_duty, parent.form);
  return 'done';
end $$;

-- Takes apart the case in hand and another that is joined with it, whichever of them leads.
create function routing.separate_case(p_other uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  mine correspondence.casefile; other correspondence.casefile; my_duty text; other_duty text;
begin
  if need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  select f.* into mine from correspondence.casefile f where f.id = need_to_know.case_in_hand();
  select f.* into other from correspondence.casefile f where f.id = p_other and f.topic = any (need_to_know.topics());
  my_duty := need_to_know.duty_for(mine.topic, 'answer');
  other_duty := need_to_know.duty_for(other.topic, 'answer');
  if my_duty is null or other_duty is null then return 'not-there'; end if;
  delete from routing.joined j where j.child = mine.id and j.parent = other.id or j.child = other.id and j.parent = mine.id;
  if not found then return 'not-joined'; end if;
  perform vault.record('case.separated', 'staff', mine.id, mine.subject, need_to_know.employee(), my_duty, mine.form);
  perform vault.record('case.separated', 'staff', other.id, other.subject, need_to_know.employee(), other_duty, other.form);
  return 'done';
end $$;

-- Learns from the case in hand, which the acting employee has opened and just answered or moved to where it is now. Once
-- a case and topic; never about a sensitive topic. `p_tokens` are keyed hashes of the different words of its letter.
create function routing.learn(p_tokens bytea[], p_times double precision) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  its_topic text;
  gain double precision;
begin
  select f.topic into its_topic from correspondence.casefile f join city.topic t on t.id = f.topic and not t.sensitive
    where f.id = (who ->> 'case')::uuid and who ->> 'kind' = 'staff';
  if not found or cardinality(p_tokens) not between 1 and 300 or (p_times between 1 and 3) is not true
    or not exists (select from vault.opening o where o.case_id = (who ->> 'case')::uuid
      and o.session = (who ->> 'session')::uuid and o.actor_kind = 'staff')
  then return false; end if;
  insert into routing.taught values ((who ->> 'case')::uuid, its_topic) on conflict do nothing;
  if not found then return false; end if;
  gain := p_times * routing.gain();
  insert into routing.learnt as l values (its_topic, gain, 1)
  on conflict (topic) do update set weight = l.weight + gain, cases = l.cases + 1;
  -- In the order of the tokens: two clerks who teach the same words wait for each other one way only.
  insert into routing.word as w select its_topic, x.token, gain, 1
    from (select distinct token from unnest(p_tokens) as u (token)) x order by x.token
  on conflict (topic, token) do update set weight = w.weight + gain, cases = w.cases + 1;
  return true;
end $$;

-- What is known of these words: for each topic with letters enough (20) its weight, and for each word that stood in
-- letters enough of it (5) the word's. What is rarer is nobody's to know. For staff.
create function routing.weights(p_tokens bytea[]) returns table (topic text, topic_weight double precision, token bytea, weight double precision)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.topic, l.weight / g.gain, w.token, w.weight / g.gain
  from routing.gain() g (gain) cross join routing.learnt l join city.topic t on t.id = l.topic and not t.sensitive
    left join routing.word w on w.topic = l.topic and w.token = any (p_tokens) and w.cases >= 5
  where need_to_know.kind() = 'staff' and l.cases >= 20
$$;

grant execute on function routing.reported_near(text, text, bytea), routing.joined_in_hand(), routing.join_case(uuid),
  routing.separate_case(uuid), routing.learn(bytea[], double precision), routing.weights(bytea[]) to cityhall_app;

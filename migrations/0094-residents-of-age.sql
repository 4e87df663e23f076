-- Coming of age, and what a clerk sees at the counter: who stands for a child, whom a court gave the word of her own, and the
-- person herself, who gets what the city has of her as a child.

-- Up to which day the worker has looked whose eighteenth birthday it is. A day that was missed is looked at later.
create table residents.of_age_round (
  only_one boolean primary key default true check (only_one),
  through date not null
);
insert into residents.of_age_round (through) values ((city.now() - interval '2 days')::date);
-- Guardians who are still to be told that a child decides alone; each is told by one mail.
create table residents.of_age_notice (
  child uuid not null references residents.child,
  resident uuid not null references residents.resident,
  due_at timestamptz not null default city.now(),
  primary key (child, resident)
);
create index of_age_notice_due on residents.of_age_notice (due_at);
alter table residents.of_age_round enable row level security;
alter table residents.of_age_notice enable row level security;

-- From now on these children decide alone: no guardian sees them or acts for them any more, questions to others end, what waited in
-- the post is dropped, and the rooms above do their part, in one transaction.
create function residents.pass_on(p_children uuid[], p_why text, p_actor text, p_employee int default null, p_duty text default null)
returns void language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into residents.of_age_notice (child, resident)
    select g.child, g.resident from residents.guardianship g join residents.resident r on r.id = g.resident and r.ended_at is null
    where g.child = any (p_children) and g.state <> 'ended' on conflict do nothing;
  update residents.child c set came_of_age_at = city.now(), came_by = p_why where c.id = any (p_children);
  update residents.guardianship g set state = 'ended', until = city.now() where g.child = any (p_children) and g.state <> 'ended';
  perform residents.end_invitation(i.id, 'lapsed') from residents.invitation i where i.child = any (p_children);
  perform residents.drop_mail(array(select c.subject from residents.child c where c.id = any (p_children)));
  perform vault.record(case p_why when 'age' then 'child.came-of-age' else 'child.emancipated' end, p_actor, null, c.subject,
      p_employee, p_duty, 'household')
    from (select x.subject from residents.child x where x.id = any (p_children) order by x.subject) c;
  perform residents.tell('of-age', p_children);
end $$;

create function residents.of_age_through() returns date
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select through from residents.of_age_round
$$;
-- The tokens are of the days after `of_age_through` up to `p_through`. One worker does it; another finds it done. How many came of age.
create function residents.come_of_age(p_tokens bytea[], p_through date) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  ids uuid[];
begin
  update residents.of_age_round r set through = p_through where r.through < p_through;
  if not found then return 0; end if;
  ids := array(select c.id from residents.child c where c.of_age_token = any (p_tokens) and c.came_of_age_at is null
    and c.ended_at is null order by c.id for update);
  if ids <> '{}' then perform residents.pass_on(ids, 'age', 'system'); end if;
  return cardinality(ids);
end $$;

-- The guardians to be told now, each leased for five minutes, child and guardian opened as the system; keys come later.
create function residents.lease_notices(p_most int) returns table (child uuid, resident uuid, openings uuid[])
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  n record;
  s uuid;
  opening uuid;
begin
  for n in
    update residents.of_age_notice x set due_at = city.now() + interval '5 minutes'
    where (x.child, x.resident) in (select y.child, y.resident from residents.of_age_notice y where y.due_at <= city.now()
      order by y.due_at, y.child, y.resident limit p_most for update skip locked)
    returning x.child, x.resident
  loop
    child := n.child;
    resident := n.resident;
    openings := '{}';
    for s in select z.subject from (select c.subject from residents.child c where c.id = n.child
        union all select r.subject from residents.resident r where r.id = n.resident) z
      join vault.subject v on v.id = z.subject and v.state = 'in-use' order by z.subject
    loop
      insert into vault.opening (subject, people, actor_kind, entry_id, ends_at)
      values (s, true, 'system', vault.record('mail.opened', 'system', null, s, p_purpose => 'post', p_reason => 'came-of-age'),
        clock_timestamp() + interval '5 minutes') returning id into opening;
      openings := openings || opening;
    end loop;
    -- Who left in between is told nothing.
    if cardinality(openings) = 2 then return next;
    else delete from residents.of_age_notice x where x.child = n.child and x.resident = n.resident; end if;
  end loop;
end $$;
create function residents.notice_in_hand(p_child uuid, p_resident uuid, p_openings uuid[])
returns table (subject uuid, wrapped_key bytea, kek text, sealed bytea, language text, is_child boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, coalesce(c.sealed_about, r.sealed_contact), r.language, c.id is not null
  from residents.of_age_notice n join vault.opening o on o.id = any (p_openings) and o.people and o.actor_kind = 'system'
    join vault.subject s on s.id = o.subject and s.state = 'in-use'
    left join residents.child c on c.id = n.child and c.subject = s.id
    left join residents.resident r on r.id = n.resident and r.subject = s.id
  where n.child = p_child and n.resident = p_resident and (c.id is not null or r.id is not null)
    and o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed'
$$;
create function residents.post_notice(p_child uuid, p_resident uuid, p_mail uuid, p_sealed bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from residents.of_age_notice n where n.child = p_child and n.resident = p_resident;
  if not found then return false; end if;
  perform residents.post(p_mail, r.subject, 'came-of-age', p_sealed, r.language)
    from residents.resident r where r.id = p_resident and r.ended_at is null;
  return true;
end $$;

-- Opens, for a clerk with the power `consent`, the children of a birthday (a keyed hash of the day they are 18) or of a guardian's
-- address, and whoever stands for each: at most twenty children, each person an entry. Null: no such duty or reason.
create function residents.find_people(p_of_age bytea, p_address bytea, p_reason text) returns uuid[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  duty text := need_to_know.duty_with('consent');
  children uuid[];
  p record;
  known uuid;
  openings uuid[] := '{}';
begin
  if duty is null or not exists (select from need_to_know.duty d where d.id = duty and p_reason = any (d.reasons)) then return null; end if;
  children := array(select c.id from residents.child c
    where c.ended_at is null and (c.of_age_token = p_of_age or exists (select from residents.guardianship g
      join residents.address a on a.resident = g.resident and a.token = p_address where g.child = c.id))
    order by c.id limit 20);
  for p in
    select s.id, bool_or(x.child) as child from (
      select c.subject, true as child from residents.child c where c.id = any (children)
      union all
      select r.subject, false from residents.guardianship g join residents.resident r on r.id = g.resident and r.ended_at is null
      where g.child = any (children) and g.state <> 'ended') x (subject, child)
    join vault.subject s on s.id = x.subject and s.state = 'in-use' group by s.id order by s.id
  loop
    select o.id into known from vault.opening o where o.subject = p.id and o.people and o.session = (who ->> 'session')::uuid
      and o.ends_at > clock_timestamp() + interval '1 minute' limit 1;
    if known is null then
      insert into vault.opening (subject, people, actor_kind, session, entry_id, ends_at)
      values (p.id, true, 'staff', (who ->> 'session')::uuid,
        vault.record(case when p.child then 'child.opened' else 'contact.opened' end, 'staff', null, p.id, (who ->> 'employee')::int,
          duty, 'household', p_reason), clock_timestamp() + interval '15 minutes') returning id into known;
    end if;
    openings := openings || known;
  end loop;
  -- Whoever stood at the counter before is gone from the screen.
  update vault.opening o set ends_at = clock_timestamp() where o.people and o.actor_kind = 'staff'
    and o.session = (who ->> 'session')::uuid and o.ends_at > clock_timestamp() and o.id <> all (openings);
  return openings;
end $$;

-- What this session has open of people, with their keys: children, and (`resident` set) who stands for each.
create function residents.people_in_hand() returns table (child uuid, resident uuid, subject uuid, wrapped_key bytea, kek text,
  sealed bytea, kind text, state text, came_of_age_at timestamptz, has_page boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with opened as materialized (
    select distinct o.subject from vault.opening o, need_to_know.context() who
    where o.people and o.actor_kind = 'staff' and o.session = (who ->> 'session')::uuid and o.ends_at > clock_timestamp()
      and pg_xact_status(o.written_by) = 'committed' and need_to_know.duty_with('consent') is not null
  ), children as materialized (
    select c.* from opened join residents.child c on c.subject = opened.subject and c.ended_at is null
  )
  select c.id, null::uuid, s.id, s.wrapped_key, s.kek, c.sealed_about, null, null, c.came_of_age_at, c.resident is not null
  from children c join vault.subject s on s.id = c.subject and s.state = 'in-use'
  union all
  select c.id, r.id, s.id, s.wrapped_key, s.kek, r.sealed_contact, g.kind, g.state, null, null
  from children c join residents.guardianship g on g.child = c.id and g.state <> 'ended'
    join residents.resident r on r.id = g.resident and r.ended_at is null join opened on opened.subject = r.subject
    join vault.subject s on s.id = r.subject and s.state = 'in-use'
  order by 1, 2 nulls first
$$;

-- The duty of the acting clerk for a child she has open; null where she has none.
create function residents.duty_at_child(p_child uuid) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select need_to_know.duty_with('consent') from residents.child c join vault.opening o on o.subject = c.subject, need_to_know.context() who
  where c.id = p_child and c.ended_at is null and o.people and o.actor_kind = 'staff' and o.session = (who ->> 'session')::uuid
    and o.ends_at > clock_timestamp() limit 1
$$;
-- The clerk saw what shows that somebody is a child's guardian, of which kind. The paper is not kept.
create function residents.attest_guardian(p_child uuid, p_resident uuid, p_kind text) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := residents.duty_at_child(p_child);
begin
  if duty is null or not residents.stands_for(p_resident, p_child) then return 'not-there'; end if;
  perform residents.show_guardianship(p_resident, p_child, p_kind, need_to_know.employee(), duty);
  return null;
end $$;
-- A new guardian, who shows it and has proved her address by signing in. Refusals: 'not-there', 'no-page'.
create function residents.appoint_guardian(p_child uuid, p_address bytea, p_kind text) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := residents.duty_at_child(p_child);
  who uuid;
begin
  if duty is null or exists (select from residents.child c where c.id = p_child and c.came_of_age_at is not null) then return 'not-there'; end if;
  select a.resident into who from residents.address a where a.token = p_address;
  if not found then return 'no-page'; end if;
  insert into residents.guardianship as g (resident, child, kind) values (who, p_child, p_kind)
  on conflict (resident, child) do update set state = 'claimed', since = city.now(), until = null, shown_by = null, duty = null, shown_at = null
    where g.state = 'ended';
  perform residents.show_guardianship(who, p_child, p_kind, need_to_know.employee(), duty);
  return null;
end $$;
-- A guardian who is one no longer, as a court paper shows. Refusals: 'not-there', 'last' (appoint the next one first).
create function residents.discharge_guardian(p_child uuid, p_resident uuid) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := residents.duty_at_child(p_child);
begin
  if duty is null or not residents.stands_for(p_resident, p_child) then return 'not-there'; end if;
  perform from residents.child c where c.id = p_child for no key update;
  if (select count(*) from residents.guardians(p_child)) < 2 then return 'last'; end if;
  update residents.guardianship g set state = 'ended', until = city.now() where g.child = p_child and g.resident = p_resident;
  perform residents.end_invitation(i.id, 'taken-back') from residents.invitation i where i.child = p_child and i.asked_by = p_resident;
  perform vault.record('guardian.ended', 'staff', null, c.subject, need_to_know.employee(), duty, 'household')
    from residents.child c where c.id = p_child;
  return null;
end $$;
-- A court gave her the word of her own before she is 18. Refusals: 'not-there' (also: she decides alone already).
create function residents.emancipate(p_child uuid) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := residents.duty_at_child(p_child);
begin
  perform from residents.child c where c.id = p_child and c.came_of_age_at is null and c.ended_at is null for update;
  if not found or duty is null then return 'not-there'; end if;
  perform residents.pass_on(array[p_child], 'emancipation', 'staff', need_to_know.employee(), duty);
  return null;
end $$;
-- The person herself is at the counter, is of age or emancipated, and has signed in with an address of her own. Refusals:
-- 'not-there', 'not-of-age', 'no-page', 'a-guardian' (the address is that of somebody who stood for her), 'has-page'.
create function residents.hand_over(p_child uuid, p_address bytea) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := residents.duty_at_child(p_child);
  c residents.child;
  who uuid;
begin
  if duty is null then return 'not-there'; end if;
  select * into c from residents.child x where x.id = p_child for update;
  if c.came_of_age_at is null then return 'not-of-age'; end if;
  if c.resident is not null then return 'has-page'; end if;
  select a.resident into who from residents.address a where a.token = p_address;
  if not found then return 'no-page'; end if;
  if exists (select from residents.guardianship g where g.child = p_child and g.resident = who) then return 'a-guardian'; end if;
  update residents.child x set resident = who where x.id = p_child;
  perform vault.record('child.handed-over', 'staff', null, c.subject, need_to_know.employee(), duty, 'household');
  return null;
end $$;

grant execute on function residents.find_people(bytea, bytea, text), residents.people_in_hand(),
  residents.attest_guardian(uuid, uuid, text), residents.appoint_guardian(uuid, bytea, text), residents.discharge_guardian(uuid, uuid),
  residents.emancipate(uuid), residents.hand_over(uuid, bytea) to cityhall_app;
grant execute on function residents.of_age_through(), residents.come_of_age(bytea[], date), residents.lease_notices(int),
  residents.notice_in_hand(uuid, uuid, uuid[]), residents.post_notice(uuid, uuid, uuid, bytea) to cityhall_keeper;

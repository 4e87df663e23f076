-- The desk of activities. Who runs them (`run-activities` on their topic) sees numbers, states and times, calls off and writes
-- to everybody. Who leads a session (`lead-session`, the duty that the session names) sees, on the days on which it meets,
-- the names of those who come on that day, each look written down; and nothing else, on no other day.

-- Words to everybody in a session, sealed under a key of the city's that is not in the database.
create table activities.message (
  id uuid primary key,
  session text not null references activities.session,
  sealed bytea not null,
  employee int not null references need_to_know.employee,
  duty text not null,
  at timestamptz not null
);
alter table activities.notice drop constraint notice_news_check;
alter table activities.notice add constraint notice_news_check check (news in ('enrolled', 'held', 'waiting', 'lottery',
  'confirmed', 'offered', 'not-drawn', 'lapsed', 'cancelled-by-person', 'cancelled-by-city', 'message'));
alter table activities.notice add column message uuid references activities.message,
  add constraint message_fits check ((news = 'message') = (message is not null));

create table activities.attendance (
  enrolment uuid not null references activities.enrolment,
  day date not null,
  came boolean not null,
  employee int not null references need_to_know.employee,
  duty text not null,
  at timestamptz not null,
  primary key (enrolment, day)
);

-- An opening of a name on the roster: this session's of an employee, for a quarter of an hour, once its entry has committed.
create table activities.opening (
  id uuid primary key default gen_random_uuid(),
  enrolment uuid not null references activities.enrolment,
  session uuid not null,
  written_by xid8 not null default pg_current_xact_id(),
  ends_at timestamptz not null
);
create index opening_session on activities.opening (session, ends_at);
alter table activities.message enable row level security;
alter table activities.attendance enable row level security;
alter table activities.opening enable row level security;

create function activities.today(s activities.session) returns date
language sql stable set search_path = pg_catalog, pg_temp as $$ select (city.now() at time zone s.time_zone)::date $$;

-- The duty on which the acting employee leads this session now: it meets today, and was not called off.
create function activities.leads(s activities.session) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select d.id from need_to_know.duty d
  where need_to_know.kind() = 'staff' and d.id = s.leader and 'lead-session' = any (d.powers) and s.called_off_at is null
    and d.id = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))
    and exists (select from activities.meeting m where m.session = s.id
      and (m.starts_at at time zone s.time_zone)::date = activities.today(s))
$$;

-- The sessions that the acting employee leads today, with how many come.
create function activities.led_today() returns table (session text, starts_at timestamptz, ends_at timestamptz, people int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, m.starts_at, m.ends_at,
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state in ('enrolled', 'held'))
  from activities.session s join activities.meeting m on m.session = s.id
    and (m.starts_at at time zone s.time_zone)::date = activities.today(s)
  where activities.leads(s) is not null order by m.starts_at, s.id
$$;

-- The roster of today without names: who has a place, by case number, and whether she came. No row where the acting employee
-- does not lead it today.
create function activities.roster(p_session text) returns table (id uuid, number bigint, state text, came boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, c.number, e.state, a.came
  from activities.session s join activities.enrolment e on e.session = s.id and e.state in ('enrolled', 'held')
    join correspondence.casefile c on c.id = e.case_id
    left join activities.attendance a on a.enrolment = e.id and a.day = activities.today(s)
  where s.id = p_session and activities.leads(s) is not null order by c.number
$$;

-- Opens the names of today's roster, each with an entry that its person reads. In the order of the subjects, so that two who
-- open wait for one another one way only. False where she does not lead it today.
create function activities.open_roster(p_session text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; duty text; e activities.enrolment;
begin
  select x.* into s from activities.session x where x.id = p_session;
  duty := activities.leads(s);
  if duty is null then return false; end if;
  delete from activities.opening o where o.ends_at < clock_timestamp();
  for e in select x.* from activities.enrolment x join correspondence.casefile c on c.id = x.case_id
    join vault.subject v on v.id = c.subject and v.state = 'in-use'
    where x.session = s.id and x.state in ('enrolled', 'held') order by c.subject
  loop
    insert into activities.opening (enrolment, session, ends_at)
    values (e.id, (need_to_know.context() ->> 'session')::uuid, clock_timestamp() + interval '15 minutes');
    perform activities.write(e, 'enrolment.roster-opened', 'staff', duty, ' day=' || to_char(activities.today(s), 'YYYY-MM-DD'));
  end loop;
  return true;
end $$;

-- What the roster needs of what was opened: the key and the sealed contact, of which the page shows a name.
create function activities.roster_keys(p_session text)
returns table (id uuid, case_id uuid, subject uuid, wrapped_key bytea, kek text, sealed_contact bytea, until timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct on (e.id) e.id, c.id, v.id, v.wrapped_key, v.kek, c.sealed_contact, o.ends_at
  from activities.session s join activities.enrolment e on e.session = s.id and e.state in ('enrolled', 'held')
    join activities.opening o on o.enrolment = e.id and o.ends_at > clock_timestamp()
      and o.session = (need_to_know.context() ->> 'session')::uuid and pg_xact_status(o.written_by) = 'committed'
    join correspondence.casefile c on c.id = e.case_id join vault.subject v on v.id = c.subject and v.state = 'in-use'
  where s.id = p_session and activities.leads(s) is not null order by e.id, o.ends_at desc
$$;

-- Who came today, of those on the roster; who is not named did not. False where she does not lead it today.
create function activities.attend(p_session text, p_came uuid[]) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; duty text; e activities.enrolment; changed boolean;
begin
  select x.* into s from activities.session x where x.id = p_session;
  duty := activities.leads(s);
  if duty is null then return false; end if;
  for e in select x.* from activities.enrolment x join correspondence.casefile c on c.id = x.case_id
    where x.session = s.id and x.state in ('enrolled', 'held') order by c.subject
  loop
    insert into activities.attendance as a (enrolment, day, came, employee, duty, at)
    values (e.id, activities.today(s), e.id = any (p_came), need_to_know.employee(), duty, city.now())
    on conflict (enrolment, day) do update set came = excluded.came, employee = excluded.employee, duty = excluded.duty, at = excluded.at
      where a.came <> excluded.came;
    get diagnostics changed = row_count;
    if changed then
      perform activities.write(e, 'enrolment.attended', 'staff', duty, ' day=' || to_char(activities.today(s), 'YYYY-MM-DD')
        || ' came=' || case when e.id = any (p_came) then 'yes' else 'no' end);
    end if;
  end loop;
  return true;
end $$;

-- The sessions that the acting employee runs, with counts.
create function activities.run_by() returns table (session text, places int, enrolled int, held int, offered int, waiting int,
  lottery int, called_off boolean, because text, paid bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, (select count(*)::int from activities.place p where p.session = s.id and p.open),
    count(*) filter (where e.state in ('enrolled', 'completed'))::int, count(*) filter (where e.state = 'held')::int,
    count(*) filter (where e.state = 'offered')::int, count(*) filter (where e.state = 'waiting')::int,
    count(*) filter (where e.state = 'lottery')::int, s.called_off_at is not null, s.because,
    coalesce(sum((select sum(c.paid - c.refunded) from payments.charge c where c.case_id = e.case_id))
      filter (where activities.is_live(e.state)), 0)
  from activities.session s left join activities.enrolment e on e.session = s.id
  where need_to_know.kind() = 'staff' and need_to_know.duty_for(s.topic, 'run-activities') is not null
  group by s.id order by s.starts_at, s.id
$$;
-- One of them: numbers, states and times; the case only where it is on her desk.
create function activities.on_desk(p_session text) returns table (id uuid, case_id uuid, number bigint, state text, place_in_line int,
  ticket text, drawn int, made_at timestamptz, until timestamptz, ended_at timestamptz, because text, refund text, version int,
  days_came int, days_noted int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, case when c.topic = any (need_to_know.topics()) then c.id end, c.number, e.state,
    case when e.state = 'waiting' then (row_number() over (partition by e.state order by e.turn))::int end,
    e.ticket, e.drawn, e.made_at, e.until, e.ended_at, e.because, e.refund, e.version,
    (select count(*)::int from activities.attendance a where a.enrolment = e.id and a.came),
    (select count(*)::int from activities.attendance a where a.enrolment = e.id)
  from activities.session s join activities.enrolment e on e.session = s.id join correspondence.casefile c on c.id = e.case_id
  where s.id = p_session and need_to_know.kind() = 'staff' and need_to_know.duty_for(s.topic, 'run-activities') is not null
  order by case e.state when 'enrolled' then 1 when 'held' then 2 when 'offered' then 3 when 'waiting' then 4 when 'lottery' then 5 else 6 end,
    e.turn limit 3000
$$;

-- The city ends one enrolment, and gives back all that was paid. Outcomes: 'done', 'changed', 'ended', 'no-reason', 'not-there'.
create function activities.put_out(p_id uuid, p_version int, p_because text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; duty text; paid boolean;
begin
  select y.* into s from activities.enrolment x join activities.session y on y.id = x.session where x.id = p_id;
  if need_to_know.kind() = 'staff' then duty := need_to_know.duty_for(s.topic, 'run-activities'); end if;
  if duty is null then return 'not-there'; end if;
  perform from correspondence.casefile c join activities.enrolment x on x.case_id = c.id where x.id = p_id for update of c;
  select x.* into e from activities.enrolment x where x.id = p_id for update;
  if e.version is distinct from p_version then return 'changed'; end if;
  if not activities.is_live(e.state) then return 'ended'; end if;
  if p_because is null or p_because not in ('rules', 'asked', 'mistake') then return 'no-reason'; end if;
  paid := exists (select from payments.charge c where c.case_id = e.case_id and c.paid > c.refunded);
  e := activities.give_up(p_id, 'cancelled-by-city', p_because, case when paid then 'full' else 'none' end);
  perform activities.write(e, 'enrolment.called-off', 'staff', duty, ' because=' || p_because || ' refund=' || e.refund);
  perform activities.tell(e, 'cancelled-by-city');
  perform activities.end_case(e, 'done');
  return 'done';
end $$;

-- The city calls a whole session off: everybody is told why, and gets back all that was paid, or nothing of it happens.
-- Outcomes: 'done', 'again', 'no-reason', 'not-there'.
create function activities.call_off(p_session text, p_because text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; its uuid; e activities.enrolment; duty text; paid boolean;
begin
  select x.* into s from activities.session x where x.id = p_session;
  if need_to_know.kind() = 'staff' then duty := need_to_know.duty_for(s.topic, 'run-activities'); end if;
  if duty is null then return 'not-there'; end if;
  if p_because is null or p_because not in ('few-people', 'leader-ill', 'weather', 'repair', 'emergency', 'mistake') then
    return 'no-reason'; end if;
  if s.called_off_at is not null then return 'again'; end if;
  -- From here on nobody joins (the session's row is held), and no place is offered again.
  update activities.session set called_off_at = city.now(), because = p_because where id = s.id and called_off_at is null;
  if not found then return 'again'; end if;
  for its in select x.id from activities.enrolment x join correspondence.casefile c on c.id = x.case_id
    where x.session = s.id and activities.is_live(x.state) order by c.id
  loop
    perform from correspondence.casefile c join activities.enrolment x on x.case_id = c.id where x.id = its for update of c;
    select x.* into e from activities.enrolment x where x.id = its for update;
    continue when not activities.is_live(e.state);
    paid := exists (select from payments.charge c where c.case_id = e.case_id and c.paid > c.refunded);
    e := activities.give_up(its, 'cancelled-by-city', p_because, case when paid then 'full' else 'none' end);
    perform activities.write(e, 'enrolment.called-off', 'staff', duty, ' because=' || p_because || ' refund=' || e.refund);
    perform activities.tell(e, 'cancelled-by-city');
    perform activities.end_case(e, 'done');
  end loop;
  perform ledger.write('session.called-off', 'staff', p_employee => need_to_know.employee(), p_duty => duty,
    p_detail => 'session=' || s.id || ' because=' || p_because);
  return 'done';
end $$;

-- Writes to everybody who has a place, or is offered one, through her case's mail. Outcomes: 'done' and how many; 'again'
-- (this very message was sent); 'not-there'.
create function activities.write_to_all(p_id uuid, p_session text, p_sealed bytea, out outcome text, out people int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; duty text; f correspondence.casefile; mail uuid;
begin
  people := 0;
  outcome := 'not-there';
  select x.* into s from activities.session x where x.id = p_session;
  if need_to_know.kind() = 'staff' then duty := need_to_know.duty_for(s.topic, 'run-activities'); end if;
  if duty is null then return; end if;
  outcome := 'again';
  if exists (select from activities.message m where m.id = p_id) then return; end if;
  insert into activities.message values (p_id, s.id, p_sealed, need_to_know.employee(), duty, city.now());
  for e in select x.* from activities.enrolment x join correspondence.casefile c on c.id = x.case_id
    where x.session = s.id and x.state in ('enrolled', 'held', 'offered') order by c.subject
  loop
    perform activities.write(e, 'enrolment.messaged', 'staff', duty);
    people := people + 1;
    select c.* into f from correspondence.casefile c where c.id = e.case_id;
    continue when not exists (select from vault.token k where k.subject = f.subject and k.kind = 'email');
    insert into correspondence.mail (case_id, topic, kind, created_at, due_at)
    values (f.id, f.topic, 'enrolment', city.now(), city.now()) returning id into mail;
    insert into activities.notice values (mail, e.id, 'message', p_id);
  end loop;
  outcome := 'done';
end $$;
-- What was written to everybody in the session of the case in hand, since she has a place.
create function activities.messages_in_hand() returns table (id uuid, sealed bytea, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.sealed, m.at from activities.message m join activities.enrolment e on e.session = m.session
  where e.case_id = need_to_know.case_in_hand() and m.at >= e.made_at and e.place is not null order by m.at
$$;

drop function activities.notices(uuid[]);
create function activities.notices(p_mails uuid[]) returns table (mail uuid, news text, session text, place_in_line int,
  until timestamptz, because text, refund text, message uuid, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.mail, n.news, e.session,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.until, e.because, e.refund, g.id, g.sealed
  from activities.notice n join activities.enrolment e on e.id = n.enrolment join correspondence.mail m on m.id = n.mail
    left join activities.message g on g.id = n.message
  where n.mail = any (p_mails) and m.state = 'waiting'
$$;

grant execute on function activities.led_today(), activities.roster(text), activities.open_roster(text), activities.roster_keys(text),
  activities.attend(text, uuid[]), activities.run_by(), activities.on_desk(text), activities.put_out(uuid, int, text),
  activities.call_off(text, text), activities.write_to_all(uuid, text, bytea), activities.messages_in_hand() to cityhall_app;
grant execute on function activities.notices(uuid[]) to cityhall_keeper;

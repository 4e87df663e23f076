-- The acts of activities. Each takes its locks in one order: the case, the session, the enrolment, the place; and of places and
-- of those who wait it takes what nobody else has in hand (skip locked), so that thousands who come at once wait for nobody.

alter table activities.enrolment add column drawn int check (drawn > 0);

-- What a mail says beside its case: codes, from which the post office makes words.
create table activities.notice (
  mail uuid primary key references correspondence.mail,
  enrolment uuid not null references activities.enrolment,
  news text not null check (news in ('enrolled', 'held', 'waiting', 'lottery', 'confirmed', 'offered', 'not-drawn', 'lapsed',
    'cancelled-by-person', 'cancelled-by-city'))
);
alter table activities.notice enable row level security;

-- Demands what has come to cost something after its letter was received: a place on which somebody waited. For the rooms
-- whose acts bring it about; granted to nobody. False: the reference is another charge's, and nothing is written.
create function payments.owe(p_case uuid, p_reference text, p_en text, p_es text, p_amount int, p_rule text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge;
begin
  insert into payments.charge (case_id, reference, total, state, made_at, state_since)
  values (p_case, p_reference, p_amount, 'due', city.now(), city.now()) on conflict (reference) do nothing returning * into c;
  if not found then return false; end if;
  insert into payments.line (charge, seq, label_en, label_es, amount, rule) values (c.id, 1, p_en, p_es, p_amount, p_rule);
  perform payments.record(c, 'charge.made', null, 'amount=' || c.total);
  return true;
end $$;

-- Puts the news of an enrolment in the post, where the person left an address. The acknowledgement of a letter that this very
-- transaction received is not sent besides: the news takes its place.
create function activities.tell(e activities.enrolment, p_news text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile; mail uuid;
begin
  select c.* into f from correspondence.casefile c where c.id = e.case_id;
  if not exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then return; end if;
  if p_news in ('enrolled', 'held', 'waiting', 'lottery') and e.version = 1 then
    update correspondence.mail m set kind = 'enrolment' where m.case_id = f.id and m.kind = 'acknowledgement'
      and m.state = 'waiting' and m.xmin = pg_current_xact_id()::xid returning m.id into mail;
    if mail is null then return; end if;
  else
    insert into correspondence.mail (case_id, topic, kind, created_at, due_at)
    values (f.id, f.topic, 'enrolment', city.now(), city.now()) returning id into mail;
  end if;
  insert into activities.notice values (mail, e.id, p_news);
end $$;

create function activities.write(e activities.enrolment, p_act text, p_kind text, p_duty text default null, p_more text default '')
returns void language sql volatile set search_path = pg_catalog, pg_temp as $$
  select vault.record(p_act, p_kind, e.case_id, f.subject, case when p_kind = 'staff' then need_to_know.employee() end, p_duty,
    f.form, p_detail => 'session=' || e.session || p_more)
  from correspondence.casefile f where f.id = e.case_id
$$;

create function activities.is_live(p_state text) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select p_state in ('lottery', 'waiting', 'offered', 'held', 'enrolled')
$$;

-- An enrolment needs no clerk, so its case waits for none. A case in which something else is going on is left alone. Money
-- goes back by the rule; where a person has to hand it out, the case waits for the city, as if the letter had come today.
create function activities.end_case(e activities.enrolment, p_because text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile; outcome text := 'none';
begin
  if e.refund in ('full', 'half') then
    outcome := payments.refund_by_rule(e.case_id, case e.refund when 'full' then 1 else 0.5 end,
      case when need_to_know.kind() = 'staff' then
        (select need_to_know.duty_for(s.topic, 'run-activities') from activities.session s where s.id = e.session) end);
  end if;
  if outcome = 'waits' then
    update correspondence.casefile set state = 'open', state_since = city.now(), version = version + 1,
      due_on = greatest(due_on, city.now()::date + 7) where id = e.case_id and state = 'answered';
    return;
  end if;
  update correspondence.casefile set state = 'closed', closed_because = p_because, state_since = city.now(), version = version + 1
  where id = e.case_id and state = 'answered' returning * into f;
  if found then
    perform vault.record('case.closed', 'system', f.id, f.subject, p_purpose => f.form, p_detail => 'because=' || p_because);
  end if;
end $$;

-- Offers every place that is free to whoever is next, in the same transaction in which it became free. An offer ends after the
-- session's hours, and at the latest when nobody can join any more.
create function activities.fill(p_session text) returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; spot int; e activities.enrolment; offers int := 0;
begin
  select x.* into s from activities.session x where x.id = p_session and x.called_off_at is null
    and city.now() < greatest(x.starts_at, x.closes_at);
  if not found then return 0; end if;
  loop
    select p.number into spot from activities.place p where p.session = s.id and p.free and p.open
      order by p.number limit 1 for update skip locked;
    exit when spot is null;
    select x.* into e from activities.enrolment x where x.session = s.id and x.state = 'waiting'
      order by x.turn limit 1 for update skip locked;
    exit when e.id is null;
    update activities.enrolment set state = 'offered', place = spot, version = version + 1,
      until = least(city.now() + s.offer_for, greatest(s.starts_at, s.closes_at)) where id = e.id returning * into e;
    perform activities.write(e, 'enrolment.offered', 'system');
    perform activities.tell(e, 'offered');
    offers := offers + 1;
  end loop;
  return offers;
end $$;

-- Takes the place that an enrolment has now: held until it is paid, or its own at once. What it costs is owed from now on.
create function activities.settle(s activities.session, p_price int) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when coalesce(p_price, 0) > 0 and s.pay_within is not null then 'held' else 'enrolled' end
$$;

-- Enrols for the letter that this very transaction has received. Outcomes: 'enrolled'; 'held' (until it is paid); 'waiting';
-- 'lottery'; 'too-early', 'closed' (registration); 'called-off'; 'waiver' (what was agreed to is not what stands there now);
-- 'too-many' (one letter, one enrolment); 'not-there' (no such session, or no letter received here, or it is for children
-- only); 'draw-again' (the payment reference is taken). On a refusal nothing is written; the letter is the caller's.
create function activities.enrol(p_id uuid, p_case uuid, p_session text, p_waiver bytea, p_price int, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c correspondence.casefile; s activities.session; e activities.enrolment; spot int; kind text := 'person'; duty text; stands text;
begin
  select x.* into c from correspondence.casefile x where x.id = p_case and x.xmin = pg_current_xact_id()::xid and x.messages = 1;
  if not found then return 'not-there'; end if;
  select x.* into s from activities.session x where x.id = p_session and x.open for key share;
  if not found or coalesce(s.oldest, 200) < 18 then return 'not-there'; end if;
  -- A clerk enrols somebody only where her duty runs it.
  if need_to_know.kind() = 'staff' then
    kind := 'staff';
    duty := need_to_know.duty_for(s.topic, 'run-activities');
    if duty is null then return 'not-there'; end if;
  end if;
  if s.called_off_at is not null then return 'called-off'; end if;
  if city.now() < s.opens_at then return 'too-early'; end if;
  if city.now() >= s.closes_at then return 'closed'; end if;
  if p_waiver is distinct from s.waiver then return 'waiver'; end if;
  if exists (select from activities.enrolment x where x.case_id = c.id) then return 'too-many'; end if;
  stands := case when s.lottery then 'lottery' else 'waiting' end;
  -- Whoever waits comes before whoever comes now.
  if not s.lottery and not exists (select from activities.enrolment x where x.session = s.id and x.state = 'waiting') then
    select p.number into spot from activities.place p where p.session = s.id and p.free and p.open
      order by p.number limit 1 for update skip locked;
    if spot is not null then stands := activities.settle(s, p_price); end if;
  end if;
  if spot is not null and coalesce(p_price, 0) > 0
    and not payments.owe(c.id, p_reference, s.name_en, s.name_es, p_price, 'activity') then return 'draw-again'; end if;
  insert into activities.enrolment (id, case_id, session, state, place, drawn_with, price, waiver, made_at, until)
  values (p_id, c.id, s.id, stands, spot, upper(substr(replace(p_id::text, '-', ''), 25, 8)), p_price, p_waiver, city.now(),
    case stands when 'held' then least(city.now() + s.pay_within, greatest(s.starts_at, s.closes_at)) end)
  returning * into e;
  perform activities.write(e, 'enrolment.made', kind, duty, ' as=' || stands);
  perform activities.tell(e, stands);
  return stands;
end $$;

-- An enrolled case counts as answered when its transaction is done: until then it is the letter that was just received.
create function activities.count_as_answered() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update correspondence.casefile set state = 'answered', state_since = city.now() where id = new.case_id and state = 'new';
  return null;
end $$;
create constraint trigger answered after insert on activities.enrolment deferrable initially deferred
  for each row execute function activities.count_as_answered();

-- What of the price is given back, if it is cancelled now: nothing where nothing is paid, or after it has begun.
create function activities.refund_now(s activities.session, e activities.enrolment) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case when not exists (select from payments.charge c where c.case_id = e.case_id and c.paid > c.refunded)
      or city.now() >= s.starts_at then 'none'
    when city.now() <= s.starts_at - s.free_until then s.refund else s.late_refund end
$$;

-- The enrolments of the case in hand, for the person and for the clerk: how each stands, what it would mean to cancel it, the
-- number in the line, and the very words that were agreed to.
create function activities.in_hand() returns table (id uuid, session text, state text, place_in_line int, ticket text, price int,
  made_at timestamptz, until timestamptz, ended_at timestamptz, because text, refund text, version int, drawn int,
  waiver_en text, waiver_es text, refund_now text, back_cents int, back_way text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.session, e.state,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.ticket, e.price, e.made_at, e.until, e.ended_at, e.because, e.refund, e.version, e.drawn, w.en, w.es,
    activities.refund_now(s, e),
    case activities.refund_now(s, e) when 'none' then null
      else payments.back_by_rule(e.case_id, case activities.refund_now(s, e) when 'full' then 1 else 0.5 end) end,
    (select p.way from payments.charge c join payments.payment p on p.charge = c.id and not p.surplus where c.case_id = e.case_id)
  from activities.enrolment e join activities.session s on s.id = e.session left join activities.waiver w on w.hash = e.waiver
  where e.case_id = need_to_know.case_in_hand() order by e.made_at, e.id
$$;

-- Ends an enrolment, whoever does it: the place goes back, and is offered to whoever is next; what is not paid is owed no more.
create function activities.give_up(p_id uuid, p_state text, p_because text, p_refund text) returns activities.enrolment
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  e activities.enrolment;
begin
  update activities.enrolment set state = p_state, because = p_because, refund = p_refund, place = null, until = null,
    ended_at = city.now(), version = version + 1 where id = p_id returning * into e;
  perform payments.call_back(e.case_id);
  perform activities.fill(e.session);
  return e;
end $$;

-- The enrolment of the case in hand, locked, for the person.
create function activities.take_own(p_id uuid) returns activities.enrolment
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  e activities.enrolment;
begin
  if need_to_know.kind() is distinct from 'person' then return null; end if;
  perform from correspondence.casefile c where c.id = need_to_know.case_in_hand() for update;
  select x.* into e from activities.enrolment x where x.id = p_id and x.case_id = need_to_know.case_in_hand() for update;
  return e;
end $$;

-- The person cancels. She is told what she saw: where the refund is another by now, nothing is done. Outcomes: 'done';
-- 'again' (it was cancelled before); 'too-late' (it is over); 'changed' (the refund); 'not-there'.
create function activities.cancel(p_id uuid, p_refund text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; refund text;
begin
  e := activities.take_own(p_id);
  if e.id is null then return 'not-there'; end if;
  if e.state = 'cancelled-by-person' then return 'again'; end if;
  if not activities.is_live(e.state) then return 'not-there'; end if;
  select x.* into s from activities.session x where x.id = e.session;
  if city.now() >= s.ends_at then return 'too-late'; end if;
  refund := activities.refund_now(s, e);
  if refund is distinct from p_refund then return 'changed'; end if;
  e := activities.give_up(p_id, 'cancelled-by-person', null, refund);
  perform activities.write(e, 'enrolment.cancelled', 'person', null, ' refund=' || refund);
  perform activities.tell(e, 'cancelled-by-person');
  perform activities.end_case(e, 'withdrawn');
  return 'done';
end $$;

-- The person takes the place that was offered to her. Outcomes: 'enrolled', 'held'; 'again' (she has it); 'too-late' (the offer
-- is over); 'not-there'; 'draw-again'.
create function activities.accept(p_id uuid, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; stands text;
begin
  e := activities.take_own(p_id);
  if e.id is null then return 'not-there'; end if;
  if e.state in ('held', 'enrolled') then return 'again'; end if;
  select x.* into s from activities.session x where x.id = e.session for key share;
  if e.state <> 'offered' or e.until <= city.now() or s.called_off_at is not null then return 'too-late'; end if;
  if coalesce(e.price, 0) > 0 and not payments.owe(e.case_id, p_reference, s.name_en, s.name_es, e.price, 'activity') then
    return 'draw-again'; end if;
  stands := activities.settle(s, e.price);
  update activities.enrolment set state = stands, version = version + 1,
    until = case stands when 'held' then least(city.now() + s.pay_within, greatest(s.starts_at, s.closes_at)) end
  where id = e.id returning * into e;
  perform activities.write(e, 'enrolment.accepted', 'person', null, ' as=' || stands);
  perform activities.tell(e, stands);
  return stands;
end $$;

-- What mails are about, for the post office, while they wait.
create function activities.notices(p_mails uuid[])
returns table (mail uuid, news text, session text, place_in_line int, until timestamptz, because text, refund text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.mail, n.news, e.session,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.until, e.because, e.refund
  from activities.notice n join activities.enrolment e on e.id = n.enrolment join correspondence.mail m on m.id = n.mail
  where n.mail = any (p_mails) and m.state = 'waiting'
$$;

grant execute on function activities.enrol(uuid, uuid, text, bytea, int, text), activities.in_hand(),
  activities.cancel(uuid, text), activities.accept(uuid, text) to cityhall_app;
grant execute on function activities.notices(uuid[]) to cityhall_keeper;

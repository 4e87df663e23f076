-- At her own page a guardian does what a receipt does: takes a place that is offered to her child, gives one up with what goes
-- back shown first. Who came of age does it for herself. What ended because a consent did says so.

alter table activities.enrolment drop constraint state_fits;
alter table activities.enrolment add constraint state_fits check (case state
  when 'lottery' then place is null and until is null and ended_at is null
  when 'waiting' then place is null and until is null and ended_at is null
  when 'offered' then place is not null and until is not null and ended_at is null
  when 'held' then place is not null and until is not null and ended_at is null
  when 'enrolled' then place is not null and until is null and ended_at is null
  when 'completed' then until is null and ended_at is not null and because is null and refund is null
  when 'cancelled-by-person' then place is null and until is null and ended_at is not null and refund is not null
    and (because is null or because = 'consent' and child is not null)
  when 'cancelled-by-city' then place is null and until is null and ended_at is not null and refund is not null
    and because in ('few-people', 'leader-ill', 'weather', 'repair', 'emergency', 'mistake', 'rules', 'asked')
  when 'lapsed' then place is null and until is null and ended_at is not null and refund is null
    and because in ('not-paid', 'offer-over', 'declined', 'no-place')
  else false end);

-- The enrolments that are the acting one's: of the case in hand; at her own page, of the children she speaks for.
create function activities.of_acting() returns setof activities.enrolment
language sql stable set search_path = pg_catalog, pg_temp as $$
  select e.* from activities.enrolment e where e.case_id = need_to_know.case_in_hand()
  union all
  select e.* from residents.guardianship g join activities.enrolment e on e.child = g.child
  where g.resident = residents.acting() and g.state <> 'ended' and residents.stands_for(g.resident, g.child)
  union all
  select e.* from residents.child c join activities.enrolment e on e.child = c.id
  where c.resident = residents.acting() and c.ended_at is null
$$;

-- How each of them stands, what it would mean to cancel it, the number in the line, the words that were agreed to, and what is
-- still to be paid under which reference.
drop function activities.in_hand();
drop function activities.of_hers();
create function activities.in_hand() returns table (id uuid, child uuid, number bigint, session text, state text, place_in_line int, ticket text,
  price int, made_at timestamptz, until timestamptz, ended_at timestamptz, because text, refund text, version int, drawn int,
  waiver_en text, waiver_es text, refund_now text, back_cents int, back_way text, reference text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.child, f.number, e.session, e.state,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.ticket, e.price, e.made_at, e.until, e.ended_at, e.because, e.refund, e.version, e.drawn, w.en, w.es, r.refund,
    case r.refund when 'none' then null else payments.back_by_rule(e.case_id, case r.refund when 'full' then 1 else 0.5 end) end,
    (select p.way from payments.charge c join payments.payment p on p.charge = c.id and not p.surplus where c.case_id = e.case_id),
    (select c.reference from payments.charge c where c.case_id = e.case_id and c.state = 'due' limit 1)
  from activities.of_acting() e join correspondence.casefile f on f.id = e.case_id join activities.session s on s.id = e.session
    left join activities.waiver w on w.hash = e.waiver cross join lateral (select activities.refund_now(s, e)) as r (refund)
  order by e.made_at, e.id
$$;

-- One of them, locked, for the person or for who speaks for the child: the case first, so that two guardians at the same moment
-- act one after the other.
create or replace function activities.take_own(p_id uuid) returns activities.enrolment
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  e activities.enrolment;
begin
  if need_to_know.kind() not in ('person', 'resident') then return null; end if;
  select x.* into e from activities.of_acting() x where x.id = p_id;
  if e.id is null then return null; end if;
  perform from correspondence.casefile c where c.id = e.case_id for update;
  select x.* into e from activities.enrolment x where x.id = e.id for update;
  return e;
end $$;

-- Whether what taking part needs of a child may be used now: in force, and no guardian objects.
create function activities.may_take_part(e activities.enrolment) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select e.child is null or coalesce(bool_and(c.state in ('in-force', 'passed')), false) from consent.consent c
  where c.child = e.child and c.thing = activities.thing(e.session) and c.needed and c.state in ('given', 'in-force', 'frozen', 'passed')
$$;

-- As before (0106), also at her own page. `p_version`: how it stood when she looked; where somebody else who speaks for the child has
-- changed it since, or the refund is another, nothing is done ('changed').
drop function activities.cancel(uuid, text);
create function activities.cancel(p_id uuid, p_refund text, p_version int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; refund text;
begin
  e := activities.take_own(p_id);
  if e.id is null then return 'not-there'; end if;
  if e.state = 'cancelled-by-person' then return 'again'; end if;
  if not activities.is_live(e.state) then return 'ended'; end if;
  select x.* into s from activities.session x where x.id = e.session;
  if city.now() >= s.ends_at then return 'too-late'; end if;
  refund := activities.refund_now(s, e);
  if refund is distinct from p_refund or e.version is distinct from p_version then return 'changed'; end if;
  e := activities.give_up(p_id, 'cancelled-by-person', null, refund);
  perform activities.write(e, 'enrolment.cancelled', 'person', null, ' refund=' || refund);
  perform activities.tell(e, 'cancelled-by-person');
  perform activities.end_case(e, 'withdrawn');
  return 'done';
end $$;

-- As before (0106), also at her own page. Besides: 'ended' (given up meanwhile, or a consent has ended); 'consent' (a consent that it
-- needs may not be used at the moment: two guardians do not agree).
create or replace function activities.accept(p_id uuid, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; stands text;
begin
  e := activities.take_own(p_id);
  if e.id is null then return 'not-there'; end if;
  if e.state in ('held', 'enrolled') then return 'again'; end if;
  if e.state = 'lapsed' then return 'too-late'; end if;
  if not activities.is_live(e.state) then return 'ended'; end if;
  select x.* into s from activities.session x where x.id = e.session for key share;
  if e.state <> 'offered' or e.until <= city.now() or s.called_off_at is not null then return 'too-late'; end if;
  if not activities.may_take_part(e) then return 'consent'; end if;
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

-- As before (0109), and the enrolment says that a consent ended it.
create or replace function consent.follow_activities(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  o record; s activities.session; e activities.enrolment; its_refund text; cents int; offers int; day date;
begin
  for o in select c.id, c.thing, c.needed, x.id as enrolment, x.case_id from consent.consent c
    join activities.enrolment x on x.child = c.child and activities.thing(x.session) = c.thing and activities.is_live(x.state)
    where c.id = any (p_consents) order by c.needed desc, x.case_id, c.id
  loop
    perform from correspondence.casefile f where f.id = o.case_id for update;
    select x.* into e from activities.enrolment x where x.id = o.enrolment for update;
    select x.* into s from activities.session x where x.id = e.session;
    day := activities.today(s);
    if not o.needed then
      if activities.is_live(e.state) then return next row(o.id, 'takes-part-on', o.thing, day, null)::consent.consequence; end if;
      continue;
    end if;
    continue when not activities.is_live(e.state);
    its_refund := activities.refund_now(s, e);
    cents := case its_refund when 'none' then 0 else payments.back_by_rule(e.case_id, case its_refund when 'full' then 1 else 0.5 end) end;
    select count(*) into offers from activities.enrolment x where x.session = s.id and x.state = 'offered';
    e := activities.give_up(e.id, 'cancelled-by-person', 'consent', its_refund);
    offers := (select count(*) from activities.enrolment x where x.session = s.id and x.state = 'offered') - offers;
    perform activities.write(e, 'enrolment.cancelled', 'person', null, ' because=consent refund=' || its_refund);
    perform activities.tell(e, 'cancelled-by-person');
    perform activities.end_case(e, 'withdrawn');
    return next row(o.id, 'place-ends', o.thing, day, null)::consent.consequence;
    if offers > 0 then return next row(o.id, 'place-offered', o.thing, day, null)::consent.consequence; end if;
    if cents > 0 then return next row(o.id, 'paid-back', o.thing, day, 'cents=' || cents)::consent.consequence; end if;
  end loop;
end $$;

-- As before (0110), one at a time for one child.
create or replace function activities.enrol_child(p_id uuid, p_case uuid, p_session text, p_child uuid, p_needed text[], p_waiver bytea, p_price int,
  p_sibling int, p_said boolean, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c correspondence.casefile; s activities.session; e activities.enrolment; spot int; stands text; who uuid := residents.acting();
  with_ticket text; siblings boolean; its_before text; cents int; asked text[]; own_ticket text := upper(substr(replace(p_id::text, '-', ''), 25, 8));
begin
  select x.* into c from correspondence.casefile x where x.id = p_case and x.xmin = pg_current_xact_id()::xid and x.messages = 1;
  if not found or who is null or not residents.stands_for(who, p_child) then return 'not-there'; end if;
  select x.* into s from activities.session x where x.id = p_session and x.open for key share;
  if not found or s.youngest >= 18 then return 'not-there'; end if;
  -- One child, one enrolment, whoever signs her up at the same moment: the second waits here, and finds the first.
  perform from residents.child x where x.id = p_child for no key update;
  if s.called_off_at is not null then return 'called-off'; end if;
  if city.now() < s.opens_at then return 'too-early'; end if;
  if city.now() >= s.closes_at then return 'closed'; end if;
  if p_waiver is distinct from s.waiver then return 'waiver'; end if;
  -- All that the notice calls needed, and what the city's file does: nobody can leave one out.
  perform from consent.consent x where x.child = p_child and x.thing = activities.thing(s.id) and x.state in ('in-force', 'passed') for share;
  asked := p_needed || array(select p ->> 'id' from consent.notice n cross join lateral jsonb_array_elements(n.content::jsonb -> 'purposes') p
    where n.hash in (select x.notice from consent.consent x where x.child = p_child and x.thing = activities.thing(s.id)
      and x.state in ('in-force', 'passed')) and (p ->> 'needed')::boolean);
  if cardinality(asked) = 0 or exists (select from unnest(asked) n where not exists (select from consent.consent x where x.child = p_child
      and x.thing = activities.thing(s.id) and x.purpose = n and x.needed and x.state in ('in-force', 'passed')))
    or exists (select from consent.consent x where x.child = p_child and x.thing = activities.thing(s.id) and x.needed and x.state in ('given', 'frozen'))
  then return 'consent'; end if;
  if exists (select from activities.enrolment x where x.session = s.id and x.child = p_child and activities.is_live(x.state)) then return 'again'; end if;
  if s.after <> '{}' then
    its_before := case when exists (select from activities.enrolment x join activities.session y on y.id = x.session
        where x.child = p_child and x.state = 'completed' and y.programme = any (s.after)) then 'found'
      when p_said then 'said' end;
    if its_before is null then return 'before'; end if;
  end if;
  select x.drawn_with into with_ticket from activities.enrolment x where x.session = s.id and x.child <> p_child
    and activities.is_live(x.state) and residents.stands_for(who, x.child) order by x.made_at limit 1;
  siblings := found;
  cents := case when siblings then p_sibling else p_price end;
  stands := case when s.lottery then 'lottery' else 'waiting' end;
  if not s.lottery and not exists (select from activities.enrolment x where x.session = s.id and x.state = 'waiting') then
    select p.number into spot from activities.place p where p.session = s.id and p.free and p.open
      order by p.number limit 1 for update skip locked;
    if spot is not null then stands := activities.settle(s, cents); end if;
  end if;
  if spot is not null and coalesce(cents, 0) > 0
    and not payments.owe(c.id, p_reference, s.name_en, s.name_es, cents, 'activity') then return 'draw-again'; end if;
  insert into activities.enrolment (id, case_id, session, state, place, drawn_with, price, waiver, made_at, until, child, before)
  values (p_id, c.id, s.id, stands, spot, case when s.lottery and siblings then with_ticket else own_ticket end, cents, p_waiver, city.now(),
    case stands when 'held' then least(city.now() + s.pay_within, greatest(s.starts_at, s.closes_at)) end, p_child, its_before)
  returning * into e;
  perform activities.write(e, 'enrolment.made', 'person', null, ' as=' || stands || case when siblings then ' sibling=yes' else '' end);
  perform activities.tell(e, stands);
  return stands;
end $$;

-- What was written to everybody in her sessions, since she has a place: at her own page too.
drop function activities.messages_in_hand();
create function activities.messages_in_hand() returns table (enrolment uuid, id uuid, sealed bytea, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, m.id, m.sealed, m.at from activities.of_acting() e join activities.message m on m.session = e.session
  where m.at >= e.made_at and e.place is not null order by m.at
$$;

-- On which days somebody of hers came, as the leader noted it: for her page and for the copy that she takes.
create function activities.days_in_hand() returns table (enrolment uuid, day date, came boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.enrolment, a.day, a.came from activities.of_acting() e join activities.attendance a on a.enrolment = e.id order by a.day
$$;

-- What mails are about (0108), and whether it is a child who takes part: her guardian acts at her own page.
drop function activities.notices(uuid[]);
create function activities.notices(p_mails uuid[]) returns table (mail uuid, news text, session text, place_in_line int,
  until timestamptz, because text, refund text, message uuid, sealed bytea, of_child boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.mail, n.news, e.session,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.until, e.because, e.refund, g.id, g.sealed, e.child is not null
  from activities.notice n join activities.enrolment e on e.id = n.enrolment join correspondence.mail m on m.id = n.mail
    left join activities.message g on g.id = n.message
  where n.mail = any (p_mails) and m.state = 'waiting'
$$;
grant execute on function activities.notices(uuid[]) to cityhall_keeper;
grant execute on function activities.in_hand(), activities.cancel(uuid, text, int), activities.messages_in_hand(),
  activities.days_in_hand() to cityhall_app;

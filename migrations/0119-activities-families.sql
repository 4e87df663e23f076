-- Families, places that are kept, and what has to be done first.
--
-- Brothers and sisters who are signed up together have places together or wait together, under one number. Some places can be
-- kept for the counter until a day: a clerk gives them, with a reason. Where another programme comes first, somebody's word
-- is not enough: the place is held until it was shown; the document is looked at, and never kept.

alter table activities.session add column reserve int not null default 0 check (reserve >= 0 and reserve < capacity),
  add column reserve_until timestamptz, add check ((reserve > 0) = (reserve_until is not null));
-- Until then nobody but a clerk gives it.
alter table activities.place add column kept_until timestamptz;

alter table activities.enrolment drop constraint enrolment_before_check;
alter table activities.enrolment add constraint enrolment_before_check check (before in ('found', 'said', 'shown')),
  -- Who waits with whom; and how often somebody behind them was offered a place because there were too few for all of them.
  add column family uuid, add column passed int not null default 0;
create index enrolment_family on activities.enrolment (family) where family is not null;
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
    and because in ('few-people', 'leader-ill', 'weather', 'repair', 'emergency', 'mistake', 'rules', 'asked', 'not-shown')
  when 'lapsed' then place is null and until is null and ended_at is not null and refund is null
    and because in ('not-paid', 'offer-over', 'declined', 'no-place')
  else false end);

-- Takes places that anybody may have now, the lowest first, and none that somebody else has in hand.
create function activities.free_places(p_session text, p_count int) returns int[]
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(x.number order by x.number), '{}') from (select p.number from activities.place p
    where p.session = p_session and p.free and p.open and (p.kept_until is null or p.kept_until <= city.now())
    order by p.number limit p_count for update skip locked) x
$$;

-- How somebody has her place at first: held while it is to be paid, or while what comes first is to be shown; else at once.
create function activities.settle(s activities.session, p_price int, p_before text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when coalesce(p_price, 0) > 0 and s.pay_within is not null or p_before = 'said' then 'held' else 'enrolled' end
$$;
-- There are seven days to show it.
create function activities.held_until(s activities.session, p_price int, p_before text) returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp as $$
  select least(greatest(s.starts_at, s.closes_at), city.now()
    + greatest(case when p_price > 0 then s.pay_within end, case when p_before = 'said' then interval '7 days' end))
$$;

-- As before (0106). Who waits together is offered places together, as soon as enough are free for all of them. Where too few are,
-- they go to whoever is next and needs no more. Nobody is passed over more than three times in this way: then places are kept
-- until there are enough, except in the last hours (those of an offer) before the first day, when none stays empty.
create or replace function activities.fill(p_session text) returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; u record; its uuid; ids uuid[]; e activities.enrolment; spots int[]; skipped uuid[] := '{}'; offers int := 0;
begin
  select x.* into s from activities.session x where x.id = p_session and x.called_off_at is null
    and city.now() < greatest(x.starts_at, x.closes_at);
  if not found or not exists (select from activities.enrolment x where x.session = s.id and x.state = 'waiting') then return 0; end if;
  spots := activities.free_places(s.id, s.capacity);
  if cardinality(spots) = 0 then return 0; end if;
  for u in select coalesce(x.family, x.id) as unit, array_agg(x.id order by x.turn) as ids, max(x.passed) as passed
    from activities.enrolment x where x.session = s.id and x.state = 'waiting' group by 1 order by min(x.turn)
  loop
    exit when cardinality(spots) = 0;
    if cardinality(u.ids) > cardinality(spots) then
      exit when u.passed >= 3 and city.now() < s.starts_at - s.offer_for;
      skipped := skipped || u.unit;
      continue;
    end if;
    ids := array(select x.id from activities.enrolment x where x.id = any (u.ids) and x.state = 'waiting' order by x.turn for update skip locked);
    -- Somebody has one of them in hand: she gives it up at this moment, and then it is gone through again.
    continue when cardinality(ids) <> cardinality(u.ids);
    foreach its in array ids loop
      update activities.enrolment set state = 'offered', place = spots[1], version = version + 1,
        until = least(city.now() + s.offer_for, greatest(s.starts_at, s.closes_at)) where id = its returning * into e;
      spots := spots[2:];
      perform activities.write(e, 'enrolment.offered', 'system');
      perform activities.tell(e, 'offered');
      offers := offers + 1;
    end loop;
    update activities.enrolment x set passed = x.passed + 1 where x.session = s.id and x.state = 'waiting' and x.family = any (skipped);
    skipped := '{}';
  end loop;
  return offers;
end $$;

-- As before (0106), by the rules above.
create or replace function activities.enrol(p_id uuid, p_case uuid, p_session text, p_waiver bytea, p_price int, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c correspondence.casefile; s activities.session; e activities.enrolment; spot int; kind text := 'person'; duty text; stands text; its_before text;
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
  -- Her word, until it was shown at a counter or to the leader.
  if s.after <> '{}' then its_before := 'said'; end if;
  stands := case when s.lottery then 'lottery' else 'waiting' end;
  -- Whoever waits comes before whoever comes now.
  if not s.lottery and not exists (select from activities.enrolment x where x.session = s.id and x.state = 'waiting') then
    spot := (activities.free_places(s.id, 1))[1];
    if spot is not null then stands := activities.settle(s, p_price, its_before); end if;
  end if;
  if spot is not null and coalesce(p_price, 0) > 0
    and not payments.owe(c.id, p_reference, s.name_en, s.name_es, p_price, 'activity') then return 'draw-again'; end if;
  insert into activities.enrolment (id, case_id, session, state, place, drawn_with, price, waiver, made_at, until, before)
  values (p_id, c.id, s.id, stands, spot, upper(substr(replace(p_id::text, '-', ''), 25, 8)), p_price, p_waiver, city.now(),
    case stands when 'held' then activities.held_until(s, p_price, its_before) end, its_before)
  returning * into e;
  perform activities.write(e, 'enrolment.made', kind, duty, ' as=' || stands);
  perform activities.tell(e, stands);
  return stands;
end $$;

-- As before (0118), and brothers and sisters together (`p_family`): each is written down as waiting, and `seat_family` looks for places.
drop function activities.enrol_child(uuid, uuid, text, uuid, text[], bytea, int, int, boolean, text);
create function activities.enrol_child(p_id uuid, p_case uuid, p_session text, p_child uuid, p_needed text[], p_waiver bytea, p_price int,
  p_sibling int, p_said boolean, p_reference text, p_family uuid) returns text
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
  if not s.lottery and p_family is null and not exists (select from activities.enrolment x where x.session = s.id and x.state = 'waiting') then
    spot := (activities.free_places(s.id, 1))[1];
    if spot is not null then stands := activities.settle(s, cents, its_before); end if;
  end if;
  if spot is not null and coalesce(cents, 0) > 0
    and not payments.owe(c.id, p_reference, s.name_en, s.name_es, cents, 'activity') then return 'draw-again'; end if;
  insert into activities.enrolment (id, case_id, session, state, place, drawn_with, price, waiver, made_at, until, child, before, family)
  values (p_id, c.id, s.id, stands, spot, case when s.lottery and siblings then with_ticket else own_ticket end, cents, p_waiver, city.now(),
    case stands when 'held' then activities.held_until(s, cents, its_before) end, p_child, its_before, p_family)
  returning * into e;
  perform activities.write(e, 'enrolment.made', 'person', null, ' as=' || stands || case when siblings then ' sibling=yes' else '' end
    || case when p_family is not null then ' together=yes' else '' end);
  -- Brothers and sisters who come together are told when all of them are here.
  if p_family is null or s.lottery then perform activities.tell(e, stands); end if;
  return stands;
end $$;

-- Gives places to brothers and sisters who were signed up together in this transaction: all of them where enough are free and
-- nobody waits before them, else none, and they wait together. What it costs is owed from now on. Outcomes: 'held', 'enrolled'
-- (where any is held: 'held'), 'waiting', 'not-there', 'draw-again' (a payment reference is taken).
create function activities.seat_family(p_family uuid, p_references text[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; its activities.enrolment[]; e activities.enrolment; spots int[] := '{}'; stands text := 'waiting'; held boolean := false;
begin
  its := array(select x from activities.of_acting() x where x.family = p_family and x.state = 'waiting'
    and exists (select from correspondence.casefile c where c.id = x.case_id and c.xmin = pg_current_xact_id()::xid) order by x.turn);
  if cardinality(its) = 0 then return 'not-there'; end if;
  select x.* into s from activities.session x where x.id = its[1].session for key share;
  if cardinality(its) > cardinality(p_references) or exists (select from payments.charge c where c.reference = any (p_references)) then
    return 'draw-again'; end if;
  if not exists (select from activities.enrolment x where x.session = s.id and x.state = 'waiting' and x.turn < its[1].turn) then
    spots := activities.free_places(s.id, cardinality(its));
  end if;
  for n in 1 .. cardinality(its) loop
    e := its[n];
    if cardinality(spots) = cardinality(its) then
      stands := activities.settle(s, e.price, e.before);
      if coalesce(e.price, 0) > 0 and not payments.owe(e.case_id, p_references[n], s.name_en, s.name_es, e.price, 'activity') then
        raise exception 'the reference was free a moment ago' using errcode = 'CH001';
      end if;
      update activities.enrolment set state = stands, place = spots[n],
        until = case stands when 'held' then activities.held_until(s, e.price, e.before) end where id = e.id returning * into e;
      perform activities.write(e, 'enrolment.seated', 'person', null, ' as=' || stands);
      held := held or stands = 'held';
    end if;
    perform activities.tell(e, e.state);
  end loop;
  return case when held then 'held' else stands end;
end $$;

-- Brothers and sisters who wait together wait one by one from now on, each under her own number. Outcomes: 'done', 'not-there'.
create function activities.split_family(p_family uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  e activities.enrolment; its_session text;
begin
  for e in select x.* from activities.of_acting() x where x.family = p_family and x.state in ('waiting', 'offered') order by x.case_id loop
    e := activities.take_own(e.id);
    continue when e.state not in ('waiting', 'offered');
    update activities.enrolment set family = null, version = version + 1 where id = e.id returning * into e;
    perform activities.write(e, 'enrolment.split', 'person');
    its_session := e.session;
  end loop;
  if its_session is null then return 'not-there'; end if;
  perform activities.fill(its_session);
  return 'done';
end $$;

-- As before (0118), by the rules above.
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
  stands := activities.settle(s, e.price, e.before);
  update activities.enrolment set state = stands, version = version + 1,
    until = case stands when 'held' then activities.held_until(s, e.price, e.before) end
  where id = e.id returning * into e;
  perform activities.write(e, 'enrolment.accepted', 'person', null, ' as=' || stands);
  perform activities.tell(e, stands);
  return stands;
end $$;

-- A clerk gives a place that is kept: to who stands in line, with a reason of the list. Outcomes: 'held', 'enrolled'; 'changed';
-- 'ended'; 'no-reason'; 'none-kept'; 'consent' (two guardians do not agree); 'not-there'; 'draw-again'.
create function activities.give_kept(p_id uuid, p_version int, p_because text, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; duty text; spot int; stands text;
begin
  select y.* into s from activities.enrolment x join activities.session y on y.id = x.session where x.id = p_id;
  if need_to_know.kind() = 'staff' then duty := need_to_know.duty_for(s.topic, 'run-activities'); end if;
  if duty is null then return 'not-there'; end if;
  perform from correspondence.casefile c join activities.enrolment x on x.case_id = c.id where x.id = p_id for update of c;
  perform from activities.session x where x.id = s.id for key share;
  select x.* into e from activities.enrolment x where x.id = p_id for update;
  if e.version is distinct from p_version then return 'changed'; end if;
  if e.state not in ('waiting', 'lottery') or s.called_off_at is not null or city.now() >= greatest(s.starts_at, s.closes_at) then return 'ended'; end if;
  if p_because is null or p_because not in ('hardship', 'counter', 'access', 'foster') then return 'no-reason'; end if;
  if not activities.may_take_part(e) then return 'consent'; end if;
  -- What was fixed for the drawing stays: its list is in the ledger.
  if e.state = 'lottery' and exists (select from activities.draw d where d.session = s.id and d.drawn_at is null) then return 'changed'; end if;
  select p.number into spot from activities.place p where p.session = s.id and p.free and p.open and p.kept_until > city.now()
    order by p.number limit 1 for update skip locked;
  if spot is null then return 'none-kept'; end if;
  if coalesce(e.price, 0) > 0 and not payments.owe(e.case_id, p_reference, s.name_en, s.name_es, e.price, 'activity') then return 'draw-again'; end if;
  stands := activities.settle(s, e.price, e.before);
  update activities.enrolment set state = stands, place = spot, family = null, version = version + 1,
    until = case stands when 'held' then activities.held_until(s, e.price, e.before) end where id = e.id returning * into e;
  perform activities.write(e, 'enrolment.kept-given', 'staff', duty, ' because=' || p_because || ' as=' || stands);
  perform activities.tell(e, stands);
  return stands;
end $$;

-- A clerk who runs it, or its leader on a day on which it meets, has seen that what comes first is done. The document is never kept:
-- this entry is. Outcomes: 'done', 'again', 'changed', 'ended', 'not-there'.
create function activities.show_before(p_id uuid, p_version int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; duty text;
begin
  select y.* into s from activities.enrolment x join activities.session y on y.id = x.session where x.id = p_id;
  if need_to_know.kind() = 'staff' then duty := coalesce(need_to_know.duty_for(s.topic, 'run-activities'), activities.leads(s)); end if;
  if duty is null then return 'not-there'; end if;
  perform from correspondence.casefile c join activities.enrolment x on x.case_id = c.id where x.id = p_id for update of c;
  select x.* into e from activities.enrolment x where x.id = p_id for update;
  if e.before = 'shown' then return 'again'; end if;
  if e.before is distinct from 'said' or not activities.is_live(e.state) then return 'ended'; end if;
  if e.version is distinct from p_version then return 'changed'; end if;
  update activities.enrolment set before = 'shown', version = version + 1 where id = e.id returning * into e;
  perform activities.write(e, 'enrolment.shown', 'staff', duty);
  -- Held for this alone, or for what is paid already: it stands.
  if e.state = 'held' and (coalesce(e.price, 0) = 0 or s.pay_within is null or payments.stands(e.case_id) in ('paid', 'settled')) then
    update activities.enrolment set state = 'enrolled', until = null, version = version + 1 where id = e.id returning * into e;
    perform activities.write(e, 'enrolment.confirmed', 'staff', duty);
    perform activities.tell(e, 'confirmed');
  end if;
  return 'done';
end $$;

-- As before (0107): brothers and sisters are one ticket.
create or replace function activities.draw_lottery(p_session text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; d activities.draw; k ledger.checkpoint; e record; its activities.enrolment; spots int[]; fits boolean; unit text := '';
begin
  select x.* into s from activities.session x where x.id = p_session for update;
  select x.* into d from activities.draw x where x.session = s.id and x.drawn_at is null for update;
  if not found or s.called_off_at is not null then return false; end if;
  select c.* into k from ledger.leaf l join ledger.checkpoint c on c.size > l.seq where l.entry_id = d.entry order by c.size limit 1;
  if not found then return false; end if;
  d.seed := sha256(k.root || convert_to(s.id, 'UTF8'));
  spots := activities.free_places(s.id, s.capacity);
  for e in select r.rank, x.id, r.drawn_with, count(*) over (partition by r.drawn_with)::int as together from activities.ranked(d, d.seed) r
    join activities.enrolment x on x.session = s.id and x.ticket = r.ticket and x.state = 'lottery' order by r.rank
  loop
    -- Brothers and sisters are one ticket: places for all of them, or they wait together.
    if e.drawn_with <> unit then
      unit := e.drawn_with;
      fits := e.together <= cardinality(spots);
    end if;
    update activities.enrolment set drawn = e.rank, turn = nextval('activities.turn'), version = version + 1,
      place = case when fits then spots[1] end, state = case when fits then 'offered' else 'waiting' end,
      until = case when fits then least(city.now() + s.offer_for, s.starts_at) end,
      family = case when e.together > 1 then md5(s.id || ' ' || e.drawn_with)::uuid end
    where id = e.id and state = 'lottery' returning * into its;
    continue when its.id is null;
    if fits then spots := spots[2:]; end if;
    perform activities.write(its, 'enrolment.drawn', 'system', null, ' rank=' || e.rank || ' as=' || its.state);
    perform activities.tell(its, case its.state when 'offered' then 'offered' else 'not-drawn' end);
  end loop;
  update activities.draw set size = k.size, root = k.root, note = k.note, seed = d.seed, drawn_at = city.now()
  where session = s.id;
  perform ledger.write('lottery.drawn', 'system', p_detail => 'session=' || s.id || ' checkpoint=' || k.size);
  return true;
end $$;

-- As before (0107), and what has to be shown first was shown, or ends.
create or replace function activities.turn() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  due uuid; its text; e activities.enrolment; s activities.session; stands text;
begin
  select x.id into due from activities.enrolment x join activities.session y on y.id = x.session
    where x.state = 'held' and (x.until <= city.now() or x.before is distinct from 'said' and exists (select from payments.charge c
        where c.case_id = x.case_id and c.state in ('paid', 'waived', 'partly-refunded')))
      or x.state = 'offered' and x.until <= city.now()
      or x.state = 'enrolled' and y.ends_at <= city.now() - interval '1 day'
      or x.state in ('waiting', 'lottery') and greatest(y.starts_at, y.closes_at) <= city.now()
    limit 1;
  if found then
    perform from correspondence.casefile c join activities.enrolment y on y.case_id = c.id where y.id = due for update of c;
    select x.* into e from activities.enrolment x where x.id = due for update;
    select x.* into s from activities.session x where x.id = e.session;
    if e.state = 'held' then
      stands := payments.stands(e.case_id);
      if stands in ('paid', 'settled') and e.before is distinct from 'said' then
        update activities.enrolment set state = 'enrolled', until = null, version = version + 1 where id = e.id returning * into e;
        perform activities.write(e, 'enrolment.confirmed', 'system');
        perform activities.tell(e, 'confirmed');
        return true;
      end if;
    end if;
    -- What has to be done first was said and never shown: what was paid goes back.
    if e.state = 'held' and e.before = 'said' and e.until <= city.now() then
      e := activities.give_up(e.id, 'cancelled-by-city', 'not-shown', case when stands = 'paid' then 'full' else 'none' end);
      perform activities.write(e, 'enrolment.called-off', 'system', null, ' because=not-shown refund=' || e.refund);
      perform activities.tell(e, 'cancelled-by-city');
      perform activities.end_case(e, 'done');
      return true;
    end if;
    if e.state = 'enrolled' and s.ends_at <= city.now() - interval '1 day' then
      update activities.enrolment set state = 'completed', ended_at = city.now(), version = version + 1
      where id = e.id returning * into e;
      perform activities.write(e, 'enrolment.completed', 'system');
      perform activities.end_case(e, 'done');
    elsif e.state in ('held', 'offered') and e.until <= city.now()
      or e.state in ('waiting', 'lottery') and greatest(s.starts_at, s.closes_at) <= city.now() then
      stands := case e.state when 'held' then 'not-paid' when 'offered' then 'offer-over' else 'no-place' end;
      e := activities.give_up(e.id, 'lapsed', stands, null);
      perform activities.write(e, 'enrolment.lapsed', 'system', null, ' because=' || stands);
      perform activities.tell(e, 'lapsed');
      perform activities.end_case(e, 'done');
    end if;
    return true;
  end if;
  select x.id into its from activities.session x where x.lottery and x.closes_at <= city.now() and x.starts_at > city.now()
    and x.called_off_at is null and not exists (select from activities.draw d where d.session = x.id) limit 1;
  if found then perform activities.close_lottery(its); return true; end if;
  for its in select d.session from activities.draw d join activities.session x on x.id = d.session
    where d.drawn_at is null and x.called_off_at is null loop
    if activities.draw_lottery(its) then return true; end if;
  end loop;
  for its in select x.id from activities.session x where x.called_off_at is null and greatest(x.starts_at, x.closes_at) > city.now()
    and exists (select from activities.place p where p.session = x.id and p.free and p.open
      and (p.kept_until is null or p.kept_until <= city.now()))
    and exists (select from activities.enrolment w where w.session = x.id and w.state = 'waiting') loop
    if activities.fill(its) > 0 then return true; end if;
  end loop;
  return false;
end $$;

-- What anybody may see (0107): besides, how many places are kept, and until when.
drop function activities.standing();
create function activities.standing() returns table (session text, capacity int, free int, waiting int, entered int, called_off boolean,
  because text, drawn boolean, kept int, kept_until timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.capacity,
    (select count(*)::int from activities.place p where p.session = s.id and p.free and p.open and (p.kept_until is null or p.kept_until <= city.now())),
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state = 'waiting'),
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state = 'lottery'),
    s.called_off_at is not null, s.because,
    exists (select from activities.draw d where d.session = s.id and d.drawn_at is not null),
    (select count(*)::int from activities.place p where p.session = s.id and p.free and p.open and p.kept_until > city.now()), s.reserve_until
  from activities.session s where s.open order by s.starts_at, s.id
$$;

drop function activities.in_hand();
create function activities.in_hand() returns table (id uuid, child uuid, number bigint, session text, state text, place_in_line int, ticket text,
  price int, made_at timestamptz, until timestamptz, ended_at timestamptz, because text, refund text, version int, drawn int,
  waiver_en text, waiver_es text, refund_now text, back_cents int, back_way text, reference text, before text, family uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.child, f.number, e.session, e.state,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.ticket, e.price, e.made_at, e.until, e.ended_at, e.because, e.refund, e.version, e.drawn, w.en, w.es, r.refund,
    case r.refund when 'none' then null else payments.back_by_rule(e.case_id, case r.refund when 'full' then 1 else 0.5 end) end,
    (select p.way from payments.charge c join payments.payment p on p.charge = c.id and not p.surplus where c.case_id = e.case_id),
    (select c.reference from payments.charge c where c.case_id = e.case_id and c.state = 'due' limit 1),
    e.before, e.family
  from activities.of_acting() e join correspondence.casefile f on f.id = e.case_id join activities.session s on s.id = e.session
    left join activities.waiver w on w.hash = e.waiver cross join lateral (select activities.refund_now(s, e)) as r (refund)
  order by e.made_at, e.id
$$;

drop function activities.run_by();
create function activities.run_by() returns table (session text, places int, enrolled int, held int, offered int, waiting int,
  lottery int, called_off boolean, because text, paid bigint, kept int, kept_until timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, (select count(*)::int from activities.place p where p.session = s.id and p.open),
    count(*) filter (where e.state in ('enrolled', 'completed'))::int, count(*) filter (where e.state = 'held')::int,
    count(*) filter (where e.state = 'offered')::int, count(*) filter (where e.state = 'waiting')::int,
    count(*) filter (where e.state = 'lottery')::int, s.called_off_at is not null, s.because,
    coalesce(sum((select sum(c.paid - c.refunded) from payments.charge c where c.case_id = e.case_id))
      filter (where activities.is_live(e.state)), 0),
    (select count(*)::int from activities.place p where p.session = s.id and p.free and p.open and p.kept_until > city.now()), s.reserve_until
  from activities.session s left join activities.enrolment e on e.session = s.id
  where need_to_know.kind() = 'staff' and need_to_know.duty_for(s.topic, 'run-activities') is not null
  group by s.id order by s.starts_at, s.id
$$;

drop function activities.on_desk(text);
create function activities.on_desk(p_session text) returns table (id uuid, case_id uuid, number bigint, state text, place_in_line int,
  ticket text, drawn int, made_at timestamptz, until timestamptz, ended_at timestamptz, because text, refund text, version int,
  days_came int, days_noted int, before text, together int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, case when c.topic = any (need_to_know.topics()) then c.id end, c.number, e.state,
    case when e.state = 'waiting' then (row_number() over (partition by e.state order by e.turn))::int end,
    e.ticket, e.drawn, e.made_at, e.until, e.ended_at, e.because, e.refund, e.version,
    (select count(*)::int from activities.attendance a where a.enrolment = e.id and a.came),
    (select count(*)::int from activities.attendance a where a.enrolment = e.id),
    e.before, case when e.family is not null then (select count(*)::int from activities.enrolment o where o.session = e.session
      and o.family = e.family and activities.is_live(o.state)) end
  from activities.session s join activities.enrolment e on e.session = s.id join correspondence.casefile c on c.id = e.case_id
  where s.id = p_session and need_to_know.kind() = 'staff' and need_to_know.duty_for(s.topic, 'run-activities') is not null
  order by case e.state when 'enrolled' then 1 when 'held' then 2 when 'offered' then 3 when 'waiting' then 4 when 'lottery' then 5 else 6 end,
    e.turn limit 3000
$$;

drop function activities.roster(text);
create function activities.roster(p_session text) returns table (id uuid, number bigint, state text, came boolean, before text, version int, paid boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, c.number, e.state, a.came, e.before, e.version,
    e.state = 'enrolled' or not exists (select from payments.charge p where p.case_id = e.case_id and p.state = 'due')
  from activities.session s join activities.enrolment e on e.session = s.id and e.state in ('enrolled', 'held')
    join correspondence.casefile c on c.id = e.case_id
    left join activities.attendance a on a.enrolment = e.id and a.day = activities.today(s)
  where s.id = p_session and activities.leads(s) is not null order by c.number
$$;

-- What mails are about (0118), and what a place that is held still waits for.
drop function activities.notices(uuid[]);
create function activities.notices(p_mails uuid[]) returns table (mail uuid, news text, session text, place_in_line int,
  until timestamptz, because text, refund text, message uuid, sealed bytea, of_child boolean, to_show boolean, to_pay boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.mail, n.news, e.session,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.until, e.because, e.refund, g.id, g.sealed, e.child is not null, e.before is not distinct from 'said',
    exists (select from payments.charge c where c.case_id = e.case_id and c.state = 'due')
  from activities.notice n join activities.enrolment e on e.id = n.enrolment join correspondence.mail m on m.id = n.mail
    left join activities.message g on g.id = n.message
  where n.mail = any (p_mails) and m.state = 'waiting'
$$;
grant execute on function activities.notices(uuid[]) to cityhall_keeper;
drop function activities.settle(activities.session, int);
grant execute on function activities.enrol_child(uuid, uuid, text, uuid, text[], bytea, int, int, boolean, text, uuid), activities.seat_family(uuid, text[]),
  activities.split_family(uuid), activities.give_kept(uuid, int, text, text), activities.show_before(uuid, int), activities.standing(),
  activities.in_hand(), activities.run_by(), activities.on_desk(text), activities.roster(text) to cityhall_app;

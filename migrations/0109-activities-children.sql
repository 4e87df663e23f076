-- Children take part once whoever has the right to consent has consented: the enrolment names the child and the session, and
-- what was asked about her is held under each consent's own key. When a consent ends that taking part needs, taking part ends
-- in the same transaction.
alter table activities.enrolment add column child uuid references residents.child,
  -- Whether what has to be done first was found here, or said by her guardian: then the leader looks on the first day.
  add column before text check (before in ('found', 'said'));
create unique index one_child_once on activities.enrolment (session, child)
  where child is not null and state in ('lottery', 'waiting', 'offered', 'held', 'enrolled');
create index enrolment_child on activities.enrolment (child) where child is not null;

create function activities.thing(p_session text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$ select 'activity:' || p_session $$;

-- Enrols a child, by the resident who stands for her, for the letter that this very transaction has received. Every consent
-- that taking part needs has to be in force. Brothers and sisters in the same session pay `p_sibling`, and are drawn together.
-- Outcomes as of `enrol`, and: 'consent' (one is missing, or not shown yet); 'before' (another programme comes first, and she
-- was not said to have done it); 'again' (she is in it already).
create function activities.enrol_child(p_id uuid, p_case uuid, p_session text, p_child uuid, p_needed text[], p_waiver bytea, p_price int,
  p_sibling int, p_said boolean, p_reference text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c correspondence.casefile; s activities.session; e activities.enrolment; spot int; stands text; who uuid := residents.acting();
  with_ticket text; siblings boolean; its_before text; cents int; own_ticket text := upper(substr(replace(p_id::text, '-', ''), 25, 8));
begin
  select x.* into c from correspondence.casefile x where x.id = p_case and x.xmin = pg_current_xact_id()::xid and x.messages = 1;
  if not found or who is null or not residents.stands_for(who, p_child) then return 'not-there'; end if;
  select x.* into s from activities.session x where x.id = p_session and x.open for key share;
  if not found or s.youngest >= 18 then return 'not-there'; end if;
  if s.called_off_at is not null then return 'called-off'; end if;
  if city.now() < s.opens_at then return 'too-early'; end if;
  if city.now() >= s.closes_at then return 'closed'; end if;
  if p_waiver is distinct from s.waiver then return 'waiver'; end if;
  -- All that the notice calls needed, and what the city's file does: nobody can leave one out.
  perform from consent.consent x where x.child = p_child and x.thing = activities.thing(s.id) and x.state in ('in-force', 'passed') for share;
  if cardinality(p_needed) = 0 or exists (select from unnest(p_needed) n where not exists (select from consent.consent x where x.child = p_child
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

-- What the children of the acting resident take part in, for her page.
create function activities.of_hers() returns table (id uuid, child uuid, session text, state text, place_in_line int, until timestamptz,
  because text, refund text, ended_at timestamptz, number bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.child, e.session, e.state,
    case when e.state = 'waiting' then (select count(*)::int from activities.enrolment o
      where o.session = e.session and o.state = 'waiting' and o.turn <= e.turn) end,
    e.until, e.because, e.refund, e.ended_at, c.number
  from activities.enrolment e join correspondence.casefile c on c.id = e.case_id
  where e.child is not null and residents.acting() is not null and residents.stands_for(residents.acting(), e.child) order by e.made_at desc
$$;

-- The room's part of ending consents: what taking part needed ends it, the place is offered to whoever is next, the rule's
-- refund begins; what it did not need lets it go on without.
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
    e := activities.give_up(e.id, 'cancelled-by-person', null, its_refund);
    offers := (select count(*) from activities.enrolment x where x.session = s.id and x.state = 'offered') - offers;
    perform activities.write(e, 'enrolment.cancelled', 'person', null, ' because=consent refund=' || its_refund);
    perform activities.tell(e, 'cancelled-by-person');
    perform activities.end_case(e, 'withdrawn');
    return next row(o.id, 'place-ends', o.thing, day, null)::consent.consequence;
    if offers > 0 then return next row(o.id, 'place-offered', o.thing, day, null)::consent.consequence; end if;
    if cents > 0 then return next row(o.id, 'paid-back', o.thing, day, 'cents=' || cents)::consent.consequence; end if;
  end loop;
end $$;

-- Whoever leads a session, on a day on which it meets, may open what is held for it of those who have a place.
create or replace function consent.sees(p_consent uuid, p_employee int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  return p_employee = need_to_know.employee() and exists (
    select from consent.consent c join activities.enrolment e on e.child = c.child and activities.thing(e.session) = c.thing
      and e.state in ('enrolled', 'held')
    join activities.session s on s.id = e.session
    where c.id = p_consent and activities.leads(s) is not null);
end $$;

-- Of children a roster opens nothing but what is held under their consents: never the letter of who signed them up.
create or replace function activities.open_roster(p_session text) returns boolean
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
create or replace function activities.roster_keys(p_session text)
returns table (id uuid, case_id uuid, subject uuid, wrapped_key bytea, kek text, sealed_contact bytea, until timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct on (e.id) e.id, c.id, case when e.child is null then v.id end, case when e.child is null then v.wrapped_key end,
    case when e.child is null then v.kek end, case when e.child is null then c.sealed_contact end, o.ends_at
  from activities.session s join activities.enrolment e on e.session = s.id and e.state in ('enrolled', 'held')
    join activities.opening o on o.enrolment = e.id and o.ends_at > clock_timestamp()
      and o.session = (need_to_know.context() ->> 'session')::uuid and pg_xact_status(o.written_by) = 'committed'
    join correspondence.casefile c on c.id = e.case_id join vault.subject v on v.id = c.subject and v.state = 'in-use'
  where s.id = p_session and activities.leads(s) is not null order by e.id, o.ends_at desc
$$;
-- Under which consents what is asked about the children on today's roster is held.
create function activities.roster_consents(p_session text) returns table (id uuid, consent uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, c.id from activities.session s join activities.enrolment e on e.session = s.id and e.state in ('enrolled', 'held')
    join consent.consent c on c.child = e.child and c.thing = activities.thing(s.id) and c.state in ('in-force', 'passed') and c.sight = 'session'
  where s.id = p_session and activities.leads(s) is not null order by c.id
$$;
grant execute on function activities.enrol_child(uuid, uuid, text, uuid, text[], bytea, int, int, boolean, text), activities.of_hers(),
  activities.roster_consents(text) to cityhall_app;

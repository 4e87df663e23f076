-- As before (0109); and what a consent's own notice calls needed is needed, whatever the caller names: nobody can leave one out.
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

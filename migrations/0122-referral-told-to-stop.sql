-- A letter that a minor wrote may have been sent on to another government. When its parent takes back what the letter needs, what has
-- not gone yet does not go, and each agency that got it is told to stop, by the number under which it got it.
alter table consent.stop add column reference text check (reference ~ '^[A-Za-z0-9-]{1,40}$');

-- The referral room's part of ending consents (consent.follow): it hooks in here as forms and activities do.
create function consent.follow_referrals(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  o record;
begin
  for o in
    select c.id, c.thing, d.id as disclosure, d.agency, d.state, f.number
    from consent.consent c join forms.minors_letter l on l.request = c.request join correspondence.casefile f on f.id = l.case_id
      join referral.disclosure d on d.case_id = f.id
    where c.id = any (p_consents) and c.needed order by c.id, d.agency, d.made_at, d.id for update of d
  loop
    if o.state = 'waiting' then
      update referral.disclosure d set state = 'failed', failure = 'taken-back', settled_at = city.now() where d.id = o.disclosure;
      return next row(o.id, 'referral-dropped', o.thing, null, 'agency=' || o.agency)::consent.consequence;
    elsif o.state in ('sent', 'kept') then
      insert into consent.stop (consent, agency, reference) values (o.id, o.agency, o.number::text) on conflict do nothing;
      if found then return next row(o.id, 'agency-told', o.thing, consent.today(), 'agency=' || o.agency)::consent.consequence; end if;
    end if;
  end loop;
end $$;
create or replace function consent.follow(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return query select * from consent.follow_forms(p_consents);
  return query select * from consent.follow_activities(p_consents);
  return query select * from consent.follow_referrals(p_consents);
end $$;

-- As before (0101), with the number by which the agency knows what it was given; null: the consent's own.
drop function consent.lease_stops(int);
create function consent.lease_stops(p_most int) returns table (id uuid, consent uuid, agency text, thing text, reference text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  with leased as (update consent.stop s set due_at = clock_timestamp() + interval '5 minutes', attempts = s.attempts + 1
    where s.id in (select x.id from consent.stop x where x.state = 'waiting' and x.due_at <= clock_timestamp() order by x.due_at limit p_most for update skip locked)
    returning s.id, s.consent, s.agency, s.reference)
  select l.id, l.consent, l.agency, c.thing, l.reference from leased l join consent.consent c on c.id = l.consent
$$;
grant execute on function consent.lease_stops(int) to cityhall_keeper;

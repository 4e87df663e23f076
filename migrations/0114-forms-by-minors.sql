-- A letter that a minor sent with a parent's consent: its case says which request it was, and what she answered is held under
-- that request's consents.
create table forms.minors_letter (
  case_id uuid primary key references correspondence.casefile,
  request uuid not null references consent.request
);
create index minors_letter_request on forms.minors_letter (request);
alter table forms.minors_letter enable row level security;

-- Ties the letter that this very transaction has received to the request whose code is in hand.
create function forms.sent_by_child(p_case uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
begin
  if who ->> 'kind' is distinct from 'child' or not exists (select from correspondence.casefile f
    where f.id = p_case and f.xmin = pg_current_xact_id()::xid and f.messages = 1) then return false; end if;
  insert into forms.minors_letter values (p_case, (who ->> 'request')::uuid);
  return true;
end $$;

-- On the desk, the consents of the case in hand: which purposes, and whether they are in force.
create function forms.minors_consents() returns table (consent uuid, purpose text, thing text, in_force boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.purpose, c.thing, consent.in_force(c.id) from forms.minors_letter l join consent.consent c on c.request = l.request
  where need_to_know.kind() = 'staff' and l.case_id = (select need_to_know.case_in_hand()) and c.subject is not null
  order by c.purpose
$$;

-- What follows for letters when consents end: where the end takes what the form needs, its case is closed as withdrawn, and a
-- clerk works on it no more; else it goes on without those answers.
create or replace function consent.follow_forms(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  o record;
begin
  for o in
    select c.id, c.thing, c.needed, f.id as case_id, f.subject, f.form, f.state
    from consent.consent c join forms.minors_letter l on l.request = c.request join correspondence.casefile f on f.id = l.case_id
    where c.id = any (p_consents) order by c.needed desc, c.id for update of f
  loop
    if not o.needed or o.state = 'closed' then
      return next row(o.id, 'letter-goes-on', o.thing, null, null)::consent.consequence;
      continue;
    end if;
    update correspondence.casefile set state = 'closed', closed_because = 'withdrawn', state_since = city.now(), version = version + 1
      where id = o.case_id and state <> 'closed';
    if found then
      perform vault.record('case.closed', 'system', o.case_id, o.subject, p_purpose => o.form, p_detail => 'because=withdrawn');
    end if;
    return next row(o.id, 'letter-ends', o.thing, null, null)::consent.consequence;
  end loop;
end $$;

grant execute on function forms.sent_by_child(uuid), forms.minors_consents() to cityhall_app;

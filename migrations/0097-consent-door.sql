-- The door to what is held under a consent, and to a request that waits. As vault.open and vault.key: the entry first, the
-- key in a later transaction, once that entry has committed (decision 0004).

-- In what standing the acting one may look at a consent, and on which duty: 'guardian', 'person' (herself, of age), 'child'
-- (by the code, before anything is held), 'staff'; no row where she may not. One rule for opening, for the key, for keeping.
create function consent.standing(c consent.consent, who jsonb, p_reason text default null)
returns table (stands text, duty text) language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if c.state not in ('in-force', 'passed') or c.subject is null then return; end if;
  case who ->> 'kind'
  when 'resident' then
    if exists (select from residents.child x where x.id = c.child and x.resident = (who ->> 'resident')::uuid and x.ended_at is null) then
      return query select 'person', null::text;
    elsif not c.closed_to_guardians and residents.stands_for((who ->> 'resident')::uuid, c.child) then
      return query select 'guardian', null::text;
    end if;
  when 'child' then
    if c.request = (who ->> 'request')::uuid and not exists (select from consent.held h where h.consent = c.id) then
      return query select 'child', null::text;
    end if;
  when 'staff' then
    return query select 'staff', d.id from need_to_know.duty d
      where d.id = any (need_to_know.duties_of((who ->> 'employee')::int, need_to_know.by_groups()))
        and (p_reason is null or p_reason = any (d.reasons))
        and case c.sight
          when 'topic' then 'read' = any (d.powers)
            and exists (select from need_to_know.duty_topic t where t.duty = d.id and t.topic = c.topic)
          when 'session' then consent.sees(c.id, (who ->> 'employee')::int)
          else false end
      order by d.id limit 1;
  else
    return;
  end case;
end $$;

-- Opens what is held under consents, each with its entry: who, on what duty, when, why. What the acting one may not open is
-- left out, as if it were not there. In the order of the subjects, so that two who open wait for one another one way only.
create function consent.open(p_consents uuid[], p_purpose text, p_reason text) returns table (consent uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); c consent.consent; s record;
begin
  if who is null or coalesce(p_purpose, '') !~ '^[a-z][a-z0-9-]{0,39}$' or coalesce(p_reason, '') !~ '^[a-z][a-z0-9-]{0,39}$' then return; end if;
  for c in select x.* from consent.consent x where x.id = any (p_consents) and x.state in ('in-force', 'passed')
    order by x.subject for share
  loop
    select * into s from consent.standing(c, who, p_reason);
    continue when s.stands is null;
    insert into consent.opening (consent, actor_kind, session, entry_id)
    values (c.id, who ->> 'kind', (who ->> 'session')::uuid,
      vault.record('consent.opened', case when s.stands = 'staff' then 'staff' else 'person' end, null, c.subject,
        case when s.stands = 'staff' then (who ->> 'employee')::int end, s.duty, p_purpose, p_reason, 'as=' || s.stands))
    returning id into opening;
    consent := c.id;
    return next;
  end loop;
end $$;

-- Opens requests: for whoever was asked, and for a clerk who is to see who answered.
create function consent.open_requests(p_requests uuid[], p_reason text) returns table (request uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); r consent.request; duty text := need_to_know.duty_with('consent');
begin
  if who is null or coalesce(p_reason, '') !~ '^[a-z][a-z0-9-]{0,39}$' then return; end if;
  for r in select x.* from consent.request x where x.id = any (p_requests) and x.state in ('asked', 'answered')
    order by x.subject for share
  loop
    continue when not consent.reads_request(r, who);
    insert into consent.opening (request, actor_kind, session, entry_id)
    values (r.id, who ->> 'kind', (who ->> 'session')::uuid,
      vault.record('consent.request-opened', case when who ->> 'kind' = 'staff' then 'staff' else 'person' end, null, r.subject,
        (who ->> 'employee')::int, case when who ->> 'kind' = 'staff' then duty end, 'consent', p_reason))
    returning id into opening;
    request := r.id;
    return next;
  end loop;
end $$;

create function consent.reads_request(r consent.request, who jsonb) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select case who ->> 'kind' when 'resident' then consent.put_to(r, (who ->> 'resident')::uuid)
    when 'staff' then r.state = 'answered' and need_to_know.duty_with('consent') is not null else false end
$$;

-- The wrapped keys of openings: for whoever opened, in the same session, while she still may and the consent is in force,
-- once the entries have committed.
create function consent.key(p_openings uuid[])
returns table (opening uuid, consent uuid, request uuid, subject uuid, wrapped_key bytea, kek text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.id, o.consent, o.request, s.id, s.wrapped_key, s.kek
  from consent.opening o left join consent.consent c on c.id = o.consent left join consent.request r on r.id = o.request
    join vault.subject s on s.id = coalesce(c.subject, r.subject) cross join (select need_to_know.context() as who offset 0) x
  where o.id = any (p_openings) and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and o.actor_kind = x.who ->> 'kind'
    and o.session is not distinct from (x.who ->> 'session')::uuid
    and case when c.id is null then consent.reads_request(r, x.who)
      else exists (select from consent.standing(c, x.who)) end
$$;

-- What is held under consents that this session has open. Sealed: it opens with the key of its consent only.
create function consent.held_open(p_openings uuid[]) returns table (consent uuid, field text, sealed bytea, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.consent, h.field, h.sealed, h.at from consent.key(p_openings) k join consent.held h on h.consent = k.consent
  order by h.consent, h.at, h.field
$$;
create function consent.request_open(p_openings uuid[]) returns table (id uuid, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.sealed from consent.key(p_openings) k join consent.request r on r.id = k.request
$$;

-- Keeps values under consents, each sealed by the caller under its consent's key. Only answers to questions that the notice
-- has under that very purpose. All or nothing: 'not-there' where one of them may not be kept.
create function consent.keep_held(p_consents uuid[], p_fields text[], p_sealed bytea[], p_record boolean[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); c consent.consent; s record; asked jsonb;
begin
  if who is null then return 'not-there'; end if;
  if (select count(distinct x) from unnest(p_consents) x)
    <> (select count(*) from consent.consent x where x.id = any (p_consents) and x.state in ('in-force', 'passed')) then return 'not-there'; end if;
  for c in select x.* from consent.consent x where x.id = any (p_consents) order by x.subject for share loop
    select * into s from consent.standing(c, who);
    asked := consent.purpose(c.notice, c.purpose) -> 'asks';
    if s.stands is null or exists (select from unnest(p_consents, p_fields) as x (consent, field)
      where x.consent = c.id and not exists (select from jsonb_array_elements(asked) a where a ->> 'field' = x.field)) then return 'not-there'; end if;
    insert into consent.held (consent, field, sealed, record)
    select c.id, x.field, x.sealed, x.record and c.record from unnest(p_consents, p_fields, p_sealed, p_record) as x (consent, field, sealed, record)
    where x.consent = c.id
    on conflict (consent, field) do update set sealed = excluded.sealed, at = city.now(), record = consent.held.record or excluded.record;
    perform vault.record('consent.kept', case when s.stands = 'staff' then 'staff' else 'person' end, null, c.subject,
      case when s.stands = 'staff' then (who ->> 'employee')::int end, s.duty, c.purpose,
      p_detail => 'answers=' || (select count(*) from unnest(p_consents) x where x = c.id) || ' as=' || s.stands);
  end loop;
  return 'done';
end $$;

grant execute on function consent.open(uuid[], text, text), consent.open_requests(uuid[], text), consent.key(uuid[]),
  consent.held_open(uuid[]), consent.request_open(uuid[]), consent.keep_held(uuid[], text[], bytea[], boolean[]) to cityhall_app;

-- A page of the desk enters two or three times, and looks once for the letter that lies open. Both are made cheap; what is let in,
-- and what is open, is as before.

-- Openings are looked for by case and session: their table is read from end to end no longer. (It holds an hour's looks of the whole
-- city, and each letter that a program has just read.)
create index opening_at_hand on vault.opening (case_id, session) where session is not null;

create or replace function vault.opening_in_hand() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select y.id from (select need_to_know.context() as who offset 0) x cross join lateral (
    select o.id from vault.opening o
    where o.case_id = (x.who ->> 'case')::uuid and o.session = (x.who ->> 'session')::uuid and o.ends_at > clock_timestamp()
    order by o.ends_at desc limit 1) y
  where x.who ->> 'kind' = 'staff'
$$;

-- As before (0003): signs who is acting into a setting of this transaction.
create or replace function need_to_know.sign(payload jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  said text := payload::text;
begin
  perform set_config('cityhall.context', encode(sha256(a.outer_pad || sha256(a.inner_pad
    || convert_to(said || need_to_know.here(), 'UTF8'))), 'hex') || said, true)
  from need_to_know.authority a where a.name = 'context';
end $$;

-- As before (0019), in three questions where there were six, and with the topics signed as one word, as 0130 reads them.
create or replace function need_to_know.enter_staff(secret bytea, p_case uuid default null)
returns table (employee int, handle text, name text, session uuid, duties text[], topics text[], case_id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  way text; checked timestamptz; seen timestamptz; by_groups boolean;
begin
  select e.id, e.handle, e.name, s.id, s.method, s.checked_at, s.last_seen_at
    into employee, handle, name, session, way, checked, seen
    from need_to_know.session s join need_to_know.employee e on e.id = s.employee and e.left_at is null
    where s.secret_hash = sha256(secret) and s.ends_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - interval '1 hour';
  if not found then return; end if;
  if seen < clock_timestamp() - interval '5 minutes' then
    update need_to_know.session x set last_seen_at = clock_timestamp() where x.id = enter_staff.session;
  end if;
  -- The web process asks the provider at every request. Should one ever forget to, this session is blind in five minutes.
  by_groups := way = 'city-account' and checked > clock_timestamp() - interval '5 minutes';
  if way = 'city-account' and not by_groups then duties := '{}';
  else duties := need_to_know.duties_of(employee, by_groups);
  end if;
  topics := array(select distinct t.topic from need_to_know.duty_topic t where t.duty = any (duties) order by 1);
  if p_case is not null then
    -- Glass is asked for whether or not there is such a case, so that both cost the same.
    select (select f.id from correspondence.casefile f where f.id = p_case and (f.topic = any (topics) or g.broken)) into case_id
    from (select exists (select from need_to_know.broken_glass x where x.case_id = p_case and x.employee = enter_staff.employee
      and x.ends_at > clock_timestamp() and x.duty = any (duties)) as broken offset 0) g;
  end if;
  perform need_to_know.sign(jsonb_strip_nulls(jsonb_build_object('kind', 'staff', 'employee', employee, 'session', session,
    'topics', topics::text, 'case', case_id, 'groups', by_groups)));
  return next;
end $$;

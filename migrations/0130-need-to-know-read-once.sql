-- A page of the desk proves some sixty times who is acting, and half of that was taking the proven words apart. Topics are now
-- signed as one word, not as a list to be parsed; and what is asked of the context is read where it is asked: a body in SQL's
-- own form is bound when it is made, and inlined where it is called. Who may do what is as before.

-- As before (0113). A setting too short to hold a signature has none that fits.
create or replace function need_to_know.context() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  raw text := current_setting('cityhall.context', true); said text; inward bytea; outward bytea;
begin
  if raw is null or clock_timestamp() > transaction_timestamp() + interval '1 minute' then return null; end if;
  said := substr(raw, 65);
  select a.inner_pad, a.outer_pad into inward, outward from need_to_know.authority a where a.name = 'context';
  if encode(sha256(outward || sha256(inward || convert_to(said || need_to_know.here(), 'UTF8'))), 'hex')
    is distinct from left(raw, 64) then return null; end if;
  return said::jsonb;
end $$;

create or replace function need_to_know.kind() returns text language sql stable
return need_to_know.context() ->> 'kind';
create or replace function need_to_know.employee() returns int language sql stable
return (need_to_know.context() ->> 'employee')::int;
create or replace function need_to_know.case_in_hand() returns uuid language sql stable
return (need_to_know.context() ->> 'case')::uuid;
create or replace function need_to_know.by_groups() returns boolean language sql stable
return coalesce((need_to_know.context() ->> 'groups')::boolean, false);
create or replace function need_to_know.topics() returns text[] language sql stable
return coalesce((need_to_know.context() ->> 'topics')::text[], '{}');
alter function need_to_know.kind() reset search_path;
alter function need_to_know.employee() reset search_path;
alter function need_to_know.case_in_hand() reset search_path;
alter function need_to_know.by_groups() reset search_path;
alter function need_to_know.topics() reset search_path;

-- As before (0019), with the topics signed as one word.
create or replace function need_to_know.enter_staff(secret bytea, p_case uuid default null)
returns table (employee int, handle text, name text, session uuid, duties text[], topics text[], case_id uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s need_to_know.session;
  e need_to_know.employee;
  by_groups boolean;
  glass boolean;
begin
  select * into s from need_to_know.session x
    where x.secret_hash = sha256(secret) and x.ends_at > clock_timestamp()
      and x.last_seen_at > clock_timestamp() - interval '1 hour';
  if not found then return; end if;
  select * into e from need_to_know.employee x where x.id = s.employee and x.left_at is null;
  if not found then return; end if;
  if s.last_seen_at < clock_timestamp() - interval '5 minutes' then
    update need_to_know.session x set last_seen_at = clock_timestamp() where x.id = s.id;
  end if;
  -- The web process asks the provider at every request. Should one ever forget to, this session is blind in five minutes.
  by_groups := s.method = 'city-account' and s.checked_at > clock_timestamp() - interval '5 minutes';
  if s.method = 'city-account' and not by_groups then duties := '{}';
  else duties := need_to_know.duties_of(e.id, by_groups);
  end if;
  topics := array(select distinct t.topic from need_to_know.duty_topic t where t.duty = any (duties) order by 1);
  if p_case is not null then
    -- Asked whether or not there is such a case, so that both cost the same.
    glass := exists (select from need_to_know.broken_glass g where g.case_id = p_case and g.employee = e.id
      and g.ends_at > clock_timestamp() and g.duty = any (duties));
    select f.id into case_id from correspondence.casefile f where f.id = p_case and (f.topic = any (topics) or glass);
  end if;
  perform need_to_know.sign(jsonb_strip_nulls(jsonb_build_object('kind', 'staff', 'employee', e.id, 'session', s.id,
    'topics', topics::text, 'case', case_id, 'groups', by_groups)));
  employee := e.id; handle := e.handle; name := e.name; session := s.id;
  return next;
end $$;

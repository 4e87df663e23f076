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

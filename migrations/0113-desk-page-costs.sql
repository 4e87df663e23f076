-- A page of the desk asks some 170 times who is acting. Each answer proves the signature anew, so the proof is made cheap: one
-- function with one look-up, where there were three; and a question about a duty asks once, where it asked three times.

-- A body in SQL's own form is bound when it is made, and inlined where it is called.
create or replace function need_to_know.here() returns text language sql stable
return '|' || pg_backend_pid() || '|' || extract(epoch from transaction_timestamp());
alter function need_to_know.here() reset search_path;

-- As before (0003): who is acting, or null. A setting that was not signed for this very transaction is nobody, and so is one
-- that is a minute old. (`is distinct from`: should the key be missing, the comparison gives null, and null must not pass.)
create or replace function need_to_know.context() returns jsonb
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  raw text := current_setting('cityhall.context', true); said text; inward bytea; outward bytea;
begin
  if raw is null or length(raw) <= 64 or clock_timestamp() > transaction_timestamp() + interval '1 minute' then return null; end if;
  said := substr(raw, 65);
  select a.inner_pad, a.outer_pad into inward, outward from need_to_know.authority a where a.name = 'context';
  if encode(sha256(outward || sha256(inward || convert_to(said || need_to_know.here(), 'UTF8'))), 'hex')
    is distinct from left(raw, 64) then return null; end if;
  return said::jsonb;
end $$;

-- As before (0015, 0019), the context asked once; and a duty from a group of the city's accounts counts here too only in a
-- session that the provider has just confirmed.
create or replace function need_to_know.duty_in(p_department text, p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id from (select need_to_know.context() as who offset 0) x join need_to_know.duty d
    on d.id = any (need_to_know.duties_of((x.who ->> 'employee')::int, coalesce((x.who ->> 'groups')::boolean, false)))
  where x.who ->> 'kind' = 'staff' and d.department = p_department and p_power = any (d.powers)
  order by d.id limit 1
$$;
create or replace function need_to_know.duty_with(p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id from (select need_to_know.context() as who offset 0) x join need_to_know.duty d
    on d.id = any (need_to_know.duties_of((x.who ->> 'employee')::int, coalesce((x.who ->> 'groups')::boolean, false)))
  where x.who ->> 'kind' = 'staff' and p_power = any (d.powers)
  order by d.id limit 1
$$;

-- What a letter was asked with: a version of its form that is or was published, which is no secret.
create function forms.asked_with(p_form text, p_version int) returns table (state text, definition json)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select v.state, v.definition from forms.version v
  where v.form = p_form and v.version = p_version and v.state in ('published', 'retired') and need_to_know.kind() = 'staff'
$$;
grant execute on function forms.asked_with(text, int) to cityhall_app;

-- An emancipated minor for whom nobody ever spoke here: she shows the court's paper at the counter and has signed in with an address of
-- her own. From then on she decides alone, on her own page. Refusals: 'not-there' (no such duty), 'no-page', 'has-page'.
create function residents.write_emancipated(p_child uuid, p_subject uuid, p_wrapped_key bytea, p_kek text, p_sealed_about bytea,
  p_band text, p_of_age bytea, p_address bytea) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := need_to_know.duty_with('consent');
  clerk int := need_to_know.employee();
  who uuid;
begin
  if duty is null then return 'not-there'; end if;
  select a.resident into who from residents.address a where a.token = p_address;
  if not found then return 'no-page'; end if;
  perform from residents.resident r where r.id = who for no key update;
  if exists (select from residents.child c where c.resident = who and c.ended_at is null) then return 'has-page'; end if;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into residents.child (id, subject, sealed_about, band, of_age_token, came_of_age_at, came_by, resident)
    values (p_child, p_subject, p_sealed_about, p_band, p_of_age, city.now(), 'emancipation', who);
  perform vault.record('child.emancipated', 'staff', null, p_subject, clerk, duty, 'household');
  perform vault.record('child.handed-over', 'staff', null, p_subject, clerk, duty, 'household');
  return null;
end $$;
grant execute on function residents.write_emancipated(uuid, uuid, bytea, text, bytea, text, bytea, bytea) to cityhall_app;

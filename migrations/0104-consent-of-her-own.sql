-- Somebody who came of age, or was emancipated, and to whom a clerk handed over what the city has of her, has shown who she is:
-- she consents for herself from then on, without coming to the counter again.
create function consent.handed_over() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  its_duty text := need_to_know.duty_with('consent');
begin
  if its_duty is null then return null; end if;
  insert into consent.proof (child, resident, method, strength, employee, duty, until, notice)
  select new.id, new.resident, m.id, m.strength, need_to_know.employee(), its_duty, consent.today() + k.proof_days, c.notice
  from consent.method m cross join consent.rules k
    cross join lateral (select x.notice from consent.consent x where x.child = new.id order by x.given_at desc limit 1) c
  where m.id = 'counter';
  return null;
end $$;
create trigger handed_over after update of resident on residents.child for each row
  when (old.resident is null and new.resident is not null) execute function consent.handed_over();

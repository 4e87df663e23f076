-- An employee who signs in with a password or a passkey says which account at the city's identity provider is hers too,
-- after she has proved both. Nobody does it for her, and an account that is somebody's already stays so.

-- Whether the acting employee has such an account, and since when.
create function need_to_know.own_account() returns timestamptz
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select min(a.since) from need_to_know.city_account a
  where need_to_know.kind() = 'staff' and a.employee = need_to_know.employee()
$$;

-- Links the account that the provider has just vouched for to the acting employee. `p_mac`: the web process saw the
-- provider's word, in the way that this very session began. She gave her password or passkey not longer ago than the way
-- there and back may take. Outcomes: 'done'; 'again' (it was hers already); 'anothers'; 'has-one'; 'not-proved'.
create function need_to_know.link_account(p_token bytea, p_at bigint, p_mac bytea) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  s need_to_know.session;
  its_employee int;
begin
  select x.* into s from need_to_know.session x
    where need_to_know.kind() = 'staff' and x.id = (need_to_know.context() ->> 'session')::uuid;
  if s.id is null or s.method = 'city-account' or s.proved_at < clock_timestamp() - interval '15 minutes'
    or not need_to_know.is_proof('link|' || s.id || '|' || encode(p_token, 'hex'), p_at, p_mac) then return 'not-proved'; end if;
  perform pg_advisory_xact_lock(hashtextextended(encode(p_token, 'hex'), 0));
  perform from need_to_know.employee e where e.id = s.employee for update;
  select a.employee into its_employee from need_to_know.city_account a where a.token = p_token;
  if its_employee = s.employee then return 'again'; end if;
  if its_employee is not null then return 'anothers'; end if;
  if exists (select from need_to_know.city_account a where a.employee = s.employee) then return 'has-one'; end if;
  insert into need_to_know.city_account (token, employee) values (p_token, s.employee);
  perform ledger.write('account.linked', 'staff', p_employee => s.employee);
  return 'done';
end $$;

-- Ends what an employee's account brought: the account, its sessions, and the duties of its groups.
create function need_to_know.end_account(p_employee int, p_actor_kind text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  ended uuid;
begin
  if not exists (select from need_to_know.city_account a where a.employee = p_employee) then return false; end if;
  for ended in
    delete from need_to_know.session s where s.employee = p_employee and s.method = 'city-account' returning s.id
  loop
    perform ledger.write('staff.signed-out', p_actor_kind, p_employee => p_employee, p_detail => 'by=city-account');
  end loop;
  delete from need_to_know.city_account a where a.employee = p_employee;
  perform need_to_know.follow_groups(p_employee, '{}');
  perform ledger.write('account.unlinked', p_actor_kind, p_employee => p_employee);
  return true;
end $$;

-- The acting employee takes the link back: in a session that began otherwise, so that she keeps a way in, and within five
-- minutes of a proof of who she is. Outcomes: 'done'; 'none'; 'not-proved'; 'only-way' (she came in by this account).
create function need_to_know.unlink_account() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s need_to_know.session;
begin
  select x.* into s from need_to_know.session x
    where need_to_know.kind() = 'staff' and x.id = (need_to_know.context() ->> 'session')::uuid;
  if s.id is null then return 'not-proved'; end if;
  if s.method = 'city-account' then return 'only-way'; end if;
  if not need_to_know.proved() then return 'not-proved'; end if;
  return case when need_to_know.end_account(s.employee, 'staff') then 'done' else 'none' end;
end $$;

grant execute on function need_to_know.own_account(), need_to_know.link_account(bytea, bigint, bytea),
  need_to_know.unlink_account() to cityhall_app;

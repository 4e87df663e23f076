-- What is needed to check a password. The hash is useless without the pepper, which the web process holds; and only
-- the web process gets it (MAC under the session authority), so the database's password alone lists no employees.
create function need_to_know.sign_in_material(p_handle text, p_mac bytea) returns table (employee int, password_hash text)
language sql stable strict security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.password_hash from need_to_know.employee e
  where e.handle = p_handle and e.left_at is null and p_mac = need_to_know.mac('session', 'material|' || p_handle)
$$;

-- Starts a session for an employee whose password or passkey the web process has checked. It proves that it is the
-- web process by a MAC under the session authority; with the app's database password alone nobody can make one.
-- Returns the session, or null where the MAC is wrong or older than a minute or the employee has left. What is left out
-- (null) is refused (`strict`, `is not true`): a null message has a null MAC, and two nulls must not agree.
create function need_to_know.start_session(
  p_employee int, p_secret_hash bytea, p_method text, p_issued_at bigint, p_mac bytea
) returns uuid language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  started uuid;
begin
  if (p_mac = need_to_know.mac('session',
      'start|' || p_employee || '|' || encode(p_secret_hash, 'hex') || '|' || p_method || '|' || p_issued_at)
    and abs(p_issued_at - extract(epoch from clock_timestamp())) <= 60
    and exists (select from need_to_know.employee e where e.id = p_employee and e.left_at is null)) is not true
  then return null; end if;
  insert into need_to_know.session (secret_hash, employee, method, ends_at)
  values (p_secret_hash, p_employee, p_method, clock_timestamp() + interval '12 hours') returning id into started;
  perform ledger.write('staff.signed-in', 'staff', p_employee => p_employee, p_detail => 'by=' || p_method);
  return started;
end $$;

-- Ends one of the acting employee's own sessions (the one she is in, or the one named), or all of them.
create function need_to_know.end_session(everywhere boolean default false, p_session uuid default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
begin
  if who ->> 'kind' is distinct from 'staff' then return; end if;
  delete from need_to_know.session s where s.employee = (who ->> 'employee')::int
    and (everywhere or s.id = coalesce(p_session, (who ->> 'session')::uuid));
  if not found then return; end if;
  perform ledger.write('staff.signed-out', 'staff', p_employee => (who ->> 'employee')::int);
end $$;

create function need_to_know.own_sessions()
returns table (id uuid, method text, started_at timestamptz, last_seen_at timestamptz, ends_at timestamptz, here boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.method, s.started_at, s.last_seen_at, s.ends_at, s.id = (need_to_know.context() ->> 'session')::uuid
  from need_to_know.session s
  where s.employee = need_to_know.employee() and need_to_know.kind() = 'staff' and s.ends_at > clock_timestamp()
    and s.last_seen_at > clock_timestamp() - interval '1 hour'
  order by s.last_seen_at desc
$$;

-- The acting employee's own new password, already hashed; her other sessions end. The web process has checked the old
-- one and proves it by a MAC, as for a session: the secret of a session alone does not change a password.
create function need_to_know.change_password(p_hash text, p_issued_at bigint, p_mac bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
begin
  if (who ->> 'kind' = 'staff'
    and p_mac = need_to_know.mac('session',
      'password|' || (who ->> 'employee') || '|' || p_hash || '|' || p_issued_at)
    and abs(p_issued_at - extract(epoch from clock_timestamp())) <= 60) is not true
  then return false; end if;
  update need_to_know.employee set password_hash = p_hash where id = (who ->> 'employee')::int;
  delete from need_to_know.session s where s.employee = (who ->> 'employee')::int and s.id <> (who ->> 'session')::uuid;
  perform ledger.write('password.changed', 'staff', p_employee => (who ->> 'employee')::int);
  return true;
end $$;

-- Seconds until this (hashed) name may be tried again: none for the first five failures, then doubling to an hour.
create function need_to_know.wait_before_sign_in(p_token bytea) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce((select greatest(0, ceil(extract(epoch from
      t.last_at + least(interval '1 hour', interval '15 seconds' * power(2, t.failures - 5)) - clock_timestamp())))::int
    from need_to_know.throttle t where t.token = p_token and t.failures >= 5), 0)
$$;
create function need_to_know.note_sign_in(p_token bytea, succeeded boolean) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if succeeded then
    delete from need_to_know.throttle where token = p_token;
  else
    insert into need_to_know.throttle as t values (p_token, 1, clock_timestamp())
    on conflict (token) do update set last_at = clock_timestamp(), failures =
      case when t.last_at < clock_timestamp() - interval '1 day' then 1 else least(t.failures + 1, 20) end;
  end if;
end $$;

-- A WebAuthn challenge is good once and for five minutes.
create function need_to_know.issue_challenge(p_hash bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from need_to_know.challenge where ends_at < clock_timestamp();
  insert into need_to_know.challenge values (p_hash, clock_timestamp() + interval '5 minutes');
$$;
create function need_to_know.use_challenge(p_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from need_to_know.challenge where hash = p_hash and ends_at > clock_timestamp();
  return found;
end $$;

create function need_to_know.passkey_material(p_credential bytea)
returns table (employee int, public_key bytea, counter bigint, transports text[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.employee, p.public_key, p.counter, p.transports from need_to_know.passkey p
  join need_to_know.employee e on e.id = p.employee and e.left_at is null where p.credential_id = p_credential
$$;
create function need_to_know.note_passkey_use(p_credential bytea, p_counter bigint) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update need_to_know.passkey set counter = greatest(counter, p_counter), used_at = clock_timestamp() where credential_id = p_credential
$$;
create function need_to_know.own_passkeys() returns table (credential_id bytea, label text, transports text[], added_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.credential_id, p.label, p.transports, p.added_at, p.used_at from need_to_know.passkey p
  where p.employee = need_to_know.employee() and need_to_know.kind() = 'staff' order by p.added_at
$$;
create function need_to_know.add_passkey(p_credential bytea, p_public_key bytea, p_counter bigint, p_transports text[], p_label text)
returns void language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.kind() is distinct from 'staff' then
    raise exception 'a passkey belongs to an employee who is signed in' using errcode = 'CH002';
  end if;
  insert into need_to_know.passkey (credential_id, employee, public_key, counter, transports, label)
  values (p_credential, need_to_know.employee(), p_public_key, p_counter, p_transports, p_label);
  perform ledger.write('passkey.added', 'staff', p_employee => need_to_know.employee());
end $$;
create function need_to_know.remove_passkey(p_credential bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from need_to_know.passkey where credential_id = p_credential and employee = need_to_know.employee();
  if not found then return false; end if;
  perform ledger.write('passkey.removed', 'staff', p_employee => need_to_know.employee());
  return true;
end $$;

grant execute on function need_to_know.sign_in_material(text, bytea), need_to_know.start_session(int, bytea, text, bigint, bytea),
  need_to_know.end_session(boolean, uuid), need_to_know.own_sessions(),
  need_to_know.change_password(text, bigint, bytea), need_to_know.wait_before_sign_in(bytea), need_to_know.note_sign_in(bytea, boolean),
  need_to_know.issue_challenge(bytea), need_to_know.use_challenge(bytea), need_to_know.passkey_material(bytea),
  need_to_know.note_passkey_use(bytea, bigint), need_to_know.own_passkeys(),
  need_to_know.add_passkey(bytea, bytea, bigint, text[], text), need_to_know.remove_passkey(bytea) to cityhall_app;

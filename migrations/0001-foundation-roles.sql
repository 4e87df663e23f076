-- Three roles. The migrating role owns everything; the app answers requests; the keeper sequences the ledger and
-- sends mail. App and keeper are groups without login: a deployment makes its own logins members of them.
do $$ begin create role cityhall_app nologin; exception when duplicate_object or unique_violation then null; end $$;
do $$ begin create role cityhall_keeper nologin; exception when duplicate_object or unique_violation then null; end $$;

-- Owns the views through which the app reads lists, and nothing else; nobody signs in as it, and only the migrating
-- role, which must be able to change the views, is a member.
do $$ begin create role cityhall_reader nologin; exception when duplicate_object or unique_violation then null; end $$;
grant cityhall_reader to current_user;

do $$ begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to cityhall_app, cityhall_keeper', current_database());
end $$;
revoke all on schema public from public;

create schema city;
create schema need_to_know;
create schema ledger;
create schema vault;
create schema correspondence;
grant usage on schema city, need_to_know, ledger, vault, correspondence to cityhall_app, cityhall_keeper;

-- A function made by a later migration can be called by nobody until it is granted by name.
alter default privileges revoke execute on functions from public;
alter default privileges revoke usage on types from public;

-- The time an act is dated with. Only the owner's own login may set another one (`cityhall.clock`), to load the
-- sample city's past; for the app and the keeper the setting has no effect.
create function city.now() returns timestamptz
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  pretended text := current_setting('cityhall.clock', true);
begin
  if pretended is null or pretended = '' or session_user <> current_user then
    return clock_timestamp();
  end if;
  return pretended::timestamptz;
end $$;

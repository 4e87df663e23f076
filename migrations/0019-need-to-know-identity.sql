-- Signing in with the city's own accounts (OpenID Connect), duties that follow from groups, and breaking the glass.

-- An account at the city's identity provider: a keyed hash of issuer and subject, which alone names nobody. Never found
-- by e-mail: an address is given to somebody else one day.
create table need_to_know.city_account (
  token bytea primary key check (length(token) = 32),
  employee int not null references need_to_know.employee,
  since timestamptz not null default now()
);
create index city_account_employee on need_to_know.city_account (employee);
alter table need_to_know.employee add duties_asked_at timestamptz;

-- Charges that follow from a group end with it; those that the operator gave stay until the operator takes them.
alter table need_to_know.charge add source text not null default 'operator' check (source in ('operator', 'group')),
  drop constraint charge_pkey, add primary key (employee, duty, since, source);

-- `proved_at`: when this session last proved who holds it. `checked_at`: when the provider last said what she may.
-- The provider's tokens are sealed by the web process under a key that is not here.
alter table need_to_know.session drop constraint session_method_check,
  add check (method in ('password', 'passkey', 'city-account')),
  add proved_at timestamptz not null default now(),
  add account bytea references need_to_know.city_account,
  add provider_session bytea,
  add sealed_tokens bytea check (octet_length(sealed_tokens) <= 65536),
  add checked_at timestamptz,
  add check ((method = 'city-account') = (account is not null)),
  add check ((account is null) = (checked_at is null));

-- Whose session it was, for a day: words that a page kept when it ended are shown to her alone.
create table need_to_know.ended_session (
  secret_hash bytea primary key,
  employee int not null references need_to_know.employee,
  ended_at timestamptz not null default now()
);
create function need_to_know.remember_ended() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into need_to_know.ended_session (secret_hash, employee) values (old.secret_hash, old.employee) on conflict do nothing;
  return null;
end $$;
create trigger remember_ended after delete on need_to_know.session
  for each row execute function need_to_know.remember_ended();

-- One way to the provider and back: what must agree on the return, sealed; found by the hash of what only this browser has.
create table need_to_know.sign_in_attempt (
  browser bytea primary key check (length(browser) = 32),
  sealed bytea not null check (octet_length(sealed) <= 400000),
  ends_at timestamptz not null
);
-- Logout tokens that were used: each is good once.
create table need_to_know.logout_token (
  jti bytea primary key check (length(jti) = 32),
  ends_at timestamptz not null
);

-- The duties of an employee that are in force. Those from groups count only where the provider was just asked.
create function need_to_know.duties_of(p_employee int, p_groups boolean) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select array(select distinct c.duty from need_to_know.charge c where c.employee = p_employee
    and (p_groups or c.source <> 'group')
    and c.since <= clock_timestamp() and (c.until is null or c.until > clock_timestamp()) order by c.duty)
$$;
create function need_to_know.by_groups() returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce((need_to_know.context() ->> 'groups')::boolean, false)
$$;

create or replace function need_to_know.duty_for(p_topic text, p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id
  from need_to_know.charge c
  join need_to_know.duty d on d.id = c.duty
  join need_to_know.duty_topic t on t.duty = d.id
  where c.employee = need_to_know.employee() and t.topic = p_topic and p_power = any (d.powers)
    and (c.source <> 'group' or need_to_know.by_groups())
    and c.since <= city.now() and (c.until is null or c.until > city.now())
  order by d.id limit 1
$$;

-- A duty of the acting employee that has this power, whatever its topics; null where none has.
create function need_to_know.duty_with(p_power text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id from need_to_know.duty d
  where need_to_know.kind() = 'staff' and p_power = any (d.powers)
    and d.id = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))
  order by d.id limit 1
$$;

-- As before (0016), and a duty from a group only in a session that the provider has just confirmed.
create or replace function need_to_know.charged_with(p_duty text, p_power text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select need_to_know.kind() is not distinct from 'staff'
    and p_duty = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))
    and exists (select from need_to_know.duty d where d.id = p_duty and p_power = any (d.powers))
$$;

-- Somebody broke the glass: she opened a case that no duty of hers covers, in an emergency. Sight of that one case, for
-- an hour, to read only. A number that no case has is kept too: who tries numbers is seen. The words why are sealed.
create table need_to_know.broken_glass (
  id uuid primary key,
  employee int not null references need_to_know.employee,
  duty text not null,
  department text not null,
  number bigint not null,
  case_id uuid references correspondence.casefile,
  -- The number of its entry in the person's own count, by which the review's entry names it.
  entry int,
  because text not null check (because in ('danger-to-life', 'danger-to-a-child', 'danger-to-the-public', 'right-at-risk')),
  sealed_words bytea check (octet_length(sealed_words) <= 20000),
  broken_at timestamptz not null,
  ends_at timestamptz not null,
  review_by date not null,
  reviewer int references need_to_know.employee,
  reviewed_at timestamptz,
  verdict text check (verdict in ('proper', 'not-proper')),
  sealed_note bytea check (octet_length(sealed_note) <= 20000),
  check (reviewer <> employee),
  check ((reviewer is null) = (reviewed_at is null) and (reviewer is null) = (verdict is null)),
  check (ends_at <= broken_at + interval '1 hour')
);
create index broken_glass_employee on need_to_know.broken_glass (employee, broken_at);
create index broken_glass_case on need_to_know.broken_glass (case_id);
create index broken_glass_waiting on need_to_know.broken_glass (review_by) where reviewer is null;

-- When a person's key is destroyed, so are the words about her that were kept for the review.
create function need_to_know.forget_glass() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update need_to_know.broken_glass set sealed_words = null, sealed_note = null
  where case_id in (select f.id from correspondence.casefile f where f.subject = new.id);
  return null;
end $$;
create trigger forget_glass after update of state on vault.subject
  for each row when (new.state = 'destroyed') execute function need_to_know.forget_glass();

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
    'topics', topics, 'case', case_id, 'groups', by_groups)));
  employee := e.id; handle := e.handle; name := e.name; session := s.id;
  return next;
end $$;

-- Whether a proof of the web process is right and not a minute old. `p_at`: microseconds since 1970, the database's own.
create function need_to_know.is_proof(p_message text, p_at bigint, p_mac bytea) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select (p_mac = need_to_know.mac('session', p_message || '|' || p_at)
    and abs(p_at - extract(epoch from clock_timestamp()) * 1000000) <= 60000000) is true
$$;
create function need_to_know.clock() returns bigint language sql volatile set search_path = pg_catalog, pg_temp as $$
  select (extract(epoch from clock_timestamp()) * 1000000)::bigint
$$;

create function need_to_know.start_attempt(p_browser bytea, p_sealed bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from need_to_know.sign_in_attempt where ends_at < clock_timestamp();
  insert into need_to_know.sign_in_attempt values (p_browser, p_sealed, clock_timestamp() + interval '10 minutes');
$$;
-- Good once.
create function need_to_know.take_attempt(p_browser bytea) returns bytea
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  taken bytea;
begin
  delete from need_to_know.sign_in_attempt a where a.browser = p_browser and a.ends_at > clock_timestamp()
  returning a.sealed into taken;
  return taken;
end $$;

-- Makes an employee's duties from groups exactly these. Each change is an entry; waiting cases she no longer sees go back.
create function need_to_know.follow_groups(p_employee int, p_duties text[]) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  one text;
  lost boolean := false;
begin
  for one in
    update need_to_know.charge c set until = greatest(c.since, city.now())
    where c.employee = p_employee and c.source = 'group' and (c.until is null or c.until > city.now())
      and c.duty <> all (p_duties) returning c.duty
  loop
    perform ledger.write('employee.discharged', 'system', p_employee => p_employee, p_duty => one, p_detail => 'by=group');
    lost := true;
  end loop;
  for one in
    select d.id from need_to_know.duty d where d.id = any (p_duties) and not exists (
      select from need_to_know.charge c where c.employee = p_employee and c.duty = d.id and c.source = 'group'
        and (c.until is null or c.until > city.now()))
  loop
    insert into need_to_know.charge as c (employee, duty, since, source) values (p_employee, one, city.now(), 'group')
    on conflict (employee, duty, since, source) do update set until = null;
    perform ledger.write('employee.charged', 'system', p_employee => p_employee, p_duty => one, p_detail => 'by=group');
  end loop;
  if lost then perform correspondence.hand_back(p_employee); end if;
end $$;

-- The employee behind an account that the provider has vouched for, with the duties of her groups. Somebody new becomes
-- an employee where a group of hers has a duty. Null: left, or no duty at all. A handle stays with one person for ever,
-- so one that is taken gets a number.
create function need_to_know.admit_account(
  p_token bytea, p_handle text, p_name text, p_duties text[], p_at bigint, p_mac bytea
) returns int language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  e int;
  left_at timestamptz;
  tried int := 1;
begin
  if not need_to_know.is_proof('account|' || encode(p_token, 'hex') || '|' || p_handle || '|' || p_name || '|'
    || array_to_string(p_duties, ','), p_at, p_mac) then return null; end if;
  perform pg_advisory_xact_lock(hashtextextended(encode(p_token, 'hex'), 0));
  select x.id, x.left_at into e, left_at from need_to_know.city_account a
    join need_to_know.employee x on x.id = a.employee where a.token = p_token;
  if left_at is not null then return null; end if;
  if e is null then
    if not exists (select from need_to_know.duty d where d.id = any (p_duties)) then return null; end if;
    loop
      insert into need_to_know.employee (handle, name, joined_at)
      values (case tried when 1 then p_handle else left(p_handle, 34) || '-' || tried end, p_name, city.now())
      on conflict (handle) do nothing returning id into e;
      exit when e is not null or tried = 9999;
      tried := tried + 1;
    end loop;
    if e is null then return null; end if;
    insert into need_to_know.city_account (token, employee) values (p_token, e);
    perform ledger.write('employee.appointed', 'system', p_employee => e, p_detail => 'by=city-account');
  else
    update need_to_know.employee x set name = p_name where x.id = e and x.name <> p_name;
  end if;
  perform need_to_know.follow_groups(e, p_duties);
  update need_to_know.employee x set duties_asked_at = clock_timestamp() where x.id = e;
  return case when cardinality(need_to_know.duties_of(e, true)) > 0 then e end;
end $$;

-- Starts the session of an account that was just admitted. What the web process proves covers all of it. `p_typed_at`:
-- when (seconds) she last typed something at the provider, who may have let her through without; 0: it does not say.
create function need_to_know.start_city_session(
  p_account bytea, p_provider_session bytea, p_secret_hash bytea, p_sealed bytea, p_typed_at bigint, p_at bigint, p_mac bytea
) returns uuid language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  started uuid;
  e int;
begin
  if need_to_know.is_proof('city-session|' || encode(p_account, 'hex') || '|' || coalesce(encode(p_provider_session, 'hex'), '-')
    || '|' || encode(p_secret_hash, 'hex') || '|' || encode(sha256(p_sealed), 'hex') || '|' || p_typed_at, p_at, p_mac) is not true
  then return null; end if;
  select x.id into e from need_to_know.city_account a join need_to_know.employee x on x.id = a.employee
    where a.token = p_account and x.left_at is null;
  if not found then return null; end if;
  insert into need_to_know.session (secret_hash, employee, method, ends_at, account, provider_session, sealed_tokens, checked_at,
    proved_at)
  values (p_secret_hash, e, 'city-account', clock_timestamp() + interval '12 hours', p_account, p_provider_session, p_sealed,
    clock_timestamp(), least(clock_timestamp(), to_timestamp(p_typed_at))) returning id into started;
  perform ledger.write('staff.signed-in', 'staff', p_employee => e, p_detail => 'by=city-account');
  return started;
end $$;

-- What the web process needs to ask the provider for the holder of this session; nothing where she signed in otherwise.
create function need_to_know.city_session(p_secret bytea)
returns table (id uuid, account bytea, sealed bytea, age double precision, clock bigint)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.account, s.sealed_tokens, extract(epoch from clock_timestamp() - s.checked_at)::double precision, need_to_know.clock()
  from need_to_know.session s where s.secret_hash = sha256(p_secret) and s.method = 'city-account'
    and s.ends_at > clock_timestamp() and s.last_seen_at > clock_timestamp() - interval '1 hour'
$$;

-- What the provider said, at this request, of the holder of this session: her duties become exactly that, before
-- anything is read in her name. An answer that was asked for before the one that last changed them changes nothing.
create function need_to_know.confirm_duties(p_secret bytea, p_duties text[], p_sealed bytea, p_at bigint, p_mac bytea)
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s need_to_know.session;
begin
  if need_to_know.is_proof('duties|' || encode(sha256(p_secret), 'hex') || '|' || array_to_string(p_duties, ',') || '|'
    || coalesce(encode(sha256(p_sealed), 'hex'), '-'), p_at, p_mac) is not true then return false; end if;
  select * into s from need_to_know.session x where x.secret_hash = sha256(p_secret) and x.method = 'city-account'
    and x.ends_at > clock_timestamp() for update;
  if not found then return false; end if;
  if array(select distinct c.duty from need_to_know.charge c where c.employee = s.employee and c.source = 'group'
      and (c.until is null or c.until > city.now()) order by 1)
    is distinct from array(select d.id from need_to_know.duty d where d.id = any (p_duties) order by 1)
  then
    update need_to_know.employee e set duties_asked_at = to_timestamp(p_at / 1000000.0)
    where e.id = s.employee and (e.duties_asked_at is null or e.duties_asked_at <= to_timestamp(p_at / 1000000.0));
    if found then perform need_to_know.follow_groups(s.employee, p_duties); end if;
  elsif p_sealed is null then
    -- Nothing but the time changes: should it be lost in a crash, it is asked again.
    perform set_config('synchronous_commit', 'off', true);
  end if;
  update need_to_know.session x set checked_at = clock_timestamp(), sealed_tokens = coalesce(p_sealed, x.sealed_tokens)
  where x.id = s.id;
  return true;
end $$;

-- The provider signed somebody out: her sessions end, the one it names or all of the account. Null: the token was used before.
create function need_to_know.end_provider_sessions(
  p_account bytea, p_provider_session bytea, p_jti bytea, p_at bigint, p_mac bytea
) returns int language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  e int;
  ended int := 0;
begin
  if need_to_know.is_proof('logout|' || coalesce(encode(p_account, 'hex'), '-') || '|'
    || coalesce(encode(p_provider_session, 'hex'), '-') || '|' || encode(p_jti, 'hex'), p_at, p_mac) is not true
    or coalesce(p_account, p_provider_session) is null then return null; end if;
  insert into need_to_know.logout_token values (p_jti, clock_timestamp() + interval '1 hour') on conflict do nothing;
  if not found then return null; end if;
  for e in
    delete from need_to_know.session s where s.method = 'city-account' and (p_account is null or s.account = p_account)
      and (p_provider_session is null or s.provider_session = p_provider_session) returning s.employee
  loop
    perform ledger.write('staff.signed-out', 'system', p_employee => e, p_detail => 'by=city-account');
    ended := ended + 1;
  end loop;
  return ended;
end $$;

-- Whether the acting employee proved who she is within five minutes: a session that was left open or stolen may read,
-- but it may not make itself a home (a passkey of its own).
create function need_to_know.proved() returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from need_to_know.session s where s.id = (need_to_know.context() ->> 'session')::uuid
    and s.proved_at > clock_timestamp() - interval '5 minutes')
$$;
create function need_to_know.prove_again(p_at bigint, p_mac bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.is_proof('prove|' || (need_to_know.context() ->> 'session'), p_at, p_mac) is not true then return false; end if;
  update need_to_know.session s set proved_at = clock_timestamp() where s.id = (need_to_know.context() ->> 'session')::uuid;
  return found;
end $$;

-- Whether words were typed by the acting employee: in a session of hers, which may have ended.
create function need_to_know.was_hers(p_secret_hash bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select need_to_know.kind() = 'staff' and exists (
    select from need_to_know.session s where s.secret_hash = p_secret_hash and s.employee = need_to_know.employee()
    union all
    select from need_to_know.ended_session s where s.secret_hash = p_secret_hash and s.employee = need_to_know.employee())
$$;

drop function need_to_know.add_passkey(bytea, bytea, bigint, text[], text);
create function need_to_know.add_passkey(p_credential bytea, p_public_key bytea, p_counter bigint, p_transports text[], p_label text)
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.kind() is distinct from 'staff' then
    raise exception 'a passkey belongs to an employee who is signed in' using errcode = 'CH002';
  end if;
  if not need_to_know.proved() then return false; end if;
  insert into need_to_know.passkey (credential_id, employee, public_key, counter, transports, label)
  values (p_credential, need_to_know.employee(), p_public_key, p_counter, p_transports, p_label);
  perform ledger.write('passkey.added', 'staff', p_employee => need_to_know.employee());
  return true;
end $$;
create or replace function need_to_know.remove_passkey(p_credential bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not need_to_know.proved() then return false; end if;
  delete from need_to_know.passkey where credential_id = p_credential and employee = need_to_know.employee();
  if not found then return false; end if;
  perform ledger.write('passkey.removed', 'staff', p_employee => need_to_know.employee());
  return true;
end $$;

-- The glass the acting employee broke over the case in hand, while it lasts and the duty that let her is still hers.
create function need_to_know.glass_in_hand() returns table (duty text, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.duty, g.ends_at from need_to_know.broken_glass g
  where need_to_know.kind() = 'staff' and g.employee = need_to_know.employee() and g.case_id = need_to_know.case_in_hand()
    and g.ends_at > clock_timestamp()
    and g.duty = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))
  order by g.ends_at desc limit 1
$$;

create or replace function vault.open(p_purpose text, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  f correspondence.casefile;
  duty text;
  until timestamptz := clock_timestamp() + interval '15 minutes';
  opening uuid;
begin
  select c.* into f from correspondence.casefile c join vault.subject s on s.id = c.subject
    where c.id = (who ->> 'case')::uuid and s.state = 'in-use';
  if not found then return null; end if;
  if who ->> 'kind' = 'staff' and p_reason = 'break-glass' then
    select g.duty, least(until, g.ends_at) into duty, until from need_to_know.glass_in_hand() g;
    if duty is null then return null; end if;
  elsif who ->> 'kind' = 'staff' then
    select d.id into duty from need_to_know.duty d
      where d.id = need_to_know.duty_for(f.topic, 'read') and p_reason = any (d.reasons);
    if duty is null then
      select d.id into duty from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
        join need_to_know.duty_topic t on t.duty = d.id
        where c.employee = (who ->> 'employee')::int and t.topic = f.topic and 'read' = any (d.powers)
          and (c.source <> 'group' or need_to_know.by_groups())
          and p_reason = any (d.reasons) and c.since <= city.now() and (c.until is null or c.until > city.now())
        order by d.id limit 1;
    end if;
    if duty is null then return null; end if;
  end if;
  insert into vault.opening (subject, case_id, actor_kind, session, entry_id, ends_at)
  values (f.subject, f.id, who ->> 'kind', (who ->> 'session')::uuid,
    vault.record('letter.opened', who ->> 'kind', f.id, f.subject, (who ->> 'employee')::int, duty, p_purpose, p_reason),
    until)
  returning id into opening;
  return opening;
end $$;

create or replace function vault.key(p_opening uuid) returns table (subject uuid, wrapped_key bytea, kek text, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, o.ends_at
  from vault.opening o join vault.subject s on s.id = o.subject join correspondence.casefile f on f.id = o.case_id,
    need_to_know.context() who
  where o.id = p_opening and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
    and o.case_id = (who ->> 'case')::uuid and o.actor_kind = who ->> 'kind'
    and o.session is not distinct from (who ->> 'session')::uuid
    and (o.actor_kind <> 'staff' or need_to_know.duty_for(f.topic, 'read') is not null
      or exists (select from need_to_know.glass_in_hand()))
$$;

-- Breaks the glass over the case with this number, and opens it: both entries and the words why, or nothing. Outcomes:
-- 'done'; 'covered' (a duty of hers reads it anyway; nothing is written); 'no-case' (the try is kept and reviewed too);
-- 'too-many' (five a day); 'not-there' (no duty of hers may break the glass). The same `p_id` posted twice is one.
create function need_to_know.break_glass(p_id uuid, p_number bigint, p_because text, p_sealed bytea, p_review_by date)
returns table (outcome text, case_id uuid)
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  me int := (who ->> 'employee')::int;
  duty text := need_to_know.duty_with('break-glass');
  f correspondence.casefile;
  g need_to_know.broken_glass;
  written uuid;
  at timestamptz := clock_timestamp();
begin
  if duty is null then outcome := 'not-there'; return next; return; end if;
  perform from need_to_know.employee e where e.id = me for update;
  select * into g from need_to_know.broken_glass x where x.id = p_id and x.employee = me;
  if found then
    outcome := case when g.case_id is null then 'no-case' else 'done' end; case_id := g.case_id;
    return next; return;
  end if;
  select c.* into f from correspondence.casefile c join vault.subject s on s.id = c.subject
    where c.number = p_number and s.state = 'in-use';
  if f.topic = any (need_to_know.topics()) and need_to_know.duty_for(f.topic, 'read') is not null then
    outcome := 'covered'; case_id := f.id; return next; return;
  end if;
  if (select count(*) from need_to_know.broken_glass x where x.employee = me
    and x.broken_at > clock_timestamp() - interval '1 day') >= 5 then
    outcome := 'too-many'; return next; return;
  end if;
  insert into need_to_know.broken_glass (id, employee, duty, department, number, case_id, because, sealed_words, broken_at,
    ends_at, review_by)
  select p_id, me, duty, d.department, p_number, f.id, p_because, p_sealed, at, at + interval '1 hour',
    least(p_review_by, current_date + 10)
  from need_to_know.duty d where d.id = duty;
  if f.id is null then
    perform ledger.write('glass.tried', 'staff', p_employee => me, p_duty => duty, p_purpose => 'emergency',
      p_detail => 'because=' || p_because);
    outcome := 'no-case'; return next; return;
  end if;
  written := vault.record('glass.broken', 'staff', f.id, f.subject, me, duty, 'emergency', 'break-glass', 'because=' || p_because);
  update need_to_know.broken_glass x set entry = e.subject_count from ledger.entry e where x.id = p_id and e.id = written;
  perform need_to_know.sign(who || jsonb_build_object('case', f.id));
  perform vault.open('emergency', 'break-glass');
  outcome := 'done'; case_id := f.id;
  return next;
end $$;

-- What the acting employee opened in an emergency, latest first; the way to it only while it is open.
create function need_to_know.own_glass()
returns table (id uuid, number bigint, case_id uuid, found boolean, because text, broken_at timestamptz, ends_at timestamptz, verdict text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.id, g.number, case when g.ends_at > clock_timestamp() then g.case_id end, g.case_id is not null, g.because,
    g.broken_at, g.ends_at, g.verdict from need_to_know.broken_glass g
  where need_to_know.kind() = 'staff' and g.employee = need_to_know.employee() order by g.broken_at desc limit 20
$$;

-- What a reviewer has to judge, and what was judged in the last 30 days. Never what she did herself; what her own
-- department did comes last, since somebody further away should judge it.
create function need_to_know.glass_to_review()
returns table (id uuid, name text, duty text, department text, number bigint, topic text, found boolean, because text,
  sealed_words bytea, broken_at timestamptz, review_by date, overdue boolean, near boolean, verdict text,
  reviewer text, reviewed_at timestamptz, sealed_note bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.id, e.name, g.duty, g.department, g.number, f.topic, g.case_id is not null, g.because, g.sealed_words, g.broken_at,
    g.review_by, g.reviewer is null and g.review_by < city.now()::date,
    g.department in (select d.department from need_to_know.duty d
      where d.id = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))),
    g.verdict, r.name, g.reviewed_at, g.sealed_note
  from need_to_know.broken_glass g join need_to_know.employee e on e.id = g.employee
  left join need_to_know.employee r on r.id = g.reviewer
  left join correspondence.casefile f on f.id = g.case_id
  where need_to_know.duty_with('review') is not null and g.employee <> need_to_know.employee()
    and (g.reviewer is null or g.reviewed_at > clock_timestamp() - interval '30 days')
  order by g.reviewer is not null, 13, g.review_by, g.broken_at limit 200
$$;

-- A second person's judgement, once. 'not-there': no such thing to review, her own, or no duty of hers reviews.
create function need_to_know.review_glass(p_id uuid, p_verdict text, p_sealed_note bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  me int := need_to_know.employee();
  duty text := need_to_know.duty_with('review');
  g need_to_know.broken_glass;
begin
  if duty is null or p_verdict is null or p_verdict not in ('proper', 'not-proper') then return 'not-there'; end if;
  select * into g from need_to_know.broken_glass x where x.id = p_id and x.employee <> me for update;
  if not found then return 'not-there'; end if;
  if g.reviewer is not null then return 'reviewed-already'; end if;
  update need_to_know.broken_glass x set reviewer = me, reviewed_at = clock_timestamp(), verdict = p_verdict,
    sealed_note = p_sealed_note where x.id = p_id;
  if g.case_id is null then
    perform ledger.write('glass.reviewed', 'staff', p_employee => me, p_duty => duty, p_purpose => 'emergency',
      p_detail => 'verdict=' || p_verdict);
  else
    perform vault.record('glass.reviewed', 'staff', f.id, f.subject, me, duty, 'emergency', 'break-glass',
      'verdict=' || p_verdict || ' of=' || g.entry) from correspondence.casefile f where f.id = g.case_id;
  end if;
  return 'done';
end $$;

-- What stands in the rail for whoever has just entered: may she break the glass, and what waits for her review.
create function need_to_know.glass_at_hand(p_employee int) returns table (breaks boolean, reviews int, overdue int)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.employee() is distinct from p_employee or need_to_know.kind() is distinct from 'staff' then return; end if;
  breaks := need_to_know.duty_with('break-glass') is not null;
  if need_to_know.duty_with('review') is not null then
    select count(*), count(*) filter (where g.review_by < city.now()::date) into reviews, overdue
    from need_to_know.broken_glass g where g.reviewer is null and g.employee <> p_employee;
  end if;
  return next;
end $$;

create function need_to_know.sweep_sign_in() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from need_to_know.ended_session where ended_at < clock_timestamp() - interval '1 day';
  delete from need_to_know.sign_in_attempt where ends_at < clock_timestamp();
  delete from need_to_know.logout_token where ends_at < clock_timestamp();
$$;

alter table need_to_know.city_account enable row level security;
alter table need_to_know.ended_session enable row level security;
alter table need_to_know.sign_in_attempt enable row level security;
alter table need_to_know.logout_token enable row level security;
alter table need_to_know.broken_glass enable row level security;
grant execute on function need_to_know.clock(), need_to_know.start_attempt(bytea, bytea), need_to_know.take_attempt(bytea),
  need_to_know.admit_account(bytea, text, text, text[], bigint, bytea),
  need_to_know.start_city_session(bytea, bytea, bytea, bytea, bigint, bigint, bytea), need_to_know.city_session(bytea),
  need_to_know.confirm_duties(bytea, text[], bytea, bigint, bytea),
  need_to_know.end_provider_sessions(bytea, bytea, bytea, bigint, bytea),
  need_to_know.proved(), need_to_know.prove_again(bigint, bytea), need_to_know.was_hers(bytea),
  need_to_know.add_passkey(bytea, bytea, bigint, text[], text), need_to_know.glass_in_hand(),
  need_to_know.break_glass(uuid, bigint, text, bytea, date), need_to_know.own_glass(), need_to_know.glass_to_review(),
  need_to_know.review_glass(uuid, text, bytea), need_to_know.glass_at_hand(int) to cityhall_app;
grant execute on function need_to_know.sweep_sign_in() to cityhall_keeper;

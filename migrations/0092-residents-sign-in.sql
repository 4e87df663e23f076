-- Signing in without a password, by a code that is mailed to an address or by a passkey; a resident's own page; her mail. A
-- known address and an unknown one are the same thing here: both get a code, and whoever types it in is a resident from then on.

-- The code that was mailed last to an address. The address is a keyed hash, the code another; each is good for ten minutes
-- and five tries. `asked` counts the codes of an hour. The mail is sealed for a subject of its own, which ends with the code.
create table residents.code (
  token bytea primary key check (length(token) = 32),
  code_hash bytea not null check (length(code_hash) = 32),
  subject uuid references vault.subject,
  tries int not null default 0,
  ends_at timestamptz not null,
  asked int not null default 1,
  asked_since timestamptz not null default clock_timestamp()
);
alter table residents.code enable row level security;
create index code_ends_at on residents.code (ends_at);

-- Ends a code: its mail goes, sent or not, and the key that opened it.
create function residents.end_code(p_subject uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  if p_subject is null then return; end if;
  update residents.code set subject = null where subject = p_subject;
  delete from residents.mail m where m.subject = p_subject;
  perform vault.destroy_subject(p_subject);
end $$;

-- Mails a code. False: four were asked for this address within the hour, and nothing is sent; whoever asks is told the same.
create function residents.ask_code(p_token bytea, p_code_hash bytea, p_subject uuid, p_wrapped_key bytea, p_kek text,
  p_mail uuid, p_sealed bytea, p_language text, p_at bigint, p_mac bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  c residents.code;
begin
  if need_to_know.is_proof('code|' || encode(p_token, 'hex') || '|' || encode(p_code_hash, 'hex'), p_at, p_mac) is not true
  then return false; end if;
  perform pg_advisory_xact_lock(hashtextextended('residents.code|' || encode(p_token, 'hex'), 0));
  select * into c from residents.code x where x.token = p_token;
  if c.asked >= 4 and c.asked_since > clock_timestamp() - interval '1 hour' then return false; end if;
  perform residents.end_code(c.subject);
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into residents.code as x (token, code_hash, subject, ends_at)
    values (p_token, p_code_hash, p_subject, clock_timestamp() + interval '10 minutes')
  on conflict (token) do update set code_hash = excluded.code_hash, subject = excluded.subject, ends_at = excluded.ends_at, tries = 0,
    asked = case when x.asked_since > clock_timestamp() - interval '1 hour' then x.asked + 1 else 1 end,
    asked_since = case when x.asked_since > clock_timestamp() - interval '1 hour' then x.asked_since else clock_timestamp() end;
  perform residents.post(p_mail, p_subject, 'sign-in-code', p_sealed, p_language);
  return true;
end $$;

-- Whether this is the code. The try is counted first, one after the other; the right code is used up.
create function residents.use_code(p_token bytea, p_code_hash bytea) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  c residents.code;
begin
  update residents.code x set tries = x.tries + 1
    where x.token = p_token and x.tries < 5 and x.ends_at > clock_timestamp() and x.subject is not null
    returning * into c;
  if c.token is null or c.code_hash <> p_code_hash then return false; end if;
  perform residents.end_code(c.subject);
  return true;
end $$;

create function residents.begin_session(p_resident uuid, p_secret_hash bytea, p_method text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into residents.session (secret_hash, resident, method, ends_at)
    values (p_secret_hash, p_resident, p_method, clock_timestamp() + interval '12 hours');
  perform vault.record('resident.signed-in', 'person', null, r.subject, p_purpose => 'own-page', p_detail => 'by=' || p_method)
    from residents.resident r where r.id = p_resident;
end $$;

-- Signs in with the code. What a new resident needs is handed in each time, and used where the address has none yet. `made`:
-- this is her first time. Null: not the code, or no longer; which of both, nobody is told.
create function residents.sign_in_by_code(p_token bytea, p_code_hash bytea, p_secret_hash bytea, p_id uuid, p_subject uuid,
  p_wrapped_key bytea, p_kek text, p_sealed_contact bytea, p_language text, p_at bigint, p_mac bytea) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid;
begin
  if need_to_know.is_proof('resident|' || encode(p_token, 'hex') || '|' || encode(p_secret_hash, 'hex'), p_at, p_mac) is not true
    or not residents.use_code(p_token, p_code_hash)
  then return null; end if;
  who := residents.make(p_token, p_id, p_subject, p_wrapped_key, p_kek, p_sealed_contact, p_language);
  perform residents.begin_session(who, p_secret_hash, 'code');
  return case when who = p_id then 'made' else 'known' end;
end $$;

-- Starts a session for who has shown a passkey of hers to the web process, which proves that it is one.
create function residents.start_session(p_resident uuid, p_secret_hash bytea, p_at bigint, p_mac bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.is_proof('resident|' || p_resident || '|' || encode(p_secret_hash, 'hex'), p_at, p_mac) is not true
    or not exists (select from residents.resident r where r.id = p_resident and r.ended_at is null)
  then return false; end if;
  perform residents.begin_session(p_resident, p_secret_hash, 'passkey');
  return true;
end $$;

create function residents.passkey_material(p_credential bytea)
returns table (resident uuid, public_key bytea, counter bigint, transports text[])
language sql stable strict security definer set search_path = pg_catalog, pg_temp as $$
  select p.resident, p.public_key, p.counter, p.transports from residents.passkey p
  join residents.resident r on r.id = p.resident and r.ended_at is null where p.credential_id = p_credential
$$;
create function residents.note_passkey_use(p_credential bytea, p_counter bigint) returns void
language sql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
  update residents.passkey set counter = greatest(counter, p_counter), used_at = clock_timestamp() where credential_id = p_credential
$$;

-- Whether the acting resident signed in within ten minutes. A session that was left open or stolen may read; it may not make
-- itself a home, nor move the page to another address, nor end it.
create function residents.fresh() returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from residents.session s, need_to_know.context() who
    where who ->> 'kind' = 'resident' and s.id = (who ->> 'session')::uuid
      and s.started_at > clock_timestamp() - interval '10 minutes')
$$;
create function residents.own_passkeys()
returns table (credential_id bytea, label text, transports text[], added_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.credential_id, p.label, p.transports, p.added_at, p.used_at from residents.passkey p
  where p.resident = residents.acting() order by p.added_at
$$;
-- Refusals: 'not-fresh', 'too-many' (ten).
create function residents.add_passkey(p_credential bytea, p_public_key bytea, p_counter bigint, p_transports text[], p_label text)
returns text language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
begin
  if who is null or not residents.fresh() then return 'not-fresh'; end if;
  if (select count(*) from residents.passkey p where p.resident = who) >= 10 then return 'too-many'; end if;
  insert into residents.passkey (credential_id, resident, public_key, counter, transports, label)
    values (p_credential, who, p_public_key, p_counter, p_transports, p_label);
  perform vault.record('passkey.added', 'person', null, r.subject, p_purpose => 'own-page') from residents.resident r where r.id = who;
  return null;
end $$;
create function residents.remove_passkey(p_credential bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
begin
  if who is null or not residents.fresh() then return false; end if;
  delete from residents.passkey p where p.credential_id = p_credential and p.resident = who;
  if not found then return false; end if;
  perform vault.record('passkey.removed', 'person', null, r.subject, p_purpose => 'own-page') from residents.resident r where r.id = who;
  return true;
end $$;

create function residents.own_sessions()
returns table (id uuid, method text, started_at timestamptz, last_seen_at timestamptz, here boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.method, s.started_at, s.last_seen_at, s.id = (need_to_know.context() ->> 'session')::uuid
  from residents.session s where s.resident = residents.acting() and s.ends_at > clock_timestamp()
    and s.last_seen_at > clock_timestamp() - interval '1 hour'
  order by s.last_seen_at desc
$$;
-- Ends the session the acting resident is in, another one of hers, or all.
create function residents.end_session(p_everywhere boolean default false, p_session uuid default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
begin
  if who is null then return; end if;
  delete from residents.session s where s.resident = who
    and (p_everywhere or s.id = coalesce(p_session, (need_to_know.context() ->> 'session')::uuid));
  if not found then return; end if;
  perform vault.record('resident.signed-out', 'person', null, r.subject, p_purpose => 'own-page') from residents.resident r where r.id = who;
end $$;

-- Whom the acting resident may open: herself, each child she stands for, and the record of a child that she was.
create function residents.hers() returns table (subject uuid, resident uuid, child uuid)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.subject, r.id, null::uuid from residents.resident r where r.id = residents.acting() and r.ended_at is null
  union all
  select c.subject, null, c.id from residents.guardianship g join residents.child c on c.id = g.child
    where g.resident = residents.acting() and g.state <> 'ended' and c.came_of_age_at is null and c.ended_at is null
  union all
  select c.subject, null, c.id from residents.child c where c.resident = residents.acting() and c.ended_at is null
$$;

-- Opens the acting resident's page, as `vault.open` does for a letter: an entry for each person on it, and the keys in a later
-- transaction. What this session has open is not opened again; it lasts fifteen minutes.
create function residents.open_page() returns uuid[]
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  here uuid := (need_to_know.context() ->> 'session')::uuid;
  h record;
  openings uuid[] := '{}';
  known uuid;
begin
  if residents.acting() is null then return openings; end if;
  for h in select x.* from residents.hers() x join vault.subject s on s.id = x.subject and s.state = 'in-use' order by x.subject loop
    select o.id into known from vault.opening o
      where o.subject = h.subject and o.people and o.session = here and o.ends_at > clock_timestamp() + interval '1 minute' limit 1;
    if known is null then
      insert into vault.opening (subject, people, actor_kind, session, entry_id, ends_at)
      values (h.subject, true, 'person', here,
        vault.record(case when h.child is null then 'contact.opened' else 'child.opened' end, 'person', null, h.subject,
          p_purpose => 'own-page'), clock_timestamp() + interval '15 minutes')
      returning id into known;
    end if;
    openings := openings || known;
  end loop;
  return openings;
end $$;
create index opening_people on vault.opening (session, subject) where people;

-- The keys of these openings and what they open: only in the session that made them, once their entries have committed, and
-- only of those whom the acting resident may still open.
create function residents.page(p_openings uuid[])
returns table (resident uuid, child uuid, subject uuid, wrapped_key bytea, kek text, sealed bytea, since timestamptz, band text,
  kind text, state text, came_of_age_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select h.resident, h.child, s.id, s.wrapped_key, s.kek, coalesce(r.sealed_contact, c.sealed_about), coalesce(r.since, c.added_at),
    c.band, g.kind, g.state, c.came_of_age_at
  from vault.opening o join residents.hers() h on h.subject = o.subject join vault.subject s on s.id = o.subject
    left join residents.resident r on r.id = h.resident left join residents.child c on c.id = h.child
    left join residents.guardianship g on g.child = h.child and g.resident = residents.acting() and g.state <> 'ended',
    need_to_know.context() who
  where o.id = any (p_openings) and o.people and o.session = (who ->> 'session')::uuid and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and s.state = 'in-use'
  order by h.resident nulls last, c.added_at, c.id
$$;

-- The mails to be tried now, each leased for five minutes: a worker that dies with one leaves it to another. Each is opened as
-- the system, with an entry of whom it is about; the key comes in a later transaction.
create function residents.lease_mail(p_most int) returns table (mail uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m record;
begin
  for m in
    with leased as (
      update residents.mail x set due_at = clock_timestamp() + interval '5 minutes'
      where x.id in (select y.id from residents.mail y where y.state = 'waiting' and y.due_at <= city.now()
        order by y.due_at limit p_most for update skip locked)
      returning x.id, x.subject, x.kind
    ) select l.* from leased l join vault.subject s on s.id = l.subject and s.state = 'in-use' order by s.id, l.id
  loop
    mail := m.id;
    insert into vault.opening (subject, people, actor_kind, entry_id, ends_at)
    values (m.subject, true, 'system',
      vault.record('mail.opened', 'system', null, m.subject, p_purpose => 'post', p_reason => m.kind),
      clock_timestamp() + interval '5 minutes')
    returning id into opening;
    return next;
  end loop;
end $$;
create function residents.mail_in_hand(p_mails uuid[], p_openings uuid[])
returns table (mail uuid, subject uuid, wrapped_key bytea, kek text, sealed bytea, kind text, language text, written_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, s.id, s.wrapped_key, s.kek, m.sealed, m.kind, m.language, m.written_at
  from unnest(p_mails, p_openings) as x (mail, opening) join residents.mail m on m.id = x.mail and m.state = 'waiting'
    join vault.opening o on o.id = x.opening and o.subject = m.subject and o.people and o.actor_kind = 'system'
    join vault.subject s on s.id = m.subject and s.state = 'in-use'
  where o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed'
$$;
-- How a mail fared. 'waiting' counts a try and puts the next one off: half a minute, then twice as long each time, two hours at
-- most; after three days it has failed. What is sent or has failed keeps no words.
create function residents.settle_mail(p_mail uuid, p_state text, p_failure text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m residents.mail;
begin
  select * into m from residents.mail x where x.id = p_mail and x.state = 'waiting' for update;
  if not found then return; end if;
  if p_state = 'waiting' and m.written_at < city.now() - interval '3 days' then p_state := 'failed'; end if;
  update residents.mail x set state = p_state, attempts = x.attempts + 1, failure = p_failure,
    due_at = city.now() + least(interval '2 hours', interval '30 seconds' * power(2, least(x.attempts, 10))),
    settled_at = case when p_state = 'waiting' then null else city.now() end,
    sealed = case when p_state in ('sent', 'failed') then null else x.sealed end
  where x.id = p_mail;
  if p_state <> 'waiting' then
    perform vault.record('mail.' || p_state, 'system', null, m.subject, p_purpose => 'post', p_reason => m.kind);
  end if;
end $$;

-- Sweeps what has run out: sessions, codes and their mails, and rows of mails that were settled a month ago.
create function residents.sweep() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from residents.session s where s.ends_at < clock_timestamp();
  perform residents.end_code(c.subject) from residents.code c where c.ends_at < clock_timestamp() and c.subject is not null;
  delete from residents.code c where c.ends_at < clock_timestamp() and c.asked_since < clock_timestamp() - interval '1 hour';
  delete from residents.mail m where m.settled_at < city.now() - interval '30 days' and m.sealed is null;
end $$;

grant execute on function residents.ask_code(bytea, bytea, uuid, bytea, text, uuid, bytea, text, bigint, bytea),
  residents.sign_in_by_code(bytea, bytea, bytea, uuid, uuid, bytea, text, bytea, text, bigint, bytea),
  residents.start_session(uuid, bytea, bigint, bytea), residents.passkey_material(bytea), residents.note_passkey_use(bytea, bigint),
  residents.own_passkeys(), residents.add_passkey(bytea, bytea, bigint, text[], text), residents.remove_passkey(bytea),
  residents.own_sessions(), residents.end_session(boolean, uuid), residents.open_page(), residents.page(uuid[]) to cityhall_app;
grant execute on function residents.lease_mail(int), residents.mail_in_hand(uuid[], uuid[]),
  residents.settle_mail(uuid, text, text), residents.sweep() to cityhall_keeper;

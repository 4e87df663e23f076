-- Residents: who has a page of her own at /me, as a guardian or for herself. Nobody needs one to write to the city. Names,
-- addresses and birthdays are sealed, each person under a key of her own; what stands open are identifiers, times and kinds.
create schema residents;
grant usage on schema residents to cityhall_app, cityhall_keeper;

-- One power more of a duty: `consent`, to verify who consents for a child and to read the mail to people that could not go out.
do $$ declare rule text; begin
  select pg_get_constraintdef(c.oid) into strict rule from pg_constraint c
    where c.conrelid = 'need_to_know.duty'::regclass and c.conname = 'duty_powers_check';
  execute 'alter table need_to_know.duty drop constraint duty_powers_check';
  execute 'alter table need_to_know.duty add constraint duty_powers_check '
    || replace(rule, quote_literal('read') || '::text', quote_literal('read') || '::text, ' || quote_literal('consent') || '::text');
end $$;

-- Who left keeps a row of codes: what she did stays written.
create table residents.resident (
  id uuid primary key,
  subject uuid not null unique references vault.subject,
  language text not null check (language in ('en', 'es')),
  -- {"name", "email", "telephone"?}
  sealed_contact bytea check (octet_length(sealed_contact) <= 4000),
  since timestamptz not null default city.now(),
  ended_at timestamptz,
  check ((ended_at is null) = (sealed_contact is not null))
);
-- The proved e-mail address, as a keyed hash that is used for nothing else: who signs in is found, and nobody else is.
create table residents.address (
  token bytea primary key check (length(token) = 32),
  resident uuid not null unique references residents.resident
);
create table residents.session (
  id uuid primary key default gen_random_uuid(),
  secret_hash bytea not null unique check (length(secret_hash) = 32),
  resident uuid not null references residents.resident,
  method text not null check (method in ('code', 'passkey')),
  started_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  ends_at timestamptz not null
);
create index session_resident on residents.session (resident);
create table residents.passkey (
  credential_id bytea primary key,
  resident uuid not null references residents.resident,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  label text not null check (length(label) between 1 and 60),
  added_at timestamptz not null default clock_timestamp(),
  used_at timestamptz
);
create index passkey_resident on residents.passkey (resident);

-- A child as the city's people rooms know her: first name and birthday sealed, the band open. `of_age_token` is a keyed hash of
-- the day on which she is 18: the worker finds whose day it is, and a stolen copy of this table tells no birthday.
create table residents.child (
  id uuid primary key,
  subject uuid not null unique references vault.subject,
  -- {"firstName", "born"?}; null once forgotten
  sealed_about bytea check (octet_length(sealed_about) <= 2000),
  band text check (band ~ '^[a-z0-9-]{1,20}$'),
  of_age_token bytea check (length(of_age_token) = 32),
  added_at timestamptz not null default city.now(),
  came_of_age_at timestamptz,
  came_by text check (came_by in ('age', 'emancipation')),
  -- Her own page, once she is of age or emancipated.
  resident uuid references residents.resident,
  ended_at timestamptz,
  check ((came_of_age_at is null) = (came_by is null)),
  check (resident is null or came_of_age_at is not null),
  check ((ended_at is null) = (sealed_about is not null))
);
create index child_of_age on residents.child (of_age_token) where came_of_age_at is null and of_age_token is not null;
create index child_resident on residents.child (resident) where resident is not null;

-- Who stands for a child. `claimed`: she says so; `shown`: an employee saw what proves it, and the document is not kept.
create table residents.guardianship (
  resident uuid not null references residents.resident,
  child uuid not null references residents.child,
  kind text not null check (kind in ('parent', 'legal-guardian', 'foster-parent', 'institution')),
  state text not null default 'claimed' check (state in ('claimed', 'shown', 'ended')),
  shown_by int references need_to_know.employee,
  duty text,
  since timestamptz not null default city.now(),
  shown_at timestamptz,
  until timestamptz,
  primary key (resident, child),
  check ((state = 'ended') = (until is not null)),
  check ((shown_at is null) = (shown_by is null) and (shown_by is null) = (duty is null)),
  check (state <> 'shown' or shown_at is not null)
);
create index guardianship_child on residents.guardianship (child);

-- Mails to people that hang on no case. The row is its own place in the queue. The words, the address among them, are made by
-- the room that owns the kind when it writes the mail, and sealed under the key of whoever or whatever it is about: a consent
-- that ends takes its waiting mail with it. They are dropped when the mail is sent.
create table residents.mail (
  id uuid primary key,
  subject uuid not null references vault.subject,
  kind text not null check (kind ~ '^[a-z][a-z-]{1,39}$'),
  -- {"to", "title", "parts": [{"words", "link"?}]}
  sealed bytea check (octet_length(sealed) <= 60000),
  language text not null check (language in ('en', 'es')),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
  written_at timestamptz not null default city.now(),
  due_at timestamptz not null default city.now(),
  attempts int not null default 0,
  failure text check (failure ~ '^[A-Za-z0-9.-]{1,40}$'),
  settled_at timestamptz,
  check ((state = 'waiting') = (settled_at is null)),
  check (sealed is null or state in ('waiting', 'kept'))
);
create index mail_due on residents.mail (due_at) where state = 'waiting';
create index mail_kept on residents.mail (written_at) where state = 'kept';
create index mail_subject on residents.mail (subject);

-- Rooms above hook in here: when one of these happens, `follow(p_ids uuid[]) returns text` of theirs is called in the same
-- transaction, by its name. `of-age` (children who are of age or emancipated from now on) and `child-ended` act and return
-- null. `leaving` (a resident who wants to end her page) returns null, or the code of why she cannot yet.
create table residents.follower (
  room text not null check (room ~ '^[a-z_]+$'),
  event text not null check (event in ('of-age', 'child-ended', 'leaving')),
  follow text not null check (follow ~ '^[a-z_]+\.[a-z_]+$'),
  primary key (event, room)
);

alter table residents.resident enable row level security;
alter table residents.address enable row level security;
alter table residents.session enable row level security;
alter table residents.passkey enable row level security;
alter table residents.child enable row level security;
alter table residents.guardianship enable row level security;
alter table residents.mail enable row level security;
alter table residents.follower enable row level security;

-- Calls what follows an event, in the order of the rooms' names; the first refusal, or null.
create function residents.tell(p_event text, p_ids uuid[]) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f text;
  said text;
begin
  for f in select x.follow from residents.follower x where x.event = p_event order by x.room loop
    execute format('select %s($1)', f) into said using p_ids;
    if said is not null then return said; end if;
  end loop;
  return null;
end $$;

-- Enters as the resident whose session's secret this is, for one transaction. No row: no such session, it has ended (12
-- hours, or one hour unused), or she has left. `fresh`: she proved who she is within the last ten minutes.
create function residents.enter(secret bytea) returns table (resident uuid, session uuid, language text, fresh boolean)
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  s residents.session;
begin
  select x.* into s from residents.session x join residents.resident r on r.id = x.resident and r.ended_at is null
    where x.secret_hash = sha256(secret) and x.ends_at > clock_timestamp()
      and x.last_seen_at > clock_timestamp() - interval '1 hour';
  if not found then return; end if;
  if s.last_seen_at < clock_timestamp() - interval '5 minutes' then
    update residents.session x set last_seen_at = clock_timestamp() where x.id = s.id;
  end if;
  perform need_to_know.sign(jsonb_build_object('kind', 'resident', 'resident', s.resident, 'session', s.id));
  return query select r.id, s.id, r.language, s.started_at > clock_timestamp() - interval '10 minutes'
    from residents.resident r where r.id = s.resident;
end $$;

-- The acting resident, or null.
create function residents.acting() returns uuid language sql stable set search_path = pg_catalog, pg_temp as $$
  select (who ->> 'resident')::uuid from need_to_know.context() who where who ->> 'kind' = 'resident'
$$;

-- Whether a resident stands for a child: hers, in force, and the child is neither of age nor ended.
create function residents.stands_for(p_resident uuid, p_child uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from residents.guardianship g join residents.child c on c.id = g.child
    where g.resident = p_resident and g.child = p_child and g.state <> 'ended'
      and c.came_of_age_at is null and c.ended_at is null)
$$;

-- Whoever stands for a child today: whom to write to, and who may give and revoke.
create function residents.guardians(p_child uuid)
returns table (resident uuid, subject uuid, language text, kind text, state text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select r.id, r.subject, r.language, g.kind, g.state
  from residents.guardianship g join residents.resident r on r.id = g.resident and r.ended_at is null
    join residents.child c on c.id = g.child and c.came_of_age_at is null and c.ended_at is null
  where g.child = p_child and g.state <> 'ended' order by g.since, r.id
$$;

-- The resident whose proved address this is; where there is none, she is made of what is handed in.
create function residents.make(p_token bytea, p_id uuid, p_subject uuid, p_wrapped_key bytea, p_kek text,
  p_sealed_contact bytea, p_language text, p_detail text default null) returns uuid
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  known uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('residents.address|' || encode(p_token, 'hex'), 0));
  select a.resident into known from residents.address a where a.token = p_token;
  if found then return known; end if;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into residents.resident (id, subject, language, sealed_contact) values (p_id, p_subject, p_language, p_sealed_contact);
  insert into residents.address values (p_token, p_id);
  perform vault.record('resident.joined', 'person', null, p_subject, p_purpose => 'own-page', p_detail => p_detail);
  return p_id;
end $$;

-- A child, and who claims to stand for her. Rooms above call it where a consent needs it, and only there.
create function residents.put_child(p_resident uuid, p_kind text, p_id uuid, p_subject uuid, p_wrapped_key bytea, p_kek text,
  p_sealed_about bytea, p_band text, p_of_age_token bytea) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into residents.child (id, subject, sealed_about, band, of_age_token)
    values (p_id, p_subject, p_sealed_about, p_band, p_of_age_token);
  insert into residents.guardianship (resident, child, kind) values (p_resident, p_id, p_kind);
  perform vault.record('child.added', 'person', null, p_subject, p_purpose => 'household', p_detail => 'as=' || p_kind);
end $$;

-- The same for the acting resident herself. Refusals: 'not-there' (nobody acts), 'too-many' (twenty children).
create function residents.add_child(p_kind text, p_id uuid, p_subject uuid, p_wrapped_key bytea, p_kek text,
  p_sealed_about bytea, p_band text, p_of_age_token bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
begin
  if who is null then return 'not-there'; end if;
  perform from residents.resident r where r.id = who for no key update;
  if (select count(*) from residents.guardianship g where g.resident = who and g.state <> 'ended') >= 20 then
    return 'too-many';
  end if;
  perform residents.put_child(who, p_kind, p_id, p_subject, p_wrapped_key, p_kek, p_sealed_about, p_band, p_of_age_token);
  return null;
end $$;

-- A clerk saw what shows that this resident stands for this child. Rooms above call it in the act that verifies a consent.
create function residents.show_guardianship(p_resident uuid, p_child uuid, p_kind text, p_employee int, p_duty text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update residents.guardianship g set state = 'shown', kind = p_kind, shown_by = p_employee, duty = p_duty, shown_at = city.now()
    where g.resident = p_resident and g.child = p_child and g.state <> 'ended';
  if not found then return false; end if;
  perform vault.record('guardian.shown', 'staff', null, c.subject, p_employee, p_duty, 'household', p_detail => 'as=' || p_kind)
    from residents.child c where c.id = p_child;
  return true;
end $$;

-- Puts a mail into the queue, in the transaction of the act that it tells of. What is already there under this id stays.
create function residents.post(p_id uuid, p_subject uuid, p_kind text, p_sealed bytea, p_language text, p_due timestamptz default null)
returns void language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into residents.mail (id, subject, kind, sealed, language, due_at)
  values (p_id, p_subject, p_kind, p_sealed, p_language, coalesce(p_due, city.now())) on conflict (id) do nothing
$$;

-- Drops what waits or is kept for these subjects: what they were told must not be told any more. Returns how many waited.
create function residents.drop_mail(p_subjects uuid[]) returns int
language sql volatile set search_path = pg_catalog, pg_temp as $$
  with dropped as (delete from residents.mail m where m.subject = any (p_subjects) and m.sealed is not null returning m.state)
  select count(*) filter (where state = 'waiting')::int from dropped
$$;

grant execute on function residents.enter(bytea), residents.acting(),
  residents.add_child(text, uuid, uuid, bytea, text, bytea, text, bytea) to cityhall_app;

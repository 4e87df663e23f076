-- Consent: asked of a parent, given for one purpose, shown to be hers, withdrawn in a minute. What a consent lets the city
-- know is sealed under a key of the consent's own: no consent in force, no key (decision 0033).
create schema consent;
grant usage on schema consent to cityhall_app, cityhall_keeper;

-- What city/consent.yaml says, as far as the rules below need it.
create table consent.rules (
  only_one boolean primary key default true check (only_one),
  time_zone text not null,
  answer_days int not null check (answer_days between 1 and 90),
  remind_day int not null check (remind_day > 0 and remind_day < answer_days),
  verify_days int not null check (verify_days between 1 and 365),
  proof_days int not null check (proof_days between 1 and 3650),
  post_days int not null check (post_days between 1 and 365),
  conflict_days int not null check (conflict_days between 1 and 365),
  of_age_days int not null check (of_age_days between 1 and 365),
  backup_days int not null check (backup_days between 1 and 3650)
);
-- How a guardian shows who she is; the city's file says which ways it offers, and how strong each is.
create table consent.method (
  id text primary key check (id in ('email-plus', 'code-by-post', 'signed-form', 'telephone', 'video', 'counter')),
  strength int not null check (strength between 1 and 3),
  offered boolean not null default true
);

-- What a guardian is told and asked: data, named by its own hash, so that whoever consented can be shown for ever what to.
create table consent.notice (
  hash bytea primary key check (hash = sha256(convert_to(content, 'UTF8'))),
  thing text not null check (thing ~ '^[a-z]+:[a-z0-9-]{1,60}$'),
  version int not null check (version > 0),
  content text not null check (octet_length(content) <= 1000000 and jsonb_typeof(content::jsonb -> 'purposes') = 'array'),
  since timestamptz not null default city.now(),
  unique (thing, version)
);

-- A question to a parent. Until she answers it holds a contact and a first name, sealed under a key of its own, and nothing
-- else; both go when it ends (16 CFR 312.5(c)(1); the days are the city's).
create table consent.request (
  id uuid primary key,
  number int not null unique generated always as identity (start with 1001),
  thing text not null,
  notice bytea not null references consent.notice,
  band text not null check (band in ('under-13', 'under-18')),
  subject uuid not null unique references vault.subject,
  -- Keyed hash of the address that was asked: whoever proves it at /me finds the question there.
  contact_token bytea check (length(contact_token) = 32),
  -- {"email", "firstName"}; answered: {"email", "firstName", "guardian"}
  sealed bytea check (octet_length(sealed) <= 4000),
  language text not null check (language in ('en', 'es')),
  asked_by text not null check (asked_by in ('child', 'guardian')),
  -- What the child goes on with.
  code_hash bytea not null unique check (length(code_hash) = 32),
  asked_at timestamptz not null default city.now(),
  ends_on date not null,
  state text not null default 'asked' check (state in ('asked', 'answered', 'settled', 'declined', 'lapsed')),
  resident uuid references residents.resident,
  child uuid references residents.child,
  answered_at timestamptz,
  ended_at timestamptz,
  check ((state in ('asked', 'answered')) = (ended_at is null)),
  check (state in ('asked', 'answered') or (sealed is null and contact_token is null)),
  check ((state in ('answered', 'settled')) = (resident is not null and child is not null and answered_at is not null)
    or state in ('asked', 'lapsed'))
);
create index request_token on consent.request (contact_token) where contact_token is not null;
create index request_ends on consent.request (ends_on) where state in ('asked', 'answered');
create index request_child on consent.request (child);

-- That a guardian is who she says, for one child: who saw it, how, when, and of a signed form the hash. Never the document.
create table consent.proof (
  id uuid primary key default gen_random_uuid(),
  child uuid not null references residents.child,
  resident uuid not null references residents.resident,
  method text not null references consent.method,
  strength int not null check (strength between 1 and 3),
  employee int references need_to_know.employee,
  duty text,
  at timestamptz not null default city.now(),
  until date not null,
  notice bytea not null references consent.notice,
  evidence_hash bytea check (length(evidence_hash) = 32),
  check ((employee is null) = (duty is null)),
  check (employee is not null or method in ('email-plus', 'code-by-post')),
  check ((method = 'signed-form') = (evidence_hash is not null))
);
create index proof_of on consent.proof (child, resident);

create table consent.consent (
  id uuid primary key,
  child uuid not null references residents.child,
  request uuid not null references consent.request,
  thing text not null,
  purpose text not null check (purpose ~ '^[a-z][a-z0-9-]{0,59}$'),
  notice bytea not null references consent.notice,
  -- Null where the answer was no: nothing is ever held.
  subject uuid unique references vault.subject,
  needed boolean not null,
  record boolean not null,
  topic text not null references city.topic,
  sight text not null check (sight in ('topic', 'session', 'nobody')),
  closed_to_guardians boolean not null,
  strength int not null check (strength between 1 and 3),
  -- Governments that are given what is held, and are told when it ends.
  agencies text[] not null default '{}',
  given_by uuid not null references residents.resident,
  given_at timestamptz not null default city.now(),
  proof uuid references consent.proof,
  state text not null check (state in ('given', 'in-force', 'declined', 'revoked', 'expired', 'frozen', 'passed')),
  until date not null,
  ended_at timestamptz,
  -- The guardian, or the person herself, who took it back.
  ended_by uuid references residents.resident,
  retention text not null check (retention ~ '^[a-z][a-z0-9-]{0,59}$'),
  check ((state = 'declined') = (subject is null)),
  check ((state in ('revoked', 'expired')) = (ended_at is not null)),
  check (state not in ('in-force', 'passed') or proof is not null)
);
create unique index consent_one_live on consent.consent (child, thing, purpose)
  where state in ('given', 'in-force', 'frozen', 'passed');
create index consent_child on consent.consent (child, given_at);
create index consent_request on consent.consent (request);
create index consent_until on consent.consent (until) where state in ('given', 'in-force', 'frozen', 'passed');

-- What the city holds about a child: here and nowhere else, each value sealed under its consent's key.
create table consent.held (
  consent uuid not null references consent.consent,
  field text not null check (field ~ '^[A-Za-z][A-Za-z0-9_.-]{0,59}$'),
  sealed bytea not null check (octet_length(sealed) <= 60000),
  record boolean not null,
  at timestamptz not null default city.now(),
  primary key (consent, field)
);

-- One look, at what is held under a consent or at a request. As in the vault: the key comes after its entry has committed.
create table consent.opening (
  id uuid primary key default gen_random_uuid(),
  consent uuid references consent.consent,
  request uuid references consent.request,
  actor_kind text not null check (actor_kind in ('resident', 'staff', 'child')),
  session uuid,
  entry_id uuid not null references ledger.entry,
  written_by xid8 not null default pg_current_xact_id(),
  ends_at timestamptz not null default clock_timestamp() + interval '15 minutes',
  check ((consent is null) <> (request is null)),
  check ((session is null) = (actor_kind = 'child'))
);
create index opening_consent on consent.opening (consent);
create index opening_request on consent.opening (request);
create index opening_ends_at on consent.opening (ends_at);

-- What followed from a revocation, line by line. Its hash stands in the ledger: the checkpoint over that entry is the
-- signature. Codes and identifiers only.
create table consent.receipt (
  id uuid primary key,
  child uuid not null references residents.child,
  at timestamptz not null default city.now(),
  content text not null,
  hash bytea not null unique check (hash = sha256(convert_to(content, 'UTF8')))
);
create index receipt_child on consent.receipt (child);

-- Two guardians who do not agree. Use has stopped; a clerk settles it.
create table consent.conflict (
  id uuid primary key default gen_random_uuid(),
  consent uuid not null references consent.consent,
  wants uuid not null references residents.resident,
  objects uuid not null references residents.resident,
  at timestamptz not null default city.now(),
  settled_at timestamptz,
  employee int references need_to_know.employee,
  duty text,
  outcome text check (outcome in ('in-force', 'revoked')),
  check (wants <> objects),
  check ((settled_at is null) = (outcome is null))
);
create unique index conflict_open on consent.conflict (consent) where settled_at is null;

-- Governments that were given what is held, and are told to stop: by which consent, and whether the word has gone out.
create table consent.stop (
  id uuid primary key default gen_random_uuid(),
  consent uuid not null references consent.consent,
  agency text not null check (agency ~ '^[a-z][a-z0-9-]{0,59}$'),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
  due_at timestamptz not null default city.now(),
  attempts int not null default 0,
  settled_at timestamptz,
  unique (consent, agency)
);
create index stop_due on consent.stop (due_at) where state = 'waiting';

alter table consent.rules enable row level security;
alter table consent.method enable row level security;
alter table consent.notice enable row level security;
alter table consent.request enable row level security;
alter table consent.proof enable row level security;
alter table consent.consent enable row level security;
alter table consent.held enable row level security;
alter table consent.opening enable row level security;
alter table consent.receipt enable row level security;
alter table consent.conflict enable row level security;
alter table consent.stop enable row level security;

create function consent.today() returns date language sql volatile set search_path = pg_catalog, pg_temp as $$
  select (city.now() at time zone r.time_zone)::date from consent.rules r
$$;
-- One purpose of a notice, as it was told.
create function consent.purpose(p_notice bytea, p_purpose text) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select p from consent.notice n cross join lateral jsonb_array_elements(n.content::jsonb -> 'purposes') p
  where n.hash = p_notice and p ->> 'id' = p_purpose
$$;

-- What follows from the end of a consent, in codes: the preview's lines, the receipt's, and what was done.
create type consent.consequence as (consent uuid, code text, thing text, at date, detail text);

-- Rooms above hook in here: each puts its own body into its slot (`create or replace`). It DOES its part of ending these
-- consents, which are locked and still as they were, and returns what it did: the same rows each time, nothing random.
create function consent.follow_forms(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$ begin return; end $$;
create function consent.follow_activities(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$ begin return; end $$;
create function consent.follow(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  return query select * from consent.follow_forms(p_consents);
  return query select * from consent.follow_activities(p_consents);
end $$;
-- Whether an employee runs today what this consent (sight 'session') is for: activities answers.
create function consent.sees(p_consent uuid, p_employee int) returns boolean
language plpgsql stable set search_path = pg_catalog, pg_temp as $$ begin return false; end $$;

-- Whether the city may use what a consent lets it know. `passed`: she came of age, and has some days to say so herself.
create function consent.in_force(p_consent uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from consent.consent c where c.id = p_consent and c.state in ('in-force', 'passed'))
$$;

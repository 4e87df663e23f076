-- A subject is a person as one case knows her. Her words are sealed under her own data key; the wrapped key is here,
-- readable by nobody, and what wraps it is not in this database at all.
create table vault.subject (
  id uuid primary key,
  state text not null default 'in-use' check (state in ('in-use', 'withdrawn', 'destroyed')),
  wrapped_key bytea,
  kek text not null,
  entries int not null default 0,
  check ((state = 'destroyed') = (wrapped_key is null))
);

-- Blind tokens: keyed hashes of an e-mail address, telephone number or name, so that a clerk who is told one can
-- find the person's cases. They are deleted with the key.
create table vault.token (
  kind text not null check (kind in ('email', 'telephone', 'name')),
  token bytea not null check (length(token) = 32),
  subject uuid not null references vault.subject,
  primary key (kind, token, subject)
);
create index token_subject on vault.token (subject);

-- One look. It carries the transaction that wrote it, so that the key can be withheld until that has committed.
create table vault.opening (
  id uuid primary key default gen_random_uuid(),
  subject uuid not null references vault.subject,
  case_id uuid not null,
  actor_kind text not null check (actor_kind in ('person', 'staff', 'system')),
  session uuid,
  entry_id uuid not null references ledger.entry,
  written_by xid8 not null default pg_current_xact_id(),
  ends_at timestamptz not null,
  check ((actor_kind = 'staff') = (session is not null))
);
create index opening_ends_at on vault.opening (ends_at);

alter table vault.subject enable row level security;
alter table vault.token enable row level security;
alter table vault.opening enable row level security;

-- Writes one entry about a subject and counts it: a person who sees entries 1 to n knows that none is hidden.
create function vault.record(
  p_act text, p_actor_kind text, p_case uuid, p_subject uuid, p_employee int default null, p_duty text default null,
  p_purpose text default null, p_reason text default null, p_detail text default null
) returns uuid language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  counted int;
begin
  update vault.subject set entries = entries + 1 where id = p_subject returning entries into counted;
  return ledger.write(p_act, p_actor_kind, p_case, p_subject, counted, p_employee, p_duty, p_purpose, p_reason, p_detail);
end $$;

-- The key-encryption keys this database was ever sealed with, by fingerprint: a start with other keys is refused.
create table vault.kek (
  id text primary key,
  fingerprint bytea not null check (length(fingerprint) = 32),
  since timestamptz not null default now()
);
alter table vault.kek enable row level security;

-- Which of the city's keys a process lacks (it names those it has, by fingerprint): it must not serve without them.
create function vault.missing_keys(p_ids text[], p_fingerprints bytea[]) returns text[]
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(k.id), '{}') from vault.kek k
  where not exists (select from unnest(p_ids, p_fingerprints) as x (id, fingerprint)
    where x.id = k.id and x.fingerprint = k.fingerprint)
$$;
grant execute on function vault.missing_keys(text[], bytea[]) to cityhall_app, cityhall_keeper;

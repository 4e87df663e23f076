-- What somebody began to write in a form and keeps for later. It is no record of the city: it is sealed under a key of its
-- own, which is itself sealed under the resume code that only she has. So with the whole database and all of the city’s keys
-- nobody opens it, and where the row is gone the key is gone.
create schema if not exists forms;
grant usage on schema forms to cityhall_app, cityhall_keeper;

create table forms.draft (
  id uuid primary key,
  form text not null check (form ~ '^[a-z][a-z0-9-]{0,59}$'),
  -- Of a secret made from the code under the city’s key: neither leads to the other without it.
  secret_hash bytea not null unique check (length(secret_hash) = 32),
  wrapped bytea not null check (length(wrapped) between 32 and 200),
  sealed bytea not null check (length(sealed) between 30 and 1500000),
  kept_until timestamptz not null
);
alter table forms.draft enable row level security;
create index draft_kept_until on forms.draft (kept_until);

-- Files that wait outside a case longer than a day. Who holds them is an identifier that leads nowhere from here.
create table attachments.waiting (
  file uuid not null,
  held_by uuid not null,
  until timestamptz not null,
  primary key (file, held_by)
);
alter table attachments.waiting enable row level security;
create index waiting_held_by on attachments.waiting (held_by);

create or replace function attachments.named(p_ids uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.id from attachments.attachment a where a.id = any (p_ids) and a.state <> 'refused'
  union
  select w.file from attachments.waiting w where w.file = any (p_ids) and w.until > city.now()
$$;

-- The files of what `p_holder` keeps: these and no others, until then.
create function attachments.hold(p_holder uuid, p_files uuid[], p_until timestamptz) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  delete from attachments.waiting where held_by = p_holder;
  insert into attachments.waiting select f, p_holder, p_until from unnest(p_files) as x (f);
$$;

-- Keeps a draft, or what is in it now. The secret is presented, its hash is kept. Outcomes: 'kept'; 'again' (it was kept
-- before: its days begin anew).
create function forms.keep_draft(p_id uuid, p_form text, p_secret bytea, p_wrapped bytea, p_sealed bytea, p_files uuid[], p_days int)
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  until timestamptz := city.now() + make_interval(days => p_days);
  first boolean;
begin
  if p_days not between 1 and 60 or cardinality(p_files) > 30 then raise exception 'no draft is kept so'; end if;
  insert into forms.draft as d values (p_id, p_form, sha256(p_secret), p_wrapped, p_sealed, until)
  on conflict (secret_hash) do update set wrapped = excluded.wrapped, sealed = excluded.sealed, kept_until = excluded.kept_until
    where d.id = excluded.id
  returning xmax = 0 into first;
  if first is null then raise exception 'no draft is kept so'; end if;
  perform attachments.hold(p_id, p_files, until);
  perform ledger.write('draft.kept', 'person', p_purpose => p_form, p_detail => 'draft=' || p_id);
  return case when first then 'kept' else 'again' end;
end $$;

-- The draft of the secret that is presented; nothing where there is none, or its days are over.
create function forms.draft_of(p_secret bytea) returns table (id uuid, form text, wrapped bytea, sealed bytea, kept_until timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.id, d.form, d.wrapped, d.sealed, d.kept_until from forms.draft d
  where d.secret_hash = sha256(p_secret) and d.kept_until > city.now()
$$;

-- The draft and its key are gone. `p_because`: 'sent', or 'asked'. False where there was none.
create function forms.end_draft(p_secret bytea, p_because text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d forms.draft;
begin
  if p_because not in ('sent', 'asked') then raise exception 'no draft ends so'; end if;
  delete from forms.draft x where x.secret_hash = sha256(p_secret) returning * into d;
  if not found then return false; end if;
  perform attachments.hold(d.id, '{}', now());
  perform ledger.write('draft.destroyed', 'person', p_purpose => d.form, p_detail => 'draft=' || d.id || ' because=' || p_because);
  return true;
end $$;

-- What nobody came back for.
create function forms.sweep_drafts() returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  d forms.draft; gone int := 0;
begin
  for d in delete from forms.draft where kept_until <= city.now() returning * loop
    perform attachments.hold(d.id, '{}', now());
    perform ledger.write('draft.destroyed', 'system', p_purpose => d.form, p_detail => 'draft=' || d.id || ' because=expired');
    gone := gone + 1;
  end loop;
  return gone;
end $$;

grant execute on function forms.keep_draft(uuid, text, bytea, bytea, bytea, uuid[], int), forms.draft_of(bytea),
  forms.end_draft(bytea, text) to cityhall_app;
grant execute on function forms.sweep_drafts() to cityhall_keeper;

-- Files that came with a message. The file itself lies in the file store, sealed under a key of its own; here is what
-- belongs to it, and its name and key sealed under the person's data key: when that is destroyed, so is the file.
create schema attachments;
grant usage on schema attachments to cityhall_app, cityhall_keeper;

create table attachments.attachment (
  id uuid primary key,
  case_id uuid not null,
  message_id uuid not null,
  position int not null check (position between 1 and 100),
  kind text not null check (kind in ('jpeg', 'png', 'webp', 'gif', 'pdf', 'text', 'csv', 'mail')),
  bytes bigint not null check (bytes > 0),
  -- 'held': not scanned yet, shown to nobody. 'refused': the scanner found something, and the file is gone.
  state text not null check (state in ('ready', 'held', 'refused')),
  -- When a held file is to be scanned next; a try that began moves this on, so that no two begin together.
  due_at timestamptz,
  sealed bytea not null,
  unique (case_id, message_id, position),
  foreign key (case_id, message_id) references correspondence.message (case_id, id),
  check ((state = 'held') = (due_at is not null))
);
create index attachment_held on attachments.attachment (due_at) where state = 'held';
alter table attachments.attachment enable row level security;
do $$ declare c record; begin
  for c in select attname from pg_attribute where attnum > 0 and attrelid = 'attachments.attachment'::regclass
  loop execute format('alter table attachments.attachment alter column %I set statistics 0', c.attname); end loop;
end $$;

-- Attaches files to one message, in the act's own transaction; called only by the acts below.
create function attachments.attach(p_case uuid, p_message uuid, p_id uuid[], p_kind text[], p_bytes bigint[],
  p_state text[], p_sealed bytea[]) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into attachments.attachment (id, case_id, message_id, position, kind, bytes, state, due_at, sealed)
  select x.id, p_case, p_message, x.position, x.kind, x.bytes, x.state,
    case when x.state = 'held' then clock_timestamp() end, x.sealed
  from unnest(p_id, p_kind, p_bytes, p_state, p_sealed) with ordinality as x (id, kind, bytes, state, sealed, position)
$$;

-- Receives one letter with files: `correspondence.receive`, and the files in the same transaction. A letter without
-- files does not come through here, so it pays nothing. A file is in one letter only: its key says so.
create function attachments.receive(
  p_channel text, p_case uuid, p_form text, p_form_version int, p_topic text, p_place text, p_language text, p_due_on date,
  p_subject uuid, p_wrapped_key bytea, p_kek text, p_message uuid, p_sealed bytea, p_sealed_contact bytea,
  p_receipt_hash bytea, p_idempotency_hash bytea, p_content_digest bytea, p_acknowledge boolean,
  p_token_kind text[], p_token bytea[],
  p_id uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]
) returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  outcome text;
begin
  select r.outcome into outcome from correspondence.receive(p_channel, array[p_case], array[p_form], array[p_form_version],
    array[p_topic], array[p_place], array[p_language], array[p_due_on], array[p_subject], array[p_wrapped_key],
    array[p_kek], array[p_message], array[p_sealed], array[p_sealed_contact], array[p_receipt_hash],
    array[p_idempotency_hash], array[p_content_digest], array[p_acknowledge],
    array_fill(p_subject, array[cardinality(p_token)]), p_token_kind, p_token) r;
  if outcome <> 'received' then return outcome; end if;
  perform attachments.attach(p_case, p_message, p_id, p_kind, p_bytes, p_state, p_file);
  perform vault.record('files.attached', 'person', p_case, p_subject, p_purpose => p_form, p_reason => 'own-letter',
    p_detail => 'count=' || cardinality(p_id));
  return outcome;
end $$;

-- The other acts with files: each is the act itself, and then its files, in one transaction. `p_act` says under whose
-- duty they were attached.
create function attachments.attach_in_hand(p_power text, p_message uuid, p_id uuid[], p_kind text[], p_bytes bigint[],
  p_state text[], p_file bytea[]) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
  who text := need_to_know.kind();
begin
  select c.* into strict f from correspondence.casefile c where c.id = need_to_know.case_in_hand();
  perform attachments.attach(f.id, p_message, p_id, p_kind, p_bytes, p_state, p_file);
  perform vault.record('files.attached', who, f.id, f.subject, need_to_know.employee(),
    case when who = 'staff' then need_to_know.duty_for(f.topic, p_power) end, f.form,
    case when who = 'person' then 'own-letter' end, 'count=' || cardinality(p_id));
end $$;

create function attachments.add(p_message uuid, p_sealed bytea, p_due_on date, p_id uuid[], p_kind text[],
  p_bytes bigint[], p_state text[], p_file bytea[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  outcome text := correspondence.add(p_message, p_sealed, p_due_on);
begin
  if outcome = 'done' then
    perform attachments.attach_in_hand(null, p_message, p_id, p_kind, p_bytes, p_state, p_file);
  end if;
  return outcome;
end $$;

create function attachments.reply(p_version int, p_message uuid, p_sealed bytea, p_because text, p_id uuid[],
  p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  outcome text := correspondence.reply(p_version, p_message, p_sealed, p_because);
begin
  if outcome = 'done' then
    perform attachments.attach_in_hand('answer', p_message, p_id, p_kind, p_bytes, p_state, p_file);
  end if;
  return outcome;
end $$;

create function attachments.note(p_message uuid, p_sealed bytea, p_id uuid[], p_kind text[], p_bytes bigint[],
  p_state text[], p_file bytea[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  outcome text := correspondence.note(p_message, p_sealed);
begin
  if outcome = 'done' then
    perform attachments.attach_in_hand('note', p_message, p_id, p_kind, p_bytes, p_state, p_file);
  end if;
  return outcome;
end $$;

-- The files of the case in hand. A person sees none of a note's.
create function attachments.in_hand()
returns table (id uuid, message_id uuid, "position" int, kind text, bytes bigint, state text, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.id, a.message_id, a.position, a.kind, a.bytes, a.state, a.sealed
  from attachments.attachment a join correspondence.message m on m.case_id = a.case_id and m.id = a.message_id,
    need_to_know.kind() as who (kind)
  where a.case_id = need_to_know.case_in_hand() and (m.kind <> 'note' or who.kind = 'staff')
  order by m.seq, a.position
$$;
grant execute on function attachments.receive(text, uuid, text, int, text, text, text, date, uuid, bytea, text, uuid, bytea,
    bytea, bytea, bytea, bytea, boolean, text[], bytea[], uuid[], text[], bigint[], text[], bytea[]) to cityhall_app, cityhall_keeper;
grant execute on function attachments.add(uuid, bytea, date, uuid[], text[], bigint[], text[], bytea[]),
  attachments.reply(int, uuid, bytea, text, uuid[], text[], bigint[], text[], bytea[]),
  attachments.note(uuid, bytea, uuid[], text[], bigint[], text[], bytea[]), attachments.in_hand() to cityhall_app;

-- Held files to be scanned now, each leased to the asker for two minutes: a worker that dies with one leaves it to another.
create function attachments.lease_held(p_most int) returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update attachments.attachment set due_at = clock_timestamp() + interval '2 minutes'
  where id in (select a.id from attachments.attachment a where a.state = 'held' and a.due_at <= clock_timestamp()
    order by a.due_at limit p_most for update skip locked)
  returning id
$$;

-- The scanner's worker opens a case to scan one held file; the opening is in the ledger like any other.
create function vault.open_for_scan(p_attachment uuid) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  a attachments.attachment;
  subject uuid;
  opening uuid;
begin
  select * into a from attachments.attachment x where x.id = p_attachment and x.state = 'held' for update;
  if not found then return null; end if;
  select f.subject into subject from correspondence.casefile f join vault.subject s on s.id = f.subject
    where f.id = a.case_id and s.state = 'in-use';
  if not found then return null; end if;
  insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
  values (subject, a.case_id, 'system',
    vault.record('letter.opened', 'system', a.case_id, subject, p_purpose => 'scan', p_reason => 'held-file'),
    clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;

-- What the worker needs to read the held file, once its opening has committed.
create function vault.key_for_scan(p_opening uuid, p_attachment uuid)
returns table (subject uuid, wrapped_key bytea, kek text, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, a.sealed
  from vault.opening o join vault.subject s on s.id = o.subject
  join attachments.attachment a on a.id = p_attachment and a.case_id = o.case_id and a.state = 'held'
  where o.id = p_opening and o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Settles a held file: 'ready' or 'refused'. 'held' puts the next try off by a minute.
create function attachments.settle(p_attachment uuid, p_state text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
begin
  update attachments.attachment set state = p_state,
    due_at = case when p_state = 'held' then clock_timestamp() + interval '1 minute' end
  where id = p_attachment and state = 'held';
  if not found or p_state = 'held' then return; end if;
  select c.id, c.subject into f from attachments.attachment a join correspondence.casefile c on c.id = a.case_id
    where a.id = p_attachment;
  perform vault.record('file.' || p_state, 'system', f.id, f.subject, p_purpose => 'scan');
end $$;

-- Which of these files a case names and still has: the others are nobody's and may be swept away.
create function attachments.named(p_ids uuid[]) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select a.id from attachments.attachment a where a.id = any (p_ids) and a.state <> 'refused'
$$;
grant execute on function attachments.lease_held(int), vault.open_for_scan(uuid), vault.key_for_scan(uuid, uuid),
  attachments.settle(uuid, text), attachments.named(uuid[]) to cityhall_keeper;

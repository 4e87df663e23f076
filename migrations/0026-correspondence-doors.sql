-- A letter comes in through the door it names. Anybody may write to the city by the web and by Open311, so the app may
-- bring letters of these channels; what came by mail only the keeper brings; and a letter on paper, a visit or a call
-- exists only together with the clerk who recorded it, her duty and her entry: `counter.receive` is one act. With the
-- app's password alone nobody can bring what looks as if the city had recorded it.

alter function correspondence.receive(text, uuid[], text[], int[], text[], text[], text[], date[], uuid[], bytea[], text[],
  uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], uuid[], text[], bytea[]) rename to take_in;
revoke execute on function correspondence.take_in(text, uuid[], text[], int[], text[], text[], text[], date[], uuid[],
  bytea[], text[], uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], uuid[], text[], bytea[])
  from cityhall_app, cityhall_keeper;

-- The doors that stand open to everybody.
create function correspondence.came_by_web(p_channel text) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if (p_channel in ('form', 'open311')) is not true then
    raise exception 'no letter comes in there by the web' using errcode = 'CH003';
  end if;
end $$;

create function correspondence.receive(
  p_channel text, p_case uuid[], p_form text[], p_form_version int[], p_topic text[], p_place text[], p_language text[], p_due_on date[],
  p_subject uuid[], p_wrapped_key bytea[], p_kek text[], p_message uuid[], p_sealed bytea[], p_sealed_contact bytea[],
  p_receipt_hash bytea[], p_idempotency_hash bytea[], p_content_digest bytea[], p_acknowledge boolean[],
  p_token_subject uuid[], p_token_kind text[], p_token bytea[]
) returns table (case_id uuid, outcome text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform correspondence.came_by_web(p_channel);
  return query select * from correspondence.take_in(p_channel, p_case, p_form, p_form_version, p_topic, p_place, p_language,
    p_due_on, p_subject, p_wrapped_key, p_kek, p_message, p_sealed, p_sealed_contact, p_receipt_hash, p_idempotency_hash,
    p_content_digest, p_acknowledge, p_token_subject, p_token_kind, p_token);
end $$;

create function correspondence.receive_mail(
  p_case uuid[], p_form text[], p_form_version int[], p_topic text[], p_place text[], p_language text[], p_due_on date[],
  p_subject uuid[], p_wrapped_key bytea[], p_kek text[], p_message uuid[], p_sealed bytea[], p_sealed_contact bytea[],
  p_receipt_hash bytea[], p_idempotency_hash bytea[], p_content_digest bytea[], p_acknowledge boolean[],
  p_token_subject uuid[], p_token_kind text[], p_token bytea[]
) returns table (case_id uuid, outcome text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select * from correspondence.take_in('email', p_case, p_form, p_form_version, p_topic, p_place, p_language,
    p_due_on, p_subject, p_wrapped_key, p_kek, p_message, p_sealed, p_sealed_contact, p_receipt_hash, p_idempotency_hash,
    p_content_digest, p_acknowledge, p_token_subject, p_token_kind, p_token)
$$;

-- One letter, with its files where it has some: all of it or nothing. Called only by the acts below.
drop function attachments.receive(text, uuid, text, int, text, text, text, date, uuid, bytea, text, uuid, bytea, bytea, bytea,
  bytea, bytea, boolean, text[], bytea[], uuid[], text[], bigint[], text[], bytea[]);
create function attachments.take_in(
  p_channel text, p_case uuid, p_form text, p_form_version int, p_topic text, p_place text, p_language text, p_due_on date,
  p_subject uuid, p_wrapped_key bytea, p_kek text, p_message uuid, p_sealed bytea, p_sealed_contact bytea,
  p_receipt_hash bytea, p_idempotency_hash bytea, p_content_digest bytea, p_acknowledge boolean,
  p_token_kind text[], p_token bytea[],
  p_id uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]
) returns text language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  outcome text;
begin
  select r.outcome into outcome from correspondence.take_in(p_channel, array[p_case], array[p_form], array[p_form_version],
    array[p_topic], array[p_place], array[p_language], array[p_due_on], array[p_subject], array[p_wrapped_key],
    array[p_kek], array[p_message], array[p_sealed], array[p_sealed_contact], array[p_receipt_hash],
    array[p_idempotency_hash], array[p_content_digest], array[p_acknowledge],
    array_fill(p_subject, array[cardinality(p_token)]), p_token_kind, p_token) r;
  if outcome <> 'received' or cardinality(p_id) = 0 then return outcome; end if;
  perform attachments.attach(p_case, p_message, p_id, p_kind, p_bytes, p_state, p_file);
  perform vault.record('files.attached', 'person', p_case, p_subject, p_purpose => p_form, p_reason => 'own-letter',
    p_detail => 'count=' || cardinality(p_id));
  return outcome;
end $$;

create function attachments.receive(
  p_channel text, p_case uuid, p_form text, p_form_version int, p_topic text, p_place text, p_language text, p_due_on date,
  p_subject uuid, p_wrapped_key bytea, p_kek text, p_message uuid, p_sealed bytea, p_sealed_contact bytea,
  p_receipt_hash bytea, p_idempotency_hash bytea, p_content_digest bytea, p_acknowledge boolean,
  p_token_kind text[], p_token bytea[],
  p_id uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]
) returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform correspondence.came_by_web(p_channel);
  return attachments.take_in(p_channel, p_case, p_form, p_form_version, p_topic, p_place, p_language, p_due_on, p_subject,
    p_wrapped_key, p_kek, p_message, p_sealed, p_sealed_contact, p_receipt_hash, p_idempotency_hash, p_content_digest,
    p_acknowledge, p_token_kind, p_token, p_id, p_kind, p_bytes, p_state, p_file);
end $$;

create function attachments.receive_mail(
  p_case uuid, p_form text, p_form_version int, p_topic text, p_place text, p_language text, p_due_on date,
  p_subject uuid, p_wrapped_key bytea, p_kek text, p_message uuid, p_sealed bytea, p_sealed_contact bytea,
  p_receipt_hash bytea, p_idempotency_hash bytea, p_content_digest bytea, p_acknowledge boolean,
  p_token_kind text[], p_token bytea[],
  p_id uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]
) returns text language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select attachments.take_in('email', p_case, p_form, p_form_version, p_topic, p_place, p_language, p_due_on, p_subject,
    p_wrapped_key, p_kek, p_message, p_sealed, p_sealed_contact, p_receipt_hash, p_idempotency_hash, p_content_digest,
    p_acknowledge, p_token_kind, p_token, p_id, p_kind, p_bytes, p_state, p_file)
$$;

-- Receives and records, in one act, a letter that came on paper, at the counter or by telephone: dates it when it came to
-- City Hall (two months back at most), keeps its words' tokens, and writes who recorded it on which duty. The receipt's
-- code is on the clerk's screen once, to be printed and handed over: the entry says so, and the person's own page no
-- longer shows it. Outcomes: 'recorded'; 'not-there' (no duty of hers records); 'not-then' (such a date is not allowed);
-- 'again' and 'different' as with any letter. Nothing is written but where it is 'recorded'.
drop function counter.record(uuid, text, timestamptz, bytea[]);
create function counter.receive(
  p_duty text, p_received_at timestamptz, p_words bytea[],
  p_channel text, p_case uuid, p_form text, p_form_version int, p_topic text, p_place text, p_language text, p_due_on date,
  p_subject uuid, p_wrapped_key bytea, p_kek text, p_message uuid, p_sealed bytea, p_sealed_contact bytea,
  p_receipt_hash bytea, p_idempotency_hash bytea, p_content_digest bytea, p_acknowledge boolean,
  p_token_kind text[], p_token bytea[],
  p_id uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]
) returns counter.slip language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
  slip counter.slip;
begin
  slip.outcome := 'not-there';
  if (p_channel in ('letter', 'counter', 'telephone')) is not true
    or not need_to_know.charged_with(p_duty, 'record') then return slip; end if;
  slip.outcome := 'not-then';
  if p_received_at > city.now() or p_received_at < city.now() - interval '62 days' then return slip; end if;
  slip.outcome := attachments.take_in(p_channel, p_case, p_form, p_form_version, p_topic, p_place, p_language, p_due_on,
    p_subject, p_wrapped_key, p_kek, p_message, p_sealed, p_sealed_contact, p_receipt_hash, p_idempotency_hash,
    p_content_digest, p_acknowledge, p_token_kind, p_token, p_id, p_kind, p_bytes, p_state, p_file);
  if slip.outcome <> 'received' then return slip; end if;
  update correspondence.casefile c set received_at = least(coalesce(p_received_at, c.received_at), c.received_at),
    receipt_shown_at = city.now() - interval '10 minutes' where c.id = p_case returning * into f;
  update correspondence.message set written_at = f.received_at where case_id = f.id;
  insert into counter.recorded values (f.id, p_message, need_to_know.employee(), p_duty, city.now());
  perform counter.queue_scans(f.id, p_message);
  insert into vault.word select distinct w, f.subject from unnest(p_words) as x (w);
  perform vault.record('letter.recorded', 'staff', f.id, f.subject, need_to_know.employee(), p_duty, f.form,
    p_detail => 'channel=' || f.channel || ' receipt=printed');
  return row('recorded', f.number, f.topic, f.language, f.received_at, f.due_on)::counter.slip;
end $$;

grant execute on function correspondence.receive(text, uuid[], text[], int[], text[], text[], text[], date[], uuid[], bytea[],
    text[], uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], uuid[], text[], bytea[]),
  attachments.receive(text, uuid, text, int, text, text, text, date, uuid, bytea, text, uuid, bytea, bytea, bytea, bytea,
    bytea, boolean, text[], bytea[], uuid[], text[], bigint[], text[], bytea[]),
  counter.receive(text, timestamptz, bytea[], text, uuid, text, int, text, text, text, date, uuid, bytea, text, uuid, bytea,
    bytea, bytea, bytea, bytea, boolean, text[], bytea[], uuid[], text[], bigint[], text[], bytea[]) to cityhall_app;
grant execute on function correspondence.receive_mail(uuid[], text[], int[], text[], text[], text[], date[], uuid[], bytea[],
    text[], uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], uuid[], text[], bytea[]),
  attachments.receive_mail(uuid, text, int, text, text, text, date, uuid, bytea, text, uuid, bytea, bytea, bytea, bytea,
    bytea, boolean, text[], bytea[], uuid[], text[], bigint[], text[], bytea[]) to cityhall_keeper;

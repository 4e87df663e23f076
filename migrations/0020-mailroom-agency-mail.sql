-- Mail that other governments send to a referral's own address: it belongs to the desk of that referral's case from the
-- moment it is sorted, and an agency's answer is filed with the message that it became.
alter table mailroom.received drop constraint received_address_check;
alter table mailroom.received add constraint received_address_check
  check (address ~ '^(city|reply|bounce|referral:[0-9a-f-]{36}|(department|seat):[a-z0-9-]{1,60})$');
alter table mailroom.received drop constraint received_kind_check;
alter table mailroom.received add constraint received_kind_check
  check (kind in ('letter', 'addition', 'bounce', 'automatic', 'list', 'loop', 'unreadable', 'agency'));
alter table mailroom.received drop constraint received_why_check;
alter table mailroom.received add constraint received_why_check
  check (why in ('quoted-number', 'other-sender', 'sender-failed', 'automatic', 'bounce', 'list', 'loop', 'not-the-agency'));

-- A waiting mail speaks of a referral: its address says so, or the report inside it. Where no clerk has decided, the mail
-- goes to that case's desk. `agency`: to whom the referral went; `its_own`: the case that the mail is meant for is the
-- referral's. No row: there is no such referral.
create function mailroom.about_referral(p_mail uuid, p_referral uuid) returns table (agency text, its_own boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r mailroom.received;
  d record;
begin
  select * into r from mailroom.received x where x.id = p_mail and x.state = 'waiting' for update;
  select x.agency, x.case_id, f.topic into d from referral.disclosure x join correspondence.casefile f on f.id = x.case_id
    where x.id = p_referral;
  if r.id is null or d.case_id is null then return; end if;
  if r.decision is null then
    update mailroom.received x set asked_case = d.case_id, topic = d.topic where x.id = r.id;
    r.asked_case := d.case_id;
  end if;
  return query select d.agency, r.asked_case is not distinct from d.case_id;
end $$;

-- Files a waiting mail that is an agency's answer, beside the message that `referral.answer` wrote of it; files go with
-- that message, once however often this runs.
create function mailroom.file_answer(p_opening uuid, p_message uuid, p_sealed_key bytea, p_sealed_reading bytea,
  p_id uuid[], p_file_kind text[], p_bytes bigint[], p_state text[], p_file bytea[])
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  o vault.opening; r mailroom.received; f correspondence.casefile;
begin
  select x.* into o from vault.opening x where x.id = p_opening and x.actor_kind = 'system' and x.case_id is not null;
  select x.* into r from mailroom.received x where x.id = o.mail and x.state = 'waiting' for update;
  select c.* into f from correspondence.casefile c where c.id = o.case_id for update;
  if r.id is null or not exists (select from correspondence.message m
    where m.case_id = f.id and m.id = p_message and m.kind = 'agency') then return 'not-there'; end if;
  if cardinality(p_id) > 0 and not exists (select from attachments.attachment a
    where a.case_id = f.id and a.message_id = p_message) then
    perform attachments.attach(f.id, p_message, p_id, p_file_kind, p_bytes, p_state, p_file);
    perform vault.record('files.attached', 'system', f.id, f.subject, p_purpose => 'referral',
      p_detail => 'count=' || cardinality(p_id));
  end if;
  update mailroom.received set state = 'filed', kind = 'agency', why = null, case_id = f.id, message_id = p_message,
    sealed_key = p_sealed_key, sealed_reading = p_sealed_reading, settled_at = city.now() where id = r.id;
  perform vault.record('mail.filed', 'system', f.id, f.subject, p_purpose => 'mail', p_detail => 'agency');
  if r.decision is not null then
    perform vault.record('mail.joined', 'staff', f.id, f.subject, r.decided_by, r.decided_duty, f.form);
  end if;
  update vault.opening set ends_at = least(ends_at, clock_timestamp()) where mail = r.id;
  update vault.subject set wrapped_key = null, state = 'destroyed' where id = r.subject;
  return 'done';
end $$;

-- For the list of what waits: besides, the number of the case a mail is meant for, where that case is on the same desk.
drop function mailroom.undecided(text);
create function mailroom.undecided(p_state text)
returns table (id uuid, topic text, address text, kind text, why text, received_at timestamptz, bytes int, number bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.topic, r.address, r.kind, r.why, r.received_at, r.bytes,
    (select f.number from correspondence.casefile f where f.id = r.asked_case and f.topic = any (need_to_know.topics()))
  from mailroom.received r
  where need_to_know.kind() = 'staff' and r.topic = any (need_to_know.topics()) and r.state = p_state
    and p_state in ('quarantined', 'aside', 'junk')
  order by r.received_at desc limit 100
$$;

grant execute on function mailroom.about_referral(uuid, uuid),
  mailroom.file_answer(uuid, uuid, bytea, bytea, uuid[], text[], bigint[], text[], bytea[]) to cityhall_keeper;
grant execute on function mailroom.undecided(text) to cityhall_app;

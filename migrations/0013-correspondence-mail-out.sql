-- Mail out: the copy of what went, bounces, sending once more, and a post office that works on several mails at once.
-- `sealed_copy` is the whole mail (to whom, headers, both texts) under the person's key. It is kept before the first try,
-- and every try sends it: what a crash doubles is the same mail.
alter table correspondence.mail add column sealed_copy bytea;
alter table correspondence.mail alter column sealed_copy set statistics 0;
alter table correspondence.mail drop constraint mail_state_check;
alter table correspondence.mail add constraint mail_state_check
  check (state in ('waiting', 'sent', 'kept', 'failed', 'bounced'));
-- A server's code (550, 5.1.1) or a word of the system's: never an address, never a server's sentence.
alter table correspondence.mail add constraint mail_failure_check check (failure ~ '^[A-Za-z0-9.-]{1,40}$');

-- Whose a case is that was closed as not the city's: it is said at the receipt and in a mail.
alter table correspondence.casefile add column closed_agency text;
alter table correspondence.casefile alter column closed_agency set statistics 0;

drop function vault.open_for_delivery(uuid);
drop function vault.key_for_delivery(uuid, uuid);
drop function correspondence.settle_mail(uuid, text, text);

-- The post office: the worker opens a case to deliver a mail, and the opening is in the ledger like any other. In the
-- order of the subjects, so that two post offices wait for one another one way only.
create function vault.open_for_delivery(p_mails uuid[]) returns table (mail uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m record;
begin
  for m in
    select x.id, x.case_id, x.kind, s.id as subject
    from correspondence.mail x join correspondence.casefile f on f.id = x.case_id
      join vault.subject s on s.id = f.subject and s.state = 'in-use'
    where x.id = any (p_mails) and x.state = 'waiting' order by s.id, x.id
  loop
    insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
    values (m.subject, m.case_id, 'system',
      vault.record('letter.opened', 'system', m.case_id, m.subject, p_purpose => 'post', p_reason => m.kind),
      clock_timestamp() + interval '5 minutes')
    returning id into opening;
    mail := m.id;
    return next;
  end loop;
end $$;

-- What the post office needs to write the mails, once their openings have committed. `earlier`: the mails of the case
-- before this one, oldest first, to which it belongs as an answer.
create function vault.key_for_delivery(p_mails uuid[], p_openings uuid[])
returns table (mail uuid, subject uuid, wrapped_key bytea, kek text, case_id uuid, number bigint, topic text, language text,
  channel text, due_on date, sealed_contact bytea, message_id uuid, sealed_message bytea, kind text, attempts int,
  sealed_copy bytea, earlier uuid[], closed_agency text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, s.id, s.wrapped_key, s.kek, f.id, f.number, f.topic, f.language, f.channel, f.due_on, f.sealed_contact,
    g.id, g.sealed, m.kind, m.attempts, m.sealed_copy,
    array(select e.id from correspondence.mail e where e.case_id = m.case_id and e.state = 'sent'
      and (e.created_at, e.id) < (m.created_at, m.id) order by e.created_at desc, e.id desc limit 10),
    f.closed_agency
  from unnest(p_mails, p_openings) as x (mail, opening) join vault.opening o on o.id = x.opening
  join vault.subject s on s.id = o.subject
  join correspondence.mail m on m.id = x.mail and m.case_id = o.case_id and m.state = 'waiting'
  join correspondence.casefile f on f.id = m.case_id
  left join correspondence.message g on g.case_id = m.case_id and g.id = m.message_id
  where o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Keeps the copies before the first try. A copy that is there stays: every try sends the same.
create function correspondence.keep_copies(p_mails uuid[], p_copies bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update correspondence.mail m set sealed_copy = x.copy
  from unnest(p_mails, p_copies) as x (mail, copy)
  where m.id = x.mail and m.state = 'waiting' and m.sealed_copy is null
$$;

-- Settles a mail: 'sent', 'kept' (no mail server is set up: it is read on the desk) or 'failed'. 'waiting' counts a try
-- and puts the next one off: half a minute, then twice as long each time, two hours at most; three days after it was
-- written it has failed.
create function correspondence.settle_mail(p_mail uuid, p_state text, p_failure text default null) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
  settled text;
begin
  update correspondence.mail m set attempts = attempts + 1, failure = p_failure,
    state = case when p_state = 'waiting' and clock_timestamp() > created_at + interval '3 days' then 'failed' else p_state end,
    due_at = clock_timestamp() + least(interval '2 hours', interval '30 seconds' * power(2, least(attempts, 10))),
    settled_at = case when p_state = 'waiting' and clock_timestamp() <= created_at + interval '3 days' then null else city.now() end
  where id = p_mail and state = 'waiting' and p_state in ('waiting', 'sent', 'kept', 'failed')
  returning m.state into settled;
  if not found or settled = 'waiting' then return settled; end if;
  select c.id, c.subject into f from correspondence.mail m join correspondence.casefile c on c.id = m.case_id where m.id = p_mail;
  perform vault.record('mail.' || settled, 'system', f.id, f.subject, p_purpose => 'post');
  return settled;
end $$;

-- A mail came back: the receiving side took it and could not deliver it after all. Also one that is still waiting, where
-- the worker died between sending and settling. False where it is not one of ours, or has been told before.
create function correspondence.bounce_mail(p_mail uuid, p_failure text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
begin
  update correspondence.mail set state = 'bounced', settled_at = city.now(),
    failure = case when p_failure ~ '^[A-Za-z0-9.-]{1,40}$' then p_failure else 'bounced' end
  where id = p_mail and state in ('sent', 'waiting');
  if not found then return false; end if;
  select c.id, c.subject into f from correspondence.mail m join correspondence.casefile c on c.id = m.case_id where m.id = p_mail;
  perform vault.record('mail.bounced', 'system', f.id, f.subject, p_purpose => 'post');
  return true;
end $$;

-- Sends once more what failed for good or came back, as a new mail. Only the latest mail of a message: pressing twice
-- sends once. Refusals: 'not-there' (also: not permitted), 'not-failed'.
create function correspondence.resend_mail(p_mail uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; m correspondence.mail;
begin
  select * into t from correspondence.take('answer', null);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f;
  select * into m from correspondence.mail x where x.id = p_mail and x.case_id = f.id for update;
  if not found then return 'not-there'; end if;
  if m.state not in ('failed', 'bounced') or m.failure = 'no-address' then return 'not-failed'; end if;
  if exists (select from correspondence.mail x where x.case_id = f.id and x.kind = m.kind
      and x.message_id is not distinct from m.message_id and (x.created_at, x.id) > (m.created_at, m.id)) then return 'again'; end if;
  perform correspondence.post(array[f.id], array[f.topic], m.kind, m.message_id);
  perform vault.record('mail.resent', 'staff', f.id, f.subject, need_to_know.employee(), t.duty, f.form);
  return 'done';
end $$;

-- The mails of the case in hand and how they fared, for the clerk and for the person; and the copy of one, for the clerk:
-- it opens with the person's key only, while the envelope is open.
create function correspondence.mails_in_hand()
returns table (id uuid, kind text, message_id uuid, state text, created_at timestamptz, settled_at timestamptz, failure text,
  copied boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.kind, m.message_id, m.state, m.created_at, m.settled_at, m.failure, m.sealed_copy is not null
  from correspondence.mail m where m.case_id = need_to_know.case_in_hand() order by m.created_at, m.id
$$;
create function correspondence.copy_in_hand(p_mail uuid) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.sealed_copy from correspondence.mail m
  where m.id = p_mail and m.case_id = need_to_know.case_in_hand() and need_to_know.kind() = 'staff'
$$;

grant execute on function vault.open_for_delivery(uuid[]), vault.key_for_delivery(uuid[], uuid[]),
  correspondence.keep_copies(uuid[], bytea[]), correspondence.settle_mail(uuid, text, text),
  correspondence.bounce_mail(uuid, text) to cityhall_keeper;
grant execute on function correspondence.resend_mail(uuid), correspondence.mails_in_hand(),
  correspondence.copy_in_hand(uuid) to cityhall_app;

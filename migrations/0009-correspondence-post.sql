-- The mails to be tried now, each leased to the asker for five minutes: a worker that dies with one leaves it to another.
create function correspondence.lease_mail(p_most int) returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update correspondence.mail set due_at = clock_timestamp() + interval '5 minutes'
  where id in (select m.id from correspondence.mail m where m.state = 'waiting' and m.due_at <= clock_timestamp()
    order by m.due_at limit p_most for update skip locked)
  returning id
$$;

-- The post office: the worker opens a case to deliver one mail, and the opening is in the ledger like any other.
create function vault.open_for_delivery(p_mail uuid) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m correspondence.mail;
  subject uuid;
  opening uuid;
begin
  select * into m from correspondence.mail x where x.id = p_mail and x.state = 'waiting' for update;
  if not found then return null; end if;
  select f.subject into subject from correspondence.casefile f join vault.subject s on s.id = f.subject
    where f.id = m.case_id and s.state = 'in-use';
  if not found then return null; end if;
  insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
  values (subject, m.case_id, 'system',
    vault.record('letter.opened', 'system', m.case_id, subject, p_purpose => 'post', p_reason => m.kind),
    clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;

-- What the post office needs to write the mail, once its opening has committed.
create function vault.key_for_delivery(p_opening uuid, p_mail uuid)
returns table (subject uuid, wrapped_key bytea, kek text, case_id uuid, number bigint, topic text, language text, due_on date,
  sealed_contact bytea, message_id uuid, sealed_message bytea, kind text, attempts int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, f.id, f.number, f.topic, f.language, f.due_on, f.sealed_contact, g.id, g.sealed, m.kind, m.attempts
  from vault.opening o join vault.subject s on s.id = o.subject
  join correspondence.mail m on m.id = p_mail and m.case_id = o.case_id and m.state = 'waiting'
  join correspondence.casefile f on f.id = m.case_id
  left join correspondence.message g on g.case_id = m.case_id and g.id = m.message_id
  where o.id = p_opening and o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Settles a mail: 'sent', 'kept' (no mail server is set up: it is read on the desk) or 'failed'. 'waiting' counts a try
-- and puts the next one off: half a minute, then twice as long each time, two hours at most.
create function correspondence.settle_mail(p_mail uuid, p_state text, p_failure text default null) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
begin
  update correspondence.mail set state = p_state, attempts = attempts + 1, failure = p_failure,
    due_at = clock_timestamp() + least(interval '2 hours', interval '30 seconds' * power(2, least(attempts, 10))),
    settled_at = case when p_state = 'waiting' then null else city.now() end
  where id = p_mail and state = 'waiting';
  if not found or p_state = 'waiting' then return; end if;
  select c.id, c.subject into f from correspondence.mail m join correspondence.casefile c on c.id = m.case_id where m.id = p_mail;
  perform vault.record('mail.' || p_state, 'system', f.id, f.subject, p_purpose => 'post');
end $$;

-- Sweeps what has run out: sessions, openings, old throttles. None of it is a record.
create function need_to_know.sweep() returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from need_to_know.session where ends_at < clock_timestamp();
  delete from vault.opening where ends_at < clock_timestamp() - interval '1 day';
  delete from need_to_know.throttle where last_at < clock_timestamp() - interval '1 day';
$$;
grant execute on function correspondence.lease_mail(int), vault.open_for_delivery(uuid), vault.key_for_delivery(uuid, uuid),
  correspondence.settle_mail(uuid, text, text), need_to_know.sweep() to cityhall_keeper;

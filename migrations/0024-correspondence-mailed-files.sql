-- A mail says how many files belong to the answer that it brings; what they are called and what is in them stays here.
drop function vault.key_for_delivery(uuid[], uuid[]);
-- What the post office needs to write the mails, once their openings have committed. `earlier`: the mails of the case
-- before this one, oldest first, to which it belongs as an answer. `files`: how many came with the message.
create function vault.key_for_delivery(p_mails uuid[], p_openings uuid[])
returns table (mail uuid, subject uuid, wrapped_key bytea, kek text, case_id uuid, number bigint, topic text, language text,
  channel text, due_on date, sealed_contact bytea, message_id uuid, sealed_message bytea, kind text, attempts int,
  sealed_copy bytea, earlier uuid[], closed_agency text, files int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, s.id, s.wrapped_key, s.kek, f.id, f.number, f.topic, f.language, f.channel, f.due_on, f.sealed_contact,
    g.id, g.sealed, m.kind, m.attempts, m.sealed_copy,
    array(select e.id from correspondence.mail e where e.case_id = m.case_id and e.state = 'sent'
      and (e.created_at, e.id) < (m.created_at, m.id) order by e.created_at desc, e.id desc limit 10),
    f.closed_agency,
    (select count(*)::int from attachments.attachment a where a.case_id = g.case_id and a.message_id = g.id and a.state <> 'refused')
  from unnest(p_mails, p_openings) as x (mail, opening) join vault.opening o on o.id = x.opening
  join vault.subject s on s.id = o.subject
  join correspondence.mail m on m.id = x.mail and m.case_id = o.case_id and m.state = 'waiting'
  join correspondence.casefile f on f.id = m.case_id
  left join correspondence.message g on g.case_id = m.case_id and g.id = m.message_id
  where o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;
grant execute on function vault.key_for_delivery(uuid[], uuid[]) to cityhall_keeper;

-- Who wrote by e-mail was given no receipt: the mails of her case carry a link at which she makes one, once. Of the link
-- the city keeps a hash, with the mail that carries it.
alter table correspondence.mail
  add column receipt_link bytea unique check (length(receipt_link) = 32),
  add column receipt_made_at timestamptz,
  add constraint made_by_its_link check (receipt_made_at is null or receipt_link is not null);
alter table correspondence.mail alter column receipt_link set statistics 0, alter column receipt_made_at set statistics 0;

-- Whether the person of a case has no receipt yet.
create function correspondence.without_receipt(p_case uuid, p_channel text) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select p_channel = 'email' and not exists (
    select from correspondence.mail m where m.case_id = p_case and m.receipt_made_at is not null)
$$;

drop function vault.key_for_delivery(uuid[], uuid[]);
-- What the post office needs to write the mails, once their openings have committed. `earlier`: the mails of the case
-- before this one, latest first, to which it belongs as an answer. `files`: how many came with the message.
create function vault.key_for_delivery(p_mails uuid[], p_openings uuid[])
returns table (mail uuid, subject uuid, wrapped_key bytea, kek text, case_id uuid, number bigint, topic text, language text,
  channel text, due_on date, sealed_contact bytea, message_id uuid, sealed_message bytea, kind text, attempts int,
  sealed_copy bytea, earlier uuid[], closed_agency text, files int, without_receipt boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, s.id, s.wrapped_key, s.kek, f.id, f.number, f.topic, f.language, f.channel, f.due_on, f.sealed_contact,
    g.id, g.sealed, m.kind, m.attempts, m.sealed_copy,
    array(select e.id from correspondence.mail e where e.case_id = m.case_id and e.state = 'sent'
      and (e.created_at, e.id) < (m.created_at, m.id) order by e.created_at desc, e.id desc limit 10),
    f.closed_agency,
    (select count(*)::int from attachments.attachment a where a.case_id = g.case_id and a.message_id = g.id and a.state <> 'refused'),
    correspondence.without_receipt(f.id, f.channel)
  from unnest(p_mails, p_openings) as x (mail, opening) join vault.opening o on o.id = x.opening
  join vault.subject s on s.id = o.subject
  join correspondence.mail m on m.id = x.mail and m.case_id = o.case_id and m.state = 'waiting'
  join correspondence.casefile f on f.id = m.case_id
  left join correspondence.message g on g.case_id = m.case_id and g.id = m.message_id
  where o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Notes the links that mails carry, before their copies are kept. A link that is noted stays: every try sends the same.
create function correspondence.note_receipt_links(p_mails uuid[], p_links bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update correspondence.mail m set receipt_link = x.link
  from unnest(p_mails, p_links) as x (mail, link), correspondence.casefile f
  where m.id = x.mail and m.state = 'waiting' and m.receipt_link is null and f.id = m.case_id
    and correspondence.without_receipt(f.id, f.channel)
$$;
grant execute on function vault.key_for_delivery(uuid[], uuid[]), correspondence.note_receipt_links(uuid[], bytea[])
  to cityhall_keeper;

-- The person makes her receipt at the link of a mail: `p_hash` is that of her new code, which opens the case from now on.
-- One link of a case makes one receipt, within thirty days of its mail; for ten minutes the same answer may be asked for
-- again (a lost page). Outcomes: 'done'; 'past' (also: no such link); 'later' (the mail is still being filed, and whoever
-- files it has to find the case by its first code).
create function correspondence.make_receipt(p_link bytea, p_hash bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m correspondence.mail; f correspondence.casefile;
begin
  select x.* into m from correspondence.mail x where x.receipt_link = sha256(p_link);
  if not found or m.created_at < city.now() - interval '30 days' then return 'past'; end if;
  select c.* into f from correspondence.casefile c join vault.subject s on s.id = c.subject
    where c.id = m.case_id and s.state = 'in-use' for update of c;
  if not found then return 'past'; end if;
  select x.* into m from correspondence.mail x where x.id = m.id;
  if m.receipt_made_at > clock_timestamp() - interval '10 minutes' and f.receipt_hash = p_hash then return 'done'; end if;
  if not correspondence.without_receipt(f.id, f.channel) then return 'past'; end if;
  if exists (select from mailroom.received r where r.state = 'waiting')
    and not exists (select from mailroom.received r where r.case_id = f.id) then return 'later'; end if;
  update correspondence.mail set receipt_made_at = clock_timestamp() where id = m.id;
  update correspondence.casefile set receipt_hash = p_hash, receipt_shown_at = null where id = f.id;
  perform vault.record('receipt.renewed', 'person', f.id, f.subject, p_purpose => 'own-case', p_detail => 'by=mail');
  return 'done';
end $$;
grant execute on function correspondence.make_receipt(bytea, bytea) to cityhall_app;

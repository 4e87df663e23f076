-- As before (0013, 0070), each mail looked up by its key: joined to what is handed in, every mail of the city was read.
create or replace function correspondence.keep_copies(p_mails uuid[], p_copies bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update correspondence.mail m set sealed_copy = p_copies[array_position(p_mails, m.id)]
  where m.id = any (p_mails) and m.state = 'waiting' and m.sealed_copy is null
$$;

create or replace function correspondence.note_receipt_links(p_mails uuid[], p_links bytea[]) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update correspondence.mail m set receipt_link = p_links[array_position(p_mails, m.id)]
  where m.id = any (p_mails) and m.state = 'waiting' and m.receipt_link is null
    and (select correspondence.without_receipt(f.id, f.channel) from correspondence.casefile f where f.id = m.case_id)
$$;

-- As before (0092); and what was promised to end by its days does so by itself: a question to a second guardian that nobody answered
-- in fourteen days is forgotten, address and all, and a mail that lies at the desk unread is dropped after thirty.
create or replace function residents.sweep() returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m record;
begin
  delete from residents.session s where s.ends_at < clock_timestamp();
  perform residents.end_code(c.subject) from residents.code c where c.ends_at < clock_timestamp() and c.subject is not null;
  delete from residents.code c where c.ends_at < clock_timestamp() and c.asked_since < clock_timestamp() - interval '1 hour';
  perform residents.end_invitation(i.id, 'lapsed') from residents.invitation i where i.state = 'asked' and i.ends_at < city.now();
  for m in
    update residents.mail x set state = 'failed', failure = 'not-collected', sealed = null, settled_at = city.now()
    where x.state = 'kept' and x.settled_at < city.now() - interval '30 days' returning x.subject, x.kind
  loop
    perform vault.record('mail.failed', 'system', null, m.subject, p_purpose => 'post', p_reason => m.kind);
  end loop;
  delete from residents.mail x where x.settled_at < city.now() - interval '30 days' and x.sealed is null;
end $$;

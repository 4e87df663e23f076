-- A bounce of an invitation is noted on the invitation, and the mail that brought it is destroyed at once, since it repeats the
-- address: nothing of an invited person outlives her survey. False: it is not about an invitation. Without `p_failure` (a
-- delay, an answering machine) the mail goes all the same.
create function surveys.take_bounce(p_mail uuid, p_invitation uuid, p_failure text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r mailroom.received;
begin
  if not exists (select from surveys.invitation i where i.id = p_invitation) then return false; end if;
  select * into r from mailroom.received x where x.id = p_mail and x.state = 'waiting' for update;
  if not found then return false; end if;
  if p_failure is not null then perform surveys.bounce(p_invitation, p_failure); end if;
  delete from vault.opening o where o.mail = r.id;
  delete from mailroom.piece p where p.mail = r.id;
  delete from mailroom.received x where x.id = r.id;
  update vault.subject set wrapped_key = null, state = 'destroyed' where id = r.subject;
  perform vault.record('mail.destroyed', 'system', null, r.subject, p_purpose => 'survey', p_detail => 'bounce');
  return true;
end $$;
grant execute on function surveys.take_bounce(uuid, uuid, text) to cityhall_keeper;

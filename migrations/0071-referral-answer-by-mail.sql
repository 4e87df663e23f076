-- What an agency answers by mail: its words on the case, its files with them and the mail filed there are one transaction.
-- Whoever reads the answer sees its files, and a worker that dies in between leaves a mail that waits as if it had just come.
-- False where the case takes no answer any more.
create function referral.answer_by_mail(p_id uuid, p_message uuid, p_sealed bytea, p_opening uuid, p_sealed_key bytea,
  p_sealed_reading bytea, p_file uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_sealed_file bytea[])
returns boolean language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not referral.answer(p_id, p_message, p_sealed) then return false; end if;
  if mailroom.file_answer(p_opening, p_message, p_sealed_key, p_sealed_reading, p_file, p_kind, p_bytes, p_state,
      p_sealed_file) <> 'done'
    and exists (select from vault.opening o join mailroom.received r on r.id = o.mail
      where o.id = p_opening and r.state = 'waiting') then
    raise exception 'an answer and its mail belong to different cases';
  end if;
  return true;
end $$;
grant execute on function referral.answer_by_mail(uuid, uuid, bytea, uuid, bytea, bytea, uuid[], text[], bigint[], text[], bytea[])
  to cityhall_keeper;
-- Half of it is no act any more.
revoke execute on function mailroom.file_answer(uuid, uuid, bytea, bytea, uuid[], text[], bigint[], text[], bytea[])
  from cityhall_keeper;

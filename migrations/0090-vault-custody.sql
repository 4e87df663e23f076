-- Custody. What became a city record cannot be destroyed at once where a person takes her consent back, and yet nobody may
-- use it any more (Gov. Code 34090; decision 0032). So a subject may have a second copy of its data key, wrapped for a
-- public key whose private half no serving process holds. Withdrawing deletes the copy that the city works with and leaves
-- only that one; destroying deletes both.
alter table vault.subject add column custody_key bytea check (length(custody_key) between 200 and 1100);
alter table vault.subject drop constraint subject_check;
-- Withdrawn: under custody; or, for a subject that never had a custody copy (a case), closed by its state alone.
alter table vault.subject add constraint subject_keys check (case state
  when 'in-use' then wrapped_key is not null
  when 'withdrawn' then (wrapped_key is null) <> (custody_key is null)
  else wrapped_key is null and custody_key is null end);

-- A look may be at what hangs on no case: one consent; or (`people`) a resident, a child, a mail to either. A look of a
-- resident belongs to her session as an employee's does; who holds a receipt has no session.
alter table vault.opening add column consent uuid, add column people boolean not null default false;
alter table vault.opening drop constraint opening_check, drop constraint opening_check1;
alter table vault.opening
  add constraint opening_session check (case actor_kind when 'staff' then session is not null when 'system' then session is null else true end),
  add constraint opening_of check (case_id is not null or mail is not null or consent is not null or people);

-- Ends the use of a subject: no duty, no program and no page opens it from this transaction's commit on, and nothing finds
-- it. Tokens go now: what cannot be opened must not be found. False where it is not in use.
create function vault.withdraw_subject(p_subject uuid) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update vault.subject set state = 'withdrawn', wrapped_key = case when custody_key is null then wrapped_key end
    where id = p_subject and state = 'in-use';
  if not found then return false; end if;
  delete from vault.token t where t.subject = p_subject;
  delete from vault.word w where w.subject = p_subject;
  return true;
end $$;

-- Destroys a subject: nobody opens it any more, with whatever key. False where it was destroyed before, or is not there.
create function vault.destroy_subject(p_subject uuid) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update vault.subject set state = 'destroyed', wrapped_key = null, custody_key = null
    where id = p_subject and state <> 'destroyed';
  if not found then return false; end if;
  delete from vault.token t where t.subject = p_subject;
  delete from vault.word w where w.subject = p_subject;
  return true;
end $$;

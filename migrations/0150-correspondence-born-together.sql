-- A letter writes eight rows. What was looked up, spelled and drawn for each of them cost as much as writing them.

-- Rows that one function alone writes beside what they belong to, and that nothing deletes, need nobody to look whether it
-- is there: decision 0040. What stands in for the keys walks every such column in its tests (test/support/born-together.ts).
alter table correspondence.casefile drop constraint casefile_subject_fkey;
alter table correspondence.message drop constraint message_case_id_fkey;
alter table correspondence.mail drop constraint mail_case_id_fkey, drop constraint mail_topic_fkey;

-- A check is kept as a tree of words, which every statement reads anew: a list that is one word is read three times as fast
-- as one of many.
alter table correspondence.casefile
  drop constraint casefile_state_check, drop constraint casefile_closed_because_check,
  add constraint casefile_state_check check (state = any ('{new,open,answered,closed}')),
  add constraint casefile_closed_because_check
    check (closed_because = any ('{done,no-answer-needed,not-ours,duplicate,withdrawn}'));
alter table correspondence.message
  drop constraint message_kind_check, drop constraint message_author, drop constraint message_door,
  add constraint message_kind_check check (kind = any ('{letter,addition,reply,note,referral,agency}')),
  add constraint message_author check ((kind = any ('{reply,note,referral}')) = (employee is not null)),
  add constraint message_door check ((kind = any ('{letter,addition}')) = (channel is not null));
alter table correspondence.mail
  drop constraint mail_kind_check, drop constraint mail_message, drop constraint mail_state_check,
  add constraint mail_kind_check
    check (kind = any ('{acknowledgement,enrolment,booking,reply,referral,agency,not-ours}')),
  add constraint mail_message check ((kind = any ('{reply,referral,agency}')) = (message_id is not null)),
  add constraint mail_state_check check (state = any ('{waiting,sent,kept,failed,bounced}'));
alter table vault.subject
  drop constraint subject_state_check,
  add constraint subject_state_check check (state = any ('{in-use,withdrawn,destroyed}'));
alter table vault.token
  drop constraint token_kind_check,
  add constraint token_kind_check check (kind = any ('{email,telephone,name}'));
alter table ledger.entry
  drop constraint entry_actor_kind_check, drop constraint entry_check2,
  add constraint entry_actor_kind_check check (actor_kind = any ('{person,staff,system,operator}')),
  add constraint entry_codes check (concat(duty, department, purpose, reason, detail) ~ '^[a-z0-9 =:._/-]*$');

-- Few mails have a link: those that have none need no place in its index.
alter table correspondence.mail drop constraint mail_receipt_link_key;
create unique index mail_receipt_link on correspondence.mail (receipt_link) where receipt_link is not null;

-- Entries that are written together draw once. From what was drawn, which is kept nowhere, each has a salt and a number of
-- its own by SHA-256: who knows those of one entry can tell nothing of another's.
create function ledger.id_of(drawn bytea) returns uuid language sql volatile
return encode(set_byte(set_byte(overlay(substr(drawn, 1, 16) placing
    substring(int8send((date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    6, 112 + (get_byte(drawn, 6) & 15)), 8, 128 + (get_byte(drawn, 8) & 63)), 'hex')::uuid;

create or replace function ledger.write_first(
  p_at timestamptz, p_act text, p_case uuid[], p_subject uuid[], p_purpose text[], p_reason text, p_detail text
) returns void language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  drawn bytea := ledger.random32();
begin
  with e as materialized (
    select ledger.id_of(sha256(drawn || int8send(-x.n))) as id, sha256(drawn || int8send(x.n)) as salt, x.*
    from unnest(p_case, p_subject, p_purpose) with ordinality as x (case_id, subject, purpose, n)
  ), written as (
    insert into ledger.entry (id, at, act, case_id, subject, subject_count, actor_kind, purpose, reason, detail, salt, commitment)
    select id, p_at, p_act, case_id, subject, 1, 'person', purpose, p_reason, p_detail, salt,
      sha256(salt || convert_to(ledger.words(id, p_at, p_act, case_id, subject, 1, 'person', null, null, null, null,
        purpose, p_reason, p_detail), 'UTF8'))
    from e
  )
  insert into ledger.pending select id from e;
end $$;

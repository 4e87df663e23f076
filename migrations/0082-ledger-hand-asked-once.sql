-- As before (0010), asking once whose case is in hand: asked of each entry, a case with hundreds of entries took a fifth of a
-- second to open.
create or replace function ledger.entries_in_hand() returns table (id uuid, at timestamptz, act text, actor_kind text,
  subject_count int, duty text, department text, purpose text, reason text, detail text, salt bytea, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with hand as materialized (
    select f.id as case_id, f.subject from correspondence.casefile f where f.id = (select need_to_know.case_in_hand())
  )
  select e.id, e.at, e.act, e.actor_kind, e.subject_count, e.duty, e.department, e.purpose, e.reason, e.detail, e.salt, l.seq
  from hand join ledger.entry e on e.subject = hand.subject and e.case_id = hand.case_id
    left join ledger.leaf l on l.entry_id = e.id
$$;

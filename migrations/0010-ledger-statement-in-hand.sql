-- The statement behind a leaf of the case in hand, for the proof that a person takes home. The app may not read an
-- employee or the salt of the tag, so it cannot make the statement itself; the tag alone tells nobody.
create function ledger.statement_in_hand(p_entry uuid) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select ledger.statement(e) from ledger.entry e where e.id = p_entry and e.case_id = need_to_know.case_in_hand()
$$;
grant execute on function ledger.statement_in_hand(uuid) to cityhall_app;

-- What the ledger says of the case in hand, each entry with its place in the tree once it has one: the app's only sight
-- of entries. A person sees duty and department, never the employee or the tag's salt.
create function ledger.entries_in_hand() returns table (id uuid, at timestamptz, act text, actor_kind text,
  subject_count int, duty text, department text, purpose text, reason text, detail text, salt bytea, seq bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, e.at, e.act, e.actor_kind, e.subject_count, e.duty, e.department, e.purpose, e.reason, e.detail, e.salt, l.seq
  from ledger.entry e left join ledger.leaf l on l.entry_id = e.id
  where e.case_id = need_to_know.case_in_hand()
    and e.subject = (select f.subject from correspondence.casefile f where f.id = need_to_know.case_in_hand())
$$;
grant execute on function ledger.entries_in_hand() to cityhall_app;

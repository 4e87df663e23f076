-- Opening a letter and the page that follows it, asked in fewer questions.

-- Opens, as before (0019). Which duty reads for this reason is sought once: the first, in their order, that covers the
-- topic, may read and names the reason.
create or replace function vault.open(p_purpose text, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  its_topic text; its_subject uuid; its_case uuid;
  duty text;
  until timestamptz := clock_timestamp() + interval '15 minutes';
  opening uuid;
begin
  select c.topic, c.subject, c.id into its_topic, its_subject, its_case
    from correspondence.casefile c join vault.subject s on s.id = c.subject
    where c.id = (who ->> 'case')::uuid and s.state = 'in-use';
  if not found then return null; end if;
  if who ->> 'kind' = 'staff' and p_reason = 'break-glass' then
    select g.duty, least(until, g.ends_at) into duty, until from need_to_know.glass_in_hand() g;
    if duty is null then return null; end if;
  elsif who ->> 'kind' = 'staff' then
    select d.id into duty from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
      join need_to_know.duty_topic t on t.duty = d.id
      where c.employee = (who ->> 'employee')::int and t.topic = its_topic and 'read' = any (d.powers)
        and (c.source <> 'group' or coalesce((who ->> 'groups')::boolean, false))
        and p_reason = any (d.reasons) and c.since <= city.now() and (c.until is null or c.until > city.now())
      order by d.id limit 1;
    if duty is null then return null; end if;
  end if;
  insert into vault.opening (subject, case_id, actor_kind, session, entry_id, ends_at)
  values (its_subject, its_case, who ->> 'kind', (who ->> 'session')::uuid,
    vault.record('letter.opened', who ->> 'kind', its_case, its_subject, (who ->> 'employee')::int, duty, p_purpose, p_reason),
    until)
  returning id into opening;
  return opening;
end $$;

-- The key of the case in hand, where this session has opened it and it lies open still: what vault.opening_in_hand finds,
-- on the conditions of vault.key (0019), with one proof of who is acting.
create function vault.key_in_hand() returns table (subject uuid, wrapped_key bytea, kek text, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, o.ends_at
  from (select need_to_know.context() as who offset 0) x
    cross join lateral (
      select y.subject, y.case_id, y.written_by, y.ends_at from vault.opening y
      where y.case_id = (x.who ->> 'case')::uuid and y.session = (x.who ->> 'session')::uuid and y.ends_at > clock_timestamp()
      order by y.ends_at desc limit 1) o
    join vault.subject s on s.id = o.subject join correspondence.casefile f on f.id = o.case_id
  where x.who ->> 'kind' = 'staff' and s.state = 'in-use' and pg_xact_status(o.written_by) = 'committed'
    and (need_to_know.duty_for(f.topic, 'read') is not null or exists (select from need_to_know.glass_in_hand()))
$$;
grant execute on function vault.key_in_hand() to cityhall_app;

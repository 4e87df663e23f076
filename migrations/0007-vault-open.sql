-- Opens the case in hand. Returns the opening, with which `vault.key` gives the key once this has committed; null
-- where there is no case in hand, the duty does not allow reading, the reason is not one of the duty's, or the
-- subject is no longer in use.
create function vault.open(p_purpose text, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  f correspondence.casefile;
  duty text;
  opening uuid;
begin
  select c.* into f from correspondence.casefile c join vault.subject s on s.id = c.subject
    where c.id = (who ->> 'case')::uuid and s.state = 'in-use';
  if not found then return null; end if;
  if who ->> 'kind' = 'staff' then
    select d.id into duty from need_to_know.duty d
      where d.id = need_to_know.duty_for(f.topic, 'read') and p_reason = any (d.reasons);
    if duty is null then
      select d.id into duty from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
        join need_to_know.duty_topic t on t.duty = d.id
        where c.employee = (who ->> 'employee')::int and t.topic = f.topic and 'read' = any (d.powers)
          and p_reason = any (d.reasons) and c.since <= city.now() and (c.until is null or c.until > city.now())
        order by d.id limit 1;
    end if;
    if duty is null then return null; end if;
  end if;
  insert into vault.opening (subject, case_id, actor_kind, session, entry_id, ends_at)
  values (f.subject, f.id, who ->> 'kind', (who ->> 'session')::uuid,
    vault.record('letter.opened', who ->> 'kind', f.id, f.subject, (who ->> 'employee')::int, duty, p_purpose, p_reason),
    clock_timestamp() + interval '15 minutes')
  returning id into opening;
  return opening;
end $$;

-- Hands out the wrapped key of an opening: only to whoever opened (the same session, or the person with the receipt),
-- while the case is still in hand and a duty still reads it, and only when the transaction that wrote the opening and its ledger entry has
-- committed. So an entry cannot be rolled back while its key is used, whatever the caller does.
create function vault.key(p_opening uuid) returns table (subject uuid, wrapped_key bytea, kek text, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, o.ends_at
  from vault.opening o join vault.subject s on s.id = o.subject join correspondence.casefile f on f.id = o.case_id,
    need_to_know.context() who
  where o.id = p_opening and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
    and o.case_id = (who ->> 'case')::uuid and o.actor_kind = who ->> 'kind'
    and o.session is not distinct from (who ->> 'session')::uuid
    and (o.actor_kind <> 'staff' or need_to_know.duty_for(f.topic, 'read') is not null)
$$;

-- The opening that this session already has of the case in hand, if it is still open.
create function vault.opening_in_hand() returns uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.id from vault.opening o, need_to_know.context() who
  where who ->> 'kind' = 'staff' and o.case_id = (who ->> 'case')::uuid and o.session = (who ->> 'session')::uuid
    and o.ends_at > clock_timestamp()
  order by o.ends_at desc limit 1
$$;
grant execute on function vault.open(text, text), vault.key(uuid), vault.opening_in_hand() to cityhall_app;

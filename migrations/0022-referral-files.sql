-- Files of a letter may leave with it: each is one more field, `files:LETTER.POSITION`, chosen by the clerk.
alter table city.agency drop constraint agency_needs_check;
alter table city.agency add constraint agency_needs_check
  check (needs <@ array['name', 'contact', 'words', 'place', 'answers', 'files']);

-- Whether a field of a case may leave for an agency. A file is part of what the person wrote: it may go, by mail, to whoever
-- needs her words or her files; only one of her own that was looked at and made anew (never a mail as it came, never one
-- that waits for the scanner or was refused), and only of this very case.
create function referral.may_leave(p_field text, p_agency city.agency, p_case uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select p_field ~ '^[a-z]+:[a-z0-9._-]{1,60}$' and case split_part(p_field, ':', 1)
    when 'case' then true
    when 'files' then p_agency.way = 'email' and p_agency.needs && array['words', 'files'] and exists (
      select from attachments.attachment t join correspondence.message m on m.case_id = t.case_id and m.id = t.message_id
      where t.case_id = p_case and m.kind in ('letter', 'addition') and t.state = 'ready' and t.kind <> 'mail'
        and p_field = 'files:' || m.seq || '.' || t.position)
    else split_part(p_field, ':', 1) = any (p_agency.needs)
  end
$$;

-- Sends parts of the case in hand to another agency: the disclosure, the ledger's entry, the sending in the queue, and the
-- message that tells the person, all or nothing. `p_fields` are `category:code`; what may not leave for that agency is
-- refused. The envelope has to be open: nobody sends on what she may not read. Refusals: 'not-there' (also: not
-- permitted), 'changed', 'closed-envelope', 'closed-already', 'no-such-agency', 'no-basis', 'not-needed'.
create or replace function referral.refer(p_version int, p_id uuid, p_agency text, p_basis text, p_fields text[], p_sealed bytea,
  p_message uuid, p_sealed_message bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text; a city.agency;
begin
  if exists (select from referral.disclosure d where d.id = p_id and d.case_id = need_to_know.case_in_hand()) then return 'again'; end if;
  select * into t from correspondence.take('refer', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if vault.opening_in_hand() is null then return 'closed-envelope'; end if;
  if f.state = 'closed' then return 'closed-already'; end if;
  select * into a from city.agency x where x.id = p_agency and x.way <> 'none';
  if not found then return 'no-such-agency'; end if;
  if not exists (select from city.legal_basis b where b.id = p_basis) then return 'no-basis'; end if;
  if coalesce(cardinality(p_fields), 0) = 0
    or exists (select from unnest(p_fields) as x (field) where not referral.may_leave(x.field, a, f.id)) then return 'not-needed'; end if;
  perform correspondence.append(f.id, p_message, 'referral', null, need_to_know.employee(), duty, p_sealed_message);
  insert into referral.disclosure (id, case_id, agency, basis, way, fields, sealed, message_id, employee, duty, made_at, due_at)
  values (p_id, f.id, p_agency, p_basis, a.way, p_fields, p_sealed, p_message, need_to_know.employee(), duty, city.now(), city.now());
  update correspondence.casefile set version = version + 1,
    state_since = case when state = 'new' then city.now() else state_since end,
    state = case when state = 'new' then 'open' else state end, assignee = coalesce(assignee, need_to_know.employee())
  where id = f.id;
  perform vault.record('case.referred', 'staff', f.id, f.subject, need_to_know.employee(), duty, 'referral', p_basis,
    'agency=' || p_agency || ' by=' || a.way || ' fields=' || array_to_string(p_fields, ' '));
  if exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then
    perform correspondence.post(array[f.id], array[f.topic], 'referral', p_message);
  end if;
  return 'done';
end $$;

-- The files that leave with one referral, sealed under the person's key, once its opening has committed.
create function referral.files_leaving(p_opening uuid, p_id uuid) returns table (code text, id uuid, bytes bigint, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select x.field, t.id, t.bytes, t.sealed
  from vault.opening o join referral.disclosure d on d.id = p_id and d.case_id = o.case_id and d.state = 'waiting'
  cross join unnest(d.fields) as x (field)
  join correspondence.message m on m.case_id = d.case_id
  join attachments.attachment t on t.case_id = d.case_id and t.message_id = m.id and t.state = 'ready'
    and x.field = 'files:' || m.seq || '.' || t.position
  where o.id = p_opening and o.actor_kind = 'system' and o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed'
$$;
grant execute on function referral.files_leaving(uuid, uuid) to cityhall_keeper;

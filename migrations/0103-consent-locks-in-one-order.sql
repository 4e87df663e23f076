-- Consents are locked in the order of their subjects by whatever does something with several, so that a look, an answer and a
-- revocation at the same moment wait for one another one way only. And what is kept is looked at whole before any of it is written.

-- As before (0097): all or nothing, also where a consent ended a moment ago.
create or replace function consent.keep_held(p_consents uuid[], p_fields text[], p_sealed bytea[], p_record boolean[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); c consent.consent; s record; asked jsonb; mine consent.consent[] := '{}';
begin
  if who is null then return 'not-there'; end if;
  for c in select x.* from consent.consent x where x.id = any (p_consents) order by x.subject for share loop
    asked := consent.purpose(c.notice, c.purpose) -> 'asks';
    if not exists (select from consent.standing(c, who)) or exists (select from unnest(p_consents, p_fields) as x (consent, field)
      where x.consent = c.id and not exists (select from jsonb_array_elements(asked) a where a ->> 'field' = x.field)) then return 'not-there'; end if;
    mine := mine || c;
  end loop;
  if cardinality(mine) <> (select count(distinct x) from unnest(p_consents) x) then return 'not-there'; end if;
  foreach c in array mine loop
    select * into s from consent.standing(c, who);
    insert into consent.held (consent, field, sealed, record)
    select c.id, x.field, x.sealed, x.record and c.record from unnest(p_consents, p_fields, p_sealed, p_record) as x (consent, field, sealed, record)
    where x.consent = c.id
    on conflict (consent, field) do update set sealed = excluded.sealed, at = city.now(), record = consent.held.record or excluded.record;
    perform vault.record('consent.kept', case when s.stands = 'staff' then 'staff' else 'person' end, null, c.subject,
      case when s.stands = 'staff' then (who ->> 'employee')::int end, s.duty, c.purpose,
      p_detail => 'answers=' || (select count(*) from unnest(p_consents) x where x = c.id) || ' as=' || s.stands);
  end loop;
  return 'done';
end $$;

-- As before (0098).
create or replace function consent.end_use(p_consents uuid[], p_state text, p_by uuid) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  ids uuid[]; kept uuid[]; day date := consent.today(); backups date;
begin
  select array_agg(x.id order by x.id) into ids from (select c.id from consent.consent c where c.id = any (p_consents)
    and c.state in ('given', 'in-force', 'frozen', 'passed') order by c.subject for update) x;
  if ids is null then return; end if;
  select day + k.backup_days into backups from consent.rules k;
  return query select * from consent.follow(ids);
  delete from consent.opening o where o.consent = any (ids);
  return query
    with mail as (select c.id, c.thing, count(*) as letters from consent.consent c join residents.mail m on m.subject = c.subject
      where c.id = any (ids) and m.state = 'waiting' group by c.id, c.thing)
    select m.id, 'mail-dropped', m.thing, day, 'letters=' || m.letters from mail m;
  perform residents.drop_mail(array(select c.subject from consent.consent c where c.id = any (ids)));
  return query
    with told as (insert into consent.stop (consent, agency)
      select c.id, a from consent.consent c cross join lateral unnest(c.agencies) a
      where c.id = any (ids) and exists (select from consent.held h where h.consent = c.id)
      on conflict do nothing returning stop.consent, stop.agency)
    select t.consent, 'agency-told', c.thing, day, 'agency=' || t.agency from told t join consent.consent c on c.id = t.consent;
  kept := array(select c.id from consent.consent c where c.id = any (ids) and c.record
    and exists (select from consent.held h where h.consent = c.id and h.record));
  delete from consent.held h where h.consent = any (ids) and (h.consent <> all (kept) or not h.record);
  perform vault.withdraw_subject(c.subject) from consent.consent c where c.id = any (kept) order by c.subject;
  perform vault.destroy_subject(c.subject) from consent.consent c where c.id = any (ids) and c.id <> all (kept) order by c.subject;
  update consent.conflict x set settled_at = city.now(), outcome = 'revoked' where x.consent = any (ids) and x.settled_at is null;
  update consent.consent c set state = p_state, ended_at = city.now(), ended_by = p_by where c.id = any (ids);
  return query select c.id, 'use-stops', c.thing, day, null::text from consent.consent c where c.id = any (ids);
  return query select c.id, case when c.id = any (kept) then 'withdrawn' else 'destroyed' end, c.thing, day,
    'retention=' || c.retention from consent.consent c where c.id = any (ids);
  return query select c.id, 'backups-expire', c.thing, backups, null::text from consent.consent c where c.id = any (ids);
end $$;

-- As before (0096).
create or replace function consent.prove(r consent.request, p_method text, p_kind text, p_employee int, p_duty text, p_evidence bytea) returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  m consent.method; shown consent.proof; c consent.consent; came int := 0;
begin
  select x.* into m from consent.method x where x.id = p_method and x.offered;
  if not found then return 0; end if;
  insert into consent.proof (child, resident, method, strength, employee, duty, until, notice, evidence_hash)
  select r.child, r.resident, m.id, m.strength, p_employee, p_duty, consent.today() + k.proof_days, r.notice, p_evidence
  from consent.rules k returning * into shown;
  for c in select x.* from consent.consent x where x.child = r.child and x.given_by = r.resident and x.state in ('given', 'frozen')
    and x.proof is null and x.strength <= m.strength order by x.subject for update
  loop
    update consent.consent x set state = case when c.state = 'given' then 'in-force' else c.state end, proof = shown.id where x.id = c.id;
    perform vault.record('consent.verified', case when p_employee is null then 'person' else 'staff' end, null, c.subject, p_employee,
      p_duty, c.purpose, p_detail => 'method=' || m.id || ' strength=' || m.strength || ' notice=' || left(encode(c.notice, 'hex'), 16)
        || case when p_evidence is null then '' else ' evidence=' || encode(p_evidence, 'hex') end);
    came := came + 1;
  end loop;
  if came > 0 and p_employee is not null then
    perform residents.show_guardianship(r.resident, r.child, p_kind, p_employee, p_duty);
  end if;
  perform consent.settle_requests(array(select distinct x.request from consent.consent x
    where x.child = r.child and x.given_by = r.resident));
  return came;
end $$;

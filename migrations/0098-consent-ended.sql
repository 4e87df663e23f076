-- The end of a consent: one function does what follows, and a preview is that same function, rolled back (decision 0033).

-- Ends the use of consents and says what followed, line by line; in a preview, what would. Set by set: two hundred at once
-- must not be felt. `p_state`: 'revoked' or 'expired'. What became a record goes into custody until its retention allows
-- destruction (Gov. Code 34090); the rest is destroyed now.
create function consent.end_use(p_consents uuid[], p_state text, p_by uuid) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  ids uuid[]; kept uuid[]; day date := consent.today(); backups date;
begin
  select array_agg(x.id) into ids from (select c.id from consent.consent c where c.id = any (p_consents)
    and c.state in ('given', 'in-force', 'frozen', 'passed') order by c.id for update) x;
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

create function consent.in_order(p_rows consent.consequence[]) returns consent.consequence[]
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select coalesce(array_agg(r order by r.consent, r.code, r.thing, r.at, r.detail), '{}') from unnest(p_rows) r
$$;
-- What was shown, in 32 bytes: acting on something else is refused.
create function consent.digest(p_rows consent.consequence[]) returns bytea
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(coalesce(string_agg(concat_ws('|', r.consent, r.code, r.thing, r.at, coalesce(r.detail, '-')), E'\n'
    order by r.consent, r.code, r.thing, r.at, r.detail), ''), 'UTF8')) from unnest(p_rows) r
$$;

-- Which of these consents the acting one may take back: whoever speaks for the child, and a clerk who was told to. Null
-- where one of them is not hers, is over, or is another child's: no answer is given about part of them.
create function consent.mine_to_end(p_consents uuid[]) returns uuid
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); its_child uuid; children int; found_ones int;
begin
  select min(c.child::text)::uuid, count(distinct c.child), count(*) into its_child, children, found_ones from consent.consent c
    where c.id = any (p_consents) and c.state in ('given', 'in-force', 'frozen', 'passed');
  if children <> 1 or found_ones <> (select count(distinct x) from unnest(p_consents) x) then return null; end if;
  if who ->> 'kind' = 'resident' and consent.speaks_for((who ->> 'resident')::uuid, its_child)
    or who ->> 'kind' = 'staff' and need_to_know.duty_with('consent') is not null then return its_child; end if;
  return null;
end $$;

-- What would follow, by doing it and taking it back: no second set of rules that could say something else.
create function consent.preview_revocation(p_consents uuid[])
returns table (digest bytea, consent uuid, code text, thing text, at date, detail text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  follows consent.consequence[];
begin
  if consent.mine_to_end(p_consents) is null then return; end if;
  begin
    follows := consent.in_order(array(select e from consent.end_use(p_consents, 'revoked', null) e));
    raise exception 'only looked at' using errcode = 'CH0PV';
  exception when sqlstate 'CH0PV' then null;
  end;
  return query select consent.digest(follows), r.* from unnest(follows) r;
end $$;

-- Takes consents back, at once and whole: what follows, the receipt, and its hash in the ledger of each consent. `p_seen` is
-- the digest of what was shown; where something else would follow, nothing is done. Outcomes: 'done', 'changed', 'not-there'.
create function consent.revoke(p_consents uuid[], p_seen bytea, p_receipt uuid)
returns table (outcome text, hash bytea) language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); its_child uuid := consent.mine_to_end(p_consents); staff boolean := who ->> 'kind' = 'staff';
begin
  if its_child is null then return query select 'not-there', null::bytea; return; end if;
  return query select * from consent.revoke_as(p_consents, p_seen, p_receipt, its_child, case when staff then 'staff' else 'person' end,
    case when not staff then (who ->> 'resident')::uuid end, case when staff then (who ->> 'employee')::int end,
    case when staff then need_to_know.duty_with('consent') end);
end $$;

create function consent.revoke_as(p_consents uuid[], p_seen bytea, p_receipt uuid, p_child uuid, p_actor text, p_by uuid, p_employee int, p_duty text)
returns table (outcome text, hash bytea) language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  follows consent.consequence[]; words text; its_hash bytea;
begin
  begin
    follows := consent.in_order(array(select e from consent.end_use(p_consents, 'revoked', p_by) e));
    if p_seen is distinct from consent.digest(follows) then raise exception 'changed' using errcode = 'CH0PV'; end if;
  exception when sqlstate 'CH0PV' then return query select 'changed', null::bytea; return;
  end;
  words := jsonb_build_object('receipt', p_receipt, 'child', p_child, 'at', to_char(city.now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'by', p_actor, 'consents', (select jsonb_agg(jsonb_build_object('consent', c.id, 'thing', c.thing, 'purpose', c.purpose,
      'notice', encode(c.notice, 'hex')) order by c.id) from consent.consent c where c.id = any (p_consents)),
    'consequences', (select jsonb_agg(jsonb_build_object('consent', r.consent, 'code', r.code, 'thing', r.thing, 'at', r.at,
      'detail', r.detail)) from unnest(follows) r))::text;
  insert into consent.receipt (id, child, content, hash) values (p_receipt, p_child, words, sha256(convert_to(words, 'UTF8')))
    returning receipt.hash into its_hash;
  perform vault.record('consent.revoked', p_actor, null, c.subject, p_employee, p_duty, c.purpose,
    p_detail => 'receipt=' || encode(its_hash, 'hex')) from consent.consent c where c.id = any (p_consents) order by c.subject;
  perform consent.settle_requests(array(select distinct c.request from consent.consent c where c.id = any (p_consents)));
  return query select 'done', its_hash;
end $$;

-- A guardian objects to what another guardian consents to: use stops, nothing is destroyed, a clerk settles it.
create function consent.object(p_consent uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c consent.consent; who uuid := residents.acting();
begin
  select x.* into c from consent.consent x where x.id = p_consent and x.state in ('given', 'in-force') for update;
  if who is null or c.id is null or c.given_by = who or not residents.stands_for(who, c.child) then return 'not-there'; end if;
  update consent.consent x set state = 'frozen' where x.id = c.id;
  delete from consent.opening o where o.consent = c.id;
  insert into consent.conflict (consent, wants, objects) values (c.id, c.given_by, who);
  perform vault.record('consent.frozen', 'person', null, c.subject, p_purpose => c.purpose);
  return 'done';
end $$;

-- The clerk settles what two guardians did not agree on: use goes on, or the consent is taken back (which the caller has
-- previewed, as anybody's revocation). Outcomes: 'done', 'not-there'.
create function consent.unfreeze(p_consent uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c consent.consent; its_duty text := need_to_know.duty_with('consent');
begin
  select x.* into c from consent.consent x where x.id = p_consent and x.state = 'frozen' for update;
  if its_duty is null or c.id is null then return 'not-there'; end if;
  update consent.conflict x set settled_at = city.now(), employee = need_to_know.employee(), duty = its_duty, outcome = 'in-force'
    where x.consent = c.id and x.settled_at is null;
  update consent.consent x set state = case when c.proof is null then 'given' else 'in-force' end where x.id = c.id;
  perform vault.record('consent.unfrozen', 'staff', null, c.subject, need_to_know.employee(), its_duty, c.purpose);
  return 'done';
end $$;

-- By the clock, one thing a call, so that its locks are few: a question without an answer lapses; an answer that nobody
-- showed to be a guardian's, and a consent past its last day, ends. Returns what was done, or null when nothing is due.
create function consent.tend() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; c consent.consent; day date := consent.today();
begin
  select x.* into r from consent.request x where x.state in ('asked', 'answered') and x.ends_on < day order by x.ends_on, x.id limit 1 for update skip locked;
  if found then
    if r.state = 'asked' then perform consent.end_request(r.id, 'lapsed', 'system'); return 'lapsed'; end if;
    perform consent.expire(array(select x.id from consent.consent x where x.request = r.id and x.proof is null and x.state in ('given', 'frozen')), 'unverified');
    if exists (select from consent.request x where x.id = r.id and x.state = 'answered') then
      perform consent.settle_requests(array[r.id]);
    end if;
    return 'unverified';
  end if;
  select x.* into c from consent.consent x where x.state in ('given', 'in-force', 'frozen', 'passed') and x.until < day
    order by x.until, x.id limit 1 for update skip locked;
  if found then perform consent.expire(array[c.id], 'term'); return 'expired'; end if;
  return null;
end $$;

create function consent.expire(p_consents uuid[], p_because text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform from consent.end_use(p_consents, 'expired', null);
  perform vault.record('consent.expired', 'system', null, c.subject, p_purpose => c.purpose, p_detail => 'because=' || p_because)
    from consent.consent c where c.id = any (p_consents) and c.subject is not null order by c.subject;
  perform consent.settle_requests(array(select distinct c.request from consent.consent c where c.id = any (p_consents)));
end $$;

create function consent.sweep() returns void language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from consent.opening o where o.ends_at < clock_timestamp() - interval '1 hour'
$$;

grant execute on function consent.preview_revocation(uuid[]), consent.revoke(uuid[], bytea, uuid), consent.object(uuid),
  consent.unfreeze(uuid) to cityhall_app;
grant execute on function consent.tend(), consent.sweep() to cityhall_keeper;

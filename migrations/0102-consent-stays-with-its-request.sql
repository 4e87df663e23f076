-- A consent that is renewed stays with the request by which it began: rooms above know it by that (a letter, an enrolment).
-- What a guardian has still to show is therefore asked of her and the child, not of one request.

-- As before (0096), but for whom: nothing of hers for this child waits any more.
create or replace function consent.settle_requests(p_requests uuid[]) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request;
begin
  for r in select x.* from consent.request x where x.state = 'answered'
    and (x.id = any (p_requests) or (x.child, x.resident) in (select y.child, y.resident from consent.request y where y.id = any (p_requests)))
    and not exists (select from consent.consent c where c.child = x.child and c.given_by = x.resident and c.proof is null and c.state in ('given', 'frozen'))
    order by x.id for update
  loop
    perform consent.close_request(r);
  end loop;
end $$;
create function consent.close_request(r consent.request) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform residents.drop_mail(array[r.subject]);
  perform vault.destroy_subject(r.subject);
  delete from consent.opening o where o.request = r.id;
  update consent.request x set state = 'settled', sealed = null, contact_token = null, ended_at = city.now() where x.id = r.id;
end $$;

create or replace function consent.requests_of_hers() returns table (id uuid, number int, thing text, notice bytea, newest bytea, band text, state text,
  asked_by text, asked_at timestamptz, ends_on date, child uuid, wants int, letter text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with hers as (
    select r.* from residents.address a join consent.request r on r.contact_token = a.token and r.resident is null
      where a.resident = (select residents.acting())
    union all
    select r.* from consent.request r where r.resident = (select residents.acting())
  )
  select r.id, r.number, r.thing, r.notice, consent.newest(r.thing), r.band, r.state, r.asked_by, r.asked_at, r.ends_on, r.child,
    (select max(c.strength) from consent.consent c where c.child = r.child and c.given_by = r.resident and c.state in ('given', 'frozen') and c.proof is null),
    (select l.state from consent.letter l where l.request = r.id and l.state in ('asked', 'printed') limit 1)
  from hers r where r.state in ('asked', 'answered') order by r.asked_at
$$;

create or replace function consent.to_verify() returns table (id uuid, number int, thing text, notice bytea, band text, answered_at timestamptz,
  ends_on date, wants int, letter text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.number, r.thing, r.notice, r.band, r.answered_at, r.ends_on,
    (select max(c.strength) from consent.consent c where c.child = r.child and c.given_by = r.resident and c.proof is null and c.state in ('given', 'frozen')),
    (select l.state from consent.letter l where l.request = r.id and l.state in ('asked', 'printed'))
  from consent.request r where r.state = 'answered' and (select need_to_know.duty_with('consent')) is not null
  order by r.answered_at limit 500
$$;

create or replace function consent.waiting_of(p_request uuid) returns table (purpose text, strength int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.purpose, c.strength from consent.request r join consent.consent c on c.child = r.child and c.given_by = r.resident
  where r.id = p_request and c.proof is null and c.state in ('given', 'frozen')
    and (select need_to_know.duty_with('consent')) is not null order by c.strength desc, c.purpose
$$;

-- As before (0098). A request past its days ends what it left unshown, and itself, whatever waits of a later one.
create or replace function consent.tend() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; c consent.consent; day date := consent.today();
begin
  select x.* into r from consent.request x where x.state in ('asked', 'answered') and x.ends_on < day order by x.ends_on, x.id limit 1 for update skip locked;
  if found then
    if r.state = 'asked' then perform consent.end_request(r.id, 'lapsed', 'system'); return 'lapsed'; end if;
    perform consent.expire(array(select x.id from consent.consent x where x.child = r.child and x.given_by = r.resident and x.proof is null
      and x.state in ('given', 'frozen') and x.given_at <= r.answered_at), 'unverified');
    select x.* into r from consent.request x where x.id = r.id and x.state = 'answered';
    if found then perform consent.close_request(r); end if;
    return 'unverified';
  end if;
  select x.* into c from consent.consent x where x.state in ('given', 'in-force', 'frozen', 'passed') and x.until < day
    order by x.until, x.id limit 1 for update skip locked;
  if found then perform consent.expire(array[c.id], 'term'); return 'expired'; end if;
  return null;
end $$;

-- As before (0100), with the request left as it is.
create or replace function consent.answer(p_request uuid, p_notice bytea, p_child uuid, p_yes text[], p_no text[], p_ids uuid[], p_subjects uuid[],
  p_wrapped bytea[], p_custody bytea[], p_kek text, p_sealed bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; who uuid := residents.acting(); asked jsonb; one jsonb; shown consent.proof; its_id uuid; at_place int;
  its_strength int; last_day date; objector uuid; its_state text; its_band text; old consent.consent;
begin
  select x.* into r from consent.request x where x.id = p_request for update;
  if who is null or r.id is null or r.state <> 'asked' or not consent.put_to(r, who) then return 'not-there'; end if;
  if r.notice <> p_notice then return 'changed'; end if;
  select n.content::jsonb -> 'purposes' into asked from consent.notice n where n.hash = r.notice;
  if (select array_agg(p ->> 'id' order by p ->> 'id') from jsonb_array_elements(asked) p)
    is distinct from (select array_agg(x order by x) from unnest(p_yes || p_no) x) or cardinality(p_yes) <> cardinality(p_ids)
    then return 'incomplete'; end if;
  if exists (select from jsonb_array_elements(asked) p where (p ->> 'needed')::boolean and p ->> 'id' = any (p_no)) then
    perform consent.end_request(r.id, 'declined', 'person');
    return 'declined';
  end if;
  if not consent.speaks_for(who, p_child) then return 'not-there'; end if;
  if exists (select from consent.consent c where c.child = p_child and c.thing = r.thing and c.purpose = any (p_no)
    and c.state in ('given', 'in-force', 'frozen', 'passed')) then return 'take-back'; end if;
  if exists (select from consent.consent c where c.child = p_child and c.thing = r.thing and c.purpose = any (p_yes)
    and c.state = 'frozen') then return 'over'; end if;
  -- The age that a guardian says counts, and where she says none the one that was asked about.
  select case when c.band in ('under-13', 'under-18') then c.band else r.band end into its_band from residents.child c where c.id = p_child;
  for one in select p from jsonb_array_elements(asked) p order by p ->> 'id' loop
    its_strength := consent.strength_needed(one, its_band);
    last_day := consent.until_of(one);
    at_place := array_position(p_yes, one ->> 'id');
    if last_day < consent.today() then return 'over'; end if;
    if at_place is null then
      insert into consent.consent (id, child, request, thing, purpose, notice, needed, record, topic, sight, closed_to_guardians,
        strength, given_by, state, until, retention)
      values (gen_random_uuid(), p_child, r.id, r.thing, one ->> 'id', r.notice, false, (one ->> 'record')::boolean, one ->> 'topic',
        one ->> 'sight', one -> 'closedToGuardians' is not null, its_strength, who, 'declined', last_day, one ->> 'retention');
      continue;
    end if;
    if its_strength = 1 and (consent.best_proof(who, p_child)).id is null then
      insert into consent.proof (child, resident, method, strength, until, notice)
      select p_child, who, m.id, m.strength, consent.today() + k.proof_days, r.notice
      from consent.method m cross join consent.rules k where m.id = 'email-plus' and m.offered;
    end if;
    shown := consent.best_proof(who, p_child);
    its_id := p_ids[at_place];
    select c.* into old from consent.consent c where c.child = p_child and c.thing = r.thing and c.purpose = one ->> 'id'
      and c.state in ('given', 'in-force', 'passed') for update;
    if old.id is not null then
      its_state := case when coalesce(shown.strength, 0) >= its_strength then 'in-force' else 'given' end;
      update consent.consent c set notice = r.notice, needed = (one ->> 'needed')::boolean, record = (one ->> 'record')::boolean,
        topic = one ->> 'topic', sight = one ->> 'sight', closed_to_guardians = one -> 'closedToGuardians' is not null, strength = its_strength,
        agencies = array(select jsonb_array_elements_text(one -> 'agencies')), given_by = who, given_at = city.now(), state = its_state,
        proof = case when its_state = 'in-force' then shown.id end, until = last_day, retention = one ->> 'retention' where c.id = old.id;
      if its_state = 'given' then delete from consent.opening o where o.consent = old.id; end if;
      perform vault.record('consent.renewed', 'person', null, old.subject, p_purpose => one ->> 'id',
        p_detail => r.thing || ' notice=' || left(encode(r.notice, 'hex'), 16) || ' strength=' || its_strength);
      continue;
    end if;
    its_state := case when coalesce(shown.strength, 0) >= its_strength then 'in-force' else 'given' end;
    -- Another guardian took the same back a short while ago: that is no yes, it is two guardians who do not agree.
    select c.ended_by into objector from consent.consent c cross join consent.rules k
      where c.child = p_child and c.thing = r.thing and c.purpose = one ->> 'id' and c.state = 'revoked' and c.ended_by <> who
        and c.ended_at > city.now() - make_interval(days => k.conflict_days)
        and residents.stands_for(c.ended_by, p_child) order by c.ended_at desc limit 1;
    insert into vault.subject (id, wrapped_key, kek, custody_key)
    values (p_subjects[at_place], p_wrapped[at_place], p_kek, p_custody[at_place]);
    insert into consent.consent (id, child, request, thing, purpose, notice, subject, needed, record, topic, sight,
      closed_to_guardians, strength, agencies, given_by, proof, state, until, retention)
    values (its_id, p_child, r.id, r.thing, one ->> 'id', r.notice, p_subjects[at_place], (one ->> 'needed')::boolean,
      (one ->> 'record')::boolean, one ->> 'topic', one ->> 'sight', one -> 'closedToGuardians' is not null, its_strength,
      array(select jsonb_array_elements_text(one -> 'agencies')), who,
      case when its_state = 'in-force' then shown.id end, case when objector is not null then 'frozen' else its_state end, last_day,
      one ->> 'retention');
    perform vault.record('consent.given', 'person', null, p_subjects[at_place], p_purpose => one ->> 'id',
      p_detail => r.thing || ' notice=' || left(encode(r.notice, 'hex'), 16) || ' strength=' || its_strength
        || case when its_state = 'in-force' then ' shown=' || shown.method else '' end);
    if objector is not null then
      insert into consent.conflict (consent, wants, objects) values (its_id, who, objector);
      perform vault.record('consent.frozen', 'person', null, p_subjects[at_place], p_purpose => one ->> 'id');
    end if;
  end loop;
  perform residents.drop_mail(array[r.subject]);
  update consent.request x set state = 'answered', resident = who, child = p_child, answered_at = city.now(), sealed = p_sealed,
    ends_on = consent.today() + k.verify_days from consent.rules k where x.id = r.id;
  perform vault.record('consent.answered', 'person', null, r.subject, p_purpose => 'consent',
    p_detail => 'yes=' || cardinality(p_yes) || ' no=' || cardinality(p_no));
  perform consent.settle_requests(array[r.id]);
  return 'done';
end $$;

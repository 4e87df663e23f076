-- Asking, answering, and showing who answered.

-- Keeps a notice and says which it is. Only the web process, which made it of the city's own forms, can (its MAC).
create function consent.keep_notice(p_thing text, p_content text, p_mac bytea) returns bytea
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_hash bytea := sha256(convert_to(p_content, 'UTF8'));
begin
  if (p_mac = need_to_know.mac('session', 'notice|' || p_thing || '|' || encode(its_hash, 'hex'))) is not true then return null; end if;
  if exists (select from consent.notice n where n.hash = its_hash) then return its_hash; end if;
  perform pg_advisory_xact_lock(hashtextextended('consent.notice|' || p_thing, 0));
  insert into consent.notice (hash, thing, version, content)
  values (its_hash, p_thing, coalesce((select max(n.version) from consent.notice n where n.thing = p_thing), 0) + 1, p_content)
  on conflict (hash) do nothing;
  return its_hash;
end $$;

create function consent.notice_of(p_hash bytea) returns table (thing text, version int, content text, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n.thing, n.version, n.content, n.since from consent.notice n where n.hash = p_hash
$$;

-- A child asks a parent: a contact and a first name, sealed, and two letters for the post (now, and a reminder that waits).
-- At most five questions wait for one address, so that nobody is flooded. Outcomes: 'done', 'too-many', 'not-there'.
create function consent.ask(p_id uuid, p_notice bytea, p_band text, p_subject uuid, p_wrapped_key bytea, p_kek text, p_token bytea,
  p_sealed bytea, p_language text, p_code_hash bytea, p_mail uuid, p_letter bytea, p_reminder uuid, p_reminder_letter bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  n consent.notice; k consent.rules;
begin
  select x.* into n from consent.notice x where x.hash = p_notice;
  if not found then return 'not-there'; end if;
  select x.* into k from consent.rules x;
  perform pg_advisory_xact_lock(hashtextextended('consent.ask|' || encode(p_token, 'hex'), 0));
  if (select count(*) from consent.request r where r.contact_token = p_token and r.state = 'asked') >= 5 then return 'too-many'; end if;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into consent.request (id, thing, notice, band, subject, contact_token, sealed, language, asked_by, code_hash, ends_on)
  values (p_id, n.thing, p_notice, p_band, p_subject, p_token, p_sealed, p_language, 'child', p_code_hash, consent.today() + k.answer_days);
  perform residents.post(p_mail, p_subject, 'consent-request', p_letter, p_language);
  perform residents.post(p_reminder, p_subject, 'consent-reminder', p_reminder_letter, p_language,
    city.now() + make_interval(days => k.remind_day));
  perform vault.record('consent.asked', 'person', null, p_subject, p_purpose => 'consent',
    p_detail => n.thing || ' version=' || n.version || ' band=' || p_band);
  return 'done';
end $$;

-- A guardian who gives again what she took back, or what ran out, or says yes to what she had said no to, asks herself.
create function consent.ask_self(p_id uuid, p_notice bytea, p_child uuid, p_subject uuid, p_wrapped_key bytea, p_kek text,
  p_sealed bytea, p_code_hash bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  n consent.notice; who uuid := residents.acting(); its_band text;
begin
  select x.* into n from consent.notice x where x.hash = p_notice;
  if n.hash is null or who is null or not consent.speaks_for(who, p_child) then return 'not-there'; end if;
  select c.band into its_band from residents.child c where c.id = p_child;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into consent.request (id, thing, notice, band, subject, sealed, language, asked_by, code_hash, ends_on, resident, child)
  select p_id, n.thing, p_notice, case when its_band = 'under-13' then its_band else 'under-18' end, p_subject, p_sealed, r.language,
    'guardian', p_code_hash, consent.today() + k.answer_days, who, p_child
  from residents.resident r cross join consent.rules k where r.id = who;
  perform vault.record('consent.asked', 'person', null, p_subject, p_purpose => 'consent',
    p_detail => n.thing || ' version=' || n.version || ' by=guardian');
  return 'done';
end $$;

-- Who speaks for a child: her guardians; once she is of age or emancipated, she herself and nobody else.
create function consent.speaks_for(p_resident uuid, p_child uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select residents.stands_for(p_resident, p_child)
    or exists (select from residents.child c where c.id = p_child and c.resident = p_resident and c.ended_at is null)
$$;

-- Whether a request was put to this resident: to the address she has proved, or by herself.
create function consent.put_to(r consent.request, p_resident uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(r.resident = p_resident, exists (select from residents.address a where a.resident = p_resident and a.token = r.contact_token))
$$;

-- The best that shows today that this resident is this child's guardian.
create function consent.best_proof(p_resident uuid, p_child uuid) returns consent.proof
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select p from consent.proof p where p.child = p_child and p.resident = p_resident and p.until >= consent.today()
  order by p.strength desc, p.at desc limit 1
$$;

-- What a purpose asks of a proof: by the band, and never the weakest where anything is disclosed.
create function consent.strength_needed(p_purpose jsonb, p_band text) returns int
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select greatest((p_purpose -> 'strength' ->> p_band)::int, case when (p_purpose ->> 'disclosed')::boolean then 2 else 1 end)
$$;

create function consent.until_of(p_purpose jsonb) returns date language sql volatile set search_path = pg_catalog, pg_temp as $$
  select coalesce((p_purpose #>> '{lasts,until}')::date, consent.today() + (p_purpose #>> '{lasts,days}')::int)
$$;

-- The acting resident answers a request: yes or no to each of its purposes, none left out. Each yes brings a key of its own
-- (wrapped for use, and for custody). A no to what is needed to take part is a no to all: nothing is kept. Outcomes:
-- 'done'; 'declined'; 'incomplete'; 'changed' (another notice is valid by now); 'over' (one of them is given already, or has run out); 'not-there'.
create function consent.answer(p_request uuid, p_notice bytea, p_child uuid, p_yes text[], p_no text[], p_ids uuid[], p_subjects uuid[],
  p_wrapped bytea[], p_custody bytea[], p_kek text, p_sealed bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; who uuid := residents.acting(); asked jsonb; one jsonb; shown consent.proof; its_id uuid; at_place int;
  strength int; last_day date; objector uuid; its_state text; its_band text;
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
  if exists (select from consent.consent c where c.child = p_child and c.thing = r.thing and c.purpose = any (p_yes)
    and c.state in ('given', 'in-force', 'frozen', 'passed')) then return 'over'; end if;
  -- The age that a guardian says counts, and where she says none the one that was asked about.
  select case when c.band in ('under-13', 'under-18') then c.band else r.band end into its_band from residents.child c where c.id = p_child;
  for one in select p from jsonb_array_elements(asked) p order by p ->> 'id' loop
    strength := consent.strength_needed(one, its_band);
    last_day := consent.until_of(one);
    at_place := array_position(p_yes, one ->> 'id');
    if last_day < consent.today() then return 'over'; end if;
    if at_place is null then
      insert into consent.consent (id, child, request, thing, purpose, notice, needed, record, topic, sight, closed_to_guardians,
        strength, given_by, state, until, retention)
      values (gen_random_uuid(), p_child, r.id, r.thing, one ->> 'id', r.notice, false, (one ->> 'record')::boolean, one ->> 'topic',
        one ->> 'sight', one -> 'closedToGuardians' is not null, strength, who, 'declined', last_day, one ->> 'retention');
      continue;
    end if;
    if strength = 1 and (consent.best_proof(who, p_child)).id is null then
      insert into consent.proof (child, resident, method, strength, until, notice)
      select p_child, who, m.id, m.strength, consent.today() + k.proof_days, r.notice
      from consent.method m cross join consent.rules k where m.id = 'email-plus' and m.offered;
    end if;
    shown := consent.best_proof(who, p_child);
    its_id := p_ids[at_place];
    its_state := case when coalesce(shown.strength, 0) >= strength then 'in-force' else 'given' end;
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
      (one ->> 'record')::boolean, one ->> 'topic', one ->> 'sight', one -> 'closedToGuardians' is not null, strength,
      array(select jsonb_array_elements_text(one -> 'agencies')), who,
      case when its_state = 'in-force' then shown.id end, case when objector is not null then 'frozen' else its_state end, last_day,
      one ->> 'retention');
    perform vault.record('consent.given', 'person', null, p_subjects[at_place], p_purpose => one ->> 'id',
      p_detail => r.thing || ' notice=' || left(encode(r.notice, 'hex'), 16) || ' strength=' || strength
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

-- The sealed words of a request, for whoever was asked; they open with the request's key only.
create function consent.request_sealed(p_request uuid) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.sealed from consent.request r where r.id = p_request and consent.put_to(r, residents.acting())
$$;

-- A letter about a consent that the acting resident has just given, under the consent's own key.
create function consent.post(p_consent uuid, p_mail uuid, p_kind text, p_sealed bytea, p_language text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select residents.post(p_mail, c.subject, p_kind, p_sealed, p_language) from consent.consent c
  where c.id = p_consent and c.given_by = residents.acting() and c.given_at > city.now() - interval '1 minute'
    and p_kind = 'consent-given'
$$;

-- Says no to all: a guardian who is asked needs no reason, and no child is written down.
create function consent.decline(p_request uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; who uuid := residents.acting();
begin
  select x.* into r from consent.request x where x.id = p_request for update;
  if who is null or r.id is null or r.state <> 'asked' or not consent.put_to(r, who) then return 'not-there'; end if;
  perform consent.end_request(r.id, 'declined', 'person');
  return 'done';
end $$;

-- Ends a request that became nothing: contact and name are destroyed with their key, the letters that wait with them.
create function consent.end_request(p_request uuid, p_state text, p_actor text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request;
begin
  select x.* into r from consent.request x where x.id = p_request for update;
  perform residents.drop_mail(array[r.subject]);
  perform vault.record('consent.' || p_state, p_actor, null, r.subject, p_purpose => 'consent',
    p_detail => 'contact=destroyed' || case when p_state = 'lapsed' then ' days=' || (consent.today() - (r.asked_at at time zone k.time_zone)::date) else '' end)
    from consent.rules k;
  perform vault.destroy_subject(r.subject);
  delete from consent.opening o where o.request = r.id;
  update consent.request x set state = p_state, sealed = null, contact_token = null, ended_at = city.now() where x.id = r.id;
end $$;

-- Answered requests of which nothing waits any more give up the names that were needed to show who answered.
create function consent.settle_requests(p_requests uuid[]) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request;
begin
  for r in select x.* from consent.request x where x.id = any (p_requests) and x.state = 'answered'
    and not exists (select from consent.consent c where c.request = x.id and (c.state = 'given' or c.state = 'frozen' and c.proof is null))
    order by x.id for update
  loop
    perform residents.drop_mail(array[r.subject]);
    perform vault.destroy_subject(r.subject);
    delete from consent.opening o where o.request = r.id;
    update consent.request x set state = 'settled', sealed = null, contact_token = null, ended_at = city.now() where x.id = r.id;
  end loop;
end $$;

-- A guardian has shown who she is: every consent of hers for this child that asks no more is in force from now on. By a
-- clerk (`p_employee`), or by herself with a code that came by post. Returns how many came into force.
create function consent.prove(r consent.request, p_method text, p_kind text, p_employee int, p_duty text, p_evidence bytea) returns int
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
    and x.proof is null and x.strength <= m.strength order by x.id for update
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

-- A clerk attests how a guardian showed who she is. Outcomes: 'done'; 'too-weak' (nothing that waits is content with this
-- way); 'no-evidence' (a signed form needs its hash, and nothing else has one); 'not-offered'; 'not-there'.
create function consent.verify(p_request uuid, p_method text, p_kind text, p_evidence bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; duty text := need_to_know.duty_with('consent'); m consent.method;
begin
  select x.* into r from consent.request x where x.id = p_request and x.state = 'answered' for update;
  if duty is null or r.id is null then return 'not-there'; end if;
  select x.* into m from consent.method x where x.id = p_method and x.offered and x.id not in ('email-plus', 'code-by-post');
  if not found or p_kind is null or p_kind not in ('parent', 'legal-guardian', 'foster-parent', 'institution') then return 'not-offered'; end if;
  if (p_method = 'signed-form') <> (p_evidence is not null) then return 'no-evidence'; end if;
  if not exists (select from consent.consent c where c.child = r.child and c.given_by = r.resident and c.proof is null
    and c.state in ('given', 'frozen') and c.strength <= m.strength) then return 'too-weak'; end if;
  perform consent.prove(r, p_method, p_kind, need_to_know.employee(), duty, p_evidence);
  return 'done';
end $$;

-- The child (or who sits beside her) comes back with the code: enters as whoever may fill in what was consented to.
create function consent.enter_code(secret bytea) returns uuid
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_id uuid;
begin
  select r.id into its_id from consent.request r where r.code_hash = sha256(secret);
  if not found then return null; end if;
  perform need_to_know.sign(jsonb_build_object('kind', 'child', 'request', its_id));
  return its_id;
end $$;

-- How the request in hand stands, and each of its consents.
create function consent.request_in_hand() returns table (id uuid, number int, thing text, notice bytea, band text, state text, ends_on date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.number, r.thing, r.notice, r.band, r.state, r.ends_on from consent.request r, need_to_know.context() who
  where who ->> 'kind' = 'child' and r.id = (who ->> 'request')::uuid
$$;
create function consent.consents_in_hand() returns table (id uuid, purpose text, state text, until date, held boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.id, c.purpose, c.state, c.until, exists (select from consent.held h where h.consent = c.id)
  from consent.consent c, need_to_know.context() who
  where who ->> 'kind' = 'child' and c.request = (who ->> 'request')::uuid order by c.purpose
$$;

grant execute on function consent.keep_notice(text, text, bytea), consent.notice_of(bytea),
  consent.ask(uuid, bytea, text, uuid, bytea, text, bytea, bytea, text, bytea, uuid, bytea, uuid, bytea),
  consent.ask_self(uuid, bytea, uuid, uuid, bytea, text, bytea, bytea),
  consent.answer(uuid, bytea, uuid, text[], text[], uuid[], uuid[], bytea[], bytea[], text, bytea), consent.decline(uuid),
  consent.request_sealed(uuid), consent.post(uuid, uuid, text, bytea, text), consent.verify(uuid, text, text, bytea), consent.enter_code(bytea), consent.request_in_hand(), consent.consents_in_hand()
  to cityhall_app;

-- A parent may be reached by letter alone. Whoever asks her (the child, or a clerk with the child beside her) chooses one way:
-- an e-mail address or a postal one. The letter is a mail like any other, sealed under the request's key and dropped with it,
-- but a clerk prints and posts it; so is its one reminder. A code in it stands for the link: typed at /me it puts the request to
-- whoever types it, as a proved e-mail address does; at the counter a clerk writes down what she says there.
alter table residents.mail add column by_post boolean not null default false;

-- As before (0091), to be printed: the worker leaves it alone.
create function residents.post_letter(p_id uuid, p_subject uuid, p_kind text, p_sealed bytea, p_language text, p_due timestamptz default null)
returns void language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into residents.mail (id, subject, kind, sealed, language, due_at, by_post)
  values (p_id, p_subject, p_kind, p_sealed, p_language, coalesce(p_due, city.now()), true) on conflict (id) do nothing
$$;
-- Whether a clerk may open it: a mail that could not go out, or a letter whose day has come.
create function residents.for_clerk(m residents.mail) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select m.sealed is not null and (m.state = 'kept' or m.by_post and m.state = 'waiting' and m.due_at <= city.now())
$$;

-- As before (0092), without letters.
create or replace function residents.lease_mail(p_most int) returns table (mail uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  m record;
begin
  for m in
    with leased as (
      update residents.mail x set due_at = clock_timestamp() + interval '5 minutes'
      where x.id in (select y.id from residents.mail y where y.state = 'waiting' and y.due_at <= city.now() and not y.by_post
        order by y.due_at limit p_most for update skip locked)
      returning x.id, x.subject, x.kind
    ) select l.* from leased l join vault.subject s on s.id = l.subject and s.state = 'in-use' order by s.id, l.id
  loop
    mail := m.id;
    insert into vault.opening (subject, people, actor_kind, entry_id, ends_at)
    values (m.subject, true, 'system',
      vault.record('mail.opened', 'system', null, m.subject, p_purpose => 'post', p_reason => m.kind),
      clock_timestamp() + interval '5 minutes')
    returning id into opening;
    return next;
  end loop;
end $$;

-- As before (0093), and for letters too.
create or replace function residents.open_mail(p_mail uuid, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  duty text := need_to_know.duty_with('consent');
  s uuid;
  opening uuid;
begin
  if duty is null or not exists (select from need_to_know.duty d where d.id = duty and p_reason = any (d.reasons)) then return null; end if;
  select m.subject into s from residents.mail m join vault.subject v on v.id = m.subject and v.state = 'in-use'
    where m.id = p_mail and residents.for_clerk(m);
  if not found then return null; end if;
  insert into vault.opening (subject, people, actor_kind, session, entry_id, ends_at)
  values (s, true, 'staff', (who ->> 'session')::uuid,
    vault.record('mail.opened', 'staff', null, s, (who ->> 'employee')::int, duty, 'post', p_reason), clock_timestamp() + interval '15 minutes')
  returning id into opening;
  return opening;
end $$;
create or replace function residents.opened_mail(p_mail uuid)
returns table (subject uuid, wrapped_key bytea, kek text, sealed bytea, kind text, language text, written_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, m.sealed, m.kind, m.language, m.written_at
  from residents.mail m join vault.opening o on o.subject = m.subject join vault.subject s on s.id = m.subject,
    need_to_know.context() who
  where m.id = p_mail and residents.for_clerk(m) and s.state = 'in-use' and o.people and o.actor_kind = 'staff'
    and o.session = (who ->> 'session')::uuid and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and need_to_know.duty_with('consent') is not null
  order by o.ends_at desc limit 1
$$;
-- The clerk has posted a letter: its words are dropped, and the ledger says so.
create function residents.posted(p_mail uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := need_to_know.duty_with('consent');
  m residents.mail;
begin
  if duty is null then return false; end if;
  update residents.mail x set state = 'sent', sealed = null, settled_at = city.now()
    where x.id = p_mail and x.by_post and residents.for_clerk(x) returning x.* into m;
  if m.id is null then return false; end if;
  perform vault.record('mail.posted', 'staff', null, m.subject, need_to_know.employee(), duty, 'post', m.kind);
  return true;
end $$;

alter table consent.request add column letter_hash bytea unique check (length(letter_hash) = 32), add column claimed_at timestamptz;

-- What every way of asking does: at most five questions wait for one contact, the same page asks once (0115), and the ledger says
-- who asked: the child, or a clerk on her duty.
create function consent.put_request(p_id uuid, p_notice bytea, p_band text, p_subject uuid, p_wrapped_key bytea, p_kek text, p_token bytea,
  p_sealed bytea, p_language text, p_code_hash bytea, p_letter_hash bytea) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  n consent.notice; k consent.rules; its_duty text := need_to_know.duty_with('consent');
begin
  select x.* into n from consent.notice x where x.hash = p_notice;
  if not found then return 'not-there'; end if;
  select x.* into k from consent.rules x;
  perform pg_advisory_xact_lock(hashtextextended('consent.ask|' || encode(p_token, 'hex'), 0));
  if exists (select from consent.request r where r.id = p_id and r.code_hash = p_code_hash) then return 'again'; end if;
  if (select count(*) from consent.request r where r.contact_token = p_token and r.state = 'asked') >= 5 then return 'too-many'; end if;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into consent.request (id, thing, notice, band, subject, contact_token, sealed, language, asked_by, code_hash, letter_hash, ends_on)
  values (p_id, n.thing, p_notice, p_band, p_subject, p_token, p_sealed, p_language, 'child', p_code_hash, p_letter_hash,
    consent.today() + k.answer_days);
  perform vault.record('consent.asked', case when its_duty is null then 'person' else 'staff' end, null, p_subject,
    case when its_duty is not null then need_to_know.employee() end, its_duty, 'consent',
    p_detail => n.thing || ' version=' || n.version || ' band=' || p_band || case when p_letter_hash is null then '' else ' by=post' end);
  return 'done';
end $$;
create or replace function consent.ask(p_id uuid, p_notice bytea, p_band text, p_subject uuid, p_wrapped_key bytea, p_kek text, p_token bytea,
  p_sealed bytea, p_language text, p_code_hash bytea, p_mail uuid, p_letter bytea, p_reminder uuid, p_reminder_letter bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  said text := consent.put_request(p_id, p_notice, p_band, p_subject, p_wrapped_key, p_kek, p_token, p_sealed, p_language, p_code_hash, null);
begin
  if said <> 'done' then return said; end if;
  perform residents.post(p_mail, p_subject, 'consent-request', p_letter, p_language);
  perform residents.post(p_reminder, p_subject, 'consent-reminder', p_reminder_letter, p_language,
    city.now() + make_interval(days => (select k.remind_day from consent.rules k)));
  return said;
end $$;
create function consent.ask_by_post(p_id uuid, p_notice bytea, p_band text, p_subject uuid, p_wrapped_key bytea, p_kek text, p_token bytea,
  p_sealed bytea, p_language text, p_code_hash bytea, p_letter_hash bytea, p_mail uuid, p_letter bytea, p_reminder uuid, p_reminder_letter bytea)
returns text language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  said text := consent.put_request(p_id, p_notice, p_band, p_subject, p_wrapped_key, p_kek, p_token, p_sealed, p_language, p_code_hash, p_letter_hash);
begin
  if said <> 'done' then return said; end if;
  perform residents.post_letter(p_mail, p_subject, 'consent-request', p_letter, p_language);
  perform residents.post_letter(p_reminder, p_subject, 'consent-reminder', p_reminder_letter, p_language,
    city.now() + make_interval(days => (select k.remind_day from consent.rules k)));
  return said;
end $$;

-- Letters that wait to be printed: kinds, numbers and days. A reminder waits for its letter to have gone.
create function consent.to_print() returns table (id uuid, kind text, language text, number int, thing text, due_at timestamptz, ends_on date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.kind, m.language, r.number, r.thing, m.due_at, r.ends_on
  from residents.mail m left join consent.request r on r.subject = m.subject
  where m.by_post and m.state = 'waiting' and m.due_at <= city.now() and (select need_to_know.duty_with('consent')) is not null
    and not (m.kind = 'consent-reminder' and exists (select from residents.mail o
      where o.subject = m.subject and o.kind = 'consent-request' and o.state = 'waiting'))
  order by m.due_at limit 200
$$;

-- The code of a letter, typed on her own page by whoever got it: the question is put to her from now on. Once.
create function consent.claim(p_letter_hash bytea) returns uuid
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; who uuid := residents.acting(); hers bytea;
begin
  select a.token into hers from residents.address a where a.resident = who;
  select x.* into r from consent.request x where x.letter_hash = p_letter_hash and x.state = 'asked' for update;
  if hers is null or r.id is null or r.claimed_at is not null and r.contact_token is distinct from hers then return null; end if;
  if r.claimed_at is not null then return r.id; end if;
  update consent.request x set contact_token = hers, claimed_at = city.now() where x.id = r.id;
  perform vault.record('consent.claimed', 'person', null, r.subject, p_purpose => 'consent');
  return r.id;
end $$;

-- The same code, brought to the counter: which question it is, as it is asked today. No name, and no word of anybody.
create function consent.at_counter(p_letter_hash bytea) returns table (id uuid, number int, thing text, notice bytea, band text)
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.duty_with('consent') is null then return; end if;
  update consent.request r set notice = consent.newest(r.thing)
    where r.letter_hash = p_letter_hash and r.state = 'asked' and r.claimed_at is null and r.notice <> consent.newest(r.thing);
  return query select r.id, r.number, r.thing, r.notice, r.band from consent.request r
    where r.letter_hash = p_letter_hash and r.state = 'asked' and r.claimed_at is null;
end $$;

-- As before (0102), for whoever answers: the acting resident, or a guardian who stands before a clerk.
create function consent.answer_as(who uuid, p_request uuid, p_notice bytea, p_child uuid, p_yes text[], p_no text[], p_ids uuid[], p_subjects uuid[],
  p_wrapped bytea[], p_custody bytea[], p_kek text, p_sealed bytea) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; asked jsonb; one jsonb; shown consent.proof; its_id uuid; at_place int;
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
create or replace function consent.answer(p_request uuid, p_notice bytea, p_child uuid, p_yes text[], p_no text[], p_ids uuid[], p_subjects uuid[],
  p_wrapped bytea[], p_custody bytea[], p_kek text, p_sealed bytea) returns text
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select consent.answer_as(residents.acting(), p_request, p_notice, p_child, p_yes, p_no, p_ids, p_subjects, p_wrapped, p_custody, p_kek, p_sealed)
$$;

-- A guardian without a page of her own answers at the counter: she brings the code of the letter and shows who she is, the clerk
-- writes down what she says to each purpose. She and the child are written down, the clerk's look at her document is the proof,
-- and what she said yes to is in force at once. Outcomes as of `answer`; 'not-offered' where the city offers no counter.
create function consent.answer_at_counter(p_letter_hash bytea, p_notice bytea, p_resident uuid, p_resident_subject uuid,
  p_resident_key bytea, p_sealed_contact bytea, p_child uuid, p_child_subject uuid, p_child_key bytea, p_sealed_about bytea, p_band text,
  p_of_age bytea, p_as text, p_yes text[], p_no text[], p_ids uuid[], p_subjects uuid[], p_wrapped bytea[], p_custody bytea[], p_kek text)
returns text language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; its_duty text := need_to_know.duty_with('consent'); clerk int := need_to_know.employee(); said text;
begin
  select x.* into r from consent.request x where x.letter_hash = p_letter_hash and x.state = 'asked' and x.claimed_at is null for update;
  if its_duty is null or r.id is null then return 'not-there'; end if;
  if not exists (select from consent.method m where m.id = 'counter' and m.offered) then return 'not-offered'; end if;
  if r.notice <> p_notice then return 'changed'; end if;
  begin
    perform vault.record('consent.answered-at-counter', 'staff', null, r.subject, clerk, its_duty, 'consent');
    insert into vault.subject (id, wrapped_key, kek) values (p_resident_subject, p_resident_key, p_kek);
    insert into residents.resident (id, subject, language, sealed_contact) values (p_resident, p_resident_subject, r.language, p_sealed_contact);
    perform vault.record('resident.joined', 'staff', null, p_resident_subject, clerk, its_duty, 'own-page', p_detail => 'by=counter');
    perform residents.put_child(p_resident, p_as, p_child, p_child_subject, p_child_key, p_kek, p_sealed_about, p_band, p_of_age);
    perform residents.show_guardianship(p_resident, p_child, p_as, clerk, its_duty);
    insert into consent.proof (child, resident, method, strength, employee, duty, until, notice)
    select p_child, p_resident, m.id, m.strength, clerk, its_duty, consent.today() + k.proof_days, r.notice
    from consent.method m cross join consent.rules k where m.id = 'counter';
    update consent.request x set resident = p_resident, contact_token = null where x.id = r.id;
    said := consent.answer_as(p_resident, r.id, p_notice, p_child, p_yes, p_no, p_ids, p_subjects, p_wrapped, p_custody, p_kek, null);
    if said <> 'done' then raise exception 'not answered' using errcode = 'CH0PV'; end if;
  exception when sqlstate 'CH0PV' then
    return said;
  end;
  return said;
end $$;
-- She says no at the counter: nobody is written down.
create function consent.decline_at_counter(p_letter_hash bytea) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; its_duty text := need_to_know.duty_with('consent');
begin
  select x.* into r from consent.request x where x.letter_hash = p_letter_hash and x.state = 'asked' and x.claimed_at is null for update;
  if its_duty is null or r.id is null then return false; end if;
  perform vault.record('consent.answered-at-counter', 'staff', null, r.subject, need_to_know.employee(), its_duty, 'consent');
  perform consent.end_request(r.id, 'declined', 'person');
  return true;
end $$;

grant execute on function residents.posted(uuid), consent.ask_by_post(uuid, bytea, text, uuid, bytea, text, bytea, bytea, text, bytea, bytea, uuid, bytea, uuid, bytea),
  consent.to_print(), consent.claim(bytea), consent.at_counter(bytea), consent.decline_at_counter(bytea),
  consent.answer_at_counter(bytea, bytea, uuid, uuid, bytea, bytea, uuid, uuid, bytea, bytea, text, bytea, text, text[], text[], uuid[], uuid[], bytea[], bytea[], text)
  to cityhall_app;

-- What a guardian, or the person herself, sees and does on her own page; and what happens to consents when a child comes of
-- age, has nobody any more, or a guardian wants to leave.
create index request_resident on consent.request (resident) where resident is not null;

-- Code by post. The address is sealed under the request's key and goes with it; the code is made when the letter is printed.
create table consent.letter (
  id uuid primary key,
  request uuid not null references consent.request,
  sealed_address bytea check (octet_length(sealed_address) <= 2000),
  code_hash bytea check (length(code_hash) = 32),
  state text not null default 'asked' check (state in ('asked', 'printed', 'used', 'over')),
  tries int not null default 0,
  asked_at timestamptz not null default city.now(),
  printed_at timestamptz,
  ends_on date,
  check ((state = 'asked') = (printed_at is null) or state = 'over'),
  check ((sealed_address is null) = (state in ('used', 'over')))
);
create unique index letter_open on consent.letter (request) where state in ('asked', 'printed');
alter table consent.letter enable row level security;

-- A look of a resident is written down once in fifteen minutes, as her page's is: the opening that her session has is hers again.
create function consent.opening_of(p_consent uuid, p_request uuid, who jsonb) returns uuid
language sql stable set search_path = pg_catalog, pg_temp as $$
  select o.id from consent.opening o where who ->> 'kind' = 'resident' and o.session = (who ->> 'session')::uuid
    and o.ends_at > clock_timestamp() + interval '10 seconds' and (o.consent = p_consent or o.request = p_request)
  order by o.ends_at desc limit 1
$$;

create or replace function consent.open(p_consents uuid[], p_purpose text, p_reason text) returns table (consent uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); c consent.consent; s record;
begin
  if who is null or coalesce(p_purpose, '') !~ '^[a-z][a-z0-9-]{0,39}$' or coalesce(p_reason, '') !~ '^[a-z][a-z0-9-]{0,39}$' then return; end if;
  for c in select x.* from consent.consent x where x.id = any (p_consents) and x.state in ('in-force', 'passed')
    order by x.subject for share
  loop
    select * into s from consent.standing(c, who, p_reason);
    continue when s.stands is null;
    consent := c.id;
    opening := consent.opening_of(c.id, null, who);
    if opening is null then
      insert into consent.opening (consent, actor_kind, session, entry_id)
      values (c.id, who ->> 'kind', (who ->> 'session')::uuid,
        vault.record('consent.opened', case when s.stands = 'staff' then 'staff' else 'person' end, null, c.subject,
          case when s.stands = 'staff' then (who ->> 'employee')::int end, s.duty, p_purpose, p_reason, 'as=' || s.stands))
      returning id into opening;
    end if;
    return next;
  end loop;
end $$;

create or replace function consent.open_requests(p_requests uuid[], p_reason text) returns table (request uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context(); r consent.request; duty text := need_to_know.duty_with('consent');
begin
  if who is null or coalesce(p_reason, '') !~ '^[a-z][a-z0-9-]{0,39}$' then return; end if;
  for r in select x.* from consent.request x where x.id = any (p_requests) and x.state in ('asked', 'answered')
    order by x.subject for share
  loop
    continue when not consent.reads_request(r, who);
    request := r.id;
    opening := consent.opening_of(null, r.id, who);
    if opening is null then
      insert into consent.opening (request, actor_kind, session, entry_id)
      values (r.id, who ->> 'kind', (who ->> 'session')::uuid,
        vault.record('consent.request-opened', case when who ->> 'kind' = 'staff' then 'staff' else 'person' end, null, r.subject,
          (who ->> 'employee')::int, case when who ->> 'kind' = 'staff' then duty end, 'consent', p_reason))
      returning id into opening;
    end if;
    return next;
  end loop;
end $$;

-- The newest notice of a thing: whether a guardian who consented to an older one is told something else by now.
create function consent.newest(p_thing text) returns bytea language sql stable set search_path = pg_catalog, pg_temp as $$
  select n.hash from consent.notice n where n.thing = p_thing order by n.version desc limit 1
$$;

-- Requests that were put to the acting resident and are not over; `wants` is how strongly she still has to show who she is.
create function consent.requests_of_hers() returns table (id uuid, number int, thing text, notice bytea, newest bytea, band text, state text,
  asked_by text, asked_at timestamptz, ends_on date, child uuid, wants int, letter text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with hers as (
    select r.* from residents.address a join consent.request r on r.contact_token = a.token and r.resident is null
      where a.resident = (select residents.acting())
    union all
    select r.* from consent.request r where r.resident = (select residents.acting())
  )
  select r.id, r.number, r.thing, r.notice, consent.newest(r.thing), r.band, r.state, r.asked_by, r.asked_at, r.ends_on, r.child,
    (select max(c.strength) from consent.consent c where c.request = r.id and c.state in ('given', 'frozen') and c.proof is null),
    (select l.state from consent.letter l where l.request = r.id and l.state in ('asked', 'printed') limit 1)
  from hers r where r.state in ('asked', 'answered') order by r.asked_at
$$;

-- A request that waits for an answer while its notice has changed is answered to the new one.
create function consent.renew_request(p_request uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request;
begin
  select x.* into r from consent.request x where x.id = p_request and x.state = 'asked' for update;
  if r.id is null or residents.acting() is null or not consent.put_to(r, residents.acting()) or r.notice = consent.newest(r.thing) then return false; end if;
  update consent.request x set notice = consent.newest(r.thing) where x.id = r.id;
  return true;
end $$;

-- Every consent of the children she speaks for: what, since when, until when, on what proof; how much is held, never what.
create function consent.of_hers() returns table (id uuid, child uuid, request uuid, thing text, purpose text, notice bytea, newest bytea,
  needed boolean, record boolean, state text, given_at timestamptz, until date, ended_at timestamptz, strength int, own boolean, method text,
  closed boolean, held int, retention text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with hers as (
    select g.child from residents.guardianship g where g.resident = (select residents.acting()) and g.state <> 'ended'
      and residents.stands_for(g.resident, g.child)
    union select c.id from residents.child c where c.resident = (select residents.acting()) and c.ended_at is null
  )
  select c.id, c.child, c.request, c.thing, c.purpose, c.notice, consent.newest(c.thing), c.needed, c.record, c.state, c.given_at, c.until,
    c.ended_at, c.strength, c.given_by = (select residents.acting()), p.method, c.closed_to_guardians, (select count(*)::int from consent.held h where h.consent = c.id), c.retention
  from hers join consent.consent c on c.child = hers.child left join consent.proof p on p.id = c.proof
  order by c.child, c.thing, c.given_at desc, c.purpose
$$;

-- The subjects whose entries she may read: of those consents, and of what was put to her. Looks at what is closed to
-- guardians are the child's own.
create function consent.subjects_of_hers(p_child uuid) returns table (subject uuid, consent uuid, only_acts boolean)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select c.subject, c.id, c.closed_to_guardians and not exists (select from residents.child x where x.id = p_child and x.resident = residents.acting())
  from consent.consent c where c.child = p_child and c.subject is not null and consent.speaks_for(residents.acting(), p_child)
  union all
  select r.subject, null, false from consent.request r where r.child = p_child and r.resident = residents.acting()
    and consent.speaks_for(residents.acting(), p_child)
$$;
create function consent.record_of_hers(p_child uuid) returns table (id uuid, consent uuid, at timestamptz, act text, actor_kind text,
  subject_count int, duty text, department text, purpose text, reason text, detail text, sequenced boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, s.consent, e.at, e.act, e.actor_kind, e.subject_count, e.duty, e.department, e.purpose, e.reason, e.detail, l.seq is not null
  from (select * from consent.subjects_of_hers(p_child) offset 0) s
    cross join lateral (select * from ledger.entry x where x.subject = s.subject order by x.subject_count desc limit 100) e
    left join ledger.leaf l on l.entry_id = e.id
  where not s.only_acts or e.act not in ('consent.opened', 'consent.kept')
  order by e.at desc, e.subject_count desc limit 300
$$;
create function consent.statement_of_hers(p_child uuid, p_entry uuid) returns table (seq bigint, salt bytea, statement text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.seq, e.salt, ledger.statement(e) from ledger.entry e left join ledger.leaf l on l.entry_id = e.id
  where e.id = p_entry and exists (select from consent.subjects_of_hers(p_child) s where s.subject = e.subject
    and (not s.only_acts or e.act not in ('consent.opened', 'consent.kept')))
$$;

-- Receipts of revocations for a child she speaks for, each with the entry in which its hash stands.
create function consent.receipts_of_hers(p_child uuid) returns table (id uuid, child uuid, at timestamptz, content text, hash bytea, entry uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.child, r.at, r.content, r.hash, (select e.id from jsonb_array_elements(r.content::jsonb -> 'consents') x
      join consent.consent c on c.id = (x ->> 'consent')::uuid join ledger.entry e on e.subject = c.subject and e.act = 'consent.revoked'
    order by c.id limit 1)
  from consent.receipt r where r.child = p_child and consent.speaks_for(residents.acting(), p_child) order by r.at desc
$$;

create function consent.ask_letter(p_request uuid, p_id uuid, p_sealed_address bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request;
begin
  select x.* into r from consent.request x where x.id = p_request and x.state = 'answered' for update;
  if r.id is null or residents.acting() is null or r.resident <> residents.acting()
    or not exists (select from consent.method m where m.id = 'code-by-post' and m.offered) then return 'not-there'; end if;
  if (select count(*) from consent.letter l where l.request = r.id) >= 3 then return 'too-many'; end if;
  update consent.letter l set state = 'over', sealed_address = null, code_hash = null where l.request = r.id and l.state in ('asked', 'printed');
  insert into consent.letter (id, request, sealed_address) values (p_id, r.id, p_sealed_address);
  perform vault.record('consent.letter-asked', 'person', null, r.subject, p_purpose => 'consent');
  return 'done';
end $$;

-- The code that came by post shows where she lives. Five tries a letter. Outcomes: 'done', 'wrong', 'over', 'not-there'.
create function consent.use_letter(p_request uuid, p_code_hash bytea) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  r consent.request; l consent.letter;
begin
  select x.* into r from consent.request x where x.id = p_request and x.state = 'answered' for update;
  if r.id is null or residents.acting() is null or r.resident <> residents.acting() then return 'not-there'; end if;
  select x.* into l from consent.letter x where x.request = r.id and x.state = 'printed' for update;
  if l.id is null or l.tries >= 5 or l.ends_on < consent.today() then return 'over'; end if;
  update consent.letter x set tries = tries + 1 where x.id = l.id;
  if l.code_hash is distinct from p_code_hash then return 'wrong'; end if;
  update consent.letter x set state = 'used', sealed_address = null, code_hash = null where x.id = l.id;
  perform consent.prove(r, 'code-by-post', null, null, null, null);
  return 'done';
end $$;

-- As before (0096, 0098); and a letter with a code ends with its request.
create function consent.end_letters() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update consent.letter l set state = 'over', sealed_address = null, code_hash = null where l.request = new.id and l.state in ('asked', 'printed');
  return null;
end $$;
create trigger letters_end after update of state on consent.request for each row
  when (new.state in ('settled', 'declined', 'lapsed')) execute function consent.end_letters();

-- Whoever came of age decides for herself: her consents pass to her, with some days to say whether they stand. Guardians see
-- nothing of them from this moment (residents.stands_for). What nobody had shown yet ends.
create function consent.come_of_age(p_children uuid[]) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform consent.expire(array(select c.id from consent.consent c where c.child = any (p_children)
    and c.state in ('given', 'frozen') and c.proof is null), 'of-age');
  delete from consent.opening o using consent.consent c where c.id = o.consent and c.child = any (p_children);
  update consent.conflict x set settled_at = city.now(), outcome = 'in-force' from consent.consent c
    where c.id = x.consent and c.child = any (p_children) and x.settled_at is null;
  perform vault.record('consent.passed', 'system', null, c.subject, p_purpose => c.purpose) from consent.consent c
    where c.child = any (p_children) and c.state in ('in-force', 'frozen') order by c.subject;
  update consent.consent c set state = 'passed', until = least(c.until, consent.today() + k.of_age_days) from consent.rules k
    where c.child = any (p_children) and c.state in ('in-force', 'frozen');
  return null;
end $$;
-- Nobody stands for the child any more: what was consented to ends.
create function consent.child_ended(p_children uuid[]) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform consent.expire(array(select c.id from consent.consent c where c.child = any (p_children)
    and c.state in ('given', 'in-force', 'frozen', 'passed')), 'nobody');
  return null;
end $$;
-- Who leaves takes her consents back first, and reads what follows.
create function consent.leaving(p_residents uuid[]) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select 'consents' where exists (select from consent.consent c where c.given_by = any (p_residents)
    and c.state in ('given', 'in-force', 'frozen', 'passed') and consent.speaks_for(c.given_by, c.child))
$$;
insert into residents.follower (room, event, follow) values
  ('consent', 'of-age', 'consent.come_of_age'), ('consent', 'child-ended', 'consent.child_ended'), ('consent', 'leaving', 'consent.leaving');

-- The person says that a consent which passed to her stands: it is hers from now on, for as long as it was given.
create function consent.confirm(p_consent uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c consent.consent; who uuid := residents.acting();
begin
  select x.* into c from consent.consent x join residents.child k on k.id = x.child and k.resident = who
    where x.id = p_consent and x.state = 'passed' for update of x;
  if c.id is null then return 'not-there'; end if;
  update consent.consent x set state = 'in-force', given_by = who, until = greatest(x.until, consent.until_of(consent.purpose(c.notice, c.purpose)))
    where x.id = c.id;
  perform vault.record('consent.confirmed', 'person', null, c.subject, p_purpose => c.purpose);
  return 'done';
end $$;

grant execute on function consent.requests_of_hers(), consent.renew_request(uuid), consent.of_hers(), consent.record_of_hers(uuid),
  consent.statement_of_hers(uuid, uuid), consent.receipts_of_hers(uuid), consent.ask_letter(uuid, uuid, bytea),
  consent.use_letter(uuid, bytea), consent.confirm(uuid) to cityhall_app;

-- What a resident does on her own page: correct what the city has of her and of the children she stands for, ask a second
-- guardian, see who looked, and leave.

create function residents.correct_contact(p_sealed_contact bytea, p_language text) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  s uuid;
begin
  update residents.resident r set sealed_contact = p_sealed_contact, language = p_language
    where r.id = residents.acting() and r.ended_at is null returning r.subject into s;
  if s is null then return false; end if;
  perform vault.record('contact.corrected', 'person', null, s, p_purpose => 'own-page');
  return true;
end $$;

-- Moves her page to another address, of which she has the code. The old address is told (`p_mail`), and her other sessions end.
-- Refusals: 'not-fresh', 'wrong' (the code), 'taken' (the address has a page of its own).
create function residents.change_address(p_code_token bytea, p_code_hash bytea, p_token bytea, p_sealed_contact bytea,
  p_mail uuid, p_sealed_mail bytea, p_language text, p_at bigint, p_mac bytea) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
  s uuid;
begin
  if who is null or not residents.fresh() then return 'not-fresh'; end if;
  if need_to_know.is_proof('address|' || who || '|' || encode(p_code_token, 'hex') || '|' || encode(p_token, 'hex'), p_at, p_mac)
    is not true or not residents.use_code(p_code_token, p_code_hash) then return 'wrong'; end if;
  perform pg_advisory_xact_lock(hashtextextended('residents.address|' || encode(p_token, 'hex'), 0));
  if exists (select from residents.address a where a.token = p_token) then return 'taken'; end if;
  update residents.address a set token = p_token where a.resident = who;
  update residents.resident r set sealed_contact = p_sealed_contact where r.id = who returning r.subject into s;
  delete from residents.session x where x.resident = who and x.id <> (need_to_know.context() ->> 'session')::uuid;
  perform residents.post(p_mail, s, 'address-changed', p_sealed_mail, p_language);
  perform vault.record('address.changed', 'person', null, s, p_purpose => 'own-page');
  return null;
end $$;

-- Corrects what the city knows of a child. `p_what`: 'name' or 'birthday'; the day on which she is of age follows the birthday.
create function residents.correct_child(p_child uuid, p_sealed_about bytea, p_of_age_token bytea, p_what text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s uuid;
begin
  if p_what not in ('name', 'birthday') or p_sealed_about is null or not residents.stands_for(residents.acting(), p_child)
  then return false; end if;
  update residents.child c set sealed_about = p_sealed_about,
    of_age_token = case p_what when 'birthday' then p_of_age_token else c.of_age_token end
    where c.id = p_child returning c.subject into s;
  perform vault.record('child.corrected', 'person', null, s, p_purpose => 'household', p_detail => 'what=' || p_what);
  return true;
end $$;

-- A second guardian is asked by mail. The letters of the link are known to whoever has the mail; the database has their hash, and
-- only the resident with the address that was asked may answer. What the mail says is sealed for a subject of its own.
create table residents.invitation (
  id uuid primary key,
  child uuid not null references residents.child,
  asked_by uuid not null references residents.resident,
  kind text not null check (kind in ('parent', 'legal-guardian', 'foster-parent', 'institution')),
  link_hash bytea not null unique check (length(link_hash) = 32),
  address_token bytea not null check (length(address_token) = 32),
  subject uuid not null references vault.subject,
  -- What the one who asked is told when it is answered, sealed under her key when she asked.
  told_mail uuid not null,
  told_sealed bytea,
  asked_at timestamptz not null default city.now(),
  ends_at timestamptz not null,
  state text not null default 'asked' check (state in ('asked', 'joined', 'declined', 'taken-back', 'lapsed')),
  check ((state = 'asked') = (told_sealed is not null))
);
create index invitation_child on residents.invitation (child);
alter table residents.invitation enable row level security;

create function residents.end_invitation(p_id uuid, p_state text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s uuid;
begin
  update residents.invitation i set state = p_state, told_sealed = null where i.id = p_id and i.state = 'asked' returning i.subject into s;
  if s is null then return; end if;
  delete from residents.mail m where m.subject = s;
  perform vault.destroy_subject(s);
end $$;

-- Refusals: 'not-there', 'not-fresh', 'too-many' (five that wait, or four guardians).
create function residents.invite_guardian(p_id uuid, p_child uuid, p_kind text, p_link_hash bytea, p_address_token bytea,
  p_subject uuid, p_wrapped_key bytea, p_kek text, p_mail uuid, p_sealed bytea, p_told_mail uuid, p_told_sealed bytea, p_language text)
returns text language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
begin
  if not residents.stands_for(who, p_child) then return 'not-there'; end if;
  if not residents.fresh() then return 'not-fresh'; end if;
  perform from residents.child c where c.id = p_child for no key update;
  if (select count(*) from residents.invitation i where i.child = p_child and i.state = 'asked' and i.ends_at > city.now()) >= 5
    or (select count(*) from residents.guardians(p_child)) >= 4 then return 'too-many'; end if;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into residents.invitation (id, child, asked_by, kind, link_hash, address_token, subject, told_mail, told_sealed, ends_at)
    values (p_id, p_child, who, p_kind, p_link_hash, p_address_token, p_subject, p_told_mail, p_told_sealed, city.now() + interval '14 days');
  perform residents.post(p_mail, p_subject, 'guardian-invitation', p_sealed, p_language);
  perform vault.record('guardian.invited', 'person', null, c.subject, p_purpose => 'household', p_detail => 'as=' || p_kind)
    from residents.child c where c.id = p_child;
  return null;
end $$;

-- Of a child the acting resident stands for.
create function residents.invitations(p_child uuid) returns table (id uuid, kind text, asked_at timestamptz, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.id, i.kind, i.asked_at, i.ends_at from residents.invitation i
  where i.child = p_child and i.state = 'asked' and i.ends_at > city.now() and residents.stands_for(residents.acting(), p_child)
  order by i.asked_at
$$;
create function residents.take_back_invitation(p_id uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not exists (select from residents.invitation i where i.id = p_id and i.state = 'asked'
    and residents.stands_for(residents.acting(), i.child)) then return false; end if;
  perform residents.end_invitation(p_id, 'taken-back');
  return true;
end $$;

-- Answers an invitation as the resident whose address was asked. Refusals: 'not-there' (also: over, or another's address).
create function residents.answer_invitation(p_link_hash bytea, p_join boolean) returns text
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
  i residents.invitation;
  asker record;
begin
  if who is null then return 'not-there'; end if;
  select x.* into i from residents.invitation x join residents.address a on a.token = x.address_token and a.resident = who
    where x.link_hash = p_link_hash and x.state = 'asked' and x.ends_at > city.now()
      and residents.stands_for(x.asked_by, x.child) for update of x;
  if not found then return 'not-there'; end if;
  if p_join then
    insert into residents.guardianship as g (resident, child, kind) values (who, i.child, i.kind)
    on conflict (resident, child) do update set kind = excluded.kind, state = 'claimed', since = city.now(), until = null,
      shown_by = null, duty = null, shown_at = null where g.state = 'ended';
    select r.subject, r.language into asker from residents.resident r where r.id = i.asked_by and r.ended_at is null;
    if found then perform residents.post(i.told_mail, asker.subject, 'guardian-joined', i.told_sealed, asker.language); end if;
    perform vault.record('guardian.joined', 'person', null, c.subject, p_purpose => 'household', p_detail => 'as=' || i.kind)
      from residents.child c where c.id = i.child;
  end if;
  perform residents.end_invitation(i.id, case when p_join then 'joined' else 'declined' end);
  return null;
end $$;

-- Whoever stands for a child of hers, counted by kind and state, never by name: `own` is the acting resident.
create function residents.guardians_of_hers(p_child uuid) returns table (own boolean, kind text, state text, since timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select g.resident = residents.acting(), g.kind, g.state, g.since from residents.guardianship g
  where g.child = p_child and g.state <> 'ended' and residents.stands_for(residents.acting(), p_child) order by g.since
$$;

-- Ends what one resident is to one child. Where she was the last, the rooms above end what is left, and the city forgets the child.
create function residents.let_go(p_resident uuid, p_child uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  c residents.child;
begin
  select * into c from residents.child x where x.id = p_child and x.ended_at is null for update;
  update residents.guardianship g set state = 'ended', until = city.now()
    where g.resident = p_resident and g.child = p_child and g.state <> 'ended';
  if not found or c.id is null then return; end if;
  perform vault.record('guardian.ended', 'person', null, c.subject, p_purpose => 'household');
  perform residents.end_invitation(i.id, 'taken-back') from residents.invitation i where i.child = p_child and i.asked_by = p_resident;
  if c.came_of_age_at is not null or exists (select from residents.guardians(p_child)) then return; end if;
  perform residents.tell('child-ended', array[p_child]);
  perform residents.end_invitation(i.id, 'lapsed') from residents.invitation i where i.child = p_child;
  perform vault.record('child.forgotten', 'person', null, c.subject, p_purpose => 'household');
  update residents.child x set sealed_about = null, ended_at = city.now(), of_age_token = null where x.id = p_child;
  delete from residents.mail m where m.subject = c.subject;
  perform vault.destroy_subject(c.subject);
end $$;
-- Refusals: 'not-there', 'not-fresh'.
create function residents.end_guardianship(p_child uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if not residents.stands_for(residents.acting(), p_child) then return 'not-there'; end if;
  if not residents.fresh() then return 'not-fresh'; end if;
  perform residents.let_go(residents.acting(), p_child);
  return null;
end $$;

-- Ends the acting resident's page: what the city knew of her is destroyed with its key; children whom nobody else stands for are
-- forgotten. Refusals: 'not-fresh', or the code of a room above that must be settled first.
create function residents.leave() returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who uuid := residents.acting();
  s uuid;
  said text;
begin
  if who is null or not residents.fresh() then return 'not-fresh'; end if;
  said := residents.tell('leaving', array[who]);
  if said is not null then return said; end if;
  perform residents.let_go(who, g.child) from (select x.child from residents.guardianship x
    where x.resident = who and x.state <> 'ended' order by x.child) g;
  select r.subject into s from residents.resident r where r.id = who;
  perform vault.record('resident.left', 'person', null, s, p_purpose => 'own-page');
  perform residents.end_invitation(i.id, 'taken-back') from residents.invitation i where i.asked_by = who;
  delete from residents.address a where a.resident = who;
  delete from residents.passkey p where p.resident = who;
  delete from residents.session x where x.resident = who;
  delete from residents.mail m where m.subject = s;
  update residents.resident r set sealed_contact = null, ended_at = city.now() where r.id = who;
  perform vault.destroy_subject(s);
  return null;
end $$;

-- What the ledger says of the people on the acting resident's page, newest first; `about` null: herself. Duties, never names.
create function residents.record_of_hers() returns table (id uuid, about uuid, at timestamptz, act text, actor_kind text,
  subject_count int, duty text, department text, purpose text, reason text, detail text, sequenced boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select e.id, h.child, e.at, e.act, e.actor_kind, e.subject_count, e.duty, e.department, e.purpose, e.reason, e.detail, l.seq is not null
  from (select * from residents.hers() offset 0) h
    cross join lateral (select * from ledger.entry x where x.subject = h.subject order by x.subject_count desc limit 200) e
    left join ledger.leaf l on l.entry_id = e.id
  order by e.at desc, e.subject_count desc
$$;
create function residents.statement_of_hers(p_entry uuid) returns table (seq bigint, salt bytea, statement text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select l.seq, e.salt, ledger.statement(e) from ledger.entry e left join ledger.leaf l on l.entry_id = e.id
  where e.id = p_entry and e.subject in (select h.subject from residents.hers() h)
$$;
create function residents.note_copy() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform vault.record('copy.taken', 'person', null, r.subject, p_purpose => 'own-page') from residents.resident r where r.id = residents.acting();
  return found;
end $$;

-- Mail to people that could not go out, for whoever has the power `consent`: kind, language and age. Opening one is a look.
create function residents.kept_mails()
returns table (id uuid, kind text, language text, state text, failure text, written_at timestamptz, readable boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.kind, m.language, m.state, m.failure, m.written_at, m.sealed is not null and s.state = 'in-use'
  from residents.mail m join vault.subject s on s.id = m.subject
  where m.state in ('kept', 'failed') and need_to_know.duty_with('consent') is not null
  order by m.written_at desc, m.id limit 200
$$;
create function residents.open_mail(p_mail uuid, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  who jsonb := need_to_know.context();
  duty text := need_to_know.duty_with('consent');
  s uuid;
  opening uuid;
begin
  if duty is null or not exists (select from need_to_know.duty d where d.id = duty and p_reason = any (d.reasons)) then return null; end if;
  select m.subject into s from residents.mail m join vault.subject v on v.id = m.subject and v.state = 'in-use'
    where m.id = p_mail and m.state = 'kept';
  if not found then return null; end if;
  insert into vault.opening (subject, people, actor_kind, session, entry_id, ends_at)
  values (s, true, 'staff', (who ->> 'session')::uuid,
    vault.record('mail.opened', 'staff', null, s, (who ->> 'employee')::int, duty, 'post', p_reason), clock_timestamp() + interval '15 minutes')
  returning id into opening;
  return opening;
end $$;
-- What this session has open.
create function residents.opened_mail(p_mail uuid)
returns table (subject uuid, wrapped_key bytea, kek text, sealed bytea, kind text, language text, written_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, m.sealed, m.kind, m.language, m.written_at
  from residents.mail m join vault.opening o on o.subject = m.subject join vault.subject s on s.id = m.subject,
    need_to_know.context() who
  where m.id = p_mail and m.state = 'kept' and s.state = 'in-use' and o.people and o.actor_kind = 'staff'
    and o.session = (who ->> 'session')::uuid and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and need_to_know.duty_with('consent') is not null
  order by o.ends_at desc limit 1
$$;
-- A clerk told the person by other means: the words are dropped.
create function residents.settle_kept(p_mail uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := need_to_know.duty_with('consent');
  s uuid;
begin
  if duty is null then return false; end if;
  update residents.mail m set state = 'sent', sealed = null, settled_at = city.now() where m.id = p_mail and m.state = 'kept'
    returning m.subject into s;
  if s is null then return false; end if;
  perform vault.record('mail.handed', 'staff', null, s, need_to_know.employee(), duty, 'post');
  return true;
end $$;

grant execute on function residents.correct_contact(bytea, text),
  residents.change_address(bytea, bytea, bytea, bytea, uuid, bytea, text, bigint, bytea), residents.correct_child(uuid, bytea, bytea, text),
  residents.invite_guardian(uuid, uuid, text, bytea, bytea, uuid, bytea, text, uuid, bytea, uuid, bytea, text), residents.invitations(uuid),
  residents.take_back_invitation(uuid), residents.answer_invitation(bytea, boolean), residents.guardians_of_hers(uuid),
  residents.end_guardianship(uuid), residents.leave(), residents.record_of_hers(), residents.statement_of_hers(uuid), residents.note_copy(),
  residents.kept_mails(), residents.open_mail(uuid, text), residents.opened_mail(uuid), residents.settle_kept(uuid) to cityhall_app;

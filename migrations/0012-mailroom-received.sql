-- What came by mail, as it came. A mail is accepted before anybody has read it: sealed under a key of its own, for a
-- subject of its own. Sorting reads it once, and hands its key to the case it became part of; what belongs to no case
-- waits for a clerk.
create schema mailroom;
grant usage on schema mailroom to cityhall_app, cityhall_keeper;

create table mailroom.received (
  id uuid primary key,
  -- Who was written to decides who may see it until it is part of a case.
  topic text not null references city.topic,
  address text not null check (address ~ '^(city|reply|bounce|(department|seat):[a-z0-9-]{1,60})$'),
  via text not null check (via in ('smtp', 'imap', 'file')),
  state text not null default 'waiting' check (state in ('waiting', 'filed', 'quarantined', 'aside', 'junk')),
  received_at timestamptz not null,
  bytes int not null check (bytes >= 0),
  -- A keyed hash of Message-ID, addressee and content: a sender who missed our answer and sends again brings nothing new.
  digest bytea not null unique check (length(digest) = 32),
  subject uuid not null references vault.subject,
  sealed_envelope bytea not null,
  -- The message itself: here where it is small, else in pieces.
  sealed_raw bytea,
  pieces int not null default 0,
  written_by xid8 not null default pg_current_xact_id(),
  -- When sorting is to try it next; a try that began moves this on.
  due_at timestamptz not null,
  attempts int not null default 0,
  kind text check (kind in ('letter', 'addition', 'bounce', 'automatic', 'list', 'loop', 'unreadable')),
  why text check (why in ('quoted-number', 'other-sender', 'sender-failed', 'automatic', 'bounce', 'list', 'loop')),
  -- What sorting read in it, for whoever may open it: sender, words, names of attachments.
  sealed_reading bytea,
  -- The case its address, the bounced mail or a clerk says it belongs to, before it is filed there.
  asked_case uuid references correspondence.casefile,
  decision text check (decision in ('join', 'separate')),
  decided_by int references need_to_know.employee,
  decided_duty text,
  case_id uuid references correspondence.casefile,
  message_id uuid,
  -- Its own key, sealed under the key of the case: whoever opens the case opens the mail.
  sealed_key bytea,
  settled_at timestamptz,
  check ((sealed_raw is null) = (pieces > 0)),
  check ((state = 'filed') = (case_id is not null and sealed_key is not null)),
  check ((decision is null) = (decided_by is null)),
  check (decision is distinct from 'join' or asked_case is not null)
);
create index received_due on mailroom.received (due_at) where state = 'waiting';
create index received_undecided on mailroom.received (topic, state, received_at desc) where state in ('quarantined', 'aside', 'junk');
create index received_case on mailroom.received (case_id) where case_id is not null;

create table mailroom.piece (
  mail uuid not null references mailroom.received,
  seq int not null check (seq between 0 and 99),
  sealed bytea not null,
  primary key (mail, seq)
);
-- Sealed bytes do not compress: trying costs time only.
alter table mailroom.received alter column sealed_raw set storage external;
alter table mailroom.piece alter column sealed set storage external;
alter table mailroom.received enable row level security;
alter table mailroom.piece enable row level security;

-- A look at a mail that is part of no case yet is an opening like any other.
alter table vault.opening alter column case_id drop not null;
alter table vault.opening add column mail uuid references mailroom.received;
alter table vault.opening add check (case_id is not null or mail is not null);

-- Accepts mails: for each its sealed bytes, its subject, and the ledger's entry, all or nothing; mails that come at the
-- same moment share the statement and the commit. `outcome` 'again': the same mail was accepted before, nothing is written.
create function mailroom.accept(
  p_via text, p_id uuid[], p_topic text[], p_number bigint[], p_address text[], p_bytes int[], p_digest bytea[], p_subject uuid[],
  p_wrapped_key bytea[], p_kek text[], p_sealed_envelope bytea[], p_sealed_raw bytea[], p_pieces int[]
) returns table (mail uuid, outcome text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  at timestamptz := city.now();
  fresh uuid[];
begin
  -- A mail that came before must leave no subject behind. Of two that come at once, the second finds the first here or
  -- waits for it at the digest, and then fails for want of being one; the batch is done again piece by piece.
  select coalesce(array_agg(x.id), '{}') into fresh from (
    select distinct on (y.digest) y.id from unnest(p_id, p_digest) as y (id, digest) order by y.digest, y.id) x
  join unnest(p_id, p_digest) as z (id, digest) on z.id = x.id
  where not exists (select from mailroom.received r where r.digest = z.digest);
  insert into vault.subject (id, wrapped_key, kek, entries)
  select x.id, x.wrapped_key, x.kek, 1 from unnest(p_id, p_subject, p_wrapped_key, p_kek) as x (m, id, wrapped_key, kek)
  where x.m = any (fresh);
  insert into mailroom.received (id, topic, address, via, received_at, bytes, digest, subject, sealed_envelope, sealed_raw, pieces,
    due_at, asked_case)
  select x.id, coalesce(f.topic, x.topic), x.address, p_via, at, x.bytes, x.digest, x.subject, x.envelope, x.raw, x.pieces, at, f.id
  from unnest(p_id, p_topic, p_number, p_address, p_bytes, p_digest, p_subject, p_sealed_envelope, p_sealed_raw, p_pieces)
    as x (id, topic, number, address, bytes, digest, subject, envelope, raw, pieces)
  left join correspondence.casefile f on f.number = x.number
  where x.id = any (fresh) order by x.digest;
  perform ledger.write_first(at, 'mail.accepted', array_agg(null::uuid), array_agg(x.subject), array_agg('mail'::text), 'own-letter', p_via)
  from unnest(p_id, p_subject) as x (m, subject) where x.m = any (fresh) having count(*) > 0;
  return query select x.id, case when x.id = any (fresh) then 'accepted' else 'again' end from unnest(p_id) as x (id);
end $$;

-- One piece of a mail that this very transaction accepts.
create function mailroom.keep_piece(p_mail uuid, p_seq int, p_sealed bytea) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  insert into mailroom.piece (mail, seq, sealed)
  select r.id, p_seq, p_sealed from mailroom.received r
  where r.id = p_mail and r.written_by = pg_current_xact_id() and p_seq < r.pieces
$$;

-- The mails to be sorted now, each leased to the asker for five minutes: a worker that dies with one leaves it to another.
create function mailroom.lease(p_most int, p_only uuid[] default null) returns table (mail uuid, attempts int, pieces int)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update mailroom.received r set due_at = clock_timestamp() + interval '5 minutes', attempts = r.attempts + 1
  where r.id in (select x.id from mailroom.received x where x.state = 'waiting' and x.due_at <= clock_timestamp()
    and (p_only is null or x.id = any (p_only)) order by x.due_at limit p_most for update skip locked)
  returning r.id, r.attempts, r.pieces
$$;

-- Sorting opens one waiting mail as the system; the look is in the ledger like any other.
create function vault.open_for_sorting(p_mail uuid) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r mailroom.received;
  opening uuid;
begin
  select x.* into r from mailroom.received x join vault.subject s on s.id = x.subject and s.state = 'in-use'
    where x.id = p_mail and x.state = 'waiting';
  if not found then return null; end if;
  insert into vault.opening (subject, mail, actor_kind, entry_id, ends_at)
  values (r.subject, r.id, 'system',
    vault.record('mail.opened', 'system', null, r.subject, p_purpose => 'mail', p_reason => 'sort'), clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;

create function vault.key_for_sorting(p_opening uuid)
returns table (mail uuid, subject uuid, wrapped_key bytea, kek text, topic text, address text, via text, received_at timestamptz,
  sealed_envelope bytea, sealed_raw bytea, pieces int, asked_case uuid, decision text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, s.id, s.wrapped_key, s.kek, r.topic, r.address, r.via, r.received_at, r.sealed_envelope, r.sealed_raw, r.pieces,
    r.asked_case, r.decision
  from vault.opening o join mailroom.received r on r.id = o.mail and r.state = 'waiting' join vault.subject s on s.id = o.subject
  where o.id = p_opening and o.actor_kind = 'system' and o.case_id is null and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- A sealed piece of a waiting mail. Without the key, which only an opening gives, it is noise.
create function mailroom.piece_for_sorting(p_mail uuid, p_seq int) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.sealed from mailroom.piece p join mailroom.received r on r.id = p.mail and r.state = 'waiting'
  where p.mail = p_mail and p.seq = p_seq
$$;

-- Whether the sender is one whom the case that a waiting mail is addressed to knows by this address.
create function mailroom.sender_fits(p_mail uuid, p_token bytea) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select exists (select from mailroom.received r join correspondence.casefile f on f.id = r.asked_case
    join vault.token k on k.subject = f.subject and k.kind = 'email' and k.token = p_token
    where r.id = p_mail and r.state = 'waiting')
$$;

-- A mail of ours did not arrive, or a program answered it: which, only its receiver can know (its envelope's sender, its
-- Message-ID). Null if there is no such mail; else what came belongs to its case.
create function mailroom.about(p_mail uuid, p_of uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update mailroom.received r set asked_case = m.case_id from correspondence.mail m
  where r.id = p_mail and r.state = 'waiting' and m.id = p_of;
  return found;
end $$;

-- Sorting opens the case that a waiting mail goes to: the one it was addressed to, or the new one, of which sorting has
-- the receipt's secret because it has just opened it.
create function vault.open_for_filing(p_mail uuid, p_secret bytea default null) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
  opening uuid;
begin
  select c.id, c.subject into f from mailroom.received r join correspondence.casefile c
      on case when p_secret is null then c.id = r.asked_case else c.receipt_hash = sha256(p_secret) end
    join vault.subject s on s.id = c.subject and s.state = 'in-use'
    where r.id = p_mail and r.state = 'waiting';
  if not found then return null; end if;
  insert into vault.opening (subject, case_id, mail, actor_kind, entry_id, ends_at)
  values (f.subject, f.id, p_mail, 'system',
    vault.record('letter.opened', 'system', f.id, f.subject, p_purpose => 'mail', p_reason => 'file'), clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;

create function vault.key_for_filing(p_opening uuid)
returns table (case_id uuid, number bigint, topic text, subject uuid, wrapped_key bytea, kek text, first_message uuid)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id, f.number, f.topic, s.id, s.wrapped_key, s.kek, m.id
  from vault.opening o join correspondence.casefile f on f.id = o.case_id join vault.subject s on s.id = f.subject
  join correspondence.message m on m.case_id = f.id and m.seq = 1
  where o.id = p_opening and o.actor_kind = 'system' and o.mail is not null and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Files a waiting mail on the case that was opened for it. With `p_sealed` it is the person's addition, and the case
-- waits for the city once more, as with `correspondence.add`; without, the case keeps it and nothing else changes. Its
-- own key goes: from now on only the case's leads to it.
create function mailroom.file(p_opening uuid, p_kind text, p_sealed_key bytea, p_sealed_reading bytea, p_sealed bytea, p_due_on date,
  p_id uuid[], p_file_kind text[], p_bytes bigint[], p_state text[], p_file bytea[])
returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  o vault.opening; r mailroom.received; f correspondence.casefile; its_message uuid;
begin
  select x.* into o from vault.opening x where x.id = p_opening and x.actor_kind = 'system' and x.case_id is not null;
  select x.* into r from mailroom.received x where x.id = o.mail and x.state = 'waiting' for update;
  if r.id is null then return 'not-there'; end if;
  select c.* into f from correspondence.casefile c where c.id = o.case_id for update;
  if p_sealed is not null then
    its_message := r.id;
    perform correspondence.append(f.id, r.id, 'addition', 'email', null, null, p_sealed);
    update correspondence.casefile set version = version + 1,
      due_on = case when state in ('answered', 'closed') then p_due_on else due_on end,
      state_since = case when state in ('answered', 'closed') then city.now() else state_since end,
      state = case when state in ('answered', 'closed') then 'open' else state end, closed_because = null
    where id = f.id;
    perform vault.record('letter.added', 'person', f.id, f.subject, p_purpose => f.form, p_reason => 'own-letter', p_detail => 'email');
    if cardinality(p_id) > 0 then
      perform attachments.attach(f.id, r.id, p_id, p_file_kind, p_bytes, p_state, p_file);
      perform vault.record('files.attached', 'person', f.id, f.subject, p_purpose => f.form, p_reason => 'own-letter',
        p_detail => 'count=' || cardinality(p_id));
    end if;
  elsif p_kind in ('letter', 'unreadable') then
    select m.id into its_message from correspondence.message m where m.case_id = f.id and m.seq = 1;
  end if;
  update mailroom.received set state = 'filed', kind = p_kind, why = null, case_id = f.id, message_id = its_message,
    sealed_key = p_sealed_key, sealed_reading = p_sealed_reading, settled_at = city.now() where id = r.id;
  perform vault.record('mail.filed', 'system', f.id, f.subject, p_purpose => 'mail', p_detail => p_kind);
  if r.decision is not null then
    perform vault.record(case r.decision when 'join' then 'mail.joined' else 'mail.separated' end, 'staff', f.id, f.subject,
      r.decided_by, r.decided_duty, f.form);
  end if;
  update vault.opening set ends_at = least(ends_at, clock_timestamp()) where mail = r.id;
  update vault.subject set wrapped_key = null, state = 'destroyed' where id = r.subject;
  return 'done';
end $$;

-- Puts a waiting mail where a clerk decides ('quarantined'), or where nothing is expected ('aside').
create function mailroom.put_by(p_mail uuid, p_state text, p_kind text, p_why text, p_sealed_reading bytea) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_subject uuid;
begin
  if p_state not in ('quarantined', 'aside') then raise exception 'a mail cannot be put there'; end if;
  update mailroom.received set state = p_state, kind = p_kind, why = p_why, sealed_reading = p_sealed_reading, settled_at = city.now()
  where id = p_mail and state = 'waiting' returning subject into its_subject;
  if not found then return; end if;
  perform vault.record(case p_state when 'aside' then 'mail.put-aside' else 'mail.quarantined' end, 'system', null, its_subject,
    p_purpose => 'mail', p_detail => p_why);
end $$;

-- Mails of the acting employee's topics that wait for a decision, or were put aside: topic and age, never a person.
create function mailroom.undecided(p_state text)
returns table (id uuid, topic text, address text, kind text, why text, received_at timestamptz, bytes int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.topic, r.address, r.kind, r.why, r.received_at, r.bytes
  from mailroom.received r
  where need_to_know.kind() = 'staff' and r.topic = any (need_to_know.topics()) and r.state = p_state
    and p_state in ('quarantined', 'aside', 'junk')
  order by r.received_at desc limit 100
$$;

-- The mail, if the acting employee has this power on its topic and it still waits for a decision.
create function mailroom.undecided_one(p_mail uuid, p_power text, out r mailroom.received, out duty text)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  select x.* into r from mailroom.received x join vault.subject s on s.id = x.subject and s.state = 'in-use'
    where x.id = p_mail and x.state in ('quarantined', 'aside', 'junk') and x.topic = any (need_to_know.topics()) for update of x;
  if need_to_know.kind() is distinct from 'staff' then r := null; end if;
  duty := need_to_know.duty_for(r.topic, p_power);
  if duty is null then r := null; end if;
end $$;

-- A clerk opens such a mail with a reason of her duty. Null where there is none for her, or no such reason.
create function vault.open_mail(p_mail uuid, p_reason text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  found_mail record; its_duty text; opening uuid;
begin
  select * into found_mail from mailroom.undecided_one(p_mail, 'read');
  if found_mail.duty is null then return null; end if;
  select d.id into its_duty from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
    join need_to_know.duty_topic t on t.duty = d.id
    where c.employee = need_to_know.employee() and t.topic = (found_mail.r).topic and 'read' = any (d.powers)
      and p_reason = any (d.reasons) and c.since <= city.now() and (c.until is null or c.until > city.now())
    order by d.id limit 1;
  if its_duty is null then return null; end if;
  insert into vault.opening (subject, mail, actor_kind, session, entry_id, ends_at)
  values ((found_mail.r).subject, p_mail, 'staff', (need_to_know.context() ->> 'session')::uuid,
    vault.record('mail.opened', 'staff', null, (found_mail.r).subject, need_to_know.employee(), its_duty, 'answer', p_reason),
    clock_timestamp() + interval '15 minutes')
  returning id into opening;
  return opening;
end $$;

-- What lies on her desk of a mail she has opened, once the entry has committed.
create function vault.key_of_mail(p_mail uuid)
returns table (subject uuid, wrapped_key bytea, kek text, sealed_envelope bytea, sealed_reading bytea, ends_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, r.sealed_envelope, r.sealed_reading, o.ends_at
  from need_to_know.context() who, vault.opening o join mailroom.received r on r.id = o.mail join vault.subject s on s.id = r.subject
  where who ->> 'kind' = 'staff' and o.mail = p_mail and o.case_id is null and o.actor_kind = 'staff'
    and o.session = (who ->> 'session')::uuid and o.ends_at > clock_timestamp() and s.state = 'in-use'
    and r.state in ('quarantined', 'aside', 'junk') and need_to_know.duty_for(r.topic, 'read') is not null
    and pg_xact_status(o.written_by) = 'committed'
  order by o.ends_at desc limit 1
$$;

-- The sealed bytes, piece by piece (a small mail has one): of a mail filed on the case in hand, or opened on this desk.
create function mailroom.raw_piece(p_mail uuid, p_seq int) returns table (sealed bytea, pieces int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select case when r.pieces = 0 and p_seq = 0 then r.sealed_raw
      else (select p.sealed from mailroom.piece p where p.mail = r.id and p.seq = p_seq) end, r.pieces
  from mailroom.received r
  where r.id = p_mail and need_to_know.kind() = 'staff' and (r.case_id = need_to_know.case_in_hand()
    or r.case_id is null and exists (select from vault.key_of_mail(p_mail)))
$$;

-- The mails filed on the case in hand, for staff.
create function mailroom.of_case()
returns table (id uuid, kind text, via text, received_at timestamptz, bytes int, message_id uuid, subject uuid, sealed_key bytea, sealed_reading bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.id, r.kind, r.via, r.received_at, r.bytes, r.message_id, r.subject, r.sealed_key, r.sealed_reading
  from mailroom.received r where r.case_id = need_to_know.case_in_hand() and need_to_know.kind() = 'staff' order by r.received_at
$$;

-- A clerk who has opened a mail says that it belongs to a case on her desk ('join'), or is a letter of its own
-- ('separate'). Sorting carries it out. Refusals: 'not-there', 'sealed' (she has not opened it), 'no-such-case'.
create function mailroom.decide(p_mail uuid, p_decision text, p_number bigint default null) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  one record; f correspondence.casefile;
begin
  select * into one from mailroom.undecided_one(p_mail, 'move');
  if one.duty is null or p_decision not in ('join', 'separate') then return 'not-there'; end if;
  if not exists (select from vault.key_of_mail(p_mail)) then return 'sealed'; end if;
  if p_decision = 'join' then
    select c.* into f from correspondence.casefile c join vault.subject s on s.id = c.subject and s.state = 'in-use'
      where c.number = p_number and c.topic = any (need_to_know.topics()) and need_to_know.duty_for(c.topic, 'read') is not null;
    if not found then return 'no-such-case'; end if;
  end if;
  update mailroom.received set state = 'waiting', decision = p_decision, decided_by = need_to_know.employee(), decided_duty = one.duty,
    asked_case = f.id, due_at = clock_timestamp(), attempts = 0 where id = p_mail;
  perform vault.record('mail.decided', 'staff', null, (one.r).subject, need_to_know.employee(), one.duty, 'mail', p_detail => p_decision);
  return 'done';
end $$;

-- A clerk marks an opened mail as junk: it is kept, out of the way, and may still be decided otherwise.
create function mailroom.mark_junk(p_mail uuid) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  one record;
begin
  select * into one from mailroom.undecided_one(p_mail, 'move');
  if one.duty is null or (one.r).state = 'junk' then return 'not-there'; end if;
  if not exists (select from vault.key_of_mail(p_mail)) then return 'sealed'; end if;
  update mailroom.received set state = 'junk', settled_at = city.now() where id = p_mail;
  perform vault.record('mail.marked-junk', 'staff', null, (one.r).subject, need_to_know.employee(), one.duty, 'mail');
  return 'done';
end $$;

grant execute on function mailroom.accept(text, uuid[], text[], bigint[], text[], int[], bytea[], uuid[], bytea[], text[], bytea[], bytea[], int[]),
  mailroom.keep_piece(uuid, int, bytea), mailroom.lease(int, uuid[]), vault.open_for_sorting(uuid), vault.key_for_sorting(uuid),
  mailroom.piece_for_sorting(uuid, int), mailroom.sender_fits(uuid, bytea), mailroom.about(uuid, uuid),
  vault.open_for_filing(uuid, bytea), vault.key_for_filing(uuid), mailroom.file(uuid, text, bytea, bytea, bytea, date, uuid[], text[], bigint[], text[], bytea[]),
  mailroom.put_by(uuid, text, text, text, bytea) to cityhall_keeper;
grant execute on function mailroom.undecided(text), vault.open_mail(uuid, text), vault.key_of_mail(uuid), mailroom.raw_piece(uuid, int),
  mailroom.of_case(), mailroom.decide(uuid, text, bigint), mailroom.mark_junk(uuid) to cityhall_app;

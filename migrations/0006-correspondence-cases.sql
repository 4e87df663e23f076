-- Types of their own, so that a wrong word is refused before there is a row: PostgreSQL shows a row that fails a table's
-- check, with the number of the case that it would have been.
create domain correspondence.channel as text check (value in ('form', 'email', 'letter', 'counter', 'telephone', 'open311'));
create domain correspondence.language as text check (value in ('en', 'es'));

-- A case is a letter to the city and what follows from it. Its topic decides the department and so who sees it.
create table correspondence.casefile (
  id uuid primary key,
  number bigint generated always as identity unique,
  topic text not null references city.topic,
  state text not null default 'new' check (state in ('new', 'open', 'answered', 'closed')),
  place text references city.place,
  language correspondence.language not null,
  channel correspondence.channel not null,
  form text not null,
  form_version int not null,
  subject uuid not null references vault.subject deferrable initially deferred,
  sealed_contact bytea,
  received_at timestamptz not null,
  due_on date not null,
  state_since timestamptz not null,
  closed_because text check (closed_because in ('done', 'no-answer-needed', 'not-ours', 'duplicate', 'withdrawn')),
  assignee int references need_to_know.employee,
  version int not null default 1,
  messages int not null default 1,
  receipt_hash bytea not null unique check (length(receipt_hash) = 32),
  receipt_shown_at timestamptz,
  idempotency_hash bytea unique check (length(idempotency_hash) = 32),
  content_digest bytea,
  check ((state = 'closed') = (closed_because is not null))
);
create index casefile_waiting on correspondence.casefile (topic, due_on, id) where state in ('new', 'open');
create index casefile_by_state on correspondence.casefile (topic, state, state_since desc, id) where state in ('answered', 'closed');
create index casefile_assignee on correspondence.casefile (assignee, due_on, id) where assignee is not null and state in ('new', 'open');
create index casefile_subject on correspondence.casefile (subject);

-- The sender makes a message's identifier, so it is one within its case only: a conflict with another case's message
-- would tell that there is one.
create table correspondence.message (
  id uuid,
  case_id uuid references correspondence.casefile,
  seq int not null check (seq > 0),
  kind text not null check (kind in ('letter', 'addition', 'reply', 'note')),
  written_at timestamptz not null,
  -- The door through which it came; what the city wrote came through none.
  channel correspondence.channel,
  employee int references need_to_know.employee,
  duty text,
  sealed bytea not null,
  primary key (case_id, id),
  unique (case_id, seq),
  check ((kind in ('reply', 'note')) = (employee is not null)),
  check ((kind in ('reply', 'note')) = (channel is null))
);

-- What is to be mailed: the row is its own place in the queue. The words are made at delivery, from the sealed case, by
-- the post office (the worker).
create table correspondence.mail (
  id uuid primary key default ledger.new_id(),
  case_id uuid not null references correspondence.casefile,
  topic text not null references city.topic,
  message_id uuid,
  kind text not null check (kind in ('acknowledgement', 'reply')),
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed')),
  created_at timestamptz not null,
  -- When it is to be tried next; a try that began moves this on, so that no two begin together.
  due_at timestamptz not null,
  settled_at timestamptz,
  attempts int not null default 0,
  failure text,
  foreign key (case_id, message_id) references correspondence.message (case_id, id),
  check ((kind = 'reply') = (message_id is not null))
);
create index mail_case on correspondence.mail (case_id);
create index mail_due on correspondence.mail (due_at) where state = 'waiting';
create index mail_by_topic on correspondence.mail (topic, created_at desc, id);

alter table correspondence.casefile enable row level security;
alter table correspondence.message enable row level security;
alter table correspondence.mail enable row level security;

-- What a list may show, by the topics of today's duties. The app reads through views that belong to another role, never
-- the tables: a policy alone hides rows but not how many there were (`explain analyze` counts what it removed). The
-- views' own condition depends on no row, so PostgreSQL answers it before it touches a table: whoever has no topics (a
-- person, nobody) finds out nothing from plans and counters either. Receipt and token hashes are in no view.
create policy sight on correspondence.casefile for select to cityhall_reader
  using (topic = any ((select need_to_know.topics())::text[]));
create policy sight on correspondence.mail for select to cityhall_reader
  using (topic = any ((select need_to_know.topics())::text[]));
create view correspondence.visible as select id, number, topic, state, place, language, channel, form, form_version, subject, sealed_contact,
  received_at, due_on, state_since, closed_because, assignee, version, messages
  from correspondence.casefile where (select cardinality(need_to_know.topics())) > 0;
create view correspondence.posted as select id, case_id, topic, message_id, kind, state, created_at, settled_at, attempts, failure
  from correspondence.mail where (select cardinality(need_to_know.topics())) > 0;
grant select (id, number, topic, state, place, language, channel, form, form_version, subject, sealed_contact,
  received_at, due_on, state_since, closed_because, assignee, version, messages) on correspondence.casefile to cityhall_reader;
grant select on correspondence.mail to cityhall_reader;
grant usage, create on schema correspondence to cityhall_reader;
alter view correspondence.visible owner to cityhall_reader;
alter view correspondence.posted owner to cityhall_reader;
revoke create on schema correspondence from cityhall_reader;
grant select on correspondence.visible, correspondence.posted to cityhall_app;

-- No statistics: `explain` shows them to anyone who may name the column, whatever the policies say. Every question
-- asked of these tables has its index and its limit, and needs none.
do $$ declare c record; begin
  for c in select attrelid::regclass as its_table, attname from pg_attribute where attnum > 0
    and attrelid in ('correspondence.casefile'::regclass, 'correspondence.mail'::regclass)
  loop execute format('alter table %s alter column %I set statistics 0', c.its_table, c.attname); end loop;
end $$;

-- The case in hand, and its messages. A person sees no note, and no employee: the city answers with its duty.
create function correspondence.in_hand() returns setof correspondence.visible
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select id, number, topic, state, place, language, channel, form, form_version, subject, sealed_contact, received_at,
    due_on, state_since, closed_because, case when need_to_know.kind() = 'staff' then assignee end, version, messages
  from correspondence.casefile where id = need_to_know.case_in_hand()
$$;
create function correspondence.messages_in_hand()
returns table (id uuid, seq int, kind text, written_at timestamptz, channel text, employee int, duty text, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.id, m.seq, m.kind, m.written_at, m.channel, case when who.kind = 'staff' then m.employee end, m.duty, m.sealed
  from correspondence.message m, need_to_know.kind() as who (kind)
  where m.case_id = need_to_know.case_in_hand() and (m.kind <> 'note' or who.kind = 'staff')
  order by m.seq
$$;
grant execute on function correspondence.in_hand(), correspondence.messages_in_hand() to cityhall_app;

-- Puts mails in the post, in the act's own transaction.
create function correspondence.post(p_case uuid[], p_topic text[], p_kind text, p_message uuid) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  insert into correspondence.mail (case_id, topic, kind, message_id, created_at, due_at)
  select x.case_id, x.topic, p_kind, p_message, city.now(), city.now() from unnest(p_case, p_topic) as x (case_id, topic);
end $$;

-- Receives letters: for each its case, the sealed words, the tokens, the ledger entry and the acknowledgement to be
-- mailed, all or nothing. Letters that come at the same moment are received together: one statement a table and one
-- commit serve them all; they came through one channel. `outcome` is 'received'; 'again' where the same idempotency token brought the same words
-- (nothing is written, the first case stands); 'different' where it brought other words (nothing is written).
create function correspondence.receive(
  p_channel text, p_case uuid[], p_form text[], p_form_version int[], p_topic text[], p_place text[], p_language text[], p_due_on date[],
  p_subject uuid[], p_wrapped_key bytea[], p_kek text[], p_message uuid[], p_sealed bytea[], p_sealed_contact bytea[],
  p_receipt_hash bytea[], p_idempotency_hash bytea[], p_content_digest bytea[], p_acknowledge boolean[],
  p_token_subject uuid[], p_token_kind text[], p_token bytea[]
) returns table (case_id uuid, outcome text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  at timestamptz := city.now();
  came_by correspondence.channel := p_channel;
  languages correspondence.language[] := p_language;
  fresh uuid[];
begin
  -- In the order of the tokens: two batches that share some wait for each other one way only.
  with made as (
    insert into correspondence.casefile as f (id, topic, place, language, channel, form, form_version, subject, sealed_contact,
      received_at, due_on, state_since, receipt_hash, idempotency_hash, content_digest)
    select x.id, x.topic, x.place, x.language, came_by, x.form, x.form_version, x.subject, x.sealed_contact,
      at, x.due_on, at, x.receipt_hash, x.idempotency_hash, x.content_digest
    from unnest(p_case, p_form, p_form_version, p_topic, p_place, languages, p_due_on, p_subject, p_sealed_contact,
        p_receipt_hash, p_idempotency_hash, p_content_digest)
      as x (id, form, form_version, topic, place, language, due_on, subject, sealed_contact,
        receipt_hash, idempotency_hash, content_digest)
    order by x.idempotency_hash
    on conflict (idempotency_hash) do nothing returning f.id
  ) select coalesce(array_agg(made.id), '{}') into fresh from made;
  insert into vault.subject (id, wrapped_key, kek, entries)
  select x.id, x.wrapped_key, x.kek, 1 from unnest(p_case, p_subject, p_wrapped_key, p_kek) as x (c, id, wrapped_key, kek)
  where x.c = any (fresh);
  insert into correspondence.message (id, case_id, seq, kind, written_at, channel, sealed)
  select x.id, x.c, 1, 'letter', at, came_by, x.sealed from unnest(p_case, p_message, p_sealed) as x (c, id, sealed)
  where x.c = any (fresh);
  insert into vault.token (kind, token, subject)
  select x.kind, x.token, x.subject from unnest(p_token_kind, p_token, p_token_subject) as x (kind, token, subject)
  where exists (select from unnest(p_case, p_subject) as y (c, subject) where y.subject = x.subject and y.c = any (fresh));
  perform ledger.write_first(at, 'letter.received', array_agg(x.c), array_agg(x.subject), array_agg(x.form), 'own-letter', p_channel)
  from unnest(p_case, p_subject, p_form) as x (c, subject, form) where x.c = any (fresh) having count(*) > 0;
  perform correspondence.post(array_agg(x.c), array_agg(x.topic), 'acknowledgement', null)
  from unnest(p_case, p_topic, p_acknowledge) as x (c, topic, acknowledge)
  where x.acknowledge and x.c = any (fresh) having count(*) > 0;
  return query select x.c, case when x.c = any (fresh) then 'received'
      when f.content_digest = x.content_digest then 'again' else 'different' end
    from unnest(p_case, p_idempotency_hash, p_content_digest) as x (c, idempotency_hash, content_digest)
    left join correspondence.casefile f on cardinality(fresh) < cardinality(p_case) and f.idempotency_hash = x.idempotency_hash;
end $$;

-- Enters as the person who holds a receipt, for one transaction. Returns null where no receipt has this secret.
-- `fresh` while the code may still be shown: until ten minutes after it was first seen.
create function need_to_know.enter_receipt(secret bytea) returns table (case_id uuid, fresh boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  shown timestamptz;
begin
  select f.id, f.receipt_shown_at into case_id, shown from correspondence.casefile f where f.receipt_hash = sha256(secret);
  if not found then return; end if;
  if shown is null then
    update correspondence.casefile f set receipt_shown_at = clock_timestamp() where f.id = case_id;
  end if;
  fresh := shown is null or shown > clock_timestamp() - interval '10 minutes';
  perform need_to_know.sign(jsonb_build_object('kind', 'person', 'case', case_id));
  return next;
end $$;

-- The case in hand, locked, if the acting employee has this power on it and it is still at the version she saw.
-- Refusals: 'not-there' (also: not permitted), 'changed' (somebody else was first).
create function correspondence.take(p_power text, p_version int, out f correspondence.casefile, out duty text, out refusal text)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  select c.* into f from correspondence.casefile c where c.id = need_to_know.case_in_hand() for update;
  duty := need_to_know.duty_for(f.topic, p_power);
  if f.id is null or duty is null then refusal := 'not-there';
  elsif p_version is not null and f.version <> p_version then refusal := 'changed';
  end if;
end $$;

create function correspondence.append(p_case uuid, p_message uuid, p_kind text, p_channel text, p_employee int, p_duty text, p_sealed bytea)
returns void language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  next int;
begin
  update correspondence.casefile set messages = messages + 1 where id = p_case returning messages into next;
  insert into correspondence.message (id, case_id, seq, kind, written_at, channel, employee, duty, sealed)
  values (p_message, p_case, next, p_kind, city.now(), p_channel, p_employee, p_duty, p_sealed);
end $$;

-- The same message was posted before, to the case in hand: the second post is not a second message.
create function correspondence.written_before(p_message uuid) returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (select from correspondence.message m where m.id = p_message and m.case_id = need_to_know.case_in_hand())
$$;

-- The person writes again: a question, an answer, what was forgotten. The case waits for the city once more.
create function correspondence.add(p_message uuid, p_sealed bytea, p_due_on date) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
begin
  if need_to_know.kind() is distinct from 'person' then return 'not-there'; end if;
  select c.* into f from correspondence.casefile c where c.id = need_to_know.case_in_hand() for update;
  if not found then return 'not-there'; end if;
  if correspondence.written_before(p_message) then return 'again'; end if;
  perform correspondence.append(f.id, p_message, 'addition', 'form', null, null, p_sealed);
  update correspondence.casefile set version = version + 1,
    due_on = case when state in ('answered', 'closed') then p_due_on else due_on end,
    state_since = case when state in ('answered', 'closed') then city.now() else state_since end,
    state = case when state in ('answered', 'closed') then 'open' else state end, closed_because = null
  where id = f.id;
  perform vault.record('letter.added', 'person', f.id, f.subject, p_purpose => f.form, p_reason => 'own-letter');
  return 'done';
end $$;

-- Answers the person. She reads it at her receipt, and by mail where she gave an address.
-- With `p_because` the answer closes the case as well, which needs the power to close.
create function correspondence.reply(p_version int, p_message uuid, p_sealed bytea, p_because text default null) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  if correspondence.written_before(p_message) then return 'again'; end if;
  select * into t from correspondence.take('answer', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if p_because is not null and need_to_know.duty_for(f.topic, 'close') is null then return 'not-there'; end if;
  perform correspondence.append(f.id, p_message, 'reply', null, need_to_know.employee(), duty, p_sealed);
  update correspondence.casefile set version = version + 1, closed_because = p_because,
    state = case when p_because is null then 'answered' else 'closed' end,
    state_since = city.now(), assignee = coalesce(assignee, need_to_know.employee()) where id = f.id;
  perform vault.record('reply.sent', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form);
  if p_because is not null then
    perform vault.record('case.closed', 'staff', f.id, f.subject, need_to_know.employee(),
      need_to_know.duty_for(f.topic, 'close'), f.form, p_detail => 'because=' || p_because);
  end if;
  if exists (select from vault.token k where k.subject = f.subject and k.kind = 'email') then
    perform correspondence.post(array[f.id], array[f.topic], 'reply', p_message);
  end if;
  return 'done';
end $$;

-- A note for colleagues who have the case on their desk. It takes no version: notes do not overwrite one another.
create function correspondence.note(p_message uuid, p_sealed bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  if correspondence.written_before(p_message) then return 'again'; end if;
  select * into t from correspondence.take('note', null);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  perform correspondence.append(f.id, p_message, 'note', null, need_to_know.employee(), duty, p_sealed);
  perform vault.record('note.written', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form);
  return 'done';
end $$;

-- Assigns the case to a colleague whose duties cover it, or to nobody. Refusal: 'not-a-colleague'.
create function correspondence.assign(p_version int, p_assignee int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  select * into t from correspondence.take('assign', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if p_assignee is not null and not exists (select from need_to_know.colleagues(f.topic) c where c.id = p_assignee) then
    return 'not-a-colleague';
  end if;
  update correspondence.casefile set version = version + 1, assignee = p_assignee,
    state_since = case when state = 'new' then city.now() else state_since end,
    state = case when state = 'new' then 'open' else state end where id = f.id;
  perform vault.record('case.assigned', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form,
    p_detail => case when p_assignee is null then 'to=nobody' else 'to=colleague' end);
  return 'done';
end $$;

-- Moves the case to another topic and so, perhaps, to another department: whose duties do not cover the new topic
-- sees it no more, and what was open on a desk is closed there.
create function correspondence.move(p_version int, p_topic text, p_due_on date) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  select * into t from correspondence.take('move', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if not exists (select from city.topic x where x.id = p_topic) then return 'no-such-topic'; end if;
  update correspondence.casefile set version = version + 1, topic = p_topic, due_on = p_due_on, assignee = null
  where id = f.id;
  update correspondence.mail set topic = p_topic where case_id = f.id;
  update vault.opening set ends_at = least(ends_at, clock_timestamp()) where case_id = f.id and actor_kind = 'staff';
  perform vault.record('case.moved', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form,
    p_detail => 'from=' || f.topic || ' to=' || p_topic);
  return 'done';
end $$;

create function correspondence.close(p_version int, p_because text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  select * into t from correspondence.take('close', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if f.state = 'closed' then return 'closed-already'; end if;
  update correspondence.casefile set version = version + 1, state = 'closed', closed_because = p_because,
    state_since = city.now() where id = f.id;
  perform vault.record('case.closed', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form,
    p_detail => 'because=' || p_because);
  return 'done';
end $$;

create function correspondence.reopen(p_version int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile; duty text;
begin
  select * into t from correspondence.take('close', p_version);
  if t.refusal is not null then return t.refusal; end if;
  f := t.f; duty := t.duty;
  if f.state <> 'closed' then return 'open-already'; end if;
  update correspondence.casefile set version = version + 1, state = 'open', closed_because = null,
    state_since = city.now() where id = f.id;
  perform vault.record('case.reopened', 'staff', f.id, f.subject, need_to_know.employee(), duty, f.form);
  return 'done';
end $$;

-- Takes an employee's name off the waiting cases that her duties no longer cover, when she leaves or loses a duty, so
-- that none waits for somebody who cannot see it. For the owner. Returns how many.
create function correspondence.hand_back(p_employee int) returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  f record; handed int := 0;
begin
  for f in
    update correspondence.casefile c set assignee = null, version = version + 1
    where c.assignee = p_employee and c.state in ('new', 'open') and not exists (
      select from need_to_know.charge h join need_to_know.duty_topic d on d.duty = h.duty
      where h.employee = p_employee and d.topic = c.topic and h.since <= city.now() and (h.until is null or h.until > city.now()))
    returning c.id, c.subject
  loop
    perform vault.record('case.assigned', 'operator', f.id, f.subject, p_detail => 'to=nobody');
    handed := handed + 1;
  end loop;
  return handed;
end $$;

-- The cases on the acting employee's desk of the person with this address, number or name. Each case that appears is
-- written down for the person it is about: being looked for is being looked at. At most 20.
create function correspondence.search(p_kind text, p_token bytea) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  hit record;
begin
  if need_to_know.kind() is distinct from 'staff' then return; end if;
  for hit in
    select f.id, f.subject, f.topic from vault.token t join correspondence.casefile f on f.subject = t.subject
      join vault.subject s on s.id = t.subject and s.state = 'in-use'
    where t.kind = p_kind and t.token = p_token and f.topic = any (need_to_know.topics())
      and need_to_know.duty_for(f.topic, 'read') is not null
    order by f.received_at desc limit 20
  loop
    perform vault.record('person.searched', 'staff', hit.id, hit.subject, need_to_know.employee(),
      need_to_know.duty_for(hit.topic, 'read'), 'search', p_detail => 'by=' || p_kind);
    return next hit.id;
  end loop;
end $$;

grant execute on function correspondence.receive(text, uuid[], text[], int[], text[], text[], text[], date[], uuid[], bytea[],
    text[], uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], uuid[], text[], bytea[]),
  need_to_know.enter_receipt(bytea), correspondence.add(uuid, bytea, date), correspondence.reply(int, uuid, bytea, text),
  correspondence.note(uuid, bytea), correspondence.assign(int, int), correspondence.move(int, text, date),
  correspondence.close(int, text), correspondence.reopen(int), correspondence.search(text, bytea) to cityhall_app;
-- The worker takes in what comes by mail.
grant execute on function correspondence.receive(text, uuid[], text[], int[], text[], text[], text[], date[], uuid[], bytea[],
    text[], uuid[], bytea[], bytea[], bytea[], bytea[], bytea[], boolean[], uuid[], text[], bytea[]) to cityhall_keeper;

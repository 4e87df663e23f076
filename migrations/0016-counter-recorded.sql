-- Letters on paper, visits and calls: a clerk records each, and from then on it is a letter like any other.
create schema counter;
grant usage on schema counter to cityhall_app, cityhall_keeper;

-- Whether the acting employee is charged today with this duty, and it allows this power. Recording is asked of a duty, not
-- of a topic: what is recorded may be about anything, and the case then belongs to the topic's department. Whoever
-- recorded it sees it only if her duties cover it.
create function need_to_know.charged_with(p_duty text, p_power text) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select need_to_know.kind() is not distinct from 'staff' and exists (
    select from need_to_know.charge c join need_to_know.duty d on d.id = c.duty
    where c.employee = need_to_know.employee() and c.duty = p_duty and p_power = any (d.powers)
      and c.since <= city.now() and (c.until is null or c.until > city.now()))
$$;

-- Who recorded what, so that a repeated post by the same clerk may print the receipt again for ten minutes.
create table counter.recorded (
  case_id uuid not null,
  message_id uuid not null,
  employee int not null references need_to_know.employee,
  duty text not null,
  recorded_at timestamptz not null,
  primary key (case_id, message_id),
  foreign key (case_id, message_id) references correspondence.message (case_id, id)
);
alter table counter.recorded enable row level security;

-- Blind tokens of the words of letters that the city itself typed or read from a scan: eight bytes of a keyed hash, no
-- position, no count. They are deleted with the person's key.
create table vault.word (
  token bytea not null check (length(token) = 8),
  subject uuid not null references vault.subject,
  primary key (token, subject)
);
create index word_subject on vault.word (subject);
alter table vault.word enable row level security;

-- A scan to be read by machine. The row is its own place in the queue; the text that came of it is sealed under the
-- person's key, beside the file it was read from.
create table counter.reading (
  attachment uuid primary key references attachments.attachment,
  state text not null default 'waiting' check (state in ('waiting', 'read', 'unread')),
  -- When it is to be read next; a try that began moves this on, so that no two begin together.
  due_at timestamptz,
  attempts int not null default 0,
  -- From a PDF's own words, or seen in a picture; how many of its pages.
  how text check (how in ('layer', 'seen')),
  pages int,
  of_pages int,
  sealed bytea,
  check ((state = 'waiting') = (due_at is not null)),
  check ((state = 'read') = (sealed is not null and how is not null and pages is not null and of_pages is not null))
);
create index reading_due on counter.reading (due_at) where state = 'waiting';
alter table counter.reading enable row level security;

create function counter.queue_scans(p_case uuid, p_message uuid) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into counter.reading (attachment, due_at) select a.id, clock_timestamp() from attachments.attachment a
  where a.case_id = p_case and a.message_id = p_message and a.kind in ('jpeg', 'png', 'webp', 'gif', 'pdf')
$$;

-- What the slip says of a case, to the clerk who has just recorded it: nothing that she did not type.
create type counter.slip as (outcome text, number bigint, topic text, language text, received_at timestamptz, due_on date);

-- Records the letter that this very transaction has received: dates it when it came to City Hall (two months back at
-- most), keeps its words' tokens, and writes who recorded it on which duty. The receipt's code is on the clerk's screen
-- once, to be printed and handed over: the entry says so, and the person's own page no longer shows it.
-- Outcomes: 'recorded'; 'not-there' (no such letter, or not her power: the caller rolls back); 'not-then' (such a date
-- is not allowed).
create function counter.record(p_case uuid, p_duty text, p_received_at timestamptz, p_words bytea[]) returns counter.slip
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
  slip counter.slip;
begin
  select c.* into f from correspondence.casefile c where c.id = p_case and c.channel in ('letter', 'counter', 'telephone')
    and c.xmin = pg_current_xact_id()::xid and c.messages = 1;
  slip.outcome := 'not-there';
  if f.id is null or not need_to_know.charged_with(p_duty, 'record') then return slip; end if;
  slip.outcome := 'not-then';
  if p_received_at > city.now() or p_received_at < city.now() - interval '62 days' then return slip; end if;
  update correspondence.casefile set received_at = least(coalesce(p_received_at, f.received_at), f.received_at),
    receipt_shown_at = city.now() - interval '10 minutes' where id = f.id returning * into f;
  update correspondence.message set written_at = f.received_at where case_id = f.id;
  insert into counter.recorded select f.id, m.id, need_to_know.employee(), p_duty, city.now()
    from correspondence.message m where m.case_id = f.id;
  perform counter.queue_scans(f.id, r.message_id) from counter.recorded r where r.case_id = f.id;
  insert into vault.word select distinct w, f.subject from unnest(p_words) as x (w);
  perform vault.record('letter.recorded', 'staff', f.id, f.subject, need_to_know.employee(), p_duty, f.form,
    p_detail => 'channel=' || f.channel || ' receipt=printed');
  return row('recorded', f.number, f.topic, f.language, f.received_at, f.due_on)::counter.slip;
end $$;

-- The same post again, by the same clerk: for ten minutes its slip may be printed once more, which is written down too.
-- 'past' where that time is over, or somebody else recorded it.
create function counter.print_again(p_secret bytea) returns counter.slip
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
  r counter.recorded;
  slip counter.slip;
begin
  slip.outcome := 'past';
  if need_to_know.kind() is distinct from 'staff' then return slip; end if;
  select c.* into f from correspondence.casefile c where c.receipt_hash = sha256(p_secret);
  select x.* into r from counter.recorded x where x.case_id = f.id and x.employee = need_to_know.employee()
    and x.recorded_at > clock_timestamp() - interval '10 minutes' order by x.recorded_at limit 1;
  if r.case_id is null or not need_to_know.charged_with(r.duty, 'record') then return slip; end if;
  perform vault.record('receipt.printed', 'staff', f.id, f.subject, r.employee, r.duty, f.form);
  return row('recorded', f.number, f.topic, f.language, f.received_at, f.due_on)::counter.slip;
end $$;

-- The person makes her code her own: whoever has seen the old one on a screen or a slip can no longer use it.
create function counter.renew_receipt(p_hash bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
begin
  if need_to_know.kind() is distinct from 'person' then return false; end if;
  update correspondence.casefile c set receipt_hash = p_hash, receipt_shown_at = null
  where c.id = need_to_know.case_in_hand() and exists (select from counter.recorded r where r.case_id = c.id)
  returning * into f;
  if not found then return false; end if;
  perform vault.record('receipt.renewed', 'person', f.id, f.subject, p_purpose => 'own-case');
  return true;
end $$;

-- The cases on the acting employee's desk in which all these words stand. Each one that appears is written down for the
-- person: being looked for is being looked at. At most 20, newest first; a word in very many letters is followed to the
-- newest 20,000 of them (a subject's identifier begins with its time), so that no search grows with the city.
create function correspondence.search_words(p_words bytea[]) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  hit record;
begin
  if need_to_know.kind() is distinct from 'staff' or coalesce(cardinality(p_words), 0) not between 1 and 8 then return; end if;
  for hit in
    select f.id, f.subject, f.topic
    from (select w.subject from vault.word w where w.token = p_words[1] order by w.subject desc limit 20000) as first
      join vault.subject s on s.id = first.subject and s.state = 'in-use'
      join correspondence.casefile f on f.subject = s.id
    where f.topic = any (need_to_know.topics()) and need_to_know.duty_for(f.topic, 'read') is not null
      and not exists (select from unnest(p_words[2:]) as x (token) where not exists (
        select from vault.word w where w.token = x.token and w.subject = first.subject))
    order by first.subject desc limit 20
  loop
    perform vault.record('person.searched', 'staff', hit.id, hit.subject, need_to_know.employee(),
      need_to_know.duty_for(hit.topic, 'read'), 'search', p_detail => 'by=words');
    return next hit.id;
  end loop;
end $$;

grant execute on function counter.record(uuid, text, timestamptz, bytea[]), counter.print_again(bytea),
  counter.renew_receipt(bytea), correspondence.search_words(bytea[]) to cityhall_app;

-- The person calls or comes again: what she says is added to her case. The case is the one in hand, on the acting
-- employee's own desk; or the one whose receipt code the caller gave (`p_secret`), of which the clerk is shown nothing.
-- Outcomes: 'done'; 'again' (the same message); 'not-there' (no such case, not hers, or not her power).
create function counter.add(p_message uuid, p_sealed bytea, p_due_on date, p_channel text, p_duty text, p_secret bytea,
  p_words bytea[], p_id uuid[], p_kind text[], p_bytes bigint[], p_state text[], p_file bytea[]) returns text language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
begin
  if not need_to_know.charged_with(p_duty, 'record') or p_channel not in ('letter', 'counter', 'telephone') then
    return 'not-there';
  end if;
  select c.* into f from correspondence.casefile c
    where case when p_secret is null then c.id = need_to_know.case_in_hand() else c.receipt_hash = sha256(p_secret) end
    for update;
  if not found then return 'not-there'; end if;
  if exists (select from correspondence.message m where m.case_id = f.id and m.id = p_message) then return 'again'; end if;
  perform correspondence.append(f.id, p_message, 'addition', p_channel, null, null, p_sealed);
  update correspondence.casefile set version = version + 1,
    due_on = case when state in ('answered', 'closed') then p_due_on else due_on end,
    state_since = case when state in ('answered', 'closed') then city.now() else state_since end,
    state = case when state in ('answered', 'closed') then 'open' else state end, closed_because = null
  where id = f.id;
  insert into counter.recorded values (f.id, p_message, need_to_know.employee(), p_duty, city.now());
  if cardinality(p_id) > 0 then
    perform attachments.attach(f.id, p_message, p_id, p_kind, p_bytes, p_state, p_file);
    perform vault.record('files.attached', 'staff', f.id, f.subject, need_to_know.employee(), p_duty, f.form,
      p_detail => 'count=' || cardinality(p_id));
    perform counter.queue_scans(f.id, p_message);
  end if;
  insert into vault.word select distinct w, f.subject from unnest(p_words) as x (w) on conflict do nothing;
  perform vault.record('letter.added', 'staff', f.id, f.subject, need_to_know.employee(), p_duty, f.form,
    p_detail => 'channel=' || p_channel || ' by=' || case when p_secret is null then 'case' else 'code' end);
  return 'done';
end $$;
grant execute on function counter.add(uuid, bytea, date, text, text, bytea, bytea[], uuid[], text[], bigint[], text[],
  bytea[]) to cityhall_app;

-- The scans to be read now, each leased to the asker for ten minutes: a worker that dies with one leaves it to another.
-- A file that is held until it is checked waits; one that was refused is never read.
create function counter.lease_scans(p_most int) returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update counter.reading set due_at = clock_timestamp() + interval '10 minutes', attempts = attempts + 1
  where attachment in (select r.attachment from counter.reading r join attachments.attachment a on a.id = r.attachment
    where r.state = 'waiting' and r.due_at <= clock_timestamp() and a.state = 'ready'
    order by r.due_at limit p_most for update of r skip locked)
  returning attachment
$$;

-- The reader opens a case to read one scan; the opening is in the ledger like any other. A scan that was tried three
-- times, each time without an end (the reader died with it), is opened no more.
create function vault.open_for_reading(p_attachment uuid) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
  opening uuid;
begin
  select c.id, c.subject, r.attempts into f
    from counter.reading r join attachments.attachment a on a.id = r.attachment
    join correspondence.casefile c on c.id = a.case_id join vault.subject s on s.id = c.subject
    where r.attachment = p_attachment and r.state = 'waiting' and a.state = 'ready' and s.state = 'in-use' for update of r;
  if not found then return null; end if;
  if f.attempts > 3 then
    perform counter.settle_scan(p_attachment, 'unread');
    return null;
  end if;
  insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
  values (f.subject, f.id, 'system',
    vault.record('letter.opened', 'system', f.id, f.subject, p_purpose => 'reading', p_reason => 'scan'),
    clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;

-- What the reader needs, once its opening has committed.
create function vault.key_for_reading(p_opening uuid, p_attachment uuid)
returns table (subject uuid, wrapped_key bytea, kek text, sealed bytea, kind text, language text, attempts int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, a.sealed, a.kind, f.language, r.attempts
  from vault.opening o join vault.subject s on s.id = o.subject
  join attachments.attachment a on a.id = p_attachment and a.case_id = o.case_id and a.state = 'ready'
  join counter.reading r on r.attachment = a.id and r.state = 'waiting'
  join correspondence.casefile f on f.id = a.case_id
  where o.id = p_opening and o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Settles a scan: 'read', with its text and the tokens of its words; 'unread', left as it is, the file itself fine;
-- 'waiting' puts the next try off by five minutes.
create function counter.settle_scan(p_attachment uuid, p_state text, p_how text default null, p_pages int default null,
  p_of_pages int default null, p_sealed bytea default null, p_words bytea[] default '{}') returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f record;
begin
  update counter.reading set state = p_state, how = p_how, pages = p_pages, of_pages = p_of_pages, sealed = p_sealed,
    due_at = case when p_state = 'waiting' then clock_timestamp() + interval '5 minutes' end
  where attachment = p_attachment and state = 'waiting';
  if not found or p_state = 'waiting' then return; end if;
  select c.id, c.subject, s.state into f from attachments.attachment a join correspondence.casefile c on c.id = a.case_id
    join vault.subject s on s.id = c.subject where a.id = p_attachment;
  if f.state = 'in-use' then
    insert into vault.word select distinct w, f.subject from unnest(p_words) as x (w) on conflict do nothing;
  end if;
  perform vault.record('scan.' || p_state, 'system', f.id, f.subject, p_purpose => 'reading',
    p_detail => case when p_state = 'read' then 'pages=' || p_pages || ' how=' || p_how end);
end $$;

-- What was read of the scans of the case in hand. The desk shows it; what a note brought is no scan.
create function counter.readings_in_hand()
returns table (attachment uuid, state text, how text, pages int, of_pages int, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.attachment, r.state, r.how, r.pages, r.of_pages, r.sealed
  from attachments.attachment a join counter.reading r on r.attachment = a.id
  join correspondence.message m on m.case_id = a.case_id and m.id = a.message_id
  where a.case_id = need_to_know.case_in_hand() order by m.seq, a.position
$$;

-- Prints an answer for the post: what leaves is written down.
create function counter.print_reply(p_message uuid) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; f correspondence.casefile;
begin
  select * into t from correspondence.take('answer', null);
  f := t.f;
  if need_to_know.kind() is distinct from 'staff' or t.refusal is not null or not exists (
    select from correspondence.message m where m.case_id = f.id and m.id = p_message and m.kind = 'reply') then return false; end if;
  perform vault.record('reply.printed', 'staff', f.id, f.subject, need_to_know.employee(), t.duty, f.form,
    p_detail => 'by=post');
  return true;
end $$;
grant execute on function counter.readings_in_hand(), counter.print_reply(uuid) to cityhall_app;
grant execute on function counter.lease_scans(int), vault.open_for_reading(uuid), vault.key_for_reading(uuid, uuid),
  counter.settle_scan(uuid, text, text, int, int, bytea, bytea[]) to cityhall_keeper;

-- Programs of the city open cases too: to mail, to scan a file, to read a page, to refer a letter, to find a letter by its
-- words. One function opens for all of them, so that the rule stands once: only what waits for this very work is opened,
-- and the person reads it in her list like any look. And: the words of letters that came in leave tokens, as those of
-- recorded letters do (decision 0022).

-- How far the ledger has been read for words, and which messages the reader has in hand until when. A reader that dies
-- leaves them to the next, which finds the same: a token that is there already changes nothing.
create table correspondence.word_reading (
  only_one boolean primary key default true check (only_one),
  seq bigint not null,
  upto bigint not null,
  cases uuid[] not null default '{}',
  messages uuid[] not null default '{}',
  ends_at timestamptz not null default '-infinity'
);
insert into correspondence.word_reading (seq, upto) values (-1, -1);
alter table correspondence.word_reading enable row level security;

-- The next messages whose words are to leave tokens, of what came by itself (a recorded letter left its own), leased for
-- two minutes. The ledger says what came, so no letter pays for it when it comes in. Returns how many entries were read;
-- `taken` of them are messages to read, and nothing more is told.
create function correspondence.lease_words(p_most int) returns table (entries bigint, taken uuid[])
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r correspondence.word_reading;
  newest bigint := coalesce((select max(l.seq) from ledger.leaf l), -1);
begin
  select x.* into r from correspondence.word_reading x where x.ends_at < clock_timestamp() for update skip locked;
  if not found or r.seq >= newest then return query select 0::bigint, '{}'::uuid[]; return; end if;
  r.upto := least(newest, r.seq + 1000);
  with told as materialized (
    select l.seq, e.case_id, e.at from ledger.leaf l join ledger.entry e on e.id = l.entry_id
    where l.seq > r.seq and l.seq <= r.upto and e.act in ('letter.received', 'letter.added') order by l.seq limit p_most
  ), came as (
    -- An act dates its message, and a moment later its entry.
    select distinct m.case_id, m.id from told t join correspondence.message m on m.case_id = t.case_id
      and m.written_at between t.at - interval '10 seconds' and t.at + interval '1 second'
    where m.kind in ('letter', 'addition') and m.channel in ('form', 'email', 'open311')
  ) select case when (select count(*) from told) = p_most then (select max(t.seq) from told t) else r.upto end,
      coalesce(array_agg(c.case_id), '{}'), coalesce(array_agg(c.id), '{}')
    into r.upto, r.cases, r.messages from came c;
  update correspondence.word_reading set upto = r.upto, cases = r.cases, messages = r.messages,
    seq = case when r.cases = '{}' then r.upto else seq end,
    ends_at = case when r.cases = '{}' then '-infinity' else clock_timestamp() + interval '2 minutes' end;
  return query select r.upto - r.seq, r.cases;
end $$;

-- What waits for a program's work, and the reason the person reads of it.
create function vault.waiting_for(p_work text, p_items uuid[]) returns table (item uuid, case_id uuid, purpose text, reason text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select m.id, m.case_id, 'post', m.kind from correspondence.mail m
    where p_work = 'mail' and m.id = any (p_items) and m.state = 'waiting'
  union all
  select a.id, a.case_id, 'scan', 'held-file' from attachments.attachment a
    where p_work = 'scan' and a.id = any (p_items) and a.state = 'held'
  union all
  select a.id, a.case_id, 'reading', 'scan' from counter.reading r join attachments.attachment a on a.id = r.attachment
    where p_work = 'read' and a.id = any (p_items) and r.state = 'waiting' and a.state = 'ready'
  union all
  select d.id, d.case_id, 'referral', 'send' from referral.disclosure d
    where p_work = 'refer' and d.id = any (p_items) and d.state = 'waiting'
  union all
  select d.id, d.case_id, 'referral', 'answer' from referral.disclosure d
    where p_work = 'hear' and d.id = any (p_items)
  union all
  select distinct c, c, 'finding', 'words' from correspondence.word_reading w, unnest(w.cases) as c
    where p_work = 'find' and c = any (p_items) and w.ends_at > clock_timestamp()
$$;

-- Opens, as a program, the cases of what waits for this work: 'mail', 'scan', 'read', 'refer', 'hear' (an agency's
-- answer), 'find'. Nothing is opened that does not wait, nor for a person who is no longer in use. In the order of the
-- subjects, so that two programs wait for one another one way only. The key comes in a later transaction.
create function vault.open_for(p_work text, p_items uuid[]) returns table (item uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  for w in
    select x.item, x.case_id, x.purpose, x.reason, s.id as subject
    from vault.waiting_for(p_work, p_items) x join correspondence.casefile f on f.id = x.case_id
      join vault.subject s on s.id = f.subject and s.state = 'in-use'
    order by s.id, x.item
  loop
    insert into vault.opening (subject, case_id, actor_kind, entry_id, ends_at)
    values (w.subject, w.case_id, 'system',
      vault.record('letter.opened', 'system', w.case_id, w.subject, p_purpose => w.purpose, p_reason => w.reason),
      clock_timestamp() + interval '5 minutes')
    returning id into opening;
    item := w.item;
    return next;
  end loop;
end $$;

drop function vault.open_for_delivery(uuid[]);
drop function vault.open_for_scan(uuid);
drop function vault.open_for_reading(uuid);
drop function vault.open_for_referral(uuid, text);

-- As before (0016); and a scan that was tried three times, each time without an end (the reader died with it), is left.
create or replace function counter.lease_scans(p_most int) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  past uuid;
begin
  for past in select r.attachment from counter.reading r
    where r.state = 'waiting' and r.due_at <= clock_timestamp() and r.attempts >= 3
  loop
    perform counter.settle_scan(past, 'unread');
  end loop;
  return query update counter.reading set due_at = clock_timestamp() + interval '10 minutes', attempts = attempts + 1
  where attachment in (select r.attachment from counter.reading r join attachments.attachment a on a.id = r.attachment
    where r.state = 'waiting' and r.due_at <= clock_timestamp() and a.state = 'ready'
    order by r.due_at limit p_most for update of r skip locked)
  returning attachment;
end $$;

-- What the reader of words needs, once its openings have committed: the messages it has in hand.
create function vault.key_for_words(p_openings uuid[])
returns table (case_id uuid, subject uuid, wrapped_key bytea, kek text, message uuid, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select m.case_id, s.id, s.wrapped_key, s.kek, m.id, m.sealed
  from correspondence.word_reading w cross join unnest(w.cases, w.messages) as x (case_id, id)
    join vault.opening o on o.id = any (p_openings) and o.case_id = x.case_id join vault.subject s on s.id = o.subject
    join correspondence.message m on m.case_id = x.case_id and m.id = x.id
  where w.ends_at > clock_timestamp() and o.actor_kind = 'system' and s.state = 'in-use' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed'
$$;

-- Keeps the tokens of the words of what the reader has in hand, and goes on. Nothing is kept of any other case.
create function correspondence.keep_words(p_cases uuid[], p_words bytea[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r correspondence.word_reading;
begin
  select x.* into r from correspondence.word_reading x where x.ends_at > clock_timestamp() for update;
  if not found then return; end if;
  insert into vault.word (token, subject)
    select distinct x.word, f.subject from unnest(p_cases, p_words) as x (case_id, word)
      join correspondence.casefile f on f.id = x.case_id and x.case_id = any (r.cases)
      join vault.subject s on s.id = f.subject and s.state = 'in-use'
    order by 2, 1 on conflict do nothing;
  update correspondence.word_reading set seq = upto, cases = '{}', messages = '{}', ends_at = '-infinity';
end $$;

grant execute on function vault.open_for(text, uuid[]), vault.key_for_words(uuid[]), correspondence.lease_words(int),
  correspondence.keep_words(uuid[], bytea[]) to cityhall_keeper;

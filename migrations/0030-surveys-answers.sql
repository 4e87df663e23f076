-- Surveys whose answers belong to nobody. What must not be here is the point: no row, order, time, identifier or
-- transaction number that leads from an invited person to an answer. docs/decisions/0023 says how, and what it cannot hide.
create schema surveys;
grant usage on schema surveys to cityhall_app, cityhall_keeper;

-- One power more, whichever there are by now.
do $$
declare
  old text;
begin
  select pg_get_constraintdef(c.oid) into old from pg_constraint c where c.conname = 'duty_powers_check';
  if old not like '%run-surveys%' then
    alter table need_to_know.duty drop constraint duty_powers_check;
    execute 'alter table need_to_know.duty add constraint duty_powers_check ' || replace(old, 'ARRAY[', 'ARRAY[''run-surveys''::text, ');
  end if;
end $$;

create table surveys.survey (
  id text primary key check (id ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(id) <= 60),
  form text not null,
  form_version int not null,
  department text not null references city.department,
  way text not null check (way in ('open', 'invited')),
  results text not null check (results in ('while-open', 'after-closing')),
  free_text text not null check (free_text in ('never', 'after-approval')),
  -- Cells below this are never shown to anybody.
  smallest int not null check (smallest between 3 and 50),
  state text not null default 'open' check (state in ('open', 'closed')),
  opened_on date not null,
  closes_on date not null check (closes_on >= opened_on),
  closed_on date,
  -- Tickets are signed under this key, one for all: published, and its hash stands in the ledger. The private half is
  -- sealed under the survey's data key, and destroyed when it closes: from then on nobody can make an answer.
  public_key bytea,
  sealed_signing_key bytea,
  wrapped_key bytea not null,
  kek text not null,
  -- Answers that left the box, and what remains of the invitations once they are destroyed.
  counted int not null default 0,
  invited int not null default 0,
  undelivered int not null default 0,
  tickets int not null default 0,
  slips int not null default 0,
  tidied_on date not null,
  check ((way = 'invited') = (public_key is not null)),
  check ((state = 'closed') = (closed_on is not null)),
  check (state = 'open' or sealed_signing_key is null)
);

-- Answers wait here together, and are moved when they are many: one row for all, so none has a time, a place or a
-- transaction of its own. Each is put in at a place that chance chooses. The tickets they came with stand beside them in
-- the order of their hashes.
create table surveys.box (
  survey text primary key references surveys.survey,
  answers jsonb[] not null default '{}',
  spent bytea[] not null default '{}'
);
-- One person's choices: `question=value`, sorted. No time. Free words are not with them.
create table surveys.answer (
  id uuid primary key default gen_random_uuid(),
  survey text not null references surveys.survey,
  choices text[] not null
);
create index answer_survey on surveys.answer (survey);
-- Free words, masked before they came here, apart from the choices of whoever wrote them. Public once a clerk approved.
create table surveys.words (
  id uuid primary key default gen_random_uuid(),
  survey text not null references surveys.survey,
  question text not null,
  state text not null default 'waiting' check (state in ('waiting', 'approved', 'declined')),
  sealed bytea,
  approved text check (length(approved) <= 8000),
  masked int not null check (masked >= 0),
  check ((state = 'waiting') = (sealed is not null)),
  check ((state = 'approved') = (approved is not null))
);
create index words_survey on surveys.words (survey);
-- Hashes of tickets, slips and page tokens that brought an answer. They tell that, and not which.
create table surveys.spent (
  survey text not null references surveys.survey,
  ticket bytea not null check (length(ticket) = 32),
  primary key (survey, ticket)
);
-- How often each choice was made, kept up as answers leave the box: results need not read every answer.
create table surveys.tally (
  survey text not null references surveys.survey,
  choice text not null,
  answers int not null,
  primary key (survey, choice)
);
-- What the public sees: suppressed before it is written here.
create table surveys.publication (
  survey text primary key references surveys.survey,
  published_on date not null,
  counted int not null,
  tables jsonb not null
);

-- Who is invited, until the survey closes. The address is sealed for a subject of its own. `blinded` is the hash of what
-- was signed for it, which tells nothing about the ticket. Invitations are written a page at a time: all rows of a page
-- have the transaction of whichever of them changed last.
create table surveys.invitation (
  id uuid primary key,
  survey text not null references surveys.survey,
  page int not null,
  subject uuid not null references vault.subject,
  sealed bytea not null,
  -- Of this survey only: the same address has another one in the next.
  address_token bytea not null check (length(address_token) = 32),
  code_hash bytea not null check (length(code_hash) = 32),
  blinded bytea check (length(blinded) = 32),
  traded boolean not null default false,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'kept', 'failed', 'bounced')),
  due_at timestamptz,
  attempts int not null default 0,
  failure text check (failure ~ '^[A-Za-z0-9.-]{1,40}$'),
  unique (survey, address_token),
  unique (code_hash),
  check (blinded is null or not traded)
);
create index invitation_page on surveys.invitation (survey, page);
create index invitation_due on surveys.invitation (due_at) where state = 'waiting';
-- Printed codes for who comes without a program that can blind: handed out without writing down to whom.
create table surveys.slip (
  survey text not null references surveys.survey,
  code_hash bytea not null check (length(code_hash) = 32),
  primary key (survey, code_hash)
);
-- A look at an address (to mail it) or at the words of a survey (to judge them): the key follows the entry.
create table surveys.opening (
  id uuid primary key default gen_random_uuid(),
  survey text not null references surveys.survey,
  invitation uuid,
  session uuid,
  entry_id uuid not null references ledger.entry,
  written_by xid8 not null default pg_current_xact_id(),
  ends_at timestamptz not null,
  check ((invitation is null) = (session is not null))
);
-- No plan and no statistic shows what was answered or who was invited; statistics would outlive the rows themselves.
do $$
declare
  c record;
begin
  for c in select a.attrelid::regclass as t, a.attname from pg_attribute a join pg_class r on r.oid = a.attrelid
    where r.relnamespace = 'surveys'::regnamespace and r.relkind = 'r' and r.relname <> 'survey' and a.attnum > 0 loop
    execute format('alter table %s alter column %I set statistics 0', c.t, c.attname);
  end loop;
end $$;

alter table surveys.survey enable row level security;
alter table surveys.box enable row level security;
alter table surveys.answer enable row level security;
alter table surveys.words enable row level security;
alter table surveys.spent enable row level security;
alter table surveys.tally enable row level security;
alter table surveys.publication enable row level security;
alter table surveys.invitation enable row level security;
alter table surveys.slip enable row level security;
alter table surveys.opening enable row level security;

-- The duty under which the acting employee runs the surveys of a department; null where she has none.
create function surveys.duty_in(p_department text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select d.id from need_to_know.duty d
  where need_to_know.kind() = 'staff' and d.department = p_department and 'run-surveys' = any (d.powers)
    and d.id = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))
  order by d.id limit 1
$$;

-- Deals the invitations of a survey anew to pages of at most 256, by chance: every row is written in this transaction.
-- Rows are locked by their identifiers, here and everywhere, so that nobody waits in a circle.
create function surveys.deal(p_survey text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform from surveys.invitation x where x.survey = p_survey order by x.id for no key update;
  with dealt as (
    select i.id, (row_number() over (order by gen_random_uuid()) - 1) % ((count(*) over () + 255) / 256) as page
    from surveys.invitation i where i.survey = p_survey)
  update surveys.invitation i set page = d.page from dealt d where i.id = d.id;
end $$;

-- Opens a survey. Refusals: 'not-there' (also: no duty of hers runs surveys of that department), 'taken'.
create function surveys.start(p_id text, p_form text, p_form_version int, p_department text, p_way text, p_results text,
  p_free_text text, p_smallest int, p_today date, p_closes_on date, p_public_key bytea, p_sealed_signing_key bytea,
  p_wrapped_key bytea, p_kek text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text := surveys.duty_in(p_department);
begin
  if duty is null then return 'not-there'; end if;
  insert into surveys.survey (id, form, form_version, department, way, results, free_text, smallest, opened_on, closes_on, public_key,
    sealed_signing_key, wrapped_key, kek, tidied_on)
  values (p_id, p_form, p_form_version, p_department, p_way, p_results, p_free_text, p_smallest, p_today, p_closes_on, p_public_key,
    p_sealed_signing_key, p_wrapped_key, p_kek, p_today)
  on conflict do nothing;
  if not found then return 'taken'; end if;
  insert into surveys.box (survey) values (p_id);
  perform ledger.write('survey.opened', 'staff', p_employee => need_to_know.employee(), p_duty => duty, p_detail =>
    'survey=' || p_id || ' way=' || p_way || coalesce(' key=' || encode(sha256(p_public_key), 'hex'), ''));
  return 'done';
end $$;

-- Invites addresses. Whoever is on the list already is passed over. Null: not there for her, closed, or open to everybody.
create function surveys.invite(p_survey text, p_id uuid[], p_subject uuid[], p_wrapped_key bytea[], p_kek text, p_sealed bytea[],
  p_token bytea[], p_code_hash bytea[]) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text; s surveys.survey; fresh uuid[]; one uuid;
begin
  select * into s from surveys.survey x where x.id = p_survey and x.state = 'open' and x.way = 'invited' for update;
  duty := surveys.duty_in(s.department);
  if duty is null then return null; end if;
  select coalesce(array_agg(x.id), '{}') into fresh from (
    select distinct on (y.token) y.id, y.token from unnest(p_id, p_token) as y (id, token) order by y.token, y.id) x
  where not exists (select from surveys.invitation i where i.survey = p_survey and i.address_token = x.token);
  insert into vault.subject (id, wrapped_key, kek)
  select x.subject, x.wrapped_key, p_kek from unnest(p_id, p_subject, p_wrapped_key) as x (id, subject, wrapped_key) where x.id = any (fresh);
  insert into surveys.invitation (id, survey, page, subject, sealed, address_token, code_hash, due_at)
  select x.id, p_survey, 0, x.subject, x.sealed, x.token, x.code_hash, city.now()
  from unnest(p_id, p_subject, p_sealed, p_token, p_code_hash) as x (id, subject, sealed, token, code_hash)
  where x.id = any (fresh) order by gen_random_uuid();
  for one in select i.subject from surveys.invitation i where i.id = any (fresh) loop
    perform vault.record('person.invited', 'staff', null, one, need_to_know.employee(), duty, 'survey', p_detail => 'survey=' || p_survey);
  end loop;
  perform surveys.deal(p_survey);
  return cardinality(fresh);
end $$;

-- May a ticket be signed for this invitation? It is written down first, so there is one ticket for each; the same blinded
-- ticket may be signed again (the answer was lost on its way). No entry: it would tell when. 'sign', or a refusal:
-- 'not-there', 'closed', 'other' (another ticket was signed for it), 'traded' (for a printed code).
create function surveys.sign(p_survey text, p_code_hash bytea, p_blinded bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  i surveys.invitation; its_page int;
begin
  if not exists (select from surveys.survey s where s.id = p_survey and s.way = 'invited') then return 'not-there'; end if;
  if exists (select from surveys.survey s where s.id = p_survey and s.state = 'closed') then return 'closed'; end if;
  loop
    select x.page into its_page from surveys.invitation x where x.survey = p_survey and x.code_hash = p_code_hash;
    if not found then return 'not-there'; end if;
    perform from surveys.invitation x where x.survey = p_survey and x.page = its_page order by x.id for no key update;
    select * into i from surveys.invitation x where x.survey = p_survey and x.code_hash = p_code_hash;
    if not found then return 'not-there'; end if;
    exit when i.page = its_page;
  end loop;
  if i.traded then return 'traded'; end if;
  if i.blinded is not null then return case when i.blinded = p_blinded then 'sign' else 'other' end; end if;
  update surveys.invitation x set blinded = case when x.id = i.id then p_blinded else x.blinded end
  where x.survey = p_survey and x.page = i.page;
  return 'sign';
end $$;

-- What a ticket is signed with, sealed: without the city's key file it is noise.
create function surveys.signing_key(p_survey text) returns table (wrapped_key bytea, kek text, sealed_signing_key bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.wrapped_key, s.kek, s.sealed_signing_key from surveys.survey s
  where s.id = p_survey and s.state = 'open' and s.way = 'invited'
$$;

-- What the words of an answer are sealed with, wrapped: the program seals before anything is kept.
create function surveys.sealing_key(p_survey text) returns table (wrapped_key bytea, kek text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.wrapped_key, s.kek from surveys.survey s where s.id = p_survey and s.state = 'open'
$$;

-- Moves what is in the box to the answers, each kind in an order of its own that chance chose.
create function surveys.empty_box(p_survey text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  b surveys.box;
begin
  select * into b from surveys.box x where x.survey = p_survey for update;
  if not found or cardinality(b.answers) = 0 then return; end if;
  insert into surveys.answer (survey, choices)
  select p_survey, array(select jsonb_array_elements_text(a -> 'choices')) from unnest(b.answers) as a order by gen_random_uuid();
  insert into surveys.words (survey, question, sealed, masked)
  select p_survey, w ->> 'question', decode(w ->> 'sealed', 'base64'), (w ->> 'masked')::int
  from unnest(b.answers) as a, jsonb_array_elements(a -> 'words') as w order by gen_random_uuid();
  insert into surveys.spent (survey, ticket) select p_survey, t from unnest(b.spent) as t order by t;
  insert into surveys.tally as y (survey, choice, answers)
  select p_survey, c, count(*) from unnest(b.answers) as a, jsonb_array_elements_text(a -> 'choices') as c group by c order by c
  on conflict (survey, choice) do update set answers = y.answers + excluded.answers;
  update surveys.survey set counted = counted + cardinality(b.answers) where id = p_survey;
  update surveys.box set answers = '{}', spent = '{}' where survey = p_survey;
end $$;

-- Puts one answer into the box. `p_ticket` is the hash of what proves that it may be there: a ticket (whose signature the
-- program has checked), a printed code, or the token of an open survey's page. No entry: it would tell when. 'done', or a
-- refusal: 'not-there', 'closed', 'again' (it brought an answer already), 'no-such-slip', 'too-many' (more answers than
-- were signed for: somebody else signs).
create function surveys.put(p_survey text, p_kind text, p_ticket bytea, p_answer jsonb) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s surveys.survey; b surveys.box; n int; at int;
begin
  if length(p_answer::text) > 200000 then raise exception 'an answer is too long'; end if;
  select * into b from surveys.box x where x.survey = p_survey for update;
  select * into s from surveys.survey x where x.id = p_survey;
  if not found then return 'not-there'; end if;
  if p_ticket = any (b.spent) or exists (select from surveys.spent t where t.survey = p_survey and t.ticket = p_ticket) then return 'again'; end if;
  if s.state = 'closed' then return 'closed'; end if;
  if (s.way = 'open') <> (p_kind = 'open') then return 'not-there'; end if;
  if p_kind = 'slip' and not exists (select from surveys.slip x where x.survey = p_survey and x.code_hash = p_ticket) then return 'no-such-slip'; end if;
  n := cardinality(b.answers);
  if s.way = 'invited' and s.counted + n >= s.slips + (select count(*) from surveys.invitation i where i.survey = p_survey and i.blinded is not null)
    then return 'too-many'; end if;
  at := floor(random() * (n + 1))::int;
  update surveys.box set answers = b.answers[1:at] || p_answer || b.answers[at + 1:n],
    spent = array(select t from unnest(b.spent || p_ticket) as t order by t)
  where survey = p_survey;
  if n + 1 >= 64 then perform surveys.empty_box(p_survey); end if;
  return 'done';
end $$;

-- Printed codes, of which the city keeps the hashes. False: not there for her, closed, or open to everybody.
create function surveys.print_slips(p_survey text, p_code_hash bytea[]) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text; s surveys.survey;
begin
  select * into s from surveys.survey x where x.id = p_survey and x.state = 'open' and x.way = 'invited' for update;
  duty := surveys.duty_in(s.department);
  if duty is null or cardinality(p_code_hash) not between 1 and 500 then return false; end if;
  insert into surveys.slip select p_survey, c from unnest(p_code_hash) as c order by c;
  update surveys.survey set slips = slips + cardinality(p_code_hash) where id = p_survey;
  perform ledger.write('slips.printed', 'staff', p_employee => need_to_know.employee(), p_duty => duty,
    p_detail => 'survey=' || p_survey || ' slips=' || cardinality(p_code_hash));
  return true;
end $$;

-- Takes an invitation back for a printed code, as long as no ticket was signed for it. Refusals: 'not-there', 'signed'.
create function surveys.trade(p_survey text, p_code_hash bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text; s surveys.survey; i surveys.invitation;
begin
  select * into s from surveys.survey x where x.id = p_survey and x.state = 'open' and x.way = 'invited' for update;
  duty := surveys.duty_in(s.department);
  if duty is null then return 'not-there'; end if;
  perform from surveys.invitation x where x.survey = p_survey order by x.id for no key update;
  select * into i from surveys.invitation x where x.survey = p_survey and x.code_hash = p_code_hash;
  if not found or i.traded then return 'not-there'; end if;
  if i.blinded is not null then return 'signed'; end if;
  update surveys.invitation x set traded = x.traded or x.id = i.id where x.survey = p_survey and x.page = i.page;
  perform vault.record('invitation.traded', 'staff', null, i.subject, need_to_know.employee(), duty, 'survey', p_detail => 'survey=' || p_survey);
  return 'done';
end $$;

-- Closes: the box is emptied, everything written anew, every address destroyed, the signing key gone.
create function surveys.finish(p_survey text, p_today date, p_actor text, p_duty text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s surveys.survey; i record;
begin
  perform from surveys.box x where x.survey = p_survey for update;
  perform from surveys.survey x where x.id = p_survey for update;
  perform surveys.empty_box(p_survey);
  perform surveys.shuffle(p_survey);
  select * into s from surveys.survey x where x.id = p_survey;
  update surveys.survey set state = 'closed', closed_on = p_today, tidied_on = p_today, sealed_signing_key = null,
    invited = (select count(*) from surveys.invitation y where y.survey = p_survey),
    undelivered = (select count(*) from surveys.invitation y where y.survey = p_survey and y.state <> 'sent'),
    tickets = (select count(*) from surveys.invitation y where y.survey = p_survey and y.blinded is not null)
  where id = p_survey;
  for i in select y.subject from surveys.invitation y where y.survey = p_survey order by y.subject loop
    update vault.subject set wrapped_key = null, state = 'destroyed' where id = i.subject;
    perform vault.record('address.destroyed', p_actor, null, i.subject,
      case when p_actor = 'staff' then need_to_know.employee() end, p_duty, 'survey', p_detail => 'survey=' || p_survey);
  end loop;
  delete from surveys.opening o where o.survey = p_survey and o.invitation is not null;
  delete from surveys.invitation y where y.survey = p_survey;
  delete from surveys.slip y where y.survey = p_survey;
  perform ledger.write('survey.closed', p_actor, p_employee => case when p_actor = 'staff' then need_to_know.employee() end,
    p_duty => p_duty, p_detail => 'survey=' || p_survey || ' answers=' || s.counted);
end $$;

-- Writes everything of a survey anew, in an order that chance chooses: one transaction for all, no trace of the days.
create function surveys.shuffle(p_survey text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  with gone as (delete from surveys.answer a where a.survey = p_survey returning a.id, a.choices)
  insert into surveys.answer select gen_random_uuid(), p_survey, choices from gone order by gen_random_uuid();
  with gone as (delete from surveys.words w where w.survey = p_survey returning w.*)
  insert into surveys.words select g.* from gone g order by gen_random_uuid();
  with gone as (delete from surveys.spent t where t.survey = p_survey returning t.ticket)
  insert into surveys.spent select p_survey, ticket from gone order by ticket;
  perform surveys.deal(p_survey);
end $$;

-- A clerk closes a survey before its day. Refusal: 'not-there' (also: no duty of hers, closed already).
create function surveys.close(p_survey text, p_today date) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text;
begin
  -- The box is the lock that all take first.
  perform from surveys.box x where x.survey = p_survey for update;
  select surveys.duty_in(s.department) into duty from surveys.survey s where s.id = p_survey and s.state = 'open';
  if duty is null then return 'not-there'; end if;
  perform surveys.finish(p_survey, p_today, 'staff', duty);
  return 'done';
end $$;

-- The worker, once a day for each open survey: closes it when its day is over; else moves what is in the box, if that is
-- not too few to hide among, and writes everything anew.
create function surveys.tidy(p_today date) returns int
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s record; waiting int; done int := 0;
begin
  for s in select x.id, x.closes_on from surveys.survey x where x.state = 'open' and x.tidied_on < p_today order by x.id loop
    select cardinality(b.answers) into waiting from surveys.box b where b.survey = s.id for update;
    perform from surveys.survey x where x.id = s.id and x.state = 'open' and x.tidied_on < p_today for update;
    if not found then continue; end if;
    if s.closes_on < p_today then
      perform surveys.finish(s.id, s.closes_on, 'system', null);
    else
      if waiting >= 8 then perform surveys.empty_box(s.id); end if;
      perform surveys.shuffle(s.id);
      update surveys.survey set tidied_on = p_today where id = s.id;
    end if;
    done := done + 1;
  end loop;
  delete from surveys.opening where ends_at < clock_timestamp() - interval '1 day';
  return done;
end $$;

-- What everybody may know of every survey.
create function surveys.listed() returns table (id text, form text, form_version int, department text, way text, results text,
  free_text text, smallest int, state text, opened_on date, closes_on date, closed_on date, public_key bytea, published_on date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.form, s.form_version, s.department, s.way, s.results, s.free_text, s.smallest, s.state, s.opened_on, s.closes_on,
    s.closed_on, s.public_key, p.published_on
  from surveys.survey s left join surveys.publication p on p.survey = s.id order by s.opened_on desc, s.id
$$;
create function surveys.published(p_survey text) returns table (published_on date, counted int, tables jsonb)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select p.published_on, p.counted, p.tables from surveys.publication p where p.survey = p_survey
$$;
create function surveys.approved_words(p_survey text) returns table (question text, words text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select w.question, w.approved from surveys.words w join surveys.publication p on p.survey = w.survey
  where w.survey = p_survey and w.state = 'approved' order by w.id
$$;

-- The surveys that the acting employee runs, in numbers. Never who answered.
create function surveys.on_desk() returns table (id text, invited int, waiting int, undelivered int, traded int, tickets int, slips int,
  answers int, words_waiting int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.invited + i.n, i.waiting, s.undelivered + i.undelivered, i.traded, s.tickets + i.tickets, s.slips,
    s.counted + coalesce((select cardinality(b.answers) from surveys.box b where b.survey = s.id), 0),
    (select count(*)::int from surveys.words w where w.survey = s.id and w.state = 'waiting')
  from surveys.survey s cross join lateral (
    select count(*)::int as n, (count(*) filter (where y.state = 'waiting'))::int as waiting,
      (count(*) filter (where y.state in ('kept', 'failed', 'bounced')))::int as undelivered,
      (count(*) filter (where y.traded))::int as traded, (count(*) filter (where y.blinded is not null))::int as tickets
    from surveys.invitation y where y.survey = s.id) i
  where surveys.duty_in(s.department) is not null order by s.opened_on desc, s.id
$$;
-- How often each choice was made, for a preview at the desk and for the worker, who both suppress before they show.
create function surveys.tally_on_desk(p_survey text) returns table (choice text, answers int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select t.choice, t.answers from surveys.tally t join surveys.survey s on s.id = t.survey
  where t.survey = p_survey and surveys.duty_in(s.department) is not null order by t.choice
$$;
create function surveys.counted_on_desk(p_survey text) returns int
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.counted from surveys.survey s where s.id = p_survey and surveys.duty_in(s.department) is not null
$$;
-- Surveys whose results are to be published now: when they closed; or while they are open, once a day at most and only
-- when so many more answers came that nobody is found in the difference.
create function surveys.to_publish(p_today date) returns table (id text, form text, smallest int, counted int, choices text[], answers int[])
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.form, s.smallest, s.counted,
    array(select t.choice from surveys.tally t where t.survey = s.id order by t.choice),
    array(select t.answers from surveys.tally t where t.survey = s.id order by t.choice)
  from surveys.survey s left join surveys.publication p on p.survey = s.id
  where (s.state = 'closed' and (p.survey is null or p.published_on < s.closed_on or p.counted < s.counted))
    or (s.state = 'open' and s.results = 'while-open' and (p.survey is null or p.published_on < p_today)
      and s.counted - coalesce(p.counted, 0) >= greatest(30, 4 * s.smallest))
$$;
create function surveys.publish(p_survey text, p_today date, p_counted int, p_tables jsonb) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into surveys.publication as p (survey, published_on, counted, tables) values (p_survey, p_today, p_counted, p_tables)
  on conflict (survey) do update set published_on = excluded.published_on, counted = excluded.counted, tables = excluded.tables;
  perform ledger.write('results.published', 'system', p_detail => 'survey=' || p_survey || ' answers=' || p_counted);
end $$;

-- Opens the words of a survey for her who runs it: the entry now, the key in a later transaction.
create function surveys.open_words(p_survey text) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text; opening uuid;
begin
  select surveys.duty_in(s.department) into duty from surveys.survey s where s.id = p_survey;
  if duty is null then return null; end if;
  insert into surveys.opening (survey, session, entry_id, ends_at)
  values (p_survey, (need_to_know.context() ->> 'session')::uuid,
    ledger.write('words.opened', 'staff', p_employee => need_to_know.employee(), p_duty => duty, p_detail => 'survey=' || p_survey),
    clock_timestamp() + interval '15 minutes')
  returning id into opening;
  return opening;
end $$;
create function surveys.words_open(p_survey text) returns table (opening uuid, wrapped_key bytea, kek text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select o.id, s.wrapped_key, s.kek from surveys.opening o join surveys.survey s on s.id = o.survey
  where o.survey = p_survey and o.session = (need_to_know.context() ->> 'session')::uuid and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and surveys.duty_in(s.department) is not null
  order by o.ends_at desc limit 1
$$;
create function surveys.words_in_hand(p_survey text, p_most int)
returns table (id uuid, question text, sealed bytea, masked int, state text, approved text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select w.id, w.question, w.sealed, w.masked, w.state, w.approved from surveys.words w
  where w.survey = p_survey and w.state <> 'declined' and exists (select from surveys.words_open(p_survey))
  order by w.state desc, w.id limit p_most
$$;
-- Approved words are public from then on; declined ones are destroyed. Refusal: 'not-there'.
create function surveys.judge_words(p_survey text, p_id uuid, p_approved text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  duty text;
begin
  if not exists (select from surveys.words_open(p_survey)) then return 'not-there'; end if;
  select surveys.duty_in(s.department) into duty from surveys.survey s
    where s.id = p_survey and (p_approved is null or s.free_text = 'after-approval');
  if duty is null then return 'not-there'; end if;
  update surveys.words w set state = case when p_approved is null then 'declined' else 'approved' end, approved = p_approved, sealed = null
  where w.survey = p_survey and w.id = p_id and (w.state = 'waiting' or w.state = 'approved' and p_approved is null);
  if not found then return 'not-there'; end if;
  perform ledger.write(case when p_approved is null then 'words.declined' else 'words.approved' end, 'staff',
    p_employee => need_to_know.employee(), p_duty => duty, p_detail => 'survey=' || p_survey);
  return 'done';
end $$;

-- The post of invitations: leased, opened as the system with an entry, settled.
create function surveys.lease(p_most int) returns setof uuid
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update surveys.invitation set due_at = clock_timestamp() + interval '5 minutes'
  where id in (select i.id from surveys.invitation i where i.state = 'waiting' and i.due_at <= clock_timestamp()
    order by i.due_at limit p_most for update skip locked)
  returning id
$$;
create function surveys.open_invitation(p_id uuid) returns uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  i surveys.invitation; opening uuid;
begin
  select * into i from surveys.invitation x where x.id = p_id and x.state = 'waiting';
  if not found then return null; end if;
  insert into surveys.opening (survey, invitation, entry_id, ends_at)
  values (i.survey, i.id, vault.record('address.opened', 'system', null, i.subject, p_purpose => 'survey', p_detail => 'survey=' || i.survey),
    clock_timestamp() + interval '5 minutes')
  returning id into opening;
  return opening;
end $$;
create function surveys.key_for_invitation(p_opening uuid)
returns table (id uuid, survey text, form text, department text, closes_on date, subject uuid, wrapped_key bytea, kek text, sealed bytea, attempts int)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select i.id, s.id, s.form, s.department, s.closes_on, v.id, v.wrapped_key, v.kek, i.sealed, i.attempts
  from surveys.opening o join surveys.invitation i on i.id = o.invitation and i.state = 'waiting'
    join surveys.survey s on s.id = i.survey join vault.subject v on v.id = i.subject and v.state = 'in-use'
  where o.id = p_opening and o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed'
$$;
-- 'waiting' counts a try and puts the next one off, for three days; then it has failed.
create function surveys.settle(p_id uuid, p_state text, p_failure text) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  i surveys.invitation; ends text;
begin
  select * into i from surveys.invitation x where x.id = p_id and x.state = 'waiting' for update;
  if not found then return; end if;
  ends := case when p_state = 'waiting' and i.attempts >= 40 then 'failed' else p_state end;
  update surveys.invitation set state = ends, attempts = attempts + 1, failure = p_failure,
    due_at = case when ends = 'waiting' then clock_timestamp() + least(interval '2 hours', interval '30 seconds' * power(2, least(attempts, 10))) end
  where id = p_id;
  if ends <> 'waiting' then
    perform vault.record('invitation.' || ends, 'system', null, i.subject, p_purpose => 'survey', p_detail => 'survey=' || i.survey);
  end if;
end $$;
-- It came back to its own address.
create function surveys.bounce(p_id uuid, p_failure text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  i surveys.invitation;
begin
  update surveys.invitation set state = 'bounced',
    failure = case when p_failure ~ '^[A-Za-z0-9.-]{1,40}$' then p_failure else 'bounced' end
  where id = p_id and state in ('sent', 'waiting') returning * into i;
  if not found then return false; end if;
  perform vault.record('invitation.bounced', 'system', null, i.subject, p_purpose => 'survey', p_detail => 'survey=' || i.survey);
  return true;
end $$;

grant execute on function surveys.start(text, text, int, text, text, text, text, int, date, date, bytea, bytea, bytea, text),
  surveys.invite(text, uuid[], uuid[], bytea[], text, bytea[], bytea[], bytea[]), surveys.sign(text, bytea, bytea),
  surveys.signing_key(text), surveys.sealing_key(text), surveys.put(text, text, bytea, jsonb), surveys.print_slips(text, bytea[]), surveys.trade(text, bytea),
  surveys.close(text, date), surveys.listed(), surveys.published(text), surveys.approved_words(text), surveys.on_desk(),
  surveys.tally_on_desk(text), surveys.counted_on_desk(text), surveys.open_words(text), surveys.words_open(text),
  surveys.words_in_hand(text, int), surveys.judge_words(text, uuid, text) to cityhall_app;
grant execute on function surveys.tidy(date), surveys.to_publish(date), surveys.publish(text, date, int, jsonb), surveys.lease(int),
  surveys.open_invitation(uuid), surveys.key_for_invitation(uuid), surveys.settle(uuid, text, text), surveys.bounce(uuid, text)
  to cityhall_keeper;

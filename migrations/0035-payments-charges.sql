-- Payments: what somebody owes for something the city does, in whole US cents, and everything that happens to it. No card
-- number can stand anywhere here: no column takes one.
create schema payments;
grant usage on schema payments to cityhall_app, cityhall_keeper;

-- Three more powers of a duty: `collect` what is owed at the counter, `refund` it, `waive` it. The list is extended as it
-- stands, so that it keeps the words of other rooms.
do $$ declare its_words text; begin
  select pg_get_constraintdef(c.oid) into strict its_words from pg_constraint c
    where c.conrelid = 'need_to_know.duty'::regclass and c.conname = 'duty_powers_check';
  if position('ARRAY[' in its_words) = 0 then raise exception 'the powers of a duty are not a list: %', its_words; end if;
  alter table need_to_know.duty drop constraint duty_powers_check;
  execute 'alter table need_to_know.duty add constraint duty_powers_check '
    || replace(its_words, 'ARRAY[', 'ARRAY[''collect''::text, ''refund''::text, ''waive''::text, ');
end $$;

-- Whole cents, up to a million dollars: a sum of forty of them still fits a bigint many times over.
create domain payments.cents as int check (value between 0 and 100000000);

-- What the city's file says, for the checks below; the words stay in the file. What is no longer in it stays here, ended,
-- since old charges name it.
create table payments.rules (
  one boolean primary key default true check (one),
  -- Above this a refund needs a second person; so many days after the payment there is none.
  second_above payments.cents not null,
  refund_within int not null check (refund_within > 0)
);
create table payments.reason (
  kind text not null check (kind in ('waiver', 'refund')),
  id text not null check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  active boolean not null default true,
  primary key (kind, id)
);
create table payments.till (
  id text primary key check (id ~ '^[a-z][a-z0-9-]{0,59}$'),
  active boolean not null default true
);

create table payments.charge (
  id uuid primary key default ledger.new_id(),
  case_id uuid not null references correspondence.casefile,
  -- Ten digits of chance and two to check them by. It names what is owed, and nobody.
  reference text not null unique check (reference ~ '^[0-9]{12}$'),
  total payments.cents not null check (total > 0),
  waived payments.cents not null default 0,
  paid payments.cents not null default 0,
  refunded payments.cents not null default 0,
  state text not null,
  version int not null default 1,
  made_at timestamptz not null,
  state_since timestamptz not null,
  constraint amounts_fit_state check (
    waived <= total and refunded <= paid and (paid = 0 or paid = total - waived) and case state
      when 'due' then waived < total and paid = 0
      when 'waived' then waived = total and paid = 0
      when 'paid' then paid > 0 and refunded = 0
      when 'partly-refunded' then refunded > 0 and refunded < paid
      when 'refunded' then paid > 0 and refunded = paid
      when 'cancelled' then paid = 0
      else false end)
);
create index charge_case on payments.charge (case_id);

-- What it is made of, each line with the rule that made it. The words are the city's own, about no person.
create table payments.line (
  charge uuid not null references payments.charge,
  seq int not null check (seq > 0),
  label_en text not null check (length(label_en) between 1 and 120),
  label_es text not null check (length(label_es) between 1 and 120),
  amount payments.cents not null check (amount > 0),
  rule text not null check (rule ~ '^[a-z][a-z0-9.-]{0,59}$'),
  primary key (charge, seq)
);

-- What need not be paid, and why, by a rule of the form or by a clerk.
create table payments.waiver (
  charge uuid not null references payments.charge,
  seq int not null check (seq > 0),
  amount payments.cents not null check (amount > 0),
  reason text not null,
  kind text not null default 'waiver' check (kind = 'waiver'),
  employee int references need_to_know.employee,
  duty text,
  made_at timestamptz not null,
  primary key (charge, seq),
  foreign key (kind, reason) references payments.reason (kind, id),
  check ((employee is null) = (duty is null))
);

-- Money that came in. At most one payment counts for a charge; what comes on top of it is surplus, and goes back.
create table payments.payment (
  charge uuid not null references payments.charge,
  id uuid not null,
  way text not null check (way in ('cash', 'check', 'card-terminal', 'hosted')),
  amount payments.cents not null check (amount > 0),
  surplus boolean not null default false,
  taken_at timestamptz not null,
  till text references payments.till,
  employee int references need_to_know.employee,
  duty text,
  -- The number of the check or of the terminal's slip: too short to be a card's, and no formula in a spreadsheet.
  slip text check (slip ~ '^[A-Za-z0-9][A-Za-z0-9-]{0,9}$'),
  primary key (charge, id),
  check ((way = 'hosted') = (till is null) and (till is null) = (employee is null) and (till is null) = (duty is null)),
  check (not surplus or way = 'hosted')
);
create unique index payment_counts on payments.payment (charge) where not surplus;
create index payment_till on payments.payment (till, taken_at);

-- Money that goes back. `asked`: waits for a second person; `waiting`: the payment company is to be told.
create table payments.refund (
  charge uuid not null,
  id uuid not null,
  payment uuid not null,
  amount payments.cents not null check (amount > 0),
  reason text not null,
  kind text not null default 'refund' check (kind = 'refund'),
  state text not null check (state in ('asked', 'declined', 'waiting', 'paid', 'failed')),
  asked_at timestamptz not null,
  -- Nobody asked where the city itself gives back what it was not owed.
  asked_by int references need_to_know.employee,
  asked_duty text,
  judged_by int references need_to_know.employee,
  judged_duty text,
  till text references payments.till,
  settled_at timestamptz,
  due_at timestamptz,
  attempts int not null default 0,
  company_refund text unique check (company_refund ~ '^[A-Za-z0-9_]{1,100}$'),
  primary key (charge, id),
  foreign key (charge, payment) references payments.payment (charge, id),
  foreign key (kind, reason) references payments.reason (kind, id),
  constraint second_is_another check (judged_by is distinct from asked_by or judged_by is null),
  check ((asked_by is null) = (asked_duty is null) and (judged_by is null) = (judged_duty is null)),
  check ((state in ('declined', 'paid', 'failed')) = (settled_at is not null)),
  check (state <> 'waiting' or due_at is not null)
);
create index refund_asked on payments.refund (asked_at) where state = 'asked';
create index refund_till on payments.refund (till, settled_at) where till is not null;
create index refund_due on payments.refund (due_at) where due_at is not null;

do $$ declare t text; begin
  foreach t in array array['rules', 'reason', 'till', 'charge', 'line', 'waiver', 'payment', 'refund']
  loop execute format('alter table payments.%I enable row level security', t); end loop;
end $$;
-- The reason of what the city gives back by itself; no clerk can choose it.
insert into payments.reason values ('refund', 'not-owed', false);

-- The duty on which the acting employee may use a power on the charge of this case: one that covers the case, where she
-- has it in hand; else one of the cash office, which collects and has the power, whatever the case is about.
create function payments.duty_on(p_case uuid, p_power text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(
    (select need_to_know.duty_for(f.topic, p_power) from correspondence.casefile f
      where need_to_know.kind() = 'staff' and f.id = p_case and f.id = need_to_know.case_in_hand()),
    (select d.id from need_to_know.duty d
      where need_to_know.kind() = 'staff' and array['collect', p_power] <@ d.powers
        and d.id = any (need_to_know.duties_of(need_to_know.employee(), need_to_know.by_groups()))
      order by d.id limit 1))
$$;

-- Writes an entry about a charge for the person whose case it belongs to: codes and amounts.
create function payments.record(p_charge payments.charge, p_act text, p_duty text, p_detail text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  perform vault.record(p_act, case when p_duty is null then 'system' else 'staff' end, f.id, f.subject,
    case when p_duty is not null then need_to_know.employee() end, p_duty, 'payment', p_detail => p_detail)
  from correspondence.casefile f where f.id = p_charge.case_id;
end $$;

-- A charge's state follows from its amounts; `cancelled` and `waived` are told apart by whoever makes them.
create function payments.state_of(p_total int, p_waived int, p_paid int, p_refunded int) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case when p_paid = 0 and p_waived = p_total then 'waived' when p_paid = 0 then 'due'
    when p_refunded = 0 then 'paid' when p_refunded < p_paid then 'partly-refunded' else 'refunded' end
$$;

-- Demands what a letter costs, in the transaction that receives it and in no other: the case and what is owed for it come
-- together or not at all. Waivers by rule come with it. Outcomes: 'made'; 'not-there' (not received here), 'again' (it has
-- a charge), 'taken' (the reference is another charge's: draw again), 'not-an-amount', 'too-much', 'no-such-reason'.
create function payments.demand(p_case uuid, p_reference text, p_en text[], p_es text[], p_amount bigint[], p_rule text[],
  p_waived bigint[], p_because text[]) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile; c payments.charge; total bigint; waived bigint;
begin
  select x.* into f from correspondence.casefile x where x.id = p_case
    and x.xmin = pg_current_xact_id()::xid and x.messages = 1 and x.state = 'new';
  if f.id is null then return 'not-there'; end if;
  if exists (select from payments.charge x where x.case_id = f.id) then return 'again'; end if;
  if coalesce(cardinality(p_amount), 0) not between 1 and 40 or cardinality(p_waived) <> cardinality(p_amount)
    or exists (select from unnest(p_amount, p_waived) as x (amount, waived)
      where x.amount is null or x.amount <= 0 or x.waived is null or x.waived < 0 or x.waived > x.amount)
  then return 'not-an-amount'; end if;
  if exists (select from unnest(p_amount) as x (amount) where x.amount > 100000000) then return 'too-much'; end if;
  select sum(x.amount), sum(x.waived) into total, waived from unnest(p_amount, p_waived) as x (amount, waived);
  if total > 100000000 then return 'too-much'; end if;
  if exists (select from unnest(p_waived, p_because) as x (waived, because) where x.waived > 0 and not exists (
    select from payments.reason r where r.kind = 'waiver' and r.id = x.because and r.active)) then return 'no-such-reason'; end if;
  insert into payments.charge (case_id, reference, total, waived, state, made_at, state_since)
  values (f.id, p_reference, total, waived, payments.state_of(total::int, waived::int, 0, 0), city.now(), city.now())
  on conflict (reference) do nothing returning * into c;
  if not found then return 'taken'; end if;
  insert into payments.line (charge, seq, label_en, label_es, amount, rule)
  select c.id, x.n, x.en, x.es, x.amount, x.rule
  from unnest(p_en, p_es, p_amount, p_rule) with ordinality as x (en, es, amount, rule, n);
  insert into payments.waiver (charge, seq, amount, reason, made_at)
  select c.id, row_number() over (order by x.n), x.waived, x.because, city.now()
  from unnest(p_waived, p_because) with ordinality as x (waived, because, n) where x.waived > 0;
  perform payments.record(c, 'charge.made', null, 'amount=' || c.total);
  perform payments.record(c, 'charge.waived', null, 'because=' || w.reason || ' amount=' || w.amount)
  from payments.waiver w where w.charge = c.id;
  return 'made';
end $$;

-- A charge as it is shown: to the person, and to employees, of whom nobody is named.
create function payments.shown(c payments.charge) returns jsonb
language sql stable set search_path = pg_catalog, pg_temp as $$
  select jsonb_build_object('id', c.id, 'reference', c.reference, 'state', c.state, 'version', c.version, 'total', c.total,
    'waived', c.waived, 'paid', c.paid, 'refunded', c.refunded, 'madeAt', c.made_at, 'since', c.state_since,
    'language', (select f.language from correspondence.casefile f where f.id = c.case_id),
    'lines', (select jsonb_agg(jsonb_build_object('en', l.label_en, 'es', l.label_es, 'amount', l.amount) order by l.seq)
      from payments.line l where l.charge = c.id),
    'waivers', (select coalesce(jsonb_agg(jsonb_build_object('amount', w.amount, 'reason', w.reason,
        'by', case when w.employee is null then 'rule' else 'clerk' end, 'at', w.made_at) order by w.seq), '[]')
      from payments.waiver w where w.charge = c.id),
    'payments', (select coalesce(jsonb_agg(jsonb_build_object('way', p.way, 'amount', p.amount, 'at', p.taken_at,
        'till', p.till, 'slip', p.slip, 'surplus', p.surplus) order by p.taken_at), '[]')
      from payments.payment p where p.charge = c.id),
    'refunds', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'amount', r.amount, 'reason', r.reason,
        'state', r.state, 'at', coalesce(r.settled_at, r.asked_at), 'way', p.way, 'surplus', p.surplus,
        'own', r.asked_by is not distinct from need_to_know.employee() and r.asked_by is not null) order by r.asked_at), '[]')
      from payments.refund r join payments.payment p on p.charge = r.charge and p.id = r.payment where r.charge = c.id))
$$;

-- The charges of the case in hand, for the person and for whoever has the case on her desk.
create function payments.in_hand() returns setof jsonb
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select payments.shown(c) from payments.charge c where c.case_id = need_to_know.case_in_hand() order by c.made_at, c.id
$$;

-- The charge with this reference, for the cash office: lines and amounts, no case and no person. That she saw it is
-- written down, once in a quarter of an hour.
create function payments.find(p_reference text) returns jsonb
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge; its_duty text := need_to_know.duty_with('collect');
begin
  if its_duty is null then return null; end if;
  select x.* into c from payments.charge x where x.reference = p_reference;
  if not found then return null; end if;
  if not exists (select from ledger.entry e join correspondence.casefile f on f.id = c.case_id and f.subject = e.subject
    where e.act = 'charge.seen' and e.employee = need_to_know.employee() and e.at > city.now() - interval '15 minutes')
  then perform payments.record(c, 'charge.seen', its_duty, null); end if;
  return payments.shown(c);
end $$;

-- A charge to be changed, locked, for whoever has the power and saw it as it is.
create function payments.take(p_charge uuid, p_version int, p_power text, out c payments.charge, out duty text, out refusal text)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  select x.* into c from payments.charge x where x.id = p_charge for update;
  duty := payments.duty_on(c.case_id, p_power);
  if c.id is null or duty is null then refusal := 'not-there';
  elsif c.version is distinct from p_version then refusal := 'changed';
  end if;
end $$;

-- Takes the whole of what is owed at a till. Outcomes: 'done'; 'again' (this very payment is here); 'not-there', 'changed',
-- 'not-due', 'no-such-till'.
create function payments.take_payment(p_id uuid, p_charge uuid, p_version int, p_way text, p_till text, p_slip text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; c payments.charge;
begin
  select * into t from payments.take(p_charge, p_version, 'collect');
  if t.refusal is distinct from 'not-there' and exists (select from payments.payment p where p.charge = p_charge
    and p.id = p_id and p.employee = need_to_know.employee()) then return 'again'; end if;
  if t.refusal is not null then return t.refusal; end if;
  c := t.c;
  if c.state <> 'due' or p_way = 'hosted' then return 'not-due'; end if;
  if not exists (select from payments.till x where x.id = p_till and x.active) then return 'no-such-till'; end if;
  insert into payments.payment (charge, id, way, amount, taken_at, till, employee, duty, slip)
  values (c.id, p_id, p_way, c.total - c.waived, city.now(), p_till, need_to_know.employee(), t.duty, p_slip);
  update payments.charge set paid = total - waived, state = 'paid', state_since = city.now(), version = version + 1
  where id = c.id;
  perform payments.record(c, 'payment.taken', t.duty, 'way=' || p_way || ' amount=' || (c.total - c.waived));
  return 'done';
end $$;

-- Waives some or all of what is owed. Outcomes: 'done'; 'not-there', 'changed', 'not-due', 'no-such-reason', 'not-an-amount',
-- 'too-much'.
create function payments.waive(p_charge uuid, p_version int, p_amount bigint, p_reason text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; c payments.charge;
begin
  select * into t from payments.take(p_charge, p_version, 'waive');
  if t.refusal is not null then return t.refusal; end if;
  c := t.c;
  if c.state <> 'due' then return 'not-due'; end if;
  if not exists (select from payments.reason r where r.kind = 'waiver' and r.id = p_reason and r.active) then
    return 'no-such-reason'; end if;
  if coalesce(p_amount, 0) <= 0 then return 'not-an-amount'; end if;
  if p_amount > c.total - c.waived then return 'too-much'; end if;
  insert into payments.waiver (charge, seq, amount, reason, employee, duty, made_at)
  select c.id, count(*) + 1, p_amount, p_reason, need_to_know.employee(), t.duty, city.now()
  from payments.waiver w where w.charge = c.id;
  update payments.charge x set waived = x.waived + p_amount, version = x.version + 1,
    state = payments.state_of(x.total, (x.waived + p_amount)::int, 0, 0),
    state_since = case when x.waived + p_amount = x.total then city.now() else x.state_since end where x.id = c.id;
  perform payments.record(c, 'charge.waived', t.duty, 'because=' || p_reason || ' amount=' || p_amount);
  return 'done';
end $$;

-- Takes back a demand that was not to be made. Outcomes: 'done'; 'not-there', 'changed', 'not-due'.
create function payments.cancel(p_charge uuid, p_version int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record;
begin
  select * into t from payments.take(p_charge, p_version, 'waive');
  if t.refusal is not null then return t.refusal; end if;
  if (t.c).state <> 'due' then return 'not-due'; end if;
  update payments.charge set state = 'cancelled', state_since = city.now(), version = version + 1 where id = p_charge;
  perform payments.record(t.c, 'charge.cancelled', t.duty, null);
  return 'done';
end $$;

-- Brings a charge in line with its refunds, after one of them was begun or failed.
create function payments.count_refunds(p_charge uuid) returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  update payments.charge c set refunded = s.n, version = c.version + 1, state = payments.state_of(c.total, c.waived, c.paid, s.n),
    state_since = case when s.n = c.refunded then c.state_since else city.now() end
  from (select coalesce(sum(r.amount), 0)::int as n from payments.refund r
    join payments.payment p on p.charge = r.charge and p.id = r.payment and not p.surplus
    where r.charge = p_charge and r.state in ('waiting', 'paid')) s
  where c.id = p_charge and c.paid > 0
$$;

-- A refund that nobody has to agree to any more: money handed out is out, the payment company is told by the worker.
create function payments.begin_refund(p_charge payments.charge, p_id uuid, p_till text, p_duty text) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  r record;
begin
  select x.amount, p.way into r from payments.refund x join payments.payment p on p.charge = x.charge and p.id = x.payment
    where x.charge = p_charge.id and x.id = p_id;
  if r.way <> 'hosted' and not exists (select from payments.till x where x.id = p_till and x.active) then return 'no-such-till'; end if;
  if r.way = 'hosted' then
    update payments.refund set state = 'waiting', due_at = city.now() where charge = p_charge.id and id = p_id;
  else
    update payments.refund set state = 'paid', settled_at = city.now(), till = p_till where charge = p_charge.id and id = p_id;
  end if;
  perform payments.count_refunds(p_charge.id);
  perform payments.record(p_charge, case r.way when 'hosted' then 'refund.begun' else 'refund.paid' end, p_duty,
    'way=' || r.way || ' amount=' || r.amount);
  return 'done';
end $$;

-- Pays back some or all of what was paid. Above the file's limit a second person has to agree first; what is asked for is
-- set aside meanwhile, so that refunds together never exceed what was paid. Outcomes: 'done', 'asked', 'again'; 'not-there',
-- 'changed', 'not-paid', 'too-late', 'no-such-reason', 'no-such-till', 'not-an-amount', 'too-much'.
create function payments.ask_refund(p_id uuid, p_charge uuid, p_version int, p_amount bigint, p_reason text, p_till text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; c payments.charge; p payments.payment; k payments.rules; aside bigint; outcome text;
begin
  select * into t from payments.take(p_charge, p_version, 'refund');
  if t.refusal is distinct from 'not-there' and exists (select from payments.refund r where r.charge = p_charge
    and r.id = p_id and r.asked_by = need_to_know.employee()) then return 'again'; end if;
  if t.refusal is not null then return t.refusal; end if;
  c := t.c;
  select x.* into p from payments.payment x where x.charge = c.id and not x.surplus;
  select x.* into k from payments.rules x;
  if c.state not in ('paid', 'partly-refunded') or p.id is null or k.one is null then return 'not-paid'; end if;
  if p.taken_at < city.now() - make_interval(days => k.refund_within) then return 'too-late'; end if;
  if not exists (select from payments.reason r where r.kind = 'refund' and r.id = p_reason and r.active) then
    return 'no-such-reason'; end if;
  if coalesce(p_amount, 0) <= 0 then return 'not-an-amount'; end if;
  select coalesce(sum(r.amount), 0) into aside from payments.refund r
    where r.charge = c.id and r.payment = p.id and r.state in ('asked', 'waiting', 'paid');
  if p_amount > c.paid - aside then return 'too-much'; end if;
  if p.way <> 'hosted' and not exists (select from payments.till x where x.id = p_till and x.active) then return 'no-such-till'; end if;
  insert into payments.refund (charge, id, payment, amount, reason, state, asked_at, asked_by, asked_duty)
  values (c.id, p_id, p.id, p_amount, p_reason, 'asked', city.now(), need_to_know.employee(), t.duty);
  if p_amount > k.second_above then
    update payments.charge set version = version + 1 where id = c.id;
    perform payments.record(c, 'refund.asked', t.duty, 'because=' || p_reason || ' amount=' || p_amount);
    return 'asked';
  end if;
  return payments.begin_refund(c, p_id, p_till, t.duty);
end $$;

-- A second person agrees to a refund, or declines it. Outcomes: 'done'; 'not-there', 'changed', 'own' (she asked for it
-- herself), 'no-such-till'.
create function payments.judge_refund(p_charge uuid, p_id uuid, p_version int, p_agrees boolean, p_till text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  t record; c payments.charge; r payments.refund; its_way text;
begin
  select * into t from payments.take(p_charge, p_version, 'refund');
  if t.refusal is not null then return t.refusal; end if;
  c := t.c;
  select x.* into r from payments.refund x where x.charge = c.id and x.id = p_id;
  if r.id is null or r.state <> 'asked' then return 'changed'; end if;
  if r.asked_by = need_to_know.employee() then return 'own'; end if;
  select p.way into its_way from payments.payment p where p.charge = c.id and p.id = r.payment;
  if p_agrees and its_way <> 'hosted' and not exists (select from payments.till x where x.id = p_till and x.active) then
    return 'no-such-till'; end if;
  update payments.refund set judged_by = need_to_know.employee(), judged_duty = t.duty,
    state = case when p_agrees then state else 'declined' end, settled_at = case when p_agrees then null else city.now() end
  where charge = c.id and id = p_id;
  perform payments.record(c, case when p_agrees then 'refund.agreed' else 'refund.declined' end, t.duty, 'amount=' || r.amount);
  if p_agrees then return payments.begin_refund(c, p_id, p_till, t.duty); end if;
  update payments.charge set version = version + 1 where id = c.id;
  return 'done';
end $$;

-- The refunds that wait for a second person, for whoever may agree to one.
create function payments.refunds_asked() returns table (reference text, amount int, reason text, asked_at timestamptz, own boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.reference, r.amount, r.reason, r.asked_at, r.asked_by = need_to_know.employee()
  from payments.refund r join payments.charge c on c.id = r.charge
  where r.state = 'asked' and payments.duty_on(null, 'refund') is not null order by r.asked_at limit 100
$$;

-- What a till took in and paid out between two moments; null is what came through the payment company.
create function payments.takings(p_till text, p_from timestamptz, p_until timestamptz)
returns table (at timestamptz, reference text, what text, way text, amount int, slip text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select x.* from (
    select p.taken_at, c.reference, 'payment', p.way, p.amount::int, p.slip
    from payments.payment p join payments.charge c on c.id = p.charge
    where p.till is not distinct from p_till and p.taken_at >= p_from and p.taken_at < p_until
    union all
    select r.settled_at, c.reference, 'refund', p.way, r.amount::int, null
    from payments.refund r join payments.payment p on p.charge = r.charge and p.id = r.payment join payments.charge c on c.id = r.charge
    where r.state = 'paid' and r.till is not distinct from p_till and r.settled_at >= p_from and r.settled_at < p_until
  ) as x (at, reference, what, way, amount, slip)
  where need_to_know.duty_with('collect') is not null and p_until <= p_from + interval '2 days' order by 1, 2 limit 5000
$$;
-- The same, to be carried away: written down with the number of its rows.
create function payments.export_takings(p_till text, p_from timestamptz, p_until timestamptz)
returns table (at timestamptz, reference text, what text, way text, amount int, slip text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  its_duty text := need_to_know.duty_with('collect');
begin
  if its_duty is null then return; end if;
  perform ledger.write('takings.exported', 'staff', p_employee => need_to_know.employee(), p_duty => its_duty,
    p_purpose => 'payment', p_detail => 'till=' || coalesce(p_till, 'company') || ' rows=' || (
      select count(*) from payments.takings(p_till, p_from, p_until)));
  return query select * from payments.takings(p_till, p_from, p_until);
end $$;

grant execute on function payments.demand(uuid, text, text[], text[], bigint[], text[], bigint[], text[]), payments.in_hand(),
  payments.find(text), payments.take_payment(uuid, uuid, int, text, text, text), payments.waive(uuid, int, bigint, text),
  payments.cancel(uuid, int), payments.ask_refund(uuid, uuid, int, bigint, text, text),
  payments.judge_refund(uuid, uuid, int, boolean, text), payments.refunds_asked(),
  payments.takings(text, timestamptz, timestamptz), payments.export_takings(text, timestamptz, timestamptz) to cityhall_app;

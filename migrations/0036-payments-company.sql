-- Paying on the page of a payment company. What the company is told is an amount and a reference; what it says is believed
-- only when the worker has asked it: a webhook is no more than a knock at the door.

-- One way to the company's page and back. The row is committed before the company is asked, and its identifier is the key
-- under which the company makes one session of it, however often it is asked.
create table payments.hosted (
  id uuid primary key default ledger.new_id(),
  charge uuid not null references payments.charge,
  amount payments.cents not null check (amount > 0),
  language correspondence.language not null,
  state text not null default 'wanted' check (state in ('wanted', 'open', 'paid', 'expired', 'mismatched')),
  company_session text unique check (company_session ~ '^[A-Za-z0-9_]{1,200}$'),
  company_payment text check (company_payment ~ '^[A-Za-z0-9_]{1,200}$'),
  url text check (length(url) <= 2000),
  began_at timestamptz not null,
  expires_at timestamptz not null,
  -- No longer to be paid (paid otherwise, waived, cancelled, replaced): the company is told, and asked what came of it.
  ending boolean not null default false,
  ask_at timestamptz,
  asked int not null default 0,
  settled_at timestamptz,
  check ((company_session is null) = (url is null)),
  check (state <> 'open' or company_session is not null and ask_at is not null),
  check ((state in ('paid', 'expired', 'mismatched')) = (settled_at is not null)),
  check (state <> 'paid' or company_payment is not null)
);
create unique index hosted_live on payments.hosted (charge) where state in ('wanted', 'open') and not ending;
create index hosted_ask on payments.hosted (ask_at) where ask_at is not null;
create index hosted_charge on payments.hosted (charge);

-- Webhooks that were heard, so that one that comes again is known; for a month.
create table payments.event (
  id text primary key check (id ~ '^[A-Za-z0-9_]{1,200}$'),
  heard_at timestamptz not null default clock_timestamp()
);
-- How many references were tried in a minute that lead to nothing: a number, of nobody.
create table payments.miss (minute timestamptz primary key, misses int not null);
alter table payments.hosted enable row level security;
alter table payments.event enable row level security;
alter table payments.miss enable row level security;

-- What is no longer owed, or owed in another amount, is not to be paid at the company either.
create function payments.end_hosted() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update payments.hosted set ending = true, ask_at = city.now() where charge = new.id and state in ('wanted', 'open');
  return null;
end $$;
create trigger end_hosted after update of state, waived on payments.charge for each row
  when (old.state = 'due' and (new.state <> 'due' or new.waived <> old.waived)) execute function payments.end_hosted();

-- Whoever tries numbers finds a charge once in a hundred million tries for each hundred that are due; after sixty misses in
-- a minute nobody is answered until the next, whoever she is, so that nobody needs to be told from anybody.
create function payments.too_many_misses() returns boolean language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce((select m.misses from payments.miss m where m.minute = date_trunc('minute', clock_timestamp())), 0) >= 60
$$;
create function payments.missed() returns void language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into payments.miss as m values (date_trunc('minute', clock_timestamp()), 1)
  on conflict (minute) do update set misses = m.misses + 1
$$;

-- What is owed under a reference: an amount, and nothing of what for or by whom. What is paid, waived, cancelled or never
-- was is one answer. Outcomes: 'due', 'nothing-due', 'later'.
create function payments.owed(p_reference text) returns table (outcome text, amount int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  outcome := 'later';
  if payments.too_many_misses() then return next; return; end if;
  select 'due', c.total - c.waived into outcome, amount from payments.charge c where c.reference = p_reference and c.state = 'due';
  if not found then
    perform payments.missed();
    outcome := 'nothing-due';
  end if;
  return next;
end $$;

-- Somebody wants to pay at the company. What it will be told is a disclosure, in the ledger before it is told. A way that
-- is open is gone again ('go'); one that was begun and not heard of is begun again under the same key for five minutes
-- ('begun'). Outcomes besides: 'nothing-due', 'later'.
create function payments.begin_hosted(p_reference text, p_language text)
returns table (outcome text, id uuid, amount int, language text, expires_at timestamptz, url text)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge; h payments.hosted;
begin
  outcome := 'later';
  if payments.too_many_misses() then return next; return; end if;
  select x.* into c from payments.charge x where x.reference = p_reference for update;
  if c.id is null or c.state <> 'due' then
    perform payments.missed();
    outcome := 'nothing-due';
    return next; return;
  end if;
  select x.* into h from payments.hosted x where x.charge = c.id and x.state in ('wanted', 'open') and not x.ending;
  if h.state = 'open' and h.expires_at < clock_timestamp() + interval '2 minutes'
    or h.state = 'wanted' and h.began_at < clock_timestamp() - interval '5 minutes' then
    update payments.hosted x set ending = true, ask_at = clock_timestamp() where x.id = h.id;
    h := null;
  end if;
  if h.id is null then
    insert into payments.hosted as x (charge, amount, language, began_at, expires_at)
    values (c.id, c.total - c.waived, p_language, clock_timestamp(), date_trunc('second', clock_timestamp()) + interval '1 hour')
    returning x.* into h;
    perform payments.record(c, 'payment.begun', null, 'to=company fields=amount reference time amount=' || h.amount);
  end if;
  outcome := case h.state when 'open' then 'go' else 'begun' end;
  id := h.id; amount := h.amount; language := h.language; expires_at := h.expires_at; url := h.url;
  return next;
end $$;

-- The company has made a session. Whoever lies here sends nobody anywhere: the web process follows the company's own
-- address only, and the worker believes a payment only if the company says that it is for this row. False where meanwhile
-- nothing is to be paid there any more.
create function payments.opened_hosted(p_id uuid, p_session text, p_url text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update payments.hosted h set state = 'open', company_session = p_session, url = p_url,
    ask_at = case when h.ending then clock_timestamp() else clock_timestamp() + interval '1 minute' end
  where h.id = p_id and h.state = 'wanted';
  return exists (select from payments.hosted h where h.id = p_id and h.company_session = p_session and not h.ending);
end $$;

-- A webhook was heard, its signature checked by the caller: the worker asks the company at once. The same one again, and
-- one about what is not ours, change nothing.
create function payments.hear(p_event text, p_session text, p_refund text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into payments.event (id) values (p_event) on conflict do nothing;
  if not found then return 'again'; end if;
  update payments.hosted h set ask_at = clock_timestamp() where h.company_session = p_session and h.state <> 'paid';
  if found then return 'heard'; end if;
  update payments.refund r set due_at = clock_timestamp() where r.company_refund = p_refund and r.state in ('waiting', 'paid');
  return case when found then 'heard' else 'not-ours' end;
end $$;

-- The ways to be asked about now, each put off: after one minute, two, four, up to half an hour. What was begun and never
-- handed out is over.
create function payments.lease_hosted(p_most int)
returns table (id uuid, company_session text, reference text, amount int, ending boolean)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  update payments.hosted h set state = 'expired', settled_at = clock_timestamp(), ask_at = null
  where h.state = 'wanted' and (h.ending or h.began_at < clock_timestamp() - interval '1 day')
    and h.began_at < clock_timestamp() - interval '10 minutes';
  return query update payments.hosted h set asked = h.asked + 1,
      ask_at = clock_timestamp() + least(interval '1 minute' * power(2, least(h.asked, 5)), interval '30 minutes')
    from payments.charge c where c.id = h.charge and h.id in (select x.id from payments.hosted x
      where x.ask_at <= clock_timestamp() and x.company_session is not null order by x.ask_at limit p_most for update skip locked)
    returning h.id, h.company_session, c.reference, h.amount::int, h.ending;
end $$;

-- What the company said of a way. Paid: it counts if just this is due; otherwise it is surplus and goes back by itself. An
-- amount or a currency that we did not ask for counts for nothing: a person has to look. Outcomes: 'paid', 'surplus',
-- 'mismatched', 'expired', 'open', 'again'.
create function payments.settle_hosted(p_id uuid, p_state text, p_amount bigint, p_currency text, p_payment text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  h payments.hosted; c payments.charge; counts boolean; refund uuid := ledger.new_id();
begin
  select x.* into c from payments.charge x where x.id = (select y.charge from payments.hosted y where y.id = p_id) for update;
  select x.* into h from payments.hosted x where x.id = p_id for update;
  if h.id is null or h.state in ('paid', 'mismatched') then
    update payments.hosted x set ask_at = null where x.id = p_id;
    return 'again';
  end if;
  if p_state = 'open' then return 'open'; end if;
  if p_state = 'expired' then
    update payments.hosted x set state = 'expired', settled_at = coalesce(x.settled_at, city.now()), ask_at = null where x.id = p_id;
    return 'expired';
  end if;
  if p_state is distinct from 'paid' then raise exception 'no such state of a payment'; end if;
  if p_amount is distinct from h.amount::bigint or p_currency is distinct from 'usd' then
    update payments.hosted x set state = 'mismatched', settled_at = city.now(), ask_at = null, company_payment = p_payment where x.id = p_id;
    perform payments.record(c, 'payment.mismatched', null, 'amount=' || h.amount);
    return 'mismatched';
  end if;
  counts := c.state = 'due' and c.total - c.waived = h.amount;
  update payments.hosted x set state = 'paid', settled_at = city.now(), ask_at = null, company_payment = p_payment where x.id = p_id;
  insert into payments.payment (charge, id, way, amount, surplus, taken_at)
  values (c.id, h.id, 'hosted', h.amount, not counts, city.now());
  if counts then
    update payments.charge x set paid = h.amount, state = 'paid', state_since = city.now(), version = x.version + 1 where x.id = c.id;
    perform payments.record(c, 'payment.received', null, 'way=hosted amount=' || h.amount);
    return 'paid';
  end if;
  insert into payments.refund (charge, id, payment, amount, reason, state, asked_at, due_at)
  values (c.id, refund, h.id, h.amount, 'not-owed', 'waiting', city.now(), city.now());
  perform payments.record(c, 'payment.surplus', null, 'way=hosted amount=' || h.amount);
  return 'surplus';
end $$;

-- The refunds that the company is to be told of or asked about, each put off before it is tried. The same identifier is its
-- key at the company: told twice, it pays back once.
create function payments.lease_refunds(p_most int)
returns table (charge uuid, id uuid, amount int, company_payment text, company_refund text)
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  update payments.refund r set attempts = r.attempts + 1,
    due_at = clock_timestamp() + least(interval '1 minute' * power(2, least(r.attempts, 6)), interval '1 hour')
  from payments.hosted h where h.id = r.payment and (r.charge, r.id) in (select x.charge, x.id from payments.refund x
    where x.due_at <= clock_timestamp() order by x.due_at limit p_most for update skip locked)
  returning r.charge, r.id, r.amount::int, h.company_payment, r.company_refund
$$;

-- What the company said of a refund: 'waiting', 'paid' or 'failed'. One that failed after it was paid is found out too.
create function payments.settle_refund(p_charge uuid, p_id uuid, p_state text, p_refund text) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge; r payments.refund;
begin
  select x.* into c from payments.charge x where x.id = p_charge for update;
  select x.* into r from payments.refund x where x.charge = p_charge and x.id = p_id;
  if r.id is null or r.state not in ('waiting', 'paid') then return 'again'; end if;
  if p_state not in ('waiting', 'paid', 'failed') then raise exception 'no such state of a refund'; end if;
  update payments.refund x set company_refund = coalesce(p_refund, x.company_refund), state = p_state,
    due_at = case when p_state = 'waiting' then x.due_at end,
    settled_at = case when p_state = 'waiting' then null when x.state = p_state then x.settled_at else city.now() end
  where x.charge = p_charge and x.id = p_id;
  if p_state = r.state then return p_state; end if;
  perform payments.count_refunds(p_charge);
  if p_state <> 'waiting' then
    perform payments.record(c, case p_state when 'paid' then 'refund.paid' else 'refund.failed' end, null,
      'way=hosted amount=' || r.amount);
  end if;
  return p_state;
end $$;

-- What went to the company, and when: on the person's page beside other disclosures.
create function payments.disclosed_in_hand() returns table (reference text, amount int, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.reference, h.amount::int, h.began_at from payments.hosted h join payments.charge c on c.id = h.charge
  where c.case_id = need_to_know.case_in_hand() order by h.began_at
$$;

-- What a person of the cash office has to look at: money that came in otherwise than asked, and refunds that failed.
create function payments.troubles() returns table (reference text, what text, amount int, at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select x.* from (
    select c.reference, 'mismatched', h.amount::int, h.settled_at from payments.hosted h join payments.charge c on c.id = h.charge
      where h.state = 'mismatched'
    union all
    select c.reference, 'refund-failed', r.amount::int, r.settled_at from payments.refund r join payments.charge c on c.id = r.charge
      where r.state = 'failed' and r.settled_at > city.now() - interval '90 days'
  ) as x (reference, what, amount, at)
  where need_to_know.duty_with('collect') is not null order by 4 desc limit 100
$$;

create function payments.sweep() returns void language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  delete from payments.event where heard_at < clock_timestamp() - interval '30 days';
  delete from payments.miss where minute < clock_timestamp() - interval '1 hour'
$$;

grant execute on function payments.owed(text), payments.begin_hosted(text, text), payments.opened_hosted(uuid, text, text),
  payments.hear(text, text, text), payments.disclosed_in_hand(), payments.troubles() to cityhall_app;
grant execute on function payments.lease_hosted(int), payments.settle_hosted(uuid, text, bigint, text, text),
  payments.lease_refunds(int), payments.settle_refund(uuid, uuid, text, text), payments.sweep() to cityhall_keeper;

-- Refunds that follow from a rule of the city's, without anybody asking: what was booked and paid is cancelled, and what the
-- rule gives back begins its way in the same transaction.

-- The reason of what a rule gives back; no clerk can choose it.
insert into payments.reason values ('refund', 'by-rule', false);

-- Cents of what was paid for a case that go back for this share of it; a split cent is the payer's. Never more than is left.
create function payments.back_by_rule(p_case uuid, p_share numeric) returns int
language sql stable set search_path = pg_catalog, pg_temp as $$
  select greatest(0, least(c.paid - coalesce((select sum(r.amount) from payments.refund r
      where r.charge = c.id and r.payment = p.id and r.state in ('asked', 'waiting', 'paid')), 0), ceil(c.paid * p_share)))::int
  from payments.charge c join payments.payment p on p.charge = c.id and not p.surplus
  where c.case_id = p_case and c.state in ('paid', 'partly-refunded')
$$;

-- Begins such a refund. What came through the payment company goes back there by the worker. What came to a till waits for
-- the cash office to hand it out; so does what is older than the city's rules allow. Where a clerk's act brought it about
-- (`p_duty`) and it is above the limit, a second person has to agree, and she is not that person. Outcomes: 'begun';
-- 'waits'; 'none' (nothing was paid, or nothing is left).
create function payments.refund_by_rule(p_case uuid, p_share numeric, p_duty text) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  c payments.charge; p payments.payment; k payments.rules; back int; its_id uuid := gen_random_uuid(); second boolean;
begin
  select x.* into c from payments.charge x where x.case_id = p_case and x.state in ('paid', 'partly-refunded') for update;
  back := payments.back_by_rule(p_case, p_share);
  if c.id is null or coalesce(back, 0) <= 0 then return 'none'; end if;
  select x.* into p from payments.payment x where x.charge = c.id and not x.surplus;
  select x.* into k from payments.rules x;
  second := p_duty is not null and back > coalesce(k.second_above, 0);
  insert into payments.refund (charge, id, payment, amount, reason, state, asked_at, asked_by, asked_duty)
  values (c.id, its_id, p.id, back, 'by-rule', 'asked', city.now(), case when second then need_to_know.employee() end,
    case when second then p_duty end);
  if second or p.way <> 'hosted' or p.taken_at < city.now() - make_interval(days => coalesce(k.refund_within, 0)) then
    update payments.charge set version = version + 1 where id = c.id;
    perform payments.record(c, case when second then 'refund.asked' else 'refund.begun' end, case when second then p_duty end,
      'because=by-rule way=' || p.way || ' amount=' || back);
    return 'waits';
  end if;
  perform payments.begin_refund(c, its_id, null, null);
  return 'begun';
end $$;

-- Places are drawn so that anybody can check it, and nobody could have known (decision 0034). When registration has closed, one
-- entry of the ledger fixes who takes part: how many tickets, and their digest. The first checkpoint that holds this entry has
-- a root that did not exist before; SHA-256 of that root and the session's name is the seed. The tickets are ranked by SHA-256
-- of the seed and the ticket they are drawn with.
create table activities.draw (
  session text primary key references activities.session,
  closed_at timestamptz not null,
  entry uuid not null,
  tickets int not null check (tickets >= 0),
  -- Who takes part: each ticket and the one it is drawn with, a line each, in order.
  list text not null,
  digest bytea not null check (length(digest) = 32),
  size bigint,
  root bytea check (length(root) = 32),
  note text,
  seed bytea check (length(seed) = 32),
  drawn_at timestamptz,
  check ((drawn_at is null) = (size is null) and (size is null) = (root is null) and (root is null) = (note is null)
    and (note is null) = (seed is null))
);
alter table activities.draw enable row level security;

create function activities.tickets_of(p_session text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select coalesce(string_agg(e.ticket || ' ' || e.drawn_with || E'\n', '' order by e.ticket), '')
  from activities.enrolment e where e.session = p_session and e.state = 'lottery'
$$;

-- Registration has closed: from now on it stands who takes part. The session is locked, so that nobody comes in meanwhile.
create function activities.close_lottery(p_session text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; words text; n int;
begin
  select x.* into s from activities.session x where x.id = p_session and x.lottery and x.closes_at <= city.now()
    and x.called_off_at is null for update;
  if not found or exists (select from activities.draw d where d.session = s.id) then return; end if;
  words := activities.tickets_of(s.id);
  select count(*) into n from activities.enrolment e where e.session = s.id and e.state = 'lottery';
  insert into activities.draw (session, closed_at, entry, tickets, list, digest)
  values (s.id, city.now(), ledger.write('lottery.closed', 'system', p_detail => 'session=' || s.id || ' tickets=' || n
    || ' digest=' || encode(sha256(convert_to(words, 'UTF8')), 'hex')), n, words, sha256(convert_to(words, 'UTF8')));
end $$;

-- The tickets in the order in which they are drawn: by SHA-256 of the seed and the ticket they are drawn with.
create function activities.ranked(d activities.draw, p_seed bytea) returns table (rank int, ticket text, drawn_with text)
language sql stable set search_path = pg_catalog, pg_temp as $$
  select row_number() over (order by sha256(p_seed || convert_to(split_part(l, ' ', 2), 'UTF8')), split_part(l, ' ', 1))::int,
    split_part(l, ' ', 1), split_part(l, ' ', 2)
  from regexp_split_to_table(d.list, E'\n') as l where l <> ''
$$;

-- Draws, as soon as a checkpoint holds the entry. Somebody who cancelled after the entry keeps no rank; the others keep theirs.
-- False: there is no such checkpoint yet.
create function activities.draw_lottery(p_session text) returns boolean
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; d activities.draw; k ledger.checkpoint; e record; spot int; its activities.enrolment;
begin
  select x.* into s from activities.session x where x.id = p_session for update;
  select x.* into d from activities.draw x where x.session = s.id and x.drawn_at is null for update;
  if not found or s.called_off_at is not null then return false; end if;
  select c.* into k from ledger.leaf l join ledger.checkpoint c on c.size > l.seq where l.entry_id = d.entry order by c.size limit 1;
  if not found then return false; end if;
  d.seed := sha256(k.root || convert_to(s.id, 'UTF8'));
  for e in select r.rank, x.id from activities.ranked(d, d.seed) r
    join activities.enrolment x on x.session = s.id and x.ticket = r.ticket and x.state = 'lottery' order by r.rank
  loop
    select p.number into spot from activities.place p where p.session = s.id and p.free and p.open order by p.number limit 1;
    update activities.enrolment set drawn = e.rank, turn = nextval('activities.turn'), version = version + 1, place = spot,
      state = case when spot is null then 'waiting' else 'offered' end,
      until = case when spot is not null then least(city.now() + s.offer_for, s.starts_at) end
    where id = e.id and state = 'lottery' returning * into its;
    continue when its.id is null;
    perform activities.write(its, 'enrolment.drawn', 'system', null, ' rank=' || e.rank || ' as=' || its.state);
    perform activities.tell(its, case its.state when 'offered' then 'offered' else 'not-drawn' end);
  end loop;
  update activities.draw set size = k.size, root = k.root, note = k.note, seed = d.seed, drawn_at = city.now()
  where session = s.id;
  perform ledger.write('lottery.drawn', 'system', p_detail => 'session=' || s.id || ' checkpoint=' || k.size);
  return true;
end $$;

-- The drawing of a session, for anybody: what it was drawn from, and the entry's statement with its salt, by which its
-- commitment in the ledger is found.
create function activities.draw_of(p_session text)
returns table (closed_at timestamptz, tickets int, digest bytea, entry uuid, statement text, salt bytea, seq bigint, size bigint, root bytea,
  note text, seed bytea, drawn_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select d.closed_at, d.tickets, d.digest, d.entry, ledger.statement(e), e.salt, l.seq, d.size, d.root, d.note, d.seed, d.drawn_at
  from activities.draw d join ledger.entry e on e.id = d.entry left join ledger.leaf l on l.entry_id = d.entry
  where d.session = p_session
$$;
-- The tickets of a drawing in the order in which they were drawn, numbers that follow from nothing of a person; and whether
-- there was a place for it then.
create function activities.drawn_tickets(p_session text) returns table (rank int, ticket text, drawn_with text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select r.rank, r.ticket, r.drawn_with from activities.draw d cross join lateral activities.ranked(d, d.seed) r
  where d.session = p_session and d.drawn_at is not null order by r.rank
$$;

create or replace function activities.standing()
returns table (session text, capacity int, free int, waiting int, entered int, called_off boolean, because text, drawn boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.capacity,
    (select count(*)::int from activities.place p where p.session = s.id and p.free and p.open),
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state = 'waiting'),
    (select count(*)::int from activities.enrolment e where e.session = s.id and e.state = 'lottery'),
    s.called_off_at is not null, s.because,
    exists (select from activities.draw d where d.session = s.id and d.drawn_at is not null)
  from activities.session s where s.open order by s.starts_at, s.id
$$;

-- The worker's turn, one thing at a time: what was held and is paid stands; what was not paid, and an offer that was not taken,
-- ends; a place that is free is offered; a lottery is closed and drawn; what is over by a day is completed, and who still
-- waited is told that it came to nothing. False where nothing is due.
create function activities.turn() returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  due uuid; its text; e activities.enrolment; s activities.session; stands text;
begin
  select x.id into due from activities.enrolment x join activities.session y on y.id = x.session
    where x.state = 'held' and (x.until <= city.now() or exists (select from payments.charge c
        where c.case_id = x.case_id and c.state in ('paid', 'waived', 'partly-refunded')))
      or x.state = 'offered' and x.until <= city.now()
      or x.state = 'enrolled' and y.ends_at <= city.now() - interval '1 day'
      or x.state in ('waiting', 'lottery') and greatest(y.starts_at, y.closes_at) <= city.now()
    limit 1;
  if found then
    perform from correspondence.casefile c join activities.enrolment y on y.case_id = c.id where y.id = due for update of c;
    select x.* into e from activities.enrolment x where x.id = due for update;
    select x.* into s from activities.session x where x.id = e.session;
    if e.state = 'held' then
      stands := payments.stands(e.case_id);
      if stands in ('paid', 'settled') then
        update activities.enrolment set state = 'enrolled', until = null, version = version + 1 where id = e.id returning * into e;
        perform activities.write(e, 'enrolment.confirmed', 'system');
        perform activities.tell(e, 'confirmed');
        return true;
      end if;
    end if;
    if e.state = 'enrolled' and s.ends_at <= city.now() - interval '1 day' then
      update activities.enrolment set state = 'completed', ended_at = city.now(), version = version + 1
      where id = e.id returning * into e;
      perform activities.write(e, 'enrolment.completed', 'system');
      perform activities.end_case(e, 'done');
    elsif e.state in ('held', 'offered') and e.until <= city.now()
      or e.state in ('waiting', 'lottery') and greatest(s.starts_at, s.closes_at) <= city.now() then
      stands := case e.state when 'held' then 'not-paid' when 'offered' then 'offer-over' else 'no-place' end;
      e := activities.give_up(e.id, 'lapsed', stands, null);
      perform activities.write(e, 'enrolment.lapsed', 'system', null, ' because=' || stands);
      perform activities.tell(e, 'lapsed');
      perform activities.end_case(e, 'done');
    end if;
    return true;
  end if;
  select x.id into its from activities.session x where x.lottery and x.closes_at <= city.now() and x.starts_at > city.now()
    and x.called_off_at is null and not exists (select from activities.draw d where d.session = x.id) limit 1;
  if found then perform activities.close_lottery(its); return true; end if;
  for its in select d.session from activities.draw d join activities.session x on x.id = d.session
    where d.drawn_at is null and x.called_off_at is null loop
    if activities.draw_lottery(its) then return true; end if;
  end loop;
  for its in select x.id from activities.session x where x.called_off_at is null and greatest(x.starts_at, x.closes_at) > city.now()
    and exists (select from activities.place p where p.session = x.id and p.free and p.open)
    and exists (select from activities.enrolment w where w.session = x.id and w.state = 'waiting') loop
    if activities.fill(its) > 0 then return true; end if;
  end loop;
  return false;
end $$;

grant execute on function activities.draw_of(text), activities.drawn_tickets(text) to cityhall_app;
grant execute on function activities.turn() to cityhall_keeper;

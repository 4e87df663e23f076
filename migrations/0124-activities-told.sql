-- What reaches those who take part: that the days are others now, and what the leader has to say on the day. What waits to be sent
-- about a child is not sent any more once a consent that it needed has ended.
alter table activities.notice drop constraint notice_news_check;
alter table activities.notice add constraint notice_news_check check (news in ('enrolled', 'held', 'waiting', 'lottery',
  'confirmed', 'offered', 'not-drawn', 'lapsed', 'cancelled-by-person', 'cancelled-by-city', 'message', 'moved'));

-- As before (0108), and its leader, on a day on which it meets.
create or replace function activities.write_to_all(p_id uuid, p_session text, p_sealed bytea, out outcome text, out people int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  s activities.session; e activities.enrolment; duty text; f correspondence.casefile; mail uuid;
begin
  people := 0;
  outcome := 'not-there';
  select x.* into s from activities.session x where x.id = p_session;
  if need_to_know.kind() = 'staff' then duty := coalesce(need_to_know.duty_for(s.topic, 'run-activities'), activities.leads(s)); end if;
  if duty is null then return; end if;
  outcome := 'again';
  if exists (select from activities.message m where m.id = p_id) then return; end if;
  insert into activities.message values (p_id, s.id, p_sealed, need_to_know.employee(), duty, city.now());
  for e in select x.* from activities.enrolment x join correspondence.casefile c on c.id = x.case_id
    where x.session = s.id and x.state in ('enrolled', 'held', 'offered') order by c.subject
  loop
    perform activities.write(e, 'enrolment.messaged', 'staff', duty);
    people := people + 1;
    select c.* into f from correspondence.casefile c where c.id = e.case_id;
    continue when not exists (select from vault.token k where k.subject = f.subject and k.kind = 'email');
    insert into correspondence.mail (case_id, topic, kind, created_at, due_at)
    values (f.id, f.topic, 'enrolment', city.now(), city.now()) returning id into mail;
    insert into activities.notice values (mail, e.id, 'message', p_id);
  end loop;
  outcome := 'done';
end $$;

-- The city's files have other days for a session than before: whoever is in it is told, once for each change. The owner's, while it imports.
create function activities.tell_moved(p_session text) returns int
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  e activities.enrolment; told int := 0;
begin
  for e in select x.* from activities.enrolment x join activities.session s on s.id = x.session and s.called_off_at is null
    where x.session = p_session and activities.is_live(x.state) order by x.case_id
  loop
    perform activities.write(e, 'enrolment.moved', 'system');
    perform activities.tell(e, 'moved');
    told := told + 1;
  end loop;
  return told;
end $$;

-- As before (0118), and no mail about it goes out any more but the one that says so.
create or replace function consent.follow_activities(p_consents uuid[]) returns setof consent.consequence
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  o record; s activities.session; e activities.enrolment; its_refund text; cents int; offers int; letters int; day date;
begin
  for o in select c.id, c.thing, c.needed, x.id as enrolment, x.case_id from consent.consent c
    join activities.enrolment x on x.child = c.child and activities.thing(x.session) = c.thing and activities.is_live(x.state)
    where c.id = any (p_consents) order by c.needed desc, x.case_id, c.id
  loop
    perform from correspondence.casefile f where f.id = o.case_id for update;
    select x.* into e from activities.enrolment x where x.id = o.enrolment for update;
    select x.* into s from activities.session x where x.id = e.session;
    day := activities.today(s);
    if not o.needed then
      if activities.is_live(e.state) then return next row(o.id, 'takes-part-on', o.thing, day, null)::consent.consequence; end if;
      continue;
    end if;
    continue when not activities.is_live(e.state);
    its_refund := activities.refund_now(s, e);
    cents := case its_refund when 'none' then 0 else payments.back_by_rule(e.case_id, case its_refund when 'full' then 1 else 0.5 end) end;
    select count(*) into offers from activities.enrolment x where x.session = s.id and x.state = 'offered';
    e := activities.give_up(e.id, 'cancelled-by-person', 'consent', its_refund);
    offers := (select count(*) from activities.enrolment x where x.session = s.id and x.state = 'offered') - offers;
    perform activities.write(e, 'enrolment.cancelled', 'person', null, ' because=consent refund=' || its_refund);
    with about as (delete from activities.notice n using correspondence.mail m
        where m.id = n.mail and m.state = 'waiting' and n.enrolment = e.id returning n.mail),
      gone as (delete from correspondence.mail m using about where m.id = about.mail and m.state = 'waiting' returning m.id)
    select count(*) into letters from gone;
    perform activities.tell(e, 'cancelled-by-person');
    perform activities.end_case(e, 'withdrawn');
    return next row(o.id, 'place-ends', o.thing, day, null)::consent.consequence;
    if letters > 0 then return next row(o.id, 'mail-dropped', o.thing, day, 'letters=' || letters)::consent.consequence; end if;
    if offers > 0 then return next row(o.id, 'place-offered', o.thing, day, null)::consent.consequence; end if;
    if cents > 0 then return next row(o.id, 'paid-back', o.thing, day, 'cents=' || cents)::consent.consequence; end if;
  end loop;
end $$;

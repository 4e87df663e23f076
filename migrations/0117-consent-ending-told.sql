-- Before a consent runs out, whoever gave it is told, once: what ends when, and how to renew it. By mail, or by a letter that a
-- clerk posts where she has no e-mail. What was renewed or taken back before the letter went is told of no more.
alter table consent.rules add column ending_days int not null default 30 check (ending_days between 1 and 365);

-- One line for all that she gave for one thing and that ends on one day. `mail`: what told her, in the same transaction.
create table consent.ending (
  child uuid not null references residents.child,
  thing text not null,
  until date not null,
  resident uuid not null references residents.resident,
  due_at timestamptz not null default city.now(),
  mail uuid,
  told_at timestamptz,
  primary key (child, thing, until, resident),
  check ((mail is null) = (told_at is null))
);
create index ending_due on consent.ending (due_at) where told_at is null;
create index ending_mail on consent.ending (mail) where mail is not null;
alter table consent.ending enable row level security;

-- The purposes that one line is about, as they stand now.
create function consent.ending_purposes(e consent.ending) returns text[]
language sql stable set search_path = pg_catalog, pg_temp as $$
  select array_agg(c.purpose order by c.purpose) from consent.consent c
  where c.child = e.child and c.thing = e.thing and c.until = e.until and c.given_by = e.resident and c.state = 'in-force'
$$;

-- What was not told yet and now is no more to be told that way, is forgotten; what still ends is told anew.
create function consent.ending_changed() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  with gone as (
    delete from residents.mail m using consent.ending e
    where e.child = old.child and e.thing = old.thing and e.until = old.until and e.resident = old.given_by
      and m.id = e.mail and m.state = 'waiting' returning m.id
  ) delete from consent.ending e using gone where e.mail = gone.id;
  return null;
end $$;
create trigger ending_changed after update of state, until on consent.consent for each row
  when (old.state = 'in-force' and (old.state, old.until) is distinct from (new.state, new.until)) execute function consent.ending_changed();

-- Whoever is to be told now, each leased for five minutes: she and the child are opened as the system, the keys come later. From
-- the city's days before the end on, but never in the first half of a consent's time: who has just read its last day knows it.
-- `renews`: the newest notice lasts longer, so that answering it anew makes a difference.
create function consent.lease_endings(p_most int)
returns table (child uuid, thing text, until date, resident uuid, notice text, purposes text[], renews boolean, openings uuid[])
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  day date := consent.today(); e consent.ending; s uuid; opening uuid;
begin
  insert into consent.ending (child, thing, until, resident)
    select distinct c.child, c.thing, c.until, c.given_by from consent.consent c cross join consent.rules k
    where c.state = 'in-force' and c.until between day and day + k.ending_days
      and day >= (c.given_at at time zone k.time_zone)::date + (c.until - (c.given_at at time zone k.time_zone)::date) / 2
      and not exists (select from consent.ending x where x.child = c.child and x.thing = c.thing and x.until = c.until and x.resident = c.given_by)
      and consent.speaks_for(c.given_by, c.child)
    limit 500 on conflict do nothing;
  for e in
    update consent.ending x set due_at = city.now() + interval '5 minutes'
    where (x.child, x.thing, x.until, x.resident) in (select y.child, y.thing, y.until, y.resident from consent.ending y
      where y.told_at is null and y.due_at <= city.now() order by y.due_at, y.child limit p_most for update skip locked)
    returning x.*
  loop
    child := e.child; thing := e.thing; until := e.until; resident := e.resident; openings := '{}';
    purposes := consent.ending_purposes(e);
    if purposes is null or not consent.speaks_for(e.resident, e.child) then
      delete from consent.ending x where x.child = e.child and x.thing = e.thing and x.until = e.until and x.resident = e.resident;
      continue;
    end if;
    select n.content, exists (select from jsonb_array_elements(n.content::jsonb -> 'purposes') p where consent.until_of(p) > e.until)
      into notice, renews from consent.notice n where n.hash = consent.newest(e.thing);
    for s in select z.subject from (select c.subject from residents.child c where c.id = e.child
        union all select r.subject from residents.resident r where r.id = e.resident) z
      join vault.subject v on v.id = z.subject and v.state = 'in-use' order by z.subject
    loop
      insert into vault.opening (subject, people, actor_kind, entry_id, ends_at)
      values (s, true, 'system', vault.record('mail.opened', 'system', null, s, p_purpose => 'post', p_reason => 'consent-ending'),
        clock_timestamp() + interval '5 minutes') returning id into opening;
      openings := openings || opening;
    end loop;
    if cardinality(openings) = 2 then return next; end if;
  end loop;
end $$;
create function consent.ending_in_hand(p_child uuid, p_resident uuid, p_openings uuid[])
returns table (subject uuid, wrapped_key bytea, kek text, sealed bytea, language text, is_child boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select s.id, s.wrapped_key, s.kek, coalesce(c.sealed_about, r.sealed_contact), r.language, c.id is not null
  from vault.opening o join vault.subject s on s.id = o.subject and s.state = 'in-use'
    left join residents.child c on c.id = p_child and c.subject = s.id
    left join residents.resident r on r.id = p_resident and r.subject = s.id
  where o.id = any (p_openings) and o.people and o.actor_kind = 'system' and o.ends_at > clock_timestamp()
    and pg_xact_status(o.written_by) = 'committed' and (c.id is not null or r.id is not null)
    and exists (select from consent.ending e where e.child = p_child and e.resident = p_resident and e.told_at is null)
$$;
-- Tells her, and notes that she was told: both or neither, so that a crash neither tells twice nor forgets. `p_purposes`: what the
-- words speak of; where something else ends by now, nothing is sent and it is told anew.
create function consent.post_ending(p_child uuid, p_thing text, p_until date, p_resident uuid, p_purposes text[], p_mail uuid, p_sealed bytea,
  p_by_post boolean) returns boolean
language plpgsql volatile strict security definer set search_path = pg_catalog, pg_temp as $$
declare
  e consent.ending;
begin
  perform from consent.consent c where c.child = p_child and c.thing = p_thing and c.until = p_until and c.state = 'in-force' order by c.subject for share;
  select x.* into e from consent.ending x where x.child = p_child and x.thing = p_thing and x.until = p_until and x.resident = p_resident
    and x.told_at is null for update;
  if e.child is null or consent.ending_purposes(e) is distinct from p_purposes then return false; end if;
  perform case when p_by_post then residents.post_letter(p_mail, r.subject, 'consent-ending', p_sealed, r.language)
    else residents.post(p_mail, r.subject, 'consent-ending', p_sealed, r.language) end
    from residents.resident r where r.id = p_resident and r.ended_at is null;
  if not found then return false; end if;
  update consent.ending x set told_at = city.now(), mail = p_mail
    where x.child = p_child and x.thing = p_thing and x.until = p_until and x.resident = p_resident;
  perform vault.record('consent.ending-told', 'system', null, c.subject, p_purpose => c.purpose,
      p_detail => 'until=' || p_until || case when p_by_post then ' by=post' else '' end)
    from consent.consent c where c.child = p_child and c.thing = p_thing and c.until = p_until and c.given_by = p_resident and c.state = 'in-force'
    order by c.subject;
  return true;
end $$;

-- As before (0094), by a letter to a guardian who has no e-mail.
create function residents.post_notice_letter(p_child uuid, p_resident uuid, p_mail uuid, p_sealed bytea) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from residents.of_age_notice n where n.child = p_child and n.resident = p_resident;
  if not found then return false; end if;
  perform residents.post_letter(p_mail, r.subject, 'came-of-age', p_sealed, r.language)
    from residents.resident r where r.id = p_resident and r.ended_at is null;
  return true;
end $$;

-- On a guardian's page, that a child she stood for decides alone now, for as long as that child has to say whether her consents
-- stand; which child it is, she is not told any more.
create function consent.passed_from_hers() returns table (since timestamptz, until date)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.came_of_age_at, max(x.until) from residents.guardianship g join residents.child c on c.id = g.child and c.resident is null
    join consent.consent x on x.child = c.id and x.state = 'passed'
  where g.resident = residents.acting() and g.state = 'ended' and c.came_of_age_at is not null and g.until >= c.came_of_age_at
  group by c.id, c.came_of_age_at order by 1
$$;

grant execute on function consent.passed_from_hers() to cityhall_app;
grant execute on function consent.lease_endings(int), consent.ending_in_hand(uuid, uuid, uuid[]),
  consent.post_ending(uuid, text, date, uuid, text[], uuid, bytea, boolean), residents.post_notice_letter(uuid, uuid, uuid, bytea)
  to cityhall_keeper;

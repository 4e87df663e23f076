-- Uses are counted at the very end of a transaction: the counter of a busy form is locked for a moment only, and always after
-- every person's row, so that no two acts wait for one another.
drop trigger counted on correspondence.mail;
drop trigger counted on referral.disclosure;
drop trigger counted on bookings.booking;
drop trigger counted on payments.charge;
create constraint trigger counted after update of state on correspondence.mail deferrable initially deferred for each row
  when (old.state = 'waiting' and new.state in ('sent', 'kept')) execute function exchange.mail_went();
create constraint trigger counted after insert on referral.disclosure deferrable initially deferred for each row
  execute function exchange.referral_went();
create constraint trigger counted after insert on bookings.booking deferrable initially deferred for each row
  execute function exchange.booking_made();
create constraint trigger counted after insert on payments.charge deferrable initially deferred for each row
  execute function exchange.charge_made();

-- As before (0055), counting after all that was found.
create or replace function correspondence.search(p_kind text, p_token bytea) returns setof uuid
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  hit record;
  hits uuid[] := '{}';
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
    hits := hits || hit.id;
    return next hit.id;
  end loop;
  perform exchange.note(x.form, x.form_version, array['@' || p_kind], 'found', x.many)
    from (select f.form, f.form_version, count(*) as many from correspondence.casefile f where f.id = any (hits)
      group by f.form, f.form_version order by f.form, f.form_version) x;
end $$;

-- An answer that is not needed, or is sensitive, is folded on the desk even in an open letter: to show it is a use, and counted.
alter table exchange.use drop constraint use_how_check;
alter table exchange.use add constraint use_how_check
  check (how in ('exported', 'referred', 'found', 'mailed', 'booked', 'charged', 'shown'));
-- Counts the showing of one answer of the case in hand. False where this clerk has no open letter in hand.
create function exchange.show(p_question text) returns boolean
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  f correspondence.casefile;
begin
  select c.* into f from correspondence.casefile c where c.id = need_to_know.case_in_hand();
  if f.id is null or vault.opening_in_hand() is null or need_to_know.duty_for(f.topic, 'read') is null
    or p_question !~ '^[a-z0-9-]{1,60}$' then return false; end if;
  perform exchange.note(f.form, f.form_version, array[p_question], 'shown');
  return true;
end $$;
grant execute on function exchange.show(text) to cityhall_app;

-- An export opens a letter for its own table and for nothing else: its openings are no clerk's look at the letter, so the
-- envelope on her desk stays sealed. Which export an opening belongs to, and so whose session, stands here.
create table exchange.opened (
  opening uuid primary key references vault.opening on delete cascade,
  export uuid not null references exchange.export on delete cascade
);
alter table exchange.opened enable row level security;

create or replace function exchange.open_next(p_export uuid, p_most int) returns table (opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  e exchange.export;
  w record;
begin
  select x.* into e from exchange.export x where x.id = p_export and x.session = (need_to_know.context() ->> 'session')::uuid for update;
  if not found then return; end if;
  for w in
    with next as (
      delete from exchange.waiting y where y.export = p_export and y.place in (
        select z.place from exchange.waiting z where z.export = p_export order by z.place limit least(p_most, 500)) returning y.case_id
    )
    select f.id, f.subject, need_to_know.duty_for(f.topic, 'export-answers') as duty
    from next n join correspondence.casefile f on f.id = n.case_id join vault.subject s on s.id = f.subject and s.state = 'in-use'
    where f.topic = any (exchange.topics()) order by f.subject
  loop
    insert into vault.opening as o (subject, case_id, actor_kind, entry_id, ends_at)
    values (w.subject, w.id, 'system',
      vault.record('answers.exported', 'staff', w.id, w.subject, need_to_know.employee(), w.duty, e.form, e.purpose,
        'fields=' || array_to_string(e.fields, '/')),
      clock_timestamp() + interval '2 minutes')
    returning o.id into opening;
    insert into exchange.opened values (opening, e.id);
    return next;
  end loop;
end $$;

create or replace function vault.key_for_export(p_openings uuid[])
returns table (case_id uuid, number bigint, form_version int, received_at timestamptz, subject uuid, wrapped_key bytea, kek text,
  sealed_contact bytea, message uuid, sealed bytea)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.id, f.number, f.form_version, f.received_at, s.id, s.wrapped_key, s.kek, f.sealed_contact, m.id, m.sealed
  from vault.opening o join vault.subject s on s.id = o.subject and s.state = 'in-use'
    join exchange.opened x on x.opening = o.id join exchange.export e on e.id = x.export
    join correspondence.casefile f on f.id = o.case_id
    join correspondence.message m on m.case_id = f.id and m.seq = 1
  where o.id = any (p_openings) and e.session = (need_to_know.context() ->> 'session')::uuid
    and o.ends_at > clock_timestamp() and pg_xact_status(o.written_by) = 'committed' and f.topic = any (exchange.topics())
  order by f.received_at, f.id
$$;

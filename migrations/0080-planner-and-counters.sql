-- Two corrections that a storm of letters asked for; nothing is allowed or refused that was not before.

-- A few rows are looked up by their keys (the offset sees to it): a planner that takes what a function returns for a thousand
-- rows would read every case of the city instead, once a second.
create or replace function vault.open_for(p_work text, p_items uuid[]) returns table (item uuid, opening uuid)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  w record;
begin
  for w in
    select x.item, x.case_id, x.purpose, x.reason, s.id as subject
    from vault.waiting_for(p_work, p_items) x
      cross join lateral (select c.subject from correspondence.casefile c where c.id = x.case_id offset 0) f
      cross join lateral (select y.id from vault.subject y where y.id = f.subject and y.state = 'in-use' offset 0) s
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

create or replace function correspondence.keep_words(p_cases uuid[], p_words bytea[]) returns void
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  r correspondence.word_reading;
begin
  select x.* into r from correspondence.word_reading x where x.ends_at > clock_timestamp() for update;
  if not found then return; end if;
  with person as materialized (
    select x.case_id, s.id as subject from unnest(r.cases) as x (case_id)
      cross join lateral (select c.subject from correspondence.casefile c where c.id = x.case_id offset 0) f
      cross join lateral (select y.id from vault.subject y where y.id = f.subject and y.state = 'in-use' offset 0) s
  )
  insert into vault.word (token, subject)
    select distinct x.word, p.subject from unnest(p_cases, p_words) as x (case_id, word) join person p using (case_id)
    order by 2, 1 on conflict do nothing;
  update correspondence.word_reading set seq = upto, cases = '{}', messages = '{}', ends_at = '-infinity';
end $$;

-- One count of uses would be one row for which every mail of a busy form waits. Each connection counts in one of eight rows;
-- who reads, adds them.
alter table exchange.use add column lane smallint not null default 0;
alter table exchange.use drop constraint use_pkey;
alter table exchange.use add primary key (form, form_version, question, month, how, lane);

create or replace function exchange.note(p_form text, p_version int, p_questions text[], p_how text, p_times bigint default 1)
returns void language sql volatile set search_path = pg_catalog, pg_temp as $$
  insert into exchange.use as u (form, form_version, question, month, how, times, lane)
  select distinct p_form, p_version, q, date_trunc('month', city.now())::date, p_how, p_times, pg_backend_pid() % 8
  from unnest(p_questions) as q order by q
  on conflict (form, form_version, question, month, how, lane) do update set times = u.times + excluded.times
$$;

create or replace function exchange.uses(p_form text) returns table (form_version int, question text, month date, how text, times bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select u.form_version, u.question, u.month, u.how, sum(u.times)::bigint from exchange.use u
  where need_to_know.kind() = 'staff' and u.form = p_form
    and u.month >= date_trunc('month', city.now() - interval '12 months')::date
  group by u.form_version, u.question, u.month, u.how
  order by u.question, u.month
$$;

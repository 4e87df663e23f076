-- Forms: what is asked, as versions. A definition is about nobody. Only acts write here, and what was published once is
-- never another again: a letter says with which version it was made, and that version can be shown.
create schema forms;
grant usage on schema forms to cityhall_app, cityhall_keeper;

-- A word is added to a closed list without repeating the others: several rooms add theirs.
create function forms.also_allow(p_table regclass, p_constraint text, p_after text, p_word text) returns void
language plpgsql as $$
declare
  rule text;
begin
  select pg_get_constraintdef(c.oid) into strict rule from pg_constraint c where c.conrelid = p_table and c.conname = p_constraint;
  execute format('alter table %s drop constraint %I', p_table, p_constraint);
  execute format('alter table %s add constraint %I %s', p_table, p_constraint,
    replace(rule, quote_literal(p_after) || '::text', quote_literal(p_after) || '::text, ' || quote_literal(p_word) || '::text'));
end $$;
do $$ begin
  perform forms.also_allow('need_to_know.duty', 'duty_powers_check', 'read', 'build-forms');
  perform forms.also_allow('need_to_know.duty', 'duty_powers_check', 'read', 'approve-forms');
end $$;
drop function forms.also_allow(regclass, text, text, text);

create table forms.version (
  form text not null check (form ~ '^[a-z][a-z0-9]*(-[a-z0-9]+)*$' and length(form) <= 60),
  version int not null check (version > 0),
  state text not null check (state in ('draft', 'in-review', 'published', 'retired')),
  origin text not null check (origin in ('desk', 'files', 'import')),
  -- Whose it is: the department of its topic.
  topic text not null,
  -- json, not jsonb, which would lose the order of the keys, and that is the order of the questions.
  definition json not null check (json_typeof(definition) = 'object' and length(definition::text) <= 1048576),
  revision int not null default 1,
  begun_at timestamptz not null default city.now(),
  changed_at timestamptz not null default city.now(),
  -- Everybody who has written in it: none of them can approve it.
  writers int[] not null default '{}',
  asked_at timestamptz,
  asked_by int references need_to_know.employee,
  published_at timestamptz,
  published_by int references need_to_know.employee,
  retired_at timestamptz,
  retired_by int references need_to_know.employee,
  primary key (form, version),
  check ((state = 'in-review') <= (asked_at is not null)),
  check ((state in ('published', 'retired')) = (published_at is not null)),
  check ((state = 'retired') = (retired_at is not null)),
  check (definition ->> 'topic' is not distinct from topic)
);
create unique index version_published on forms.version (form) where state = 'published';
create unique index version_draft on forms.version (form) where state in ('draft', 'in-review');
-- Which wording of the city's file was taken in last.
create table forms.file (
  form text primary key,
  sha256 bytea not null check (length(sha256) = 32),
  taken_at timestamptz not null default city.now()
);
-- Counts what is published and retired, so that every web process sees within a second that something is.
create table forms.turn (n bigint not null, single boolean primary key default true check (single));
insert into forms.turn values (0);

alter table forms.version enable row level security;
alter table forms.file enable row level security;
alter table forms.turn enable row level security;

create function forms.keep_published() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if tg_op = 'DELETE' then
    if old.state in ('draft', 'in-review') then return old; end if;
  elsif old.state in ('draft', 'in-review') then
    return new;
  elsif old.state = 'published' and new.state = 'retired' and (old.form, old.version, old.origin, old.topic,
    old.definition::text, old.revision, old.writers, old.published_at, old.published_by) is not distinct from (new.form,
    new.version, new.origin, new.topic, new.definition::text, new.revision, new.writers, new.published_at, new.published_by) then
    return new;
  end if;
  raise exception 'a version that was published does not change: % on forms.version is refused', tg_op using errcode = 'CH001';
end $$;
create trigger kept before update or delete on forms.version for each row execute function forms.keep_published();
create trigger never_emptied before truncate on forms.version execute function ledger.refuse_change();

create function forms.turned() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  update forms.turn set n = n + 1;
  return null;
end $$;
create trigger turned_new after insert on forms.version for each row when (new.state = 'published') execute function forms.turned();
create trigger turned after update of state on forms.version for each row
  when (new.state in ('published', 'retired')) execute function forms.turned();

-- The duty under which the acting employee builds forms of this topic's department, or null.
create function forms.builds(p_topic text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select need_to_know.duty_in(t.department, 'build-forms') from city.topic t where t.id = p_topic
$$;

create function forms.write(v forms.version, p_act text, p_kind text, p_duty text, p_more text default '') returns void
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select ledger.write(p_act, p_kind, p_employee => case when p_kind = 'staff' then need_to_know.employee() end, p_duty => p_duty,
    p_purpose => v.form, p_detail => 'version=' || v.version || p_more)
$$;

-- Begins a draft (`p_revision` 0), as the version after the last, or writes the next revision of the one that is open; what
-- was in review is a draft again. Outcomes: 'done'; 'changed' (somebody was first: another revision, or a draft is open
-- already); 'not-there' (no such draft, or it is not hers: no duty of hers builds forms of the department that has it, or of
-- the one it is given to). On a refusal nothing is written.
create function forms.keep_draft(p_form text, p_revision int, p_definition json, p_origin text, p_kind text,
  out outcome text, out version int, out revision int)
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v forms.version; duty text; topic text := p_definition ->> 'topic';
begin
  outcome := 'not-there';
  perform pg_advisory_xact_lock(hashtextextended('cityhall form ' || p_form, 0));
  select x.* into v from forms.version x where x.form = p_form order by x.version desc limit 1;
  if p_kind = 'staff' then
    duty := forms.builds(topic);
    if duty is null or v.form is not null and forms.builds(v.topic) is null then return; end if;
  end if;
  if p_revision = 0 then
    if v.state in ('draft', 'in-review') then outcome := 'changed'; return; end if;
    insert into forms.version (form, version, state, origin, topic, definition, writers) values (p_form, coalesce(v.version, 0) + 1,
      'draft', p_origin, topic, p_definition, case when p_kind = 'staff' then array[need_to_know.employee()] else '{}' end)
    returning * into v;
    perform forms.write(v, 'form.drafted', p_kind, duty);
  else
    if v.form is null or v.state not in ('draft', 'in-review') then return; end if;
    if v.revision <> p_revision then outcome := 'changed'; return; end if;
    update forms.version x set state = 'draft', asked_at = null, asked_by = null, topic = p_definition ->> 'topic',
      definition = p_definition, revision = x.revision + 1, changed_at = city.now(),
      writers = case when p_kind = 'staff' and need_to_know.employee() <> all (x.writers)
        then x.writers || need_to_know.employee() else x.writers end
    where x.form = p_form and x.version = v.version returning * into v;
    perform forms.write(v, 'form.revised', p_kind, duty, ' revision=' || v.revision);
  end if;
  outcome := 'done'; version := v.version; revision := v.revision;
end $$;
create function forms.save_draft(p_form text, p_revision int, p_definition json, p_origin text,
  out outcome text, out version int, out revision int)
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
begin
  if need_to_know.kind() is distinct from 'staff' or p_origin not in ('desk', 'import') then outcome := 'not-there'; return; end if;
  select * into outcome, version, revision from forms.keep_draft(p_form, p_revision, p_definition, p_origin, 'staff');
end $$;

-- Throws a draft away that was never published. Outcomes as above.
create function forms.discard_draft(p_form text, p_version int, p_revision int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  v forms.version; duty text;
begin
  select x.* into v from forms.version x where x.form = p_form and x.version = p_version for update;
  duty := forms.builds(v.topic);
  if duty is null or need_to_know.kind() is distinct from 'staff' or v.state not in ('draft', 'in-review') then return 'not-there'; end if;
  if v.revision <> p_revision then return 'changed'; end if;
  delete from forms.version x where x.form = p_form and x.version = p_version;
  perform forms.write(v, 'form.discarded', 'staff', duty);
  return 'done';
end $$;

-- What of forms is on the acting employee's desk: every version that is or was published, which is no secret, and the
-- drafts of the departments whose forms she builds, or all that wait for approval where she approves.
create function forms.on_desk() returns table (form text, version int, state text, origin text, topic text, definition json,
  revision int, changed_at timestamptz, asked_at timestamptz, published_at timestamptz, retired_at timestamptz, builds boolean,
  approves boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select v.form, v.version, v.state, v.origin, v.topic, v.definition, v.revision, v.changed_at, v.asked_at, v.published_at,
    v.retired_at, b.duty is not null, a.duty is not null and need_to_know.employee() <> all (v.writers)
  from forms.version v cross join lateral (select forms.builds(v.topic) as duty) b
    cross join (select need_to_know.duty_with('approve-forms') as duty) a
  where need_to_know.kind() = 'staff' and (v.state in ('published', 'retired') or b.duty is not null
    or a.duty is not null and v.state = 'in-review')
  order by v.form, v.version desc
$$;
grant execute on function forms.save_draft(text, int, json, text), forms.discard_draft(text, int, int), forms.on_desk() to cityhall_app;

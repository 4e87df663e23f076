-- Publishing forms. What may be asked is decided in one place (may-publish.ts, tried out by property tests); the database
-- itself refuses what lacks its purpose, and that anybody approves what she wrote.

-- The privacy of every question, and of every part of one that says its own.
create function forms.privacies(p_definition json) returns setof jsonb
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select p.value -> 'privacy' from jsonb_each(p_definition::jsonb #> '{schema,properties}') p
  union all
  select i.value -> 'privacy' from jsonb_each(p_definition::jsonb #> '{schema,properties}') p
    cross join lateral jsonb_each(coalesce(p.value -> 'properties', p.value #> '{items,properties}', '{}')) i
  where i.value ? 'privacy'
$$;
-- Law 3: a question without purpose, category, necessity in both languages, retention and need is asked of nobody.
create function forms.lacks_purpose(p_definition json) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select not exists (select from jsonb_each(p_definition::jsonb -> 'fields'))
    or exists (select from jsonb_object_keys(p_definition::jsonb -> 'fields') k
      where p_definition::jsonb #> array['schema', 'properties', k] is null)
    or exists (select from forms.privacies(p_definition) p where p is distinct from '"not-personal"'
      and (coalesce(p ->> 'purpose', '') = '' or coalesce(p ->> 'category', '') = '' or coalesce(p ->> 'retention', '') = ''
        or coalesce(p #>> '{necessity,en}', '') !~ '\S' or coalesce(p #>> '{necessity,es}', '') !~ '\S'
        or p -> 'needed' is null))
$$;
-- What a second person approves (define-privacy.ts has the same list; a test compares them).
create function forms.is_sensitive(p_definition json) returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select exists (select from forms.privacies(p_definition) p where p ->> 'sensitivity' = 'sensitive' or p ->> 'category'
      in ('birth-date', 'health', 'payment', 'official-number', 'child', 'signature'))
    or exists (select from jsonb_each(p_definition::jsonb -> 'fields') f where f.value ->> 'kind' = 'child')
$$;

-- Makes a version what everybody is asked; the one before is retired in the same moment.
create function forms.make_public(v forms.version, p_kind text, p_duty text, p_more text) returns void
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
begin
  update forms.version x set state = 'retired', retired_at = city.now(),
    retired_by = case when p_kind = 'staff' then need_to_know.employee() end where x.form = v.form and x.state = 'published';
  update forms.version x set state = 'published', published_at = city.now(),
    published_by = case when p_kind = 'staff' then need_to_know.employee() end where x.form = v.form and x.version = v.version;
  perform forms.write(v, 'form.published', p_kind, p_duty, p_more);
end $$;

-- Publishes a draft, or where it asks what is sensitive, asks for a second person: then it is in review. Outcomes: 'done';
-- 'in-review'; 'changed' (another revision); 'lacks-purpose'; 'not-there' (no draft of hers).
create function forms.publish(p_form text, p_version int, p_revision int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  v forms.version; duty text;
begin
  perform pg_advisory_xact_lock(hashtextextended('cityhall form ' || p_form, 0));
  select x.* into v from forms.version x where x.form = p_form and x.version = p_version for update;
  duty := forms.builds(v.topic);
  if duty is null or need_to_know.kind() is distinct from 'staff' or v.state <> 'draft' then return 'not-there'; end if;
  if v.revision <> p_revision then return 'changed'; end if;
  if forms.lacks_purpose(v.definition) then return 'lacks-purpose'; end if;
  if forms.is_sensitive(v.definition) then
    update forms.version x set state = 'in-review', asked_at = city.now(), asked_by = need_to_know.employee()
    where x.form = p_form and x.version = p_version;
    perform forms.write(v, 'form.submitted', 'staff', duty);
    return 'in-review';
  end if;
  perform forms.make_public(v, 'staff', duty, ' revision=' || v.revision);
  return 'done';
end $$;

-- The second person's word on what is in review: published, or a draft again. Whoever wrote any of it, or asked for the
-- review, has no say. Outcomes: 'done'; 'changed'; 'own' (she wrote in it); 'lacks-purpose'; 'not-there'.
create function forms.approve(p_form text, p_version int, p_revision int, p_yes boolean) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  v forms.version; duty text := need_to_know.duty_with('approve-forms');
begin
  perform pg_advisory_xact_lock(hashtextextended('cityhall form ' || p_form, 0));
  select x.* into v from forms.version x where x.form = p_form and x.version = p_version and x.state = 'in-review' for update;
  if not found or duty is null or p_yes is null then return 'not-there'; end if;
  if need_to_know.employee() = any (v.writers) or need_to_know.employee() is not distinct from v.asked_by then return 'own'; end if;
  if v.revision <> p_revision then return 'changed'; end if;
  if not p_yes then
    update forms.version x set state = 'draft', asked_at = null, asked_by = null where x.form = p_form and x.version = p_version;
    perform forms.write(v, 'form.sent-back', 'staff', duty);
    return 'done';
  end if;
  if forms.lacks_purpose(v.definition) then return 'lacks-purpose'; end if;
  perform forms.make_public(v, 'staff', duty, ' revision=' || v.revision || ' approved=yes');
  return 'done';
end $$;

-- Asks nobody any more. Outcomes: 'done'; 'not-there' (not published, or not hers).
create function forms.retire(p_form text, p_version int) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  v forms.version; duty text;
begin
  perform pg_advisory_xact_lock(hashtextextended('cityhall form ' || p_form, 0));
  select x.* into v from forms.version x where x.form = p_form and x.version = p_version and x.state = 'published' for update;
  duty := forms.builds(v.topic);
  if duty is null or need_to_know.kind() is distinct from 'staff' then return 'not-there'; end if;
  update forms.version x set state = 'retired', retired_at = city.now(), retired_by = need_to_know.employee()
  where x.form = p_form and x.version = p_version;
  perform forms.write(v, 'form.retired', 'staff', duty);
  return 'done';
end $$;

-- A number that is another one after anything was published or retired.
create function forms.now_serving() returns bigint
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select n from forms.turn
$$;
-- What the public site serves: what is published, what was retired less than a day ago (a page of it may still be open), and
-- of each form that asks nobody any more its last version.
create function forms.serving() returns table (form text, version int, state text, retired_at timestamptz, definition json)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select v.form, v.version, v.state, v.retired_at, v.definition from forms.version v
  where v.state = 'published' or v.state = 'retired' and (v.retired_at > city.now() - interval '1 day'
    or v.version = (select max(x.version) from forms.version x where x.form = v.form and x.published_at is not null))
  order by v.form, v.version
$$;

-- A form of the city's files. Their wording is taken in when it is another than last time: published where nobody at the desk
-- has published a version since, else as a draft, so that files and desk never disagree unseen. As the owner. Outcomes: 'known';
-- 'published'; 'drafted'; 'waits' (a draft is open already: it is taken in once that is gone).
create function forms.take_file(p_form text, p_sha256 bytea, p_definition json) returns text
language plpgsql volatile set search_path = pg_catalog, pg_temp as $$
declare
  v forms.version; last forms.version;
begin
  if exists (select from forms.file f where f.form = p_form and f.sha256 = p_sha256) then return 'known'; end if;
  if exists (select from forms.version x where x.form = p_form and x.state in ('draft', 'in-review')) then return 'waits'; end if;
  select x.* into last from forms.version x where x.form = p_form order by x.version desc limit 1;
  insert into forms.version (form, version, state, origin, topic, definition)
  values (p_form, greatest(coalesce(last.version, 0) + 1, (p_definition ->> 'version')::int), 'draft', 'files',
    p_definition ->> 'topic', p_definition) returning * into v;
  insert into forms.file (form, sha256) values (p_form, p_sha256)
  on conflict (form) do update set sha256 = excluded.sha256, taken_at = excluded.taken_at;
  if last.form is null or last.state = 'published' and last.origin = 'files' then
    perform forms.make_public(v, 'operator', null, ' origin=files');
    return 'published';
  end if;
  perform forms.write(v, 'form.drafted', 'operator', null, ' origin=files');
  return 'drafted';
end $$;

-- How many letters came by each form in the last year, of those whose forms she builds or approves.
create function forms.letters_on_desk() returns table (form text, letters bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.form, count(*) from correspondence.casefile c
  where need_to_know.kind() = 'staff' and c.received_at > city.now() - interval '1 year'
    and c.form in (select v.form from forms.version v where forms.builds(v.topic) is not null
      or need_to_know.duty_with('approve-forms') is not null)
  group by c.form
$$;
grant execute on function forms.publish(text, int, int), forms.approve(text, int, int, boolean), forms.retire(text, int),
  forms.now_serving(), forms.serving(), forms.letters_on_desk() to cityhall_app;

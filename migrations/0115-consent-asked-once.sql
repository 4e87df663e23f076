-- As before (0096); and who presses twice asks once. The number of a request and its code follow from the page's token and from
-- what was typed, so that a second post of the same page finds the first one: nobody is written to again, and the same code is shown.
-- Outcomes: 'done', 'again', 'too-many', 'not-there'.
create or replace function consent.ask(p_id uuid, p_notice bytea, p_band text, p_subject uuid, p_wrapped_key bytea, p_kek text, p_token bytea,
  p_sealed bytea, p_language text, p_code_hash bytea, p_mail uuid, p_letter bytea, p_reminder uuid, p_reminder_letter bytea) returns text
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp as $$
declare
  n consent.notice; k consent.rules;
begin
  select x.* into n from consent.notice x where x.hash = p_notice;
  if not found then return 'not-there'; end if;
  select x.* into k from consent.rules x;
  perform pg_advisory_xact_lock(hashtextextended('consent.ask|' || encode(p_token, 'hex'), 0));
  if exists (select from consent.request r where r.id = p_id and r.code_hash = p_code_hash) then return 'again'; end if;
  if (select count(*) from consent.request r where r.contact_token = p_token and r.state = 'asked') >= 5 then return 'too-many'; end if;
  insert into vault.subject (id, wrapped_key, kek) values (p_subject, p_wrapped_key, p_kek);
  insert into consent.request (id, thing, notice, band, subject, contact_token, sealed, language, asked_by, code_hash, ends_on)
  values (p_id, n.thing, p_notice, p_band, p_subject, p_token, p_sealed, p_language, 'child', p_code_hash, consent.today() + k.answer_days);
  perform residents.post(p_mail, p_subject, 'consent-request', p_letter, p_language);
  perform residents.post(p_reminder, p_subject, 'consent-reminder', p_reminder_letter, p_language,
    city.now() + make_interval(days => k.remind_day));
  perform vault.record('consent.asked', 'person', null, p_subject, p_purpose => 'consent',
    p_detail => n.thing || ' version=' || n.version || ' band=' || p_band);
  return 'done';
end $$;

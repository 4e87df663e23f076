import type { Temporal } from 'temporal-polyfill'
import type { City, Duty } from '../../../city/index.ts'
import { deskPage, type DeskModule } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { longestWords } from '../../correspondence/index.ts'
import { departmentName, topicsFor } from '../find-topic.ts'
import { daysBack, recordedChannels } from '../house.ts'
import { say } from '../messages.ts'
import { intakeFields, type IntakeErrors, type IntakeField, type Typed } from '../read-intake.ts'
import { box, choice, line, radios, type Asked } from './ask.ts'
import { scansPart, type ScansView } from './scans.ts'

export type IntakeView = Readonly<{
  city: City
  staff: Staff
  today: Temporal.PlainDate
  duties: readonly Duty[]
  token: string
  typed: Typed
  /** The scanned pages that came already, and what was wrong with others. */
  scans: ScansView
  modules?: readonly DeskModule[]
  errors?: IntakeErrors
  /** What became of the last post, above the form. */
  said?: string
  refused?: string
}>

/** Where a clerk writes down what came on paper or by word of mouth, in the order in which she hears or reads it. */
export function intakePage(view: IntakeView): Html {
  const { city, staff, errors, said, refused, scans, modules } = view
  const wrong = errors !== undefined || refused !== undefined || scans.wrong.length > 0
  const main = html`<h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${said && html`<p class="said" role="status">${said}</p>`}
    ${refused && html`<p class="refused" role="alert">${refused}</p>`} ${(errors ?? scans.wrong[0]) && summary(errors?.wrong ?? {}, scans.wrong)}
    <form class="intake" method="post" action="/desk/intake" enctype="multipart/form-data" data-send novalidate>
      <input type="hidden" name="token" value="${view.token}" />
      ${letterPart(view)} ${personPart(view)}
      <div class="send">
        <button class="button" type="submit">${say('en', 'recordDo')}</button> <kbd>${say('en', 'recordHint')}</kbd>
      </div>
    </form>`
  return deskPage({ city, staff, here: 'intake', title: say('en', 'title'), wrong, main, ...(modules && { modules }) })
}

function summary(wrong: IntakeErrors['wrong'], pages: readonly string[]): Html {
  const asked = intakeFields.filter((name) => wrong[name] !== undefined)
  return html`<div class="refused" role="alert">
    <p>${say('en', 'wrongTitle', { count: asked.length + pages.length })}</p>
    <ul>
      ${asked.map((name) => html`<li><a href="#${name}">${errorWords(name, wrong)}</a></li>`)}
      ${pages.map((says) => html`<li><a href="#pages">${says}</a></li>`)}
    </ul>
  </div>`
}

function errorWords(name: IntakeField, wrong: IntakeErrors['wrong']): string | undefined {
  const why = wrong[name]
  return why && say('en', `wrong-${why}`)
}

function letterPart(view: IntakeView): Html {
  const { today, city } = view
  const ask = asker(view)
  return html`<div class="part">
    ${radios(
      ask('channel', 'channel'),
      recordedChannels.map((value) => ({ value, label: say('en', `channel_${value}`) })),
    )}
    ${line(
      ask('day', 'day', { min: today.subtract({ days: daysBack }).toString(), max: today.toString() }, 'dayHint'),
      'date',
    )}
    ${topicPart(view)} ${box(ask('words', 'words', { maxlength: longestWords }, 'wordsHint'), 9)} ${scansPart(view.scans)}
    <div class="pair">
      ${choice(ask('language', 'language'), [
        { value: 'en', label: say('en', 'english') },
        { value: 'es', label: say('en', 'spanish') },
      ])}
      ${choice(ask('place', 'place'), [
        { value: '', label: say('en', 'placeNone') },
        ...[...city.places.values()].map(({ id, name }) => ({ value: id, label: name.en })),
      ])}
    </div>
  </div>`
}

/** A list that narrows while she types; without script it is the same list. Where several fit, those are offered. */
function topicPart(view: IntakeView): Html {
  const { city, staff, errors } = view
  const could = errors?.could ?? []
  const ask = asker(view)
  if (errors?.wrong.topic === 'topic-several')
    return choice({ ...ask('topic', 'topicOne'), more: { autofocus: true } }, [
      { value: '', label: say('en', 'topicNone') },
      ...could.map(({ id, name, department }) => ({
        value: id,
        label: `${name.en} (${departmentName(city, department)})`,
      })),
    ])
  const option = ({ name, department }: { name: { en: string }; department: TopicDepartment }) =>
    html`<option ${attributes({ value: name.en })}>${departmentName(city, department)}</option>`
  return html`${line(ask('topic', 'topic', { list: 'topics', maxlength: 120 }, 'topicHint'))}
    <datalist id="topics">
      ${topicsFor(city, staff.topics).map(option)}
    </datalist>`
}

type TopicDepartment = NonNullable<ReturnType<City['topics']['get']>>['department']

function personPart(view: IntakeView): Html {
  const { duties } = view
  const ask = asker(view)
  return html`<div class="part">
    <fieldset class="person">
      <legend>${say('en', 'who')}</legend>
      <p class="hint">${say('en', 'whoLead')}</p>
      ${line(ask('name', 'name', { maxlength: 120 }, 'nameWhy'))}
      ${line(ask('email', 'email', { maxlength: 254 }, 'emailWhy'), 'email')}
      ${line(ask('telephone', 'telephone', { maxlength: 40 }, 'telephoneWhy'), 'tel')}
      ${box(ask('address', 'address', { maxlength: 400 }, 'addressWhy'), 3)}
    </fieldset>
    ${line(ask('existing', 'existing', { maxlength: 60, inputmode: 'numeric' }, 'existingHint'))}
    ${choice(
      ask('duty', 'duty'),
      duties.map(({ id, title, department }) => ({
        value: id,
        label: `${title.en}, ${departmentName(view.city, department)}`,
      })),
    )}
  </div>`
}

type Word = Parameters<typeof say>[1]

function asker({ typed, errors }: IntakeView) {
  return (name: IntakeField, label: Word, more: NonNullable<Asked['more']> = {}, hint?: Word): Asked => ({
    name,
    label: say('en', label),
    typed,
    more: { ...more, ...(firstWrong(errors) === name && { autofocus: true }) },
    ...(hint && { hint: say('en', hint) }),
    error: errors && errorWords(name, errors.wrong),
  })
}

/** Where the cursor stands: at the first mistake; on an empty page at the topic, since day and channel are filled in. */
function firstWrong(errors: IntakeErrors | undefined): IntakeField | undefined {
  if (!errors) return 'topic'
  return intakeFields.find((name) => errors.wrong[name] !== undefined)
}

import type { City, Programme, Session } from '../../../city/index.ts'
import { factsList, icon } from '../../../city/look/index.ts'
import { attributes, html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { waiverMark } from '../import-activities.ts'
import { say } from '../messages.ts'
import type { Stage } from '../standing.ts'
import { hoursWords, spanWords } from '../when.ts'
import { isOpen } from './session-rows.ts'
import { pricesWords, stageWords } from './words.ts'

/** The question in which a session is chosen: one is, with what to agree to, or there is a choice. */
export type SessionControl = Readonly<{
  city: City
  name: string
  label: string
  hint?: string
  error?: string
  /** What can be joined on this form. */
  offered: readonly Session[]
  chosen?: Session
  /** The mark of the words that were agreed to, where somebody did. */
  agreed?: string
  /** She said that she has done what comes first. */
  done?: boolean
  stage: (session: Session) => Stage
}>

export function sessionControl(language: Language, asked: SessionControl): Html {
  const { name, label, hint, error, chosen } = asked
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return html`<fieldset
    class="usa-fieldset field joins${error !== undefined && ' wrong'}"
    ${attributes({ id: name, tabindex: -1, 'aria-describedby': described || undefined })}
  >
    <legend>${label}</legend>
    ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error && html`<p class="error" id="${name}-error">${icon('wrong')}<span>${error}</span></p>`}
    ${chosen ? chosenPart(language, asked, chosen) : choice(language, asked)}
  </fieldset>`
}

const programmeOf = ({ activities }: City, { programme }: Session) => activities.programmes.get(programme) as Programme

function chosenPart(language: Language, { city, name, stage, agreed, done }: SessionControl, session: Session): Html {
  const programme = programmeOf(city, session)
  const venue = city.activities.venues.get(session.venue)
  const its = stage(session)
  return html`<input type="hidden" name="${name}" value="${session.id}" />
    <p><strong>${programme.name[language]}</strong></p>
    ${factsList([
      [say(language, 'when'), html`${spanWords(language, session)}<br />${hoursWords(language, session)}`],
      venue && [say(language, 'where'), venue.name[language]],
      [say(language, 'price'), pricesWords(language, programme)],
      [say(language, 'howItStands'), html`<span class="stands">${stageWords(city, language, session, its)}</span>`],
    ])}
    ${its.stage === 'full' && html`<p>${say(language, 'fullNote', { hours: programme.offer })}</p>`}
    ${programme.waiver && waiverPart(language, name, programme.waiver, agreed)}
    ${programme.after.length > 0 && donePart(language, city, { name, programme, done: done ?? false })}
    <p>
      <a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'chooseOther')}</a>
    </p>`
}

function waiverPart(language: Language, name: string, words: Programme['waiver'] & object, agreed?: string): Html {
  const mark = waiverMark(words)
  return html`<p>${words[language]}</p>
    ${checkbox(`${name}-agreed`, mark, agreed === mark, say(language, 'agree'))}`
}

type Before = Readonly<{ name: string; programme: Programme; done: boolean }>

function donePart(language: Language, { activities }: City, { name, programme, done }: Before): Html {
  const before = programme.after.map((id) => activities.programmes.get(id)?.name[language]).join(say(language, 'or'))
  return checkbox(`${name}-done`, 'yes', done, say(language, 'haveDone', { before }))
}

const checkbox = (name: string, value: string, checked: boolean, words: string): Html =>
  html`<div class="usa-checkbox">
    <input class="usa-checkbox__input" ${attributes({ id: name, type: 'checkbox', name, value, checked })} /><label
      class="usa-checkbox__label"
      for="${name}"
      >${words}</label
    >
  </div>`

function choice(language: Language, { city, name, offered, stage }: SessionControl): Html {
  const open = offered.filter((session) => isOpen(stage(session)))
  if (open.length === 0)
    return html`<p>
      ${say(language, 'noneOpen')} <a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'toAll')}</a>
    </p>`
  return html`${open.map((session) => {
    const id = `${name}-${session.id}`
    return html`<div class="usa-radio">
      <input class="usa-radio__input" ${attributes({ id, type: 'radio', name, value: session.id })} /><label
        class="usa-radio__label"
        for="${id}"
        >${programmeOf(city, session).name[language]}, ${spanWords(language, session)}
        <small class="soft">${stageWords(city, language, session, stage(session))}</small></label
      >
    </div> `
  })}`
}

import type { City } from '../../../city/index.ts'
import { empty, evidenceList, momentWords, notice as noticeBox, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { ChildId } from '../../residents/index.ts'
import type { Held } from '../held.ts'
import type { KeptNotice, NoticeHash } from '../notice.ts'
import { say } from '../own/child-messages.ts'
import type { ConsentOfHers, LookLine } from '../own/read.ts'

export type HeldView = Readonly<{
  city: City
  language: Language
  child: ChildId
  firstName: string
  consents: readonly ConsentOfHers[]
  notices: ReadonlyMap<NoticeHash, KeptNotice>
  held: readonly Held[]
  done?: boolean
}>

/** What the city holds about a child, answer by answer, each with a field to correct it. */
export function heldPage(view: HeldView): Html {
  const { city, language, child, firstName, consents, held, done } = view
  const title = say(language, 'hereTitle')
  const path = `/me/consents/${child}/held`
  const some = consents.filter(({ id }) => held.some(({ consent }) => consent === id))
  const body = html`<div class="wrap page own consent">
    <p><a class="back" href="${inLanguage(language, `/me/consents/${child}`)}">${say(language, 'title', { child: firstName })}</a></p>
    ${done && html`<div role="status">${noticeBox('done', html`<p>${say(language, 'done-corrected')}</p>`)}</div>`}
    <h1>${title}</h1>
    <p class="lead">${say(language, 'hereLead')}</p>
    ${
      some.length === 0
        ? empty(say(language, 'hereNone'), html`<p>${say(language, 'hereNoneSays')}</p>`)
        : html`${some.map((consent) => heldOf(view, consent))}
            <p>
              <a class="usa-button usa-button--outline" href="${inLanguage(language, `/me/consents/${child}/copy`)}" download
                >${say(language, 'download')}</a
              >
            </p>`
    }
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true })
}

function heldOf(view: HeldView, consent: ConsentOfHers): Html {
  const { city, language, child, notices, held } = view
  const notice = notices.get(consent.notice)?.notice
  const purpose = notice?.purposes.find(({ id }) => id === consent.purpose)
  const labelOf = (field: string) => purpose?.asks.find((one) => one.field === field)?.label[language] ?? field
  return html`<section class="purpose" aria-labelledby="held-${consent.id}">
    <h2 id="held-${consent.id}">${purpose?.title[language] ?? consent.purpose}</h2>
    <p class="soft">${notice?.title[language] ?? ''}</p>
    ${held
      .filter((one) => one.consent === consent.id)
      .map(({ field, text, at }) => {
        const id = `${consent.id}-${field}`
        return html`<form class="form" method="post" action="${inLanguage(language, `/me/consents/${child}/held`)}">
          <div class="field">
            <label for="${id}">${labelOf(field)}</label>
            <p class="hint" id="${id}-hint">${say(language, 'heldSince', { when: momentWords(language, at, city.timeZone) })}</p>
            <textarea class="usa-textarea" rows="2" id="${id}" name="text" aria-describedby="${id}-hint" maxlength="4000">
${text}</textarea
            >
          </div>
          <input type="hidden" name="consent" value="${consent.id}" /><input type="hidden" name="field" value="${field}" />
          <p><button class="usa-button usa-button--outline" type="submit">${say(language, 'save')}</button></p>
        </form>`
      })}
  </section>`
}

export type LooksView = Readonly<{
  city: City
  language: Language
  child: ChildId
  firstName: string
  looks: readonly LookLine[]
  titleOf: (line: LookLine) => string | undefined
}>

/** Who looked, on what duty and why, each line with its proof. */
export function looksPage({ city, language, child, firstName, looks, titleOf }: LooksView): Html {
  const title = say(language, 'looksTitle')
  const path = `/me/consents/${child}/looks`
  const body = html`<div class="wrap page own consent">
    <p><a class="back" href="${inLanguage(language, `/me/consents/${child}`)}">${say(language, 'title', { child: firstName })}</a></p>
    <h1>${title}</h1>
    <p class="lead">${say(language, 'looksLead', { child: firstName })}</p>
    ${
      looks.length === 0
        ? empty(say(language, 'looksNone'), html`<p>${say(language, 'looksNoneSays')}</p>`)
        : evidenceList(
            language,
            city.timeZone,
            looks.map((line) => ({
              did: didWords(language, line.act),
              at: line.at,
              because: [titleOf(line), ...whoWords(city, language, line)].filter((part) => part !== undefined),
              entry: line.count,
              proof: line.sequenced
                ? { href: inLanguage(language, `/me/consents/${child}/looks/${line.id}`) }
                : say(language, 'soon'),
            })),
          )
    }
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true })
}

function didWords(language: Language, act: string): string {
  const key = `did-${act}`
  return isKey(key) ? say(language, key) : say(language, 'did-other', { act })
}
const isKey = (key: string): key is keyof typeof say.words.en => key in say.words.en

function whoWords(city: City, language: Language, line: LookLine): readonly (string | undefined)[] {
  switch (line.actorKind) {
    case 'person':
      return [say(language, 'you')]
    case 'system':
      return [say(language, 'program')]
    case 'operator':
      return [say(language, 'operator')]
    case 'staff': {
      const duty = line.duty ? city.duties.get(line.duty) : undefined
      const reason = duty?.reasons.find(({ id }) => id === line.reason)
      const department = line.department ? city.departments.get(line.department) : undefined
      return [duty?.title[language] ?? line.duty ?? undefined, department?.name[language], reason?.text[language]]
    }
    default:
      return line.actorKind satisfies never
  }
}

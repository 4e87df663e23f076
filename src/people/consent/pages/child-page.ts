import { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { dateWords, empty, factsList, icon, moment, notice as noticeBox, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import type { ChildId } from '../../residents/index.ts'
import type { ConsentId } from '../actor.ts'
import { difference, type Change } from '../difference.ts'
import type { KeptNotice, NoticeHash, Purpose } from '../notice.ts'
import { say } from '../own/child-messages.ts'
import { say as sayAsking } from '../own/messages.ts'
import { liveStates, type ConsentOfHers, type CustodyOfHers, type ReceiptOfHers } from '../own/read.ts'

export type DoneWord = 'objected' | 'corrected' | 'confirmed' | 'answered' | 'proved'

export type ChildView = Readonly<{
  city: City
  language: Language
  child: ChildId
  firstName: string
  /** Whether she who was the child looks at her own. */
  own: boolean
  consents: readonly ConsentOfHers[]
  notices: ReadonlyMap<NoticeHash, KeptNotice>
  receipts: readonly ReceiptOfHers[]
  custody: ReadonlyMap<ConsentId, CustodyOfHers>
  done?: DoneWord
  nothingChosen?: boolean
  today: Temporal.PlainDate
}>

/** One child's consents, thing by thing: how each stands, and what she can do about it. */
export function childPage(view: ChildView): Html {
  const { city, language, child, firstName, own, consents, receipts, done, nothingChosen } = view
  const title = own ? say(language, 'titleOwn') : say(language, 'title', { child: firstName })
  const path = `/me/consents/${child}`
  const to = (rest: string) => inLanguage(language, `${path}/${rest}`)
  const things = [...Map.groupBy(consents, ({ thing }) => thing).values()]
  const live = consents.some(({ state }) => liveStates.includes(state))
  const body = html`<div class="wrap page own consent">
    <p><a class="back" href="${inLanguage(language, '/me')}">${say(language, 'back')}</a></p>
    ${done && html`<div role="status">${noticeBox('done', html`<p>${say(language, `done-${done}`)}</p>`)}</div>`}
    ${nothingChosen && html`<div role="alert">${noticeBox('wrong', html`<p>${say(language, 'revokeNone')}</p>`)}</div>`}
    <h1>${title}</h1>
    ${
      things.length === 0
        ? empty(say(language, 'none'), html`<p>${say(language, 'noneSays', { child: firstName })}</p>`)
        : html`<p class="lead">${say(language, 'lead')}</p>
            <p><a class="onward" href="${to('held')}">${say(language, 'hereLink', { child: firstName })}</a></p>
            <p><a class="onward" href="${to('looks')}">${say(language, 'looksLink')}</a></p>
            <form class="form" method="get" action="${to('revocation')}">
              ${things.map((of) => thingPart(view, of))}
              ${
                live &&
                html`<section class="purpose" aria-labelledby="take-back">
                  <h2 id="take-back">${say(language, 'revokeTitle')}</h2>
                  <p>${say(language, 'revokeLead')}</p>
                  <p><button class="usa-button" type="submit">${say(language, 'revokeGo')}</button></p>
                </section>`
              }
            </form>
            ${things.map((of) => actsPart(view, of))}`
    }
    ${receipts.length > 0 && receiptsPart(view)}
  </div>`
  return page({ city, language, path, title, body, personal: true, signedIn: true })
}

/** Of each purpose the newest consent: what came before stands in the receipts and the looks. */
function latest(consents: readonly ConsentOfHers[]): readonly ConsentOfHers[] {
  const seen = new Set<string>()
  return consents.filter(({ purpose }) => !seen.has(purpose) && seen.add(purpose))
}

function thingPart(view: ChildView, consents: readonly ConsentOfHers[]): Html {
  const { language, notices } = view
  const [first] = consents
  const notice = first && (notices.get(first.newest) ?? notices.get(first.notice))
  if (!first || !notice) return html``
  return html`<section class="thing" aria-labelledby="thing-${first.id}">
    <h2 id="thing-${first.id}">${notice.notice.title[language]}</h2>
    ${latest(consents).map((consent) => consentPart(view, consent))}
  </section>`
}

function consentPart(view: ChildView, consent: ConsentOfHers): Html {
  const { city, language, notices } = view
  const purpose = notices.get(consent.notice)?.notice.purposes.find(({ id }) => id === consent.purpose)
  const title = purpose?.title[language] ?? consent.purpose
  const isLive = liveStates.includes(consent.state)
  const date = consent.endedAt && moment(language, consent.endedAt, city.timeZone)
  const good = consent.state === 'in-force' || consent.state === 'passed'
  return html`<div class="purpose" id="consent-${consent.id}">
    <h3>${title}</h3>
    <p class="standing ${good ? 'good' : ''}">
      ${icon(good ? 'done' : 'note')}
      <span>${say.rich(language, `state-${consent.state}`, { date: date ?? '' })}</span>
    </p>
    <p class="soft">
      ${sayAsking(language, consent.needed ? 'needed' : 'optional')}${
        isLive && html` · ${say(language, 'until', { date: dateWords(language, consent.until) })}`
      }${consent.method && html` · ${say(language, 'shown', { how: sayAsking(language, `shown-${consent.method}`) })}`}${
        !consent.own && isLive && html` · ${say(language, 'byOther')}`
      }
      · ${keptWords(view, consent)}
    </p>
    ${purpose && agreedTo(view, purpose, consent)}
    ${
      isLive &&
      html`<div class="usa-checkbox">
        <input class="usa-checkbox__input" type="checkbox" id="take-${consent.id}" name="consent-${consent.id}" value="yes" />
        <label class="usa-checkbox__label" for="take-${consent.id}">${say(language, 'choose', { title })}</label>
      </div>`
    }
  </div>`
}

/** What is held; and of what was taken back, until when it lies under custody, or that it is gone. */
function keptWords({ city, language, custody }: ChildView, { id, held }: ConsentOfHers): Html | string {
  const under = custody.get(id)
  if (!under) return say(language, 'held', { count: held })
  if (under.destroyedAt)
    return say.rich(language, 'custodyDestroyed', { date: moment(language, under.destroyedAt, city.timeZone) })
  const until = under.until && dateWords(language, under.until)
  return until === null
    ? say(language, 'inCustody')
    : say(language, under.heldSince ? 'custodyHeld' : 'custodyUntil', { date: until })
}

function agreedTo({ city, language }: ChildView, purpose: Purpose, { closed }: ConsentOfHers): Html {
  const reason =
    purpose.closedToGuardians === undefined ? undefined : city.consent?.closedToGuardians.get(purpose.closedToGuardians)
  return html`${closed && html`<p>${say(language, 'closedReason', { reason: reason?.[language] ?? '' })}</p>`}
    <details>
      <summary>${say(language, 'details')}</summary>
      ${factsList([
        [say(language, 'why'), purpose.why[language]],
        [say(language, 'asks'), purpose.asks.map(({ label }) => label[language]).join(' · ')],
        [say(language, 'sees'), purpose.sees[language]],
        [say(language, 'kept'), purpose.kept[language]],
      ])}
    </details>`
}

/** What can be done beside taking back: a new version, yes after all, objecting, and whether it stands for her of age. */
function actsPart(view: ChildView, consents: readonly ConsentOfHers[]): Html {
  const { language, child, notices } = view
  const current = latest(consents)
  const [first] = current
  if (!first) return html``
  const was = notices.get(first.notice)
  const now = notices.get(first.newest)
  const changes = was && now && was.hash !== now.hash ? difference(was.notice, now.notice) : []
  const over = current.filter(({ state }) => !liveStates.includes(state))
  const at = (rest: string) => inLanguage(language, `/me/consents/${child}/${rest}`)
  const titleOf = ({ notice, purpose }: ConsentOfHers) =>
    notices.get(notice)?.notice.purposes.find(({ id }) => id === purpose)?.title[language] ?? purpose
  const button = (action: string, label: string, fields: Readonly<Record<string, string>>) =>
    html`<form class="form" method="post" action="${at(action)}">
      ${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <button class="usa-button usa-button--outline" type="submit">${label}</button>
    </form>`
  const ending = endingSoon(view, current)
  return html`${
    ending.length > 0 &&
    html`<section class="purpose" aria-labelledby="ending-${first.id}">
      <h2 id="ending-${first.id}">${say(language, 'endingTitle', { title: now?.notice.title[language] ?? '' })}</h2>
      <p>${say(language, 'endingLead', { titles: ending.map(titleOf).join(', ') })}</p>
      ${changes.length === 0 && html`<p>${say(language, 'endingSame')}</p> ${button('requests', say(language, 'renew'), { thing: first.thing })}`}
    </section>`
  }
  ${
    changes.length > 0 &&
    was &&
    now &&
    html`<section class="purpose" aria-labelledby="changed-${first.id}">
      <h2 id="changed-${first.id}">${say(language, 'changedTitle')}: ${now.notice.title[language]}</h2>
      <p>${say(language, 'changedLead', { was: was.version, now: now.version })}</p>
      ${changesList(language, changes)} ${button('requests', say(language, 'changedAnswer'), { thing: first.thing })}
    </section>`
  }
  ${current
    .filter(({ own, state }) => !own && !view.own && (state === 'in-force' || state === 'given'))
    .map(
      (consent) =>
        html`<section class="purpose" aria-labelledby="object-${consent.id}">
        <h2 id="object-${consent.id}">${titleOf(consent)}</h2>
        <p>${say(language, 'objectLead')}</p>
        ${button('objections', say(language, 'objectGo'), { consent: consent.id })}
      </section>`,
    )}
  ${current
    .filter(({ state }) => state === 'passed')
    .map((consent) =>
      button('confirmations', say(language, 'confirmGo', { title: titleOf(consent) }), { consent: consent.id }),
    )}
  ${
    over.length > 0 &&
    changes.length === 0 &&
    html`<section class="purpose" aria-label="${say(language, 'again', { title: now?.notice.title[language] ?? '' })}">
      <p>${say(language, 'againLead')}</p>
      ${button('requests', say(language, 'again', { title: over.map(titleOf).join(', ') }), { thing: first.thing })}
    </section>`
  }`
}

/** What is in force, runs out soon, and would hold longer if she answered anew. */
function endingSoon({ city, notices, today }: ChildView, current: readonly ConsentOfHers[]): readonly ConsentOfHers[] {
  const soon = today.add({ days: city.consent?.endingDays ?? 0 })
  return current.filter(({ state, until, newest, purpose }) => {
    const lasts = notices.get(newest)?.notice.purposes.find(({ id }) => id === purpose)?.lasts
    if (state !== 'in-force' || Temporal.PlainDate.compare(until, soon) > 0 || !lasts) return false
    const next = 'until' in lasts ? Temporal.PlainDate.from(lasts.until) : today.add(lasts)
    return Temporal.PlainDate.compare(next, until) > 0
  })
}

/** Exactly what another version says otherwise. A code stands for a fact that has no words in the notice. */
export function changesList(language: Language, changes: readonly Change[]): Html {
  return html`<ul class="changes">
    ${changes.map(
      ({ change, title, was, now }) =>
        html`<li>
          <strong>${title[language]} · ${say(language, `change-${change}`)}</strong>
          ${was && html`<br /><del>${say(language, 'was', { words: factWords(language, change, was[language]) })}</del>`}
          ${now && html`<br /><ins>${say(language, 'now', { words: factWords(language, change, now[language]) })}</ins>`}
        </li> `,
    )}
  </ul>`
}

/** Facts of the program stand in a change as codes: here they become words. Words of the city's stay as they are. */
function factWords(language: Language, change: Change['change'], words: string): string {
  switch (change) {
    case 'needed':
    case 'record':
    case 'disclosed':
      return say(language, words === 'true' ? 'fact-yes' : 'fact-no')
    case 'sight':
      return say(language, words === 'topic' ? 'sight-topic' : words === 'session' ? 'sight-session' : 'sight-nobody')
    case 'closed':
      return say(language, words === '-' ? 'fact-yes' : 'fact-no')
    case 'agencies':
      return words === '' ? say(language, 'fact-none') : words
    case 'lasts':
    case 'strength':
      return words
        .replace(/[a-z-]*=/g, '')
        .replace(/"/g, '')
        .replace(/,/g, ' / ')
    default:
      return words
  }
}

function receiptsPart({ city, language, child, receipts }: ChildView): Html {
  return html`<section aria-labelledby="receipts">
    <h2 id="receipts">${say(language, 'receiptsTitle')}</h2>
    <ul>
      ${receipts.map(
        ({ id, at }) =>
          html`<li>
            <a href="${inLanguage(language, `/me/consents/${child}/receipts/${id}`)}"
              >${say.rich(language, 'receiptLine', { date: moment(language, at, city.timeZone) })}</a
            >
          </li> `,
      )}
    </ul>
  </section>`
}

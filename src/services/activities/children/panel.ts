import type { Temporal } from 'temporal-polyfill'
import type { City, RefundRule, SessionId } from '../../../city/index.ts'
import type { ConsequenceWords } from '../../../people/consent/index.ts'
import type { ChildId, HomePanel } from '../../../people/residents/index.ts'
import { html, inLanguage, sql, type Html, type Language } from '../../../plumbing/index.ts'
import { standingOf, type EnrolmentRow } from '../in-hand.ts'
import { standingWords } from '../pages/standing.ts'
import { moneyWords } from '../pages/words.ts'
import { spanWords } from '../when.ts'
import { say } from './messages.ts'
import { sessionOf } from './notice.ts'
import { stageOfChild, type ChildConsent } from './standing.ts'

type Row = EnrolmentRow & Readonly<{ id: string; child: ChildId; session: SessionId; number: number; refund: RefundRule | null; ended_at: Temporal.Instant | null }> // prettier-ignore

/** Under each child on a guardian's page: what she takes part in, how it stands, what is still to be finished. */
export function childrenPanel(city: City): HomePanel {
  return {
    ofChild: async (tx, { child, language }) => {
      const rows = (await tx.rows<Row>(sql`select * from activities.of_hers()`)).filter((one) => one.child === child.id)
      const consents = (
        await tx.rows<ChildConsent & { thing: string }>(
          sql`select id, child, request, purpose, needed, state, thing from consent.of_hers()
            where thing like 'activity:%' and state in ('given', 'in-force', 'frozen', 'passed')`,
        )
      ).filter((one) => one.child === child.id)
      const open = [...new Set(consents.map(({ thing }) => thing))].flatMap((thing) =>
        openIn(city, thing, rows, consents),
      )
      return html`<p><strong>${say(language, 'panelTitle')}</strong></p>
        ${rows.length > 0 && html`<ul>${rows.map((row) => enrolment(city, language, row))}</ul>`}
        ${open.map(
          ({ id, what }) =>
            html`<p><a class="onward" href="${inLanguage(language, `/me/activities/${id}/${child.id}`)}">${say(language, 'panelReady', { what: what[language] })}</a></p>`,
        )}
        <p><a class="onward" href="${inLanguage(language, '/activities')}">${say(language, 'find', { name: child.about.firstName })}</a></p>`
    },
  }
}

function enrolment(city: City, language: Language, row: Row): Html {
  const session = city.activities.sessions.get(row.session)
  const programme = session && city.activities.programmes.get(session.programme)
  const what = session && programme ? `${programme.name[language]}, ${spanWords(language, session)}` : row.session
  return html`<li>
    <strong>${what}</strong>: ${standingWords(city, language, { standing: standingOf(row) })}
    ${row.ended_at === null && html`<span class="soft">${say(language, 'receiptNote', { number: String(row.number) })}</span>`}
  </li> `
}

/** A session to which she consented and for which nobody was signed up yet. */
function openIn(
  city: City,
  thing: string,
  rows: readonly Row[],
  consents: readonly (ChildConsent & { thing: string })[],
) {
  const session = city.activities.sessions.get(sessionOf(thing) ?? ('' as SessionId))
  const programme = session && city.activities.programmes.get(session.programme)
  if (!session || !programme || rows.some((row) => row.session === session.id)) return []
  const stage = stageOfChild(programme, consents.filter((one) => one.thing === thing)) // prettier-ignore
  return stage.stage === 'not-asked' ? [] : [{ id: session.id, what: programme.name }]
}

const codes = ['place-ends', 'place-offered', 'takes-part-on', 'paid-back'] as const

/** In a guardian's words, what the end of a consent does to taking part (`consent.follow_activities`). */
export const activityConsequenceWords: ConsequenceWords = ({ code, detail }, language) => {
  const known = codes.find((one) => one === code)
  const cents = Number(/cents=(\d+)/.exec(detail ?? '')?.[1] ?? 0)
  return known && say(language, known, { amount: moneyWords(language, cents) })
}

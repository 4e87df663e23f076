import { Temporal } from 'temporal-polyfill'
import type { City, Programme, Session } from '../../../city/index.ts'
import { empty, factsList, moment, page } from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'
import { momentOf, spanWords } from '../when.ts'
import { offeredOf } from './check-draw.ts'
import type { Draw } from './read-draw.ts'

type DrawView = Readonly<{ city: City; session: Session; draw?: Draw }>

/** `/activities/{programme}/{session}/draw`: how the places were drawn, every ticket in its order, and how to check it. */
export function drawPage(language: Language, { city, session, draw }: DrawView): Html {
  const programme = city.activities.programmes.get(session.programme) as Programme
  const at = `/activities/${programme.id}/${session.id}`
  const title = say(language, 'drawTitle', { what: programme.name[language] })
  const body = html`<div class="wrap page">
    <p><a class="onward" href="${inLanguage(language, at)}">${programme.name[language]}, ${spanWords(language, session)}</a></p>
    <h1>${title}</h1>
    ${draw ? drawn(language, city, session, draw) : notYet(language, city, session)}
  </div>`
  return page({ city, language, path: `${at}/draw`, title, description: say(language, 'drawLead'), body })
}

const notYet = (language: Language, { timeZone }: City, { closes }: Session): Html =>
  empty(
    say(language, 'drawNotYetTitle'),
    html`<p>${say(language, 'drawNotYet', { at: momentOf(language, timeZone, closes) })}</p>`,
  )

function drawn(language: Language, { timeZone }: City, session: Session, draw: Draw): Html {
  const { tickets, size, root, digest, seed } = draw
  const places = placesDrawn(session, draw)
  const offered = offeredOf(tickets, places)
  const code = (value: string) => html`<code class="long">${value}</code>`
  return html`<p class="lead">${say(language, 'drawLead')}</p>
    ${factsList([
      [say(language, 'drawClosed'), moment(language, draw.closedAt, timeZone)],
      [say(language, 'drawTickets'), say(language, 'drawTicketsOf', { tickets: tickets.length, places })],
      [say(language, 'drawDigest'), code(digest.toString('hex'))],
      [say(language, 'drawCheckpoint'), html`${String(size)}<br />${code(root.toString('base64'))}`],
      [say(language, 'drawSeed'), code(seed.toString('hex'))],
    ])}
    <section class="block" aria-labelledby="tickets">
      <h2 id="tickets">${say(language, 'drawOrder')}</h2>
      ${
        tickets.length === 0
          ? html`<p>${say(language, 'drawNobody')}</p>`
          : html`<ol class="tickets">
              ${tickets.map(({ ticket, drawnWith }) => html`<li${!offered.has(ticket) && html` class="soft"`}><code>${ticket}</code>${drawnWith !== ticket && html` <span class="soft">${say(language, 'drawWith', { ticket: drawnWith })}</span>`}</li> `)}
            </ol>
            <p class="soft">${say(language, 'drawPlaces', { places })}</p>`
      }
    </section>
    <section class="block" aria-labelledby="check">
      <h2 id="check">${say(language, 'drawCheck')}</h2>
      <ol>
        <li>${say(language, 'drawCheckEntry')}</li>
        <li>${say(language, 'drawCheckRoot')}</li>
        <li>${say(language, 'drawCheckOrder')}</li>
        <li>${say(language, 'drawCheckPlaces')}</li>
        <li>${say.rich(language, 'drawCheckCommand', { command: html`<code>npx cityhall activities draw ${session.id} --check</code>` })}</li>
      </ol>
      <p>
        <a class="onward" href="${inLanguage(language, `/activities/${session.programme}/${session.id}/draw.json`)}"
          >${say(language, 'drawFile')}</a
        >
      </p>
    </section>`
}

/** What was there to be drawn: not what is kept for the counter that day. */
const placesDrawn = ({ places, reserve }: Session, { drawnAt }: Draw): number =>
  reserve && Temporal.Instant.compare(drawnAt, reserve.until) < 0 ? places - reserve.places : places

/** All of it as a file, from which anybody can compute the drawing anew. */
export const drawFile = (draw: Draw): string =>
  `${JSON.stringify(
    {
      ...{ session: draw.session, closedAt: draw.closedAt.toString(), drawnAt: draw.drawnAt.toString() },
      entry: { index: draw.seq, salt: draw.salt.toString('base64'), statement: draw.statement },
      ...{ digest: draw.digest.toString('hex'), checkpoint: draw.note, seed: draw.seed.toString('hex') },
      tickets: draw.tickets,
    },
    null,
    2,
  )}\n`

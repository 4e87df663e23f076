import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { moment } from '../../../city/look/index.ts'
import { html, sql, type Html, type Tx } from '../../../plumbing/index.ts'
import type { CasePanel, SeenOnDesk } from '../../correspondence/index.ts'
import { sayOnDesk } from '../describe/desk-messages.ts'
import { longestDescription } from '../describe/publish-description.ts'
import { say } from '../messages.ts'

type Described = Readonly<{ words: string; published_at: Temporal.Instant }>

/** What everybody can read of a case: for the clerk, who may add words, and for the person it is about. */
export function listedPanel(city: City): CasePanel {
  return {
    onDesk: async (tx, seen) =>
      city.topics.get(seen.line.topic)?.published
        ? onDesk(city, seen, seen.beside.has('open311') ? await descriptionOf(tx) : undefined)
        : undefined,
    onReceipt: async (tx, { line, language }) => {
      if (!city.topics.get(line.topic)?.published) return undefined
      const described = await descriptionOf(tx)
      return html`<section>
        <h2>${say(language, 'listedTitle')}</h2>
        <p>${say(language, 'listedLead')}</p>
        ${described && html`<p>${say(language, 'listedWords')}</p><blockquote lang="en">${described.words}</blockquote>`}
      </section>`
    },
  }
}

const descriptionOf = (tx: Tx) => tx.row<Described>(sql`select words, published_at from open311.description_in_hand()`)

function onDesk(city: City, { line, duty, key, query }: SeenOnDesk, described: Described | undefined): Html {
  const topic = city.topics.get(line.topic)?.name.en ?? line.topic
  const place = line.place ? (city.places.get(line.place)?.name.en ?? line.place) : sayOnDesk('en', 'placeNone')
  const state = sayOnDesk('en', line.state === 'closed' ? 'stateClosed' : 'stateOpen')
  const mayWrite = city.duties.get(duty)?.may.includes('answer') ?? false
  const at = `/desk/cases/${line.id}/descriptions`
  return html`<section class="write listed" id="public" aria-labelledby="listed">
    <h2 id="listed">${sayOnDesk('en', 'title')}</h2>
    <p class="hint">${sayOnDesk('en', 'lead', { topic, place, state })}</p>
    ${
      described &&
      html`<h3>${sayOnDesk('en', 'wordsOf')}</h3>
        <blockquote class="public-words">${described.words}</blockquote>
        <form class="row" method="post" action="${at}/withdrawals${query}">
          <span class="hint">${sayOnDesk.rich('en', 'since', { when: moment('en', described.published_at, city.timeZone) })}</span>
          ${mayWrite && html`<button class="button outline" type="submit">${sayOnDesk('en', 'takeBack')}</button>`}
        </form>`
    }
    ${
      mayWrite &&
      html`<details>
        <summary>${sayOnDesk('en', described ? 'change' : 'add')}</summary>
        ${key ? describeForm(`${at}${query}`, line.version, '', 'look') : html`<p class="hint">${sayOnDesk('en', 'openFirst')}</p>`}
      </details>`
    }
  </section>`
}

/** The box for the public words; it leads to the preview, never straight out. */
export function describeForm(
  action: string,
  version: number,
  words: string,
  button: 'look' | 'again',
  error?: string,
): Html {
  return html`<form method="post" action="${action}">
    <input type="hidden" name="version" value="${version}" />
    <label for="public-words">${sayOnDesk('en', 'label')}</label>
    <p class="hint" id="public-words-hint">${sayOnDesk('en', 'hint')}</p>
    ${error !== undefined && html`<p class="error" id="public-words-error">${error}</p>`}
    <textarea
      id="public-words"
      name="words"
      rows="4"
      maxlength="${longestDescription}"
      aria-describedby="${error === undefined ? '' : 'public-words-error '}public-words-hint"
    >
${words}</textarea
    >
    <div class="row"><button class="button outline" type="submit">${sayOnDesk('en', button)}</button></div>
  </form>`
}

import type { City } from '../../../city/index.ts'
import { dateWords } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import type { ConsentId } from '../actor.ts'
import { say } from '../own/revoke-messages.ts'

/** One line of what follows, as the preview shows it and as the receipt keeps it. */
export type Line = Readonly<{
  consent: ConsentId
  code: string
  thing: string
  at: string | null
  detail: string | null
}>

/** A room's words for its codes; undefined where a code is not its own. */
export type ConsequenceWords = (line: Line, language: Language) => string | undefined

/** Which purpose a line is about, and how long its records are kept. */
export type About = Readonly<{ id: ConsentId; title: string; kept: string }>

/** The lines by purpose, each purpose under its name, in the order in which she chose them. */
export function consequencesList(
  city: City,
  language: Language,
  lines: readonly Line[],
  about: readonly About[],
  words: readonly ConsequenceWords[],
): Html {
  return html`${about.map(
    (one) =>
      html`<section class="follows" aria-labelledby="of-${one.id}">
        <h3 id="of-${one.id}">${one.title}</h3>
        <ul>
          ${inOrder(lines.filter(({ consent }) => consent === one.id)).map(
            (line) => html`<li>${lineWords(city, language, line, one, words)} ${whenWords(language, line)}</li>`,
          )}
        </ul>
      </section> `,
  )}`
}

const order = ['use-stops', 'withdrawn', 'custody-until', 'destroyed', 'mail-dropped', 'agency-told', 'backups-expire']
/** What stops, then what other rooms do, then what becomes of what is held. */
function inOrder(lines: readonly Line[]): readonly Line[] {
  const rank = ({ code }: Line) => (order.includes(code) ? (code === 'use-stops' ? 0 : 2 + order.indexOf(code)) : 1)
  return [...lines].sort((a, b) => rank(a) - rank(b))
}

function lineWords(
  city: City,
  language: Language,
  line: Line,
  { kept }: About,
  words: readonly ConsequenceWords[],
): string {
  const [, value = ''] = (line.detail ?? '').split('=')
  switch (line.code) {
    case 'use-stops':
    case 'destroyed':
    case 'custody-until':
    case 'backups-expire':
      return say(language, `code-${line.code}`)
    case 'withdrawn':
      return say(language, 'code-withdrawn', { kept })
    case 'mail-dropped':
      return say(language, 'code-mail-dropped', { letters: Number(value) })
    case 'agency-told': {
      const agency = [...city.agencies.values()].find(({ id }) => id === value)
      return say(language, 'code-agency-told', { agency: agency?.name[language] ?? value })
    }
    default:
      return (
        words.map((of) => of(line, language)).find((said) => said !== undefined) ??
        say(language, 'code-other', { code: line.code })
      )
  }
}

const whenWords = (language: Language, { code, at }: Line) =>
  (code === 'backups-expire' || code === 'custody-until') &&
  at !== null &&
  html`<strong>${dateWords(language, dayOf(at))}</strong>`

function dayOf(at: string): Parameters<typeof dateWords>[1] {
  const [year = 0, month = 1, day = 1] = at.split('-').map(Number)
  return { year, month, day } as Parameters<typeof dateWords>[1]
}

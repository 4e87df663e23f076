import { html, type Tx } from '../../plumbing/index.ts'
import { today, type CasePanel, type House, type SeenOnDesk } from '../correspondence/index.ts'
import { remindersOf } from './ageing.ts'
import { callingLine } from './calling.ts'
import { possibleDuplicates } from './duplicates.ts'
import { isJoined, joinedWith } from './joined.ts'
import { togetherPart } from './pages/below.ts'
import { reminderBar, routedBy, suggestionBar } from './pages/top.ts'
import { sayOnReceipt } from './receipt-messages.ts'
import { suggest } from './suggest.ts'
import { wordsToCount } from './words.ts'

/** What this room shows on a case: reminders, the rule that brought it, where it may belong, and what it belongs with. */
export function routingPanel(house: Pick<House, 'keys' | 'city' | 'clock'>): CasePanel {
  const { city } = house
  return {
    atTop: async (tx, seen) => {
      const reminders = seen.beside.has('reminders')
        ? ((await remindersOf(tx, [seen.line])).get(seen.line.id) ?? [])
        : []
      return html`${reminderBar(city, seen.line, reminders)} ${routedBy(city, seen.line)} ${await suggested(tx, house, seen)}`
    },
    onDesk: async (tx, seen) => {
      const joined = seen.beside.has('joined') ? await joinedWith(tx) : { children: [] }
      const apart = new Set([joined.parent?.id, ...joined.children.map(({ id }) => id)])
      const isProblem = city.topics.get(seen.line.topic)?.problem ?? false
      const near = isProblem ? (await possibleDuplicates(tx, seen.line)).filter(({ id }) => !apart.has(id)) : []
      const answer = seen.letters?.findLast(({ kind }) => kind === 'reply')?.words
      return togetherPart({ city, today: today(house) }, seen, joined, near, answer)
    },
    onReceipt: async (tx, { language }) =>
      (await isJoined(tx))
        ? html`<section>
            <h2>${sayOnReceipt(language, 'joinedTitle')}</h2>
            <p>${sayOnReceipt(language, 'joined')}</p>
          </section>`
        : undefined,
    inRail: (tx) => callingLine(tx),
  }
}

/** Only of a letter that lies open, and only to somebody who may move it. */
async function suggested(tx: Tx, { keys, city }: Pick<House, 'keys' | 'city'>, seen: SeenOnDesk) {
  const { letters, line, staff } = seen
  const mayMove = staff.duties
    .map((id) => city.duties.get(id))
    .some((duty) => duty?.topics.includes(line.topic) && duty.may.includes('move'))
  const waits = line.state === 'new' || line.state === 'open'
  if (!letters || !mayMove || !waits || city.topics.get(line.topic)?.sensitive) return undefined
  const suggestion = await suggest(tx, city, line.topic, wordsToCount(keys, city, letters.slice(0, 1)))
  return suggestion && suggestionBar(city, seen, suggestion)
}

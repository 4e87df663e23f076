import { sql } from '../../plumbing/index.ts'
import { receiveSamples, type House, type IncomingLetter } from '../correspondence/index.ts'
import type { Forms } from './define.ts'
import { at } from './sample-clock.ts'
import { letterOf } from './submit.ts'

const batch = 500
/** Transactions under way at once: sealing is done here while the database writes. */
const lanes = 3
const twoYears = 730

/**
 * Makes many cases out of the sample's letters, spread over two years and all topics and places: four in a hundred wait,
 * six are answered, the rest are closed. They come in through the same database act as any letter; how they were closed
 * is not told, so their ledger has one entry each. Nothing is mailed.
 */
export async function loadSampleCases(
  house: House & Readonly<{ forms: Forms }>,
  cases: number,
): Promise<{ cases: number }> {
  const letters = lettersOf(house)
  const now = house.clock.now()
  let next = 0
  const lane = async (): Promise<void> => {
    for (let made = next; made < cases; made = next) {
      next += batch
      const daysAgo = twoYears - Math.floor((made / cases) * twoYears)
      const then = at(house, now.subtract({ hours: daysAgo * 24 }))
      await takeIn(
        then,
        Array.from({ length: Math.min(batch, cases - made) }, (_, n) => varied(house, letters, made + n)),
      )
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  // What PostgreSQL does by itself in the minutes after, so that lists are counted in their index alone at once.
  await house.db.once(
    sql`vacuum (analyze) correspondence.casefile, correspondence.message, vault.subject, vault.token, ledger.entry`,
  )
  return { cases }
}

async function takeIn(then: House, letters: readonly IncomingLetter[]): Promise<void> {
  await then.db.transaction(async (tx) => {
    const ids = await receiveSamples(then, tx, letters)
    const answered = ids.filter((_, n) => n % 100 >= 4 && n % 100 <= 9)
    const closed = ids.filter((_, n) => n % 100 >= 10)
    await tx.rows(sql`update correspondence.casefile set
      state = case when id = any (${answered}::uuid[]) then 'answered' else 'closed' end,
      closed_because = case when id = any (${answered}::uuid[]) then null else 'done' end,
      state_since = received_at + case when id = any (${answered}::uuid[]) then interval '2 days' else interval '4 days' end
      where id = any (${[...answered, ...closed]}::uuid[])`)
  })
}

function lettersOf({ city, forms }: House & Readonly<{ forms: Forms }>): readonly IncomingLetter[] {
  const letters = (city.sample?.cases ?? []).flatMap((told) => {
    const form = forms.get(told.form)
    const read = form?.read(told.answers)
    return form && read && !('refused' in read) ? [letterOf(city, form, read, told.language)] : []
  })
  if (letters.length === 0) throw new Error('the city’s folder has no sample letters (city/sample) to make cases of')
  return letters
}

function varied({ city }: House, letters: readonly IncomingLetter[], n: number): IncomingLetter {
  const letter = letters[n % letters.length]
  const topic = [...city.topics.keys()][(n * 7) % city.topics.size]
  const place = [...city.places.keys()][(n * 3) % city.places.size]
  if (!letter || !topic) throw new Error('there is no letter or topic to make a case of')
  const { name } = letter.contact
  const contact = {
    ...(name !== undefined && { name: `${name} ${String(n)}` }),
    telephone: `555 01${String(n).padStart(8, '0')}`,
  }
  return { ...letter, topic, ...(place && { place }), contact }
}

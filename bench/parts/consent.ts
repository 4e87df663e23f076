import { join } from 'node:path'
import { isRefusal, loadCity } from '../../src/city/index.ts'
import { systemClock } from '../../src/plumbing/index.ts'
import { preview, revoke, type ConsentHouse } from '../../src/people/consent/index.ts'
import { asked, filled, given, noticeOf, purposeOf } from '../../src/people/consent/testing/scene.ts'
import { moveIn } from '../../src/people/residents/testing/move-in.ts'
import { median, type Figure } from '../figures.ts'
import { withProgram } from '../with-program.ts'

const records = 200
const rounds = 7
const limitMs = 300

/** A guardian takes back, in one act, consents under which two hundred answers are held; half of them are city records. */
export function consent(): Promise<Figure[]> {
  return withProgram(async ({ db, keys }) => {
    const city = loadCity(join(import.meta.dirname, '../../city'))
    if (isRefusal(city)) throw new Error('the sample city does not load')
    const house: ConsentHouse = { db, keys, city, clock: systemClock, publicUrl: 'http://localhost' }
    const guardian = await moveIn({ keys, database: { owner: db } }, 'Rosa Bench')
    const [shown, taken]: [number[], number[]] = [[], []]
    for (let round = 0; round < rounds; round++) {
      const purposes = Array.from({ length: records }, (_, n) =>
        purposeOf(`p-${String(n)}`, { sensitivity: 'plain', disclosed: false, record: n % 2 === 0 }),
      )
      const hand = await asked(house, guardian.email, { notice: noticeOf(city, purposes) })
      const { consents } = await given(house, guardian.actor, hand)
      await filled(house, hand)
      const all = [...consents.values()]
      const began = performance.now()
      const seen = await preview(house, guardian.actor, all)
      const looked = performance.now()
      const done = seen && (await revoke(house, guardian.actor, all, seen.digest))
      if (!done || 'refused' in done) throw new Error('the consents were not taken back')
      shown.push(looked - began)
      taken.push(performance.now() - looked)
    }
    const ms = (of: readonly number[]) => `${median(of).toFixed(0)} ms (most ${Math.max(...of).toFixed(0)})`
    return [
      { part: 'consent', what: `what would follow, of ${String(records)} linked records`, value: ms(shown) },
      {
        part: 'consent',
        what: `revocation of ${String(records)} linked records`,
        value: ms(taken),
        target: `under ${String(limitMs)} ms`,
        met: Math.max(...taken) < limitMs,
      },
    ]
  })
}

import { Temporal } from 'temporal-polyfill'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import { join, offering } from './testing/scene.ts'

const runs = Number(process.env['CITYHALL_MODEL_RUNS'] ?? 25)
let house: TestHouse
const now = Temporal.Now.instant()
const afar = now.add({ hours: 24 * 30 })
const round = {
  meetings: [{ start: afar, end: afar.add({ hours: 1 }) }],
  opens: now.subtract({ hours: 1 }),
  closes: now.add({ hours: 24 * 20 }),
}
const places = 4

beforeAll(async () => {
  const test = await openTestHouse()
  const sessions = Array.from({ length: runs }, (_, n) => ({
    id: `line-${String(n)}`,
    like: 'chess-winter',
    places,
    ...round,
  }))
  house = await offering(test, test.database.owner, ...sessions)
})
afterAll(() => house.close())

type Member = { id: string; unit: number; state: 'waiting' | 'has' | 'gone' }
type Unit = { passed: number }

/** The rule of the line in plain words: who waits together is offered places together, and is passed over three times at most. */
class Line {
  members: Member[] = []
  units: Unit[] = []

  get free(): number {
    return places - this.members.filter(({ state }) => state === 'has').length
  }
  waitingOf(unit: number): Member[] {
    return this.members.filter((one) => one.unit === unit && one.state === 'waiting')
  }
  fill(): void {
    const passedNow: Unit[] = []
    for (const [n, unit] of this.units.entries()) {
      const all = this.waitingOf(n)
      if (all.length === 0) continue
      if (this.free === 0) return
      if (all.length > this.free) {
        if (unit.passed >= 3) return
        passedNow.push(unit)
        continue
      }
      for (const one of all) one.state = 'has'
      for (const one of passedNow.splice(0)) one.passed += 1
    }
  }
}

const rows = <R>(query: ReturnType<typeof sql>) => house.database.owner.once<R>(query)

/** Brothers and sisters come: their letters and numbers are made as the act makes them, and the line is gone through. */
async function comeTogether(session: string, size: number): Promise<string[]> {
  const ids = []
  for (let n = 0; n < size; n += 1) {
    const one = await join(house, session)
    if ('refused' in one) throw new Error(one.refused)
    ids.push(one.id)
  }
  return ids
}

it('no session has more people than places, families stand together, and nobody is passed over more than three times', async () => {
  let n = 0
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ comes: fc.constantFrom(1, 1, 2, 3) }) },
    { weight: 3, arbitrary: fc.record({ leaves: fc.nat(30) }) },
  )
  let together = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 8, maxLength: 24 }), async (steps) => {
      const session = `line-${String(n++)}`
      const line = new Line()
      for (const one of steps) {
        if ('comes' in one) {
          const unit = line.units.push({ passed: 0 }) - 1
          // A family waits first, and is then offered what there is: the act that seats it does the same in one transaction.
          const ids = await comeTogether(session, one.comes)
          await rows(sql`update activities.enrolment set state = 'waiting', place = null, until = null,
            family = case when ${one.comes}::int > 1 then ${ids[0] ?? ''}::uuid end where id = any (${ids}::uuid[])`)
          for (const id of ids) line.members.push({ id, unit, state: 'waiting' })
          await rows(sql`select activities.fill(${session})`)
        } else {
          const live = line.members.filter(({ state }) => state !== 'gone')
          const leaver = live[one.leaves % Math.max(live.length, 1)]
          if (!leaver) continue
          leaver.state = 'gone'
          await rows(sql`select activities.give_up(${leaver.id}::uuid, 'cancelled-by-person', null, 'none')`)
        }
        line.fill()
        const seen = await rows<{ id: string; state: string; passed: number }>(
          sql`select id, state, passed from activities.enrolment where session = ${session}`,
        )
        const stateOf = new Map(
          seen.map(({ id, state }) => [id, state === 'offered' ? 'has' : state === 'waiting' ? state : 'gone']),
        )
        expect(line.members.map(({ id }) => stateOf.get(id))).toEqual(line.members.map(({ state }) => state))
        expect(Math.max(0, ...seen.map(({ passed }) => passed))).toBeLessThanOrEqual(3)
        expect(line.free).toBeGreaterThanOrEqual(0)
        for (const unit of line.units.keys()) {
          const its = line.members.filter((member) => member.unit === unit && member.state === 'has')
          if (its.length > 1) together += 1
        }
      }
    }),
    { numRuns: runs, endOnFailure: true },
  )
  expect(together).toBeGreaterThan(0)
}, 600_000)

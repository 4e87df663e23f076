import { expect } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { sql, type Sql } from '../../../plumbing/index.ts'
import type { ChildId, ResidentActor } from '../../residents/index.ts'
import { moveIn, type Neighbour } from '../../../../test/support/people.ts'
import type { ConsentId } from '../actor.ts'
import type { ConsentHouse } from '../house.ts'
import { preview } from '../revoke.ts'
import { verify } from '../verify.ts'
import { asked, filled, given, type Given } from './scene.ts'

export const look = { purpose: 'own-page', reason: 'look' }
export const atDesk = { purpose: 'care', reason: 'answer' }
export const all = ({ consents }: Given): ConsentId[] => [...consents.values()]
export const one = (of: Given, purpose: string): ConsentId => of.consents.get(purpose) ?? expect.unreachable()

export type Town = ConsentHouse &
  Readonly<{
    test: TestHouse
    clerk: Clerk
    coordinator: Clerk
    librarian: Clerk
    /** A new neighbour, whatever others are called. */
    neighbour(name?: string): Promise<Neighbour>
    rows<R>(query: Sql): Promise<R[]>
    statesOf(of: Given): Promise<Record<string, string>>
    actsOf(consent: ConsentId): Promise<{ act: string; detail: string | null }[]>
    /** Asked, answered, shown at the counter, and filled in. */
    wholeWay(guardian: Neighbour): Promise<Given>
    /** One more guardian of a child, as the acts of residents leave her. */
    second(child: ChildId): Promise<Neighbour>
    /** The digest of what would follow. */
    seen(actor: ResidentActor, consents: readonly ConsentId[]): Promise<string>
  }>

/** The sample city with the staff that consent needs. */
export async function openTown(): Promise<Town> {
  const test = await openTestHouse()
  const house = { ...test, publicUrl: 'https://city.example' }
  const [clerk, coordinator, librarian] = [
    await test.hire('ines', 'consent-clerk'),
    await test.hire('kay', 'recreation-coordinator'),
    await test.hire('otto', 'librarian'),
  ]
  let people = 0
  const rows = <R>(query: Sql): Promise<R[]> => test.database.owner.once<R>(query)
  const neighbour = (name = 'Neighbour') => moveIn(test, `${name} ${String(++people)}`)
  return {
    ...house,
    test,
    clerk,
    coordinator,
    librarian,
    neighbour,
    rows,
    statesOf: async ({ request }) =>
      Object.fromEntries(
        (
          await rows<{ purpose: string; state: string }>(
            sql`select purpose, state from consent.consent where request = ${request}`,
          )
        ).map(({ purpose, state }) => [purpose, state]),
      ),
    actsOf: (consent) =>
      rows(sql`select e.act, e.detail from ledger.entry e
      join consent.consent c on c.subject = e.subject where c.id = ${consent} order by e.subject_count`),
    wholeWay: async (guardian) => {
      const done = await given(house, guardian.actor, await asked(house, guardian.email))
      const shown = await verify(house, clerk.actor, { request: done.request, method: 'counter', as: 'parent' })
      expect(shown).toEqual({ done: true })
      await filled(house, done, 'secret-words')
      return done
    },
    second: async (child) => {
      const made = await neighbour('Second')
      await rows(
        sql`insert into residents.guardianship (resident, child, kind) values (${made.id}, ${child}, 'parent')`,
      )
      return made
    },
    seen: async (actor, consents) => (await preview(house, actor, consents))?.digest ?? expect.unreachable(),
  }
}

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import { addChild, enterResident, openPage, sealMail, type ChildId } from './index.ts'
import { moveIn, type Neighbour } from './testing/move-in.ts'

let house: TestHouse
let rosa: Neighbour
let child: ChildId
beforeAll(async () => {
  house = await openTestHouse()
  rosa = await moveIn(house, 'Rosa Vega')
  child = await house.db.transaction(async (tx) => {
    await enterResident(tx, rosa.actor)
    const added = await addChild(tx, house.keys, 'parent', { firstName: 'Lucía', born: '2014-03-09' }, 'under-13')
    if ('refused' in added) throw new Error(added.refused)
    return added.child
  })
})
afterAll(() => house.close())

const asked = async <T>(text: ReturnType<typeof sql>) => (await house.database.owner.once<{ is: T }>(text))[0]?.is

describe('a household', () => {
  it('has the children that were added by whoever is signed in, each written down', async () => {
    expect(await asked(sql`select residents.stands_for(${rosa.id}, ${child}) as is`)).toBe(true)
    expect(
      await asked(sql`select array_agg(e.act || ' ' || e.detail) as is from ledger.entry e
        join residents.child c on c.subject = e.subject where c.id = ${child}`),
    ).toEqual(['child.added as=parent'])
  })

  it('gets no child by anybody who is not signed in', async () => {
    const refused = await house.db.transaction((tx) => addChild(tx, house.keys, 'parent', { firstName: 'X' }))
    expect(refused).toEqual({ refused: 'not-there' })
  })

  it('is shown to a clerk by the room above, and keeps which duty saw it', async () => {
    const { employee } = await house.hire('ines', 'consent-clerk')
    const show = sql`select residents.show_guardianship(${rosa.id}, ${child}, 'legal-guardian', ${employee}, 'consent-clerk') as is`
    expect(await asked(show)).toBe(true)
    expect(await asked(sql`select array_agg(kind || ' ' || state) as is from residents.guardians(${child})`)).toEqual([
      'legal-guardian shown',
    ])
  })

  it('is seen by nobody any more once it is withdrawn from use, and writes no look that led to nothing', async () => {
    const nina = await moveIn(house, 'Nina Roca')
    const hers = await house.db.transaction(async (tx) => {
      await enterResident(tx, nina.actor)
      return addChild(tx, house.keys, 'parent', { firstName: 'Iker' })
    })
    const names = () => openPage(house, nina.actor, (_tx, { children }) => children.map(({ about }) => about.firstName))
    expect(await names()).toEqual(['Iker'])
    const subject = 'refused' in hers ? '' : hers.key.subject
    await house.database.owner.once(sql`select vault.withdraw_subject(${subject})`)
    expect(await names()).toEqual([])
    expect(
      await asked(
        sql`select count(*)::int as is from ledger.entry where subject = ${subject} and act = 'child.opened'`,
      ),
    ).toBe(1)
  })

  it('is written to once for each mail, and not at all once the mail is dropped', async () => {
    const mail = sealMail(rosa.key, 'asked', 'es', { to: rosa.email, title: 'Hola', parts: [{ words: 'Hola' }] })
    const post = sql`select residents.post(${mail.id}, ${mail.subject}, ${mail.kind}, ${mail.sealed}, ${mail.language})`
    await house.database.owner.once(post)
    await house.database.owner.once(post)
    expect(await asked(sql`select residents.drop_mail(array[${rosa.subject}]::uuid[]) as is`)).toBe(1)
    expect(await asked(sql`select residents.drop_mail(array[${rosa.subject}]::uuid[]) as is`)).toBe(0)
  })
})

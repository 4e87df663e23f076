import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Clerk } from '../../test/support/house.ts'
import { cookieSet, onward, openCityDesk, type CityDesk } from '../../test/support/city-desk.ts'
import { sql } from '../plumbing/index.ts'
import { endAccount, enterStaff } from '../trust/need-to-know/index.ts'

const patience = 60_000
let desk: CityDesk
beforeAll(async () => {
  desk = await openCityDesk()
}, patience)
afterAll(() => desk.close(), patience)

let dana: Clerk
let hired = 0
beforeEach(async () => {
  dana = await desk.house.hire(`dana${String(++hired)}`, 'works-dispatcher')
  desk.idp.people.set(`subject-${String(hired)}`, {
    name: 'Dana Test',
    preferred_username: 'somebody.else',
    groups: ['library'],
  })
  desk.idp.signsIn = `subject-${String(hired)}`
})

const cookies = ({ actor }: Clerk) => ({ cityhall: actor.secret.toString('base64url') })
const account = async (who: Record<string, string>) => (await desk.get('/desk/account', who)).body

async function begun(clerk = dana) {
  const answer = await desk.post('/desk/account/city-accounts', {}, cookies(clerk))
  return { answer, address: onward(answer), way: cookieSet(answer, 'cityhall-way') }
}
/** She comes back from another site, so her own session's cookie does not come along. */
async function linked(clerk = dana) {
  const { address, way } = await begun(clerk)
  const back = await desk.idp.visit(address)
  return desk.get(back.pathname + back.search, { 'cityhall-way': way })
}
const accounts = ({ employee }: Clerk) =>
  desk.owner.once(sql`select from need_to_know.city_account where employee = ${employee}`)
const acts = ({ employee }: Clerk) =>
  desk.owner.once<{ act: string; kind: string }>(
    sql`select act, actor_kind as kind from ledger.entry where employee = ${employee} and act like 'account.%' order by at`,
  )

describe('an employee who proved both accounts', () => {
  test('is one person from then on: the city’s account signs her in as herself, with what its groups bring', async () => {
    expect(await account(cookies(dana))).toContain('Link the city’s account')
    const { address } = await begun()
    expect(new URL(address).searchParams.get('prompt')).toBe('login')
    const answer = await linked()
    expect([answer.statusCode, answer.body.includes('The city’s account is linked')]).toEqual([200, true])
    expect(cookieSet(answer, 'cityhall')).toBe('')
    expect(await account(cookies(dana))).toContain('Linked since')
    expect(await account(cookies(dana))).not.toContain('Librarian')
    const there = await account(await desk.signedIn())
    for (const words of [`User name dana${String(hired)}`, 'Public works dispatcher', 'Librarian'])
      expect(there, words).toContain(words)
    expect(await acts(dana)).toEqual([{ act: 'account.linked', kind: 'staff' }])
    expect((await linked()).statusCode).toBe(200)
    expect(await acts(dana)).toHaveLength(1)
  })

  test('takes the link back: its sessions and its groups’ duties end, and it signs her in no more', async () => {
    await linked()
    const there = await desk.signedIn()
    const refused = await desk.post('/desk/account/city-account-removals', {}, there)
    expect([refused.statusCode, refused.body.includes('so that you keep a way in')]).toEqual([422, true])
    const done = await desk.post('/desk/account/city-account-removals', {}, cookies(dana))
    expect([done.statusCode, done.body.includes('The link is taken back')]).toEqual([200, true])
    expect((await desk.get('/desk/account', there)).statusCode).toBe(303)
    expect(await accounts(dana)).toEqual([])
    expect((await acts(dana)).map(({ act }) => act)).toEqual(['account.linked', 'account.unlinked'])
    const duties = await desk.owner.once(
      sql`select from need_to_know.charge where employee = ${dana.employee} and source = 'group' and until is null`,
    )
    expect(duties).toEqual([])
    expect(await account(await desk.signedIn())).not.toContain(`User name dana${String(hired)}`)
  })

  test('may have it taken back by the operator, and by nobody else', async () => {
    await linked()
    const end = () => desk.owner.transaction((tx) => endAccount(tx, dana.employee))
    await expect(desk.house.db.transaction((tx) => endAccount(tx, dana.employee))).rejects.toThrow()
    expect([await end(), await end()]).toEqual([{ done: true }, { refused: 'no-account' }])
    expect((await acts(dana)).at(-1)).toEqual({ act: 'account.unlinked', kind: 'operator' })
  })
})

describe('nothing is linked', () => {
  const nothing = async () => {
    expect(await accounts(dana)).toEqual([])
    expect(await acts(dana)).toEqual([])
  }

  test('before she proved who she is here', async () => {
    await desk.owner.once(sql`update need_to_know.session set proved_at = now() - interval '6 minutes'
      where employee = ${dana.employee}`)
    expect(await account(cookies(dana))).toContain('Confirm above that it is you')
    const { answer, way } = await begun()
    expect([answer.statusCode, way]).toEqual([422, ''])
    await nothing()
  })

  test('that is somebody’s already, or a second account', async () => {
    const other = await desk.house.hire(`other${String(hired)}`, 'librarian')
    await linked(other)
    const answer = await linked()
    expect([answer.statusCode, answer.body.includes('signs somebody in here already')]).toEqual([409, true])
    await nothing()
    desk.idp.people.set('subject-second', { name: 'Second', preferred_username: 'second', groups: [] })
    desk.idp.signsIn = 'subject-second'
    expect((await linked(other)).body).toContain('Take that link back first')
    expect(await accounts(other)).toHaveLength(1)
  })

  test('in another browser, after a refusal there, or once her session here has ended', async () => {
    const { address } = await begun()
    const back = await desk.idp.visit(address)
    for (const way of ['', 'A'.repeat(43)])
      expect((await desk.get(back.pathname + back.search, { 'cityhall-way': way })).statusCode).toBe(422)
    const { address: again, way } = await begun()
    const then = await desk.idp.visit(again)
    await desk.owner.once(sql`delete from need_to_know.session where employee = ${dana.employee}`)
    const answer = await desk.get(then.pathname + then.search, { 'cityhall-way': way })
    expect([answer.statusCode, answer.body.includes('Your session here ended')]).toEqual([403, true])
    await nothing()
  })

  test('where the person says no at the provider', async () => {
    desk.idp.signsIn = undefined
    const answer = await linked()
    expect([answer.statusCode, answer.body.includes('was not linked')]).toEqual([403, true])
    await nothing()
  })

  test('with her session and the database’s password alone: the web process must have seen the provider’s word', async () => {
    const outcome = await desk.house.db.transaction(async (tx) => {
      await enterStaff(tx, dana.actor)
      const clock = await tx.row<{ clock: string }>(sql`select need_to_know.clock()::text as clock`)
      return tx.row(
        sql`select need_to_know.link_account(sha256('x'), ${clock?.clock ?? '0'}::bigint, sha256('forged')) as outcome`,
      )
    })
    expect(outcome).toEqual({ outcome: 'not-proved' })
    await nothing()
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import type { Clerk } from '../../../../test/support/house.ts'
import type { Neighbour } from '../../../../test/support/people.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff } from '../../../trust/need-to-know/index.ts'
import { custodyPrivateKey } from '../../../trust/vault/index.ts'
import type { ConsentId } from '../actor.ts'
import { openDeskSite } from '../testing/desk-site.ts'
import { openOwnSite } from '../testing/own-site.ts'
import { houseAt, type Given } from '../testing/scene.ts'
import { all, one, openTown, type Town } from '../testing/town.ts'
import { revoke } from '../revoke.ts'
import { tendConsents } from '../tend.ts'
import { openCustodyCopy, readCustodyCopy } from './open-copy.ts'

let town: Town
let desk: Awaited<ReturnType<typeof openDeskSite>>
let own: Awaited<ReturnType<typeof openOwnSite>>
let officer: Clerk
let rosa: Neighbour
let done: Given
let record: ConsentId
const today = () => Temporal.Now.plainDateISO('America/Los_Angeles')
beforeAll(async () => {
  town = await openTown()
  desk = await openDeskSite(town)
  own = await openOwnSite(town)
  officer = await town.test.hire('cora', 'custody-officer')
  rosa = await town.neighbour('Rosa')
  done = await town.wholeWay(rosa)
  record = one(done, 'take-part')
})
afterAll(async () => {
  await Promise.all([desk.close(), own.close()])
  await town.test.close()
})

const tendIn = (years: number) =>
  tendConsents(houseAt(town.test, town.test.database.owner, `${String(today().year + years)}-12-31T20:00:00Z`).db)
const standing = async () =>
  (
    await town.rows(sql`select s.state, s.wrapped_key, s.custody_key is not null as custody,
      (select count(*)::int from consent.held h where h.consent = c.id) as held
      from consent.consent c join vault.subject s on s.id = c.subject where c.id = ${record}`)
  )[0]
const acts = async () => (await town.actsOf(record)).map(({ act }) => act)

test('the receipt says until when a record is kept, as the city’s file does, and her page and the desk say the same day', async () => {
  const receipt = await revoke(town, rosa.actor, all(done), await town.seen(rosa.actor, all(done)))
  if (!('done' in receipt)) throw new Error(receipt.refused)
  const day = today().add({ years: 2 })
  const [row] = await town.rows<{ content: string }>(
    sql`select content from consent.receipt where id = ${receipt.receipt}`,
  )
  const written = JSON.parse(row?.content ?? '') as { consequences: { consent: string; code: string; at: string }[] }
  expect(written.consequences.filter(({ code }) => code === 'custody-until')).toEqual([
    expect.objectContaining({ consent: record, at: day.toString() }),
  ])
  const inWords = day.toLocaleString('en-US', { month: 'long', day: 'numeric', year: 'numeric' })
  expect((await own.get(rosa, `/me/consents/${done.child}/receipts/${receipt.receipt}`)).text).toContain(inWords)
  expect((await own.get(rosa, `/me/consents/${done.child}`)).text).toContain(`Under custody until ${inWords}`)
  expect((await desk.get(officer, '/desk/custody')).text).toContain(inWords)
})

test('no duty but the one for custody sees the list, holds, lifts or opens; a look that is not written gives nothing', async () => {
  for (const clerk of [town.clerk, town.coordinator, town.librarian]) {
    expect((await desk.get(clerk, '/desk/custody')).status).toBe(404)
    for (const noun of ['holds', 'liftings', 'copies'])
      for (const reason of ['court-order', 'verify', 'answer'])
        expect((await desk.post(clerk, `/desk/custody/${record}/${noun}`, { reason })).status, noun).toBe(404)
  }
  expect((await desk.post(officer, `/desk/custody/${record}/copies`, { reason: 'verify' })).status).toBe(404)
  await town.db
    .transaction(async (tx) => {
      await enterStaff(tx, officer.actor)
      const opened = await tx.row<{ id: string }>(sql`select consent.open_custody(${record}, 'court-order') as id`)
      expect(await tx.rows(sql`select from consent.custody_copy(${opened?.id ?? ''})`)).toEqual([])
      throw new Error('taken back')
    })
    .catch((error: unknown) => {
      expect(String(error)).toContain('taken back')
    })
  expect(await acts()).not.toContain('custody.opened')
})

test('opened for a court, it is handed out sealed, for the custody key alone; the guardian reads who, on what duty and why', async () => {
  const copy = await desk.post(officer, `/desk/custody/${record}/copies`, { reason: 'court-order' })
  expect(copy.status).toBe(200)
  expect(copy.body).not.toContain('secret-words')
  const read = readCustodyCopy(copy.body) ?? expect.unreachable()
  expect(openCustodyCopy(custodyPrivateKey(town.test.folder), read)).toEqual([
    { field: 'take-partAnswer', text: 'secret-words take-partAnswer' },
  ])
  const looks = await own.get(rosa, `/me/consents/${done.child}/looks`)
  expect(looks.text).toContain('Custody was opened')
  expect(looks.text).toContain('Custody officer')
  expect(looks.text).toContain('To obey a court order')
  const [opening] = await town.rows<{ id: string }>(sql`select id from consent.custody_opening`)
  const other = await town.test.hire('otis', 'custody-officer')
  await town.db.transaction(async (tx) => {
    await enterStaff(tx, other.actor)
    expect(await tx.rows(sql`select from consent.custody_copy(${opening?.id ?? ''})`)).toEqual([])
  })
})

test('what is due and held is not destroyed; once the hold is lifted it is: the key is gone, the ledger and her page say so', async () => {
  await tendIn(1)
  expect(await standing()).toEqual({ state: 'withdrawn', wrapped_key: null, custody: true, held: 1 })
  const at = `/desk/custody/${record}`
  expect((await desk.post(officer, `${at}/holds`, { reason: 'litigation' })).to).toBe('/desk/custody?done=done')
  expect((await desk.post(officer, `${at}/holds`, { reason: 'litigation' })).to).toBe('/desk/custody?done=held')
  expect((await own.get(rosa, `/me/consents/${done.child}`)).text).toContain('a hold keeps it')
  await tendIn(4)
  expect(await standing()).toEqual({ state: 'withdrawn', wrapped_key: null, custody: true, held: 1 })
  expect((await desk.post(officer, `${at}/liftings`, { reason: 'litigation' })).to).toBe('/desk/custody?done=done')
  expect((await desk.post(officer, `${at}/liftings`, { reason: 'litigation' })).status).toBe(404)
  await tendIn(4)
  expect(await standing()).toEqual({ state: 'destroyed', wrapped_key: null, custody: false, held: 0 })
  expect((await acts()).slice(-4)).toEqual(['custody.opened', 'custody.held', 'custody.lifted', 'custody.destroyed'])
  expect((await own.get(rosa, `/me/consents/${done.child}`)).text).toContain('Destroyed on')
  for (const noun of ['holds', 'copies'])
    expect((await desk.post(officer, `${at}/${noun}`, { reason: 'court-order' })).status).toBe(404)
})

test('what is due and was never held is destroyed by itself', async () => {
  const omar = await town.neighbour('Omar')
  const another = await town.wholeWay(omar)
  await revoke(town, omar.actor, all(another), await town.seen(omar.actor, all(another)))
  await tendIn(3)
  const states = await town.rows(sql`select s.state from consent.consent c join vault.subject s on s.id = c.subject where c.id = ${one(another, 'take-part')}`) // prettier-ignore
  expect(states).toEqual([{ state: 'destroyed' }])
  expect((await town.actsOf(one(another, 'take-part'))).at(-1)?.act).toBe('custody.destroyed')
})

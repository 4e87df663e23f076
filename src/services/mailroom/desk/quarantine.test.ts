import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Clerk } from '../../../../test/support/house.ts'
import { sql } from '../../../plumbing/index.ts'
import { openMailTest, type MailTest } from '../testing/mail-house.ts'
import { plainMail } from '../testing/talk.ts'
import { decide, openedMail, openMail, originalOf, undecided } from './undecided.ts'

let all: MailTest
let mei: Clerk
let dan: Clerk
beforeAll(async () => {
  all = await openMailTest()
  mei = await all.house.hire('mei', 'deputy-clerk')
  dan = await all.house.hire('dan', 'works-dispatcher')
})
afterAll(() => all.close())

const owner = <T>(query: ReturnType<typeof sql>) => all.house.database.owner.once<T>(query)

/** A mail to the clerk that names a case. */
async function quarantined(number = 1, words = 'About the hole.'): Promise<string> {
  await all.send(plainMail({ Subject: `Re: case ${String(number)}` }, words))
  await all.sorted()
  const [row] = await owner<{ id: string }>(
    sql`select id from mailroom.received where state = 'quarantined' order by received_at desc limit 1`,
  )
  return row?.id ?? ''
}
const stateOf = async (id: string) =>
  (
    await owner<{ state: string; kind: string; case_id: string | null }>(
      sql`select state, kind, case_id from mailroom.received where id = ${id}::uuid`,
    )
  )[0]
const acts = async (id: string) =>
  (
    await owner<{ act: string }>(sql`select e.act from ledger.entry e join mailroom.received r
      on e.subject = r.subject or e.case_id = r.case_id where r.id = ${id}::uuid order by e.at`)
  ).map(({ act }) => act)

test('a mail is listed by topic and age, opened with a reason, and read; the look is in the ledger', async () => {
  const id = await quarantined()
  const [line] = await undecided(all.house, mei.actor, 'quarantined')
  expect(Object.keys(line ?? {}).sort()).toEqual(['bytes', 'id', 'receivedAt', 'topic', 'why'])
  expect(await openedMail(all.house, mei.actor, id)).toBeUndefined()
  expect(await openMail(all.house, mei.actor, id, 'curiosity')).toBe(false)
  expect(await openMail(all.house, mei.actor, id, 'answer')).toBe(true)
  expect(await openedMail(all.house, mei.actor, id)).toMatchObject({
    reading: { text: 'About the hole.', from: { address: 'ana@home.example' } },
  })
  expect(await acts(id)).toContain('mail.opened')
  const parts: Buffer[] = []
  for await (const piece of (await originalOf(all.house, mei.actor, id)) ?? []) parts.push(piece)
  expect(Buffer.concat(parts).toString()).toContain('Subject: Re: case 1\r\n')
})

test('who has no duty for its topic neither sees nor opens nor decides it', async () => {
  const id = await quarantined()
  expect(await undecided(all.house, dan.actor, 'quarantined')).toEqual([])
  expect(await openMail(all.house, dan.actor, id, 'answer')).toBe(false)
  expect(await decide(all.house, dan.actor, id, 'junk')).toEqual({ refused: 'not-there' })
  expect(await originalOf(all.house, dan.actor, id)).toBeUndefined()
  expect(await stateOf(id)).toMatchObject({ state: 'quarantined' })
})

test('a clerk joins it to a case of hers, not to another’s, and only after she opened it', async () => {
  const hers = await all.caseOf('ana@home.example', 'city-clerk-general')
  const others = await all.caseOf('ana@home.example', 'potholes')
  const id = await quarantined(hers.number)
  expect(await decide(all.house, mei.actor, id, { join: hers.number })).toEqual({ refused: 'sealed' })
  await openMail(all.house, mei.actor, id, 'answer')
  expect(await decide(all.house, mei.actor, id, { join: others.number })).toEqual({ refused: 'no-such-case' })
  expect(await decide(all.house, mei.actor, id, { join: hers.number })).toEqual({ done: true })
  await all.sorted()
  expect(await stateOf(id)).toEqual({ state: 'filed', kind: 'addition', case_id: hers.id })
  expect(await acts(id)).toEqual(expect.arrayContaining(['mail.decided', 'mail.filed', 'mail.joined', 'letter.added']))
})

test('a clerk separates it: it is a letter of its own; or marks it as junk, where it is kept', async () => {
  const id = await quarantined()
  await openMail(all.house, mei.actor, id, 'answer')
  expect(await decide(all.house, mei.actor, id, 'junk')).toEqual({ done: true })
  expect((await undecided(all.house, mei.actor, 'junk')).map((one) => one.id)).toContain(id)
  expect(await decide(all.house, mei.actor, id, 'separate')).toEqual({ done: true })
  await all.sorted()
  expect(await stateOf(id)).toMatchObject({ state: 'filed', kind: 'letter' })
  expect(await acts(id)).toEqual(expect.arrayContaining(['mail.marked-junk', 'mail.separated', 'letter.received']))
  expect(await openMail(all.house, mei.actor, id, 'answer')).toBe(false)
})

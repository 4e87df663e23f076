import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff } from '../../../trust/need-to-know/index.ts'
import { closeSeveral, issueToken, mostAtOnce, note, newId, openLetter, readReceipt, receive, reply } from '../index.ts'
import { markedLines } from './close-several.ts'

let house: TestHouse
let dan: Clerk
let tom: Clerk

beforeAll(async () => {
  house = await openTestHouse()
  dan = await house.hire('dan', 'works-dispatcher')
  tom = await house.hire('tom', 'librarian')
}, 60_000)
afterAll(() => house.close())

async function written(topic = 'potholes') {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      language: 'en',
      answers: [{ field: 'message', label: 'Your letter', value: 'A hole.' }],
      contact: { name: 'Marisol Vega' },
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const line = async () => {
    const receipt = await readReceipt(house, received.code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    return receipt.line
  }
  return { caseId: (await line()).id, line }
}
const mark = (caseId: CaseId, version = 1) => ({ caseId, version })
const closings = async (caseId: CaseId) =>
  (
    await house.database.owner.once<{ detail: string; duty: string }>(
      sql`select detail, duty from ledger.entry where case_id = ${caseId} and act = 'case.closed'`,
    )
  ).map(({ detail, duty }) => `${duty} ${detail}`)

it('closes each by itself for one reason, which its person reads, each with its entry', async () => {
  const [one, two] = [await written(), await written('graffiti')]
  const cases = [mark(one.caseId), mark(two.caseId)]
  expect(await closeSeveral(house, dan.actor, { cases, because: 'duplicate' })).toEqual({ closed: 2, left: [] })
  for (const { caseId, line } of [one, two]) {
    expect(await line()).toMatchObject({ state: 'closed', closedBecause: 'duplicate' })
    expect(await closings(caseId)).toEqual(['works-dispatcher because=duplicate'])
  }
})

it('leaves what changed meanwhile and tells it, and closes the rest', async () => {
  const [one, two] = [await written(), await written()]
  await openLetter(house, dan.actor, two.caseId, 'send-crew')
  await reply(house, dan.actor, { caseId: two.caseId, version: 1, words: 'Filled.', messageId: newId() })
  const done = await closeSeveral(house, dan.actor, { cases: [mark(two.caseId), mark(one.caseId)], because: 'done' })
  expect(done).toEqual({ closed: 1, left: [{ caseId: two.caseId, refused: 'changed' }] })
  expect(await closings(two.caseId)).toEqual([])
  const again = await closeSeveral(house, dan.actor, { cases: [mark(one.caseId, 2)], because: 'done' })
  expect(again).toEqual({ closed: 0, left: [{ caseId: one.caseId, refused: 'closed-already' }] })
})

it('does not stumble over a note, which changes nothing of the case', async () => {
  const { caseId } = await written()
  await openLetter(house, dan.actor, caseId, 'send-crew')
  await note(house, dan.actor, { caseId, words: 'Seen.', messageId: newId() })
  expect(await closeSeveral(house, dan.actor, { cases: [mark(caseId)], because: 'done' })).toEqual({
    closed: 1,
    left: [],
  })
})

it('closes nothing of another department, and shows none of it before', async () => {
  const { caseId, line } = await written('library-general')
  const done = await closeSeveral(house, dan.actor, { cases: [mark(caseId)], because: 'done' })
  expect(done).toEqual({ closed: 0, left: [{ caseId, refused: 'not-there' }] })
  expect((await line()).state).toBe('new')
  expect(await closings(caseId)).toEqual([])
  const seen = (clerk: Clerk) =>
    house.database.app.transaction(async (tx) => {
      await enterStaff(tx, clerk.actor)
      return (await markedLines(tx, [caseId])).length
    })
  expect([await seen(dan), await seen(tom)]).toEqual([0, 1])
})

it('is refused whole above a hundred', async () => {
  const { caseId } = await written()
  const cases = Array.from({ length: mostAtOnce + 1 }, () => mark(caseId))
  expect(await closeSeveral(house, dan.actor, { cases, because: 'done' })).toEqual({ refused: 'too-many' })
  expect(await closings(caseId)).toEqual([])
})

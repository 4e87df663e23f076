import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sql } from '../../plumbing/index.ts'
import { caseOnDesk, holderOf, move, newId, openLetter, readReceipt } from '../correspondence/index.ts'
import { enterReceipt, enterStaff } from '../../trust/need-to-know/index.ts'
import type { CaseId, TopicId } from '../../city/index.ts'
import { answerAll, joinCase, routingPanel, separateCase } from './index.ts'
import { actsOf, write, type Written } from './testing/letters.ts'

let plain: TestHouse
let house: TestHouse
let dispatcher: Clerk
let librarian: Clerk
let director: Clerk
beforeAll(async () => {
  plain = await openTestHouse()
  house = { ...plain, panels: [routingPanel(plain)] }
  dispatcher = await house.hire('dana', 'works-dispatcher')
  director = await house.hire('vera', 'works-director')
  librarian = await house.hire('lee', 'librarian')
})
afterAll(() => house.close())

const report = (words: string) => write(house, 'potholes', { place: 'riverbend', words })
async function two(): Promise<[Written, Written]> {
  return [await report('A hole by the bridge.'), await report('The same hole, my name is Ximena.')]
}
const desk = async (clerk: Clerk, caseId: CaseId) => {
  const shown = await caseOnDesk(house, clerk.actor, caseId)
  return 'refused' in shown ? '' : shown.panels.map(String).join('')
}
const receipt = async ({ code }: Written) => {
  const read = await readReceipt(house, code)
  if ('refused' in read) throw new Error(read.refused)
  return read
}

test('a clerk is shown reports of the same topic and neighborhood, by number and age, and joins two', async () => {
  const [first, second] = await two()
  expect(await desk(dispatcher, second.caseId)).toContain(`/desk/cases/${first.caseId}`)
  expect(await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })).toEqual({ done: true })
  expect(await desk(dispatcher, second.caseId)).toContain('handled together with')
  expect(await desk(dispatcher, first.caseId)).toContain('joined to this one')
  expect(await actsOf(house, first.caseId)).toContain('case.joined')
  expect(await actsOf(house, second.caseId)).toContain('case.joined')
})

test('the person reads that hers is handled together with another, and nothing of the other', async () => {
  const [first, second] = await two()
  await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })
  const [hers, theirs] = [await receipt(second), await receipt(first)]
  expect(hers.panels.map(String).join('')).toContain('Handled together')
  expect(theirs.panels).toEqual([])
  const told = JSON.stringify([hers.history, hers.panels.map(String)])
  expect(told).not.toContain(first.caseId)
  expect(told).not.toMatch(new RegExp(`\\b${String(theirs.line.number)}\\b.*bridge`))
  const seen = await house.db.transaction(async (tx) => {
    await enterReceipt(tx, holderOf(house, second.code))
    return tx.rows(sql`select * from routing.joined_in_hand()`)
  })
  expect(seen).toEqual([{ case_id: null, is_parent: true }])
})

test('taken apart, both are as they were', async () => {
  const [first, second] = await two()
  const before = await house.database.owner.once(sql`select * from correspondence.casefile where id = ${second.caseId}`)
  await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })
  expect(await separateCase(house, dispatcher.actor, { caseId: first.caseId, from: second.caseId })).toEqual({
    done: true,
  })
  const after = await house.database.owner.once(sql`select * from correspondence.casefile where id = ${second.caseId}`)
  expect(after).toEqual(before)
  expect(await actsOf(house, first.caseId)).toContain('case.separated')
  expect(await actsOf(house, second.caseId)).toContain('case.separated')
  expect((await receipt(second)).panels).toEqual([])
  expect(await separateCase(house, dispatcher.actor, { caseId: first.caseId, from: second.caseId })).toEqual({
    refused: 'not-joined',
  })
})

test('an answer to all is sent to each under its own key, once however often it is posted, and each look is written', async () => {
  const first = await report('A hole by the bridge.')
  const others = [await report('Hole at the bridge.'), await report('Bridge, hole.')]
  for (const { caseId } of others) await joinCase(house, dispatcher.actor, { caseId, to: first.caseId })
  const input = {
    caseId: first.caseId,
    words: 'The crew comes on Thursday.',
    messageId: newId(),
    reason: 'send-crew',
    close: false,
  }
  expect(await answerAll(house, dispatcher.actor, input)).toEqual({ sent: 2, left: 0 })
  expect(await answerAll(house, dispatcher.actor, input)).toEqual({ sent: 2, left: 0 })
  for (const one of others) {
    const { letters, line } = await receipt(one)
    expect(letters.map(({ words }) => words).filter(Boolean)).toEqual(['The crew comes on Thursday.'])
    expect(line.state).toBe('answered')
    expect(await actsOf(house, one.caseId)).toContain('letter.opened')
    expect((await actsOf(house, one.caseId)).filter((act) => act === 'reply.sent')).toHaveLength(1)
  }
  expect((await receipt(first)).letters.some(({ kind }) => kind === 'reply')).toBe(false)
})

test('an answer to all that is empty, without a reason of the duty, or of a case that leads none sends nothing', async () => {
  const [first, second] = await two()
  const input = { caseId: first.caseId, words: 'Soon.', messageId: newId(), reason: 'send-crew', close: false }
  expect(await answerAll(house, dispatcher.actor, input)).toEqual({ refused: 'nothing-joined' })
  await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })
  expect(await answerAll(house, dispatcher.actor, { ...input, words: ' ' })).toEqual({ refused: 'empty' })
  expect(await answerAll(house, dispatcher.actor, { ...input, reason: 'curious' })).toEqual({ sent: 0, left: 1 })
  expect(await answerAll(house, librarian.actor, input)).toEqual({ refused: 'not-there' })
  expect((await receipt(second)).letters).toHaveLength(1)
})

test('no chain and no ring can be made', async () => {
  const [first, second] = await two()
  const third = await report('And again.')
  await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })
  const join = (caseId: CaseId, to: CaseId) => joinCase(house, dispatcher.actor, { caseId, to })
  expect(await join(second.caseId, third.caseId)).toEqual({ refused: 'joined-already' })
  expect(await join(first.caseId, third.caseId)).toEqual({ refused: 'leads-others' })
  expect(await join(third.caseId, second.caseId)).toEqual({ refused: 'not-a-lead' })
  expect(await join(third.caseId, third.caseId)).toEqual({ refused: 'not-there' })
})

test('who has no duty to answer either of them joins nothing, and cannot tell it from what is not there', async () => {
  const [first, second] = await two()
  const book = await write(house, 'library-general')
  const nothing = '00000000-0000-7000-8000-000000000000' as CaseId
  for (const clerk of [librarian, director])
    expect(await joinCase(house, clerk.actor, { caseId: second.caseId, to: first.caseId })).toEqual({
      refused: 'not-there',
    })
  for (const to of [book.caseId, nothing])
    expect(await joinCase(house, dispatcher.actor, { caseId: second.caseId, to })).toEqual({ refused: 'not-there' })
  await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })
  expect(await separateCase(house, librarian.actor, { caseId: second.caseId, from: first.caseId })).toEqual({
    refused: 'not-there',
  })
  expect(await actsOf(house, book.caseId)).not.toContain('case.joined')
})

test('a joined report that moved to another department is seen by neither desk from the other, and answered by its own', async () => {
  const [first, second] = await two()
  await joinCase(house, dispatcher.actor, { caseId: second.caseId, to: first.caseId })
  await openLetter(house, dispatcher.actor, second.caseId, 'send-crew')
  await move(house, dispatcher.actor, { ...second, topic: 'library-general' as TopicId })
  expect(await desk(dispatcher, first.caseId)).not.toContain(second.caseId)
  expect(await desk(librarian, second.caseId)).not.toContain(first.caseId)
  const input = { caseId: first.caseId, words: 'Soon.', messageId: newId(), reason: 'send-crew', close: false }
  expect(await answerAll(house, dispatcher.actor, input)).toEqual({ refused: 'nothing-joined' })
  const outside = await house.db.transaction(async (tx) => {
    await enterStaff(tx, librarian.actor, second.caseId)
    return tx.rows(sql`select * from routing.joined_in_hand()`)
  })
  expect(outside).toEqual([])
})

test('reports of other topics, other places and long ago are not shown as the same', async () => {
  const here = await write(house, 'graffiti', { place: 'northgate' })
  const other = [
    await write(house, 'graffiti', { place: 'old-landing' }),
    await write(house, 'sidewalks', { place: 'northgate' }),
    await write(house, 'graffiti'),
    await write(house, 'graffiti', { place: 'northgate' }),
  ]
  await house.database.owner.once(
    sql`update correspondence.casefile set received_at = received_at - interval '40 days' where id = ${other[3]?.caseId ?? ''}`,
  )
  const shown = await desk(dispatcher, here.caseId)
  for (const { caseId } of other) expect(shown).not.toContain(caseId)
})

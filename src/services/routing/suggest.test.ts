import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import type { CaseId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterStaff } from '../../trust/need-to-know/index.ts'
import { caseOnDesk, move, newId, openLetter, reply } from '../correspondence/index.ts'
import { learner, routingPanel } from './index.ts'
import { weigh, type Known } from './suggest.ts'
import { wordsToCount } from './words.ts'
import { write } from './testing/letters.ts'

let house: TestHouse
let dispatcher: Clerk
let nora: Clerk
let police: Clerk
beforeAll(async () => {
  const plain = await openTestHouse()
  house = { ...plain, panels: [routingPanel(plain)], learner: learner(plain) }
  dispatcher = await house.hire('dana', 'works-dispatcher')
  nora = await house.hire('nora', 'access-coordinator', 'manager-assistant')
  police = await house.hire('joe', 'police-front-desk')
})
afterAll(() => house.close())

async function answered(topic: string, words: string, clerk = dispatcher, reason = 'send-crew') {
  const written = await write(house, topic, { words })
  await openLetter(house, clerk.actor, written.caseId, reason)
  const sent = await reply(house, clerk.actor, { ...written, words: 'Thank you.', messageId: newId() })
  expect(sent).toEqual({ done: true })
  return written
}
const top = async (clerk: Clerk, caseId: CaseId) => {
  const shown = await caseOnDesk(house, clerk.actor, caseId)
  return 'refused' in shown ? '' : shown.above.map(String).join('')
}
const counted = (topic: string) =>
  house.database.owner.once<{ cases: number }>(sql`select cases from routing.learnt where topic = ${topic}`)

test('twenty answered letters of each topic teach where the next belongs, and its own words are named', async () => {
  for (let n = 0; n < 20; n++) {
    await answered(
      'street-lights',
      `The lamp on pole ${String(n)} is dark at night, no light on Street${String.fromCharCode(97 + n)}xx.`,
    )
    await answered(
      'graffiti',
      `Somebody sprayed paint and tags on the wall near place${String.fromCharCode(97 + n)}yy.`,
    )
  }
  const lost = await write(house, 'graffiti', { words: 'A lamp on its pole stays dark in the evening.' })
  expect(await top(dispatcher, lost.caseId)).not.toContain('Looks like')
  await openLetter(house, dispatcher.actor, lost.caseId, 'send-crew')
  const shown = await top(dispatcher, lost.caseId)
  expect(shown).toContain('Looks like “Street light')
  for (const word of ['lamp', 'pole', 'dark']) expect(shown).toContain(`“${word}”`)
  expect(shown).toContain(`action="/desk/cases/${lost.caseId}/moves"`)
  const [row] = await house.database.owner.once<{ topic: string }>(
    sql`select topic from correspondence.casefile where id = ${lost.caseId}`,
  )
  expect(row?.topic).toBe('graffiti')
}, 60_000)

test('a letter that is where it belongs, or whose words say nothing, gets no suggestion', async () => {
  const right = await write(house, 'street-lights', { words: 'The lamp on its pole is dark.' })
  const vague = await write(house, 'graffiti', { words: 'Please come and have a look at this.' })
  for (const { caseId } of [right, vague]) {
    await openLetter(house, dispatcher.actor, caseId, 'send-crew')
    expect(await top(dispatcher, caseId)).not.toContain('Looks like')
  }
})

test('no word is in the database, and none that stood in fewer than five letters is given to anybody', async () => {
  const rows = await house.database.owner.once<{ all: string }>(
    sql`select string_agg(encode(token, 'escape'), ' ') as all from routing.word`,
  )
  expect(rows[0]?.all).not.toContain('lamp')
  const rare = wordsToCount(house.keys, house.city, [
    { id: '', seq: 1, kind: 'letter', writtenAt: house.clock.now(), words: 'streetaxx lamp' },
  ])
  const weights = await house.db.transaction(async (tx) => {
    await enterStaff(tx, dispatcher.actor)
    return tx.rows<{ token: Buffer | null }>(
      sql`select token from routing.weights(${rare.map(({ token }) => token)}::bytea[])`,
    )
  })
  const given = weights.flatMap(({ token }) => (token ? [token.toString('hex')] : []))
  expect(new Set(given)).toEqual(
    new Set(rare.filter(({ word }) => word === 'lamp').map(({ token }) => token.toString('hex'))),
  )
  expect(await house.db.once(sql`select * from routing.weights(${rare.map(({ token }) => token)}::bytea[])`)).toEqual(
    [],
  )
})

test('one letter is counted once, however often it is answered', async () => {
  const [before] = await counted('street-lights')
  const one = await answered('street-lights', 'The lamp is out.')
  const [row] = await house.database.owner.once<{ version: number }>(
    sql`select version from correspondence.casefile where id = ${one.caseId}`,
  )
  await reply(house, dispatcher.actor, {
    caseId: one.caseId,
    version: row?.version ?? 0,
    words: 'And again.',
    messageId: newId(),
  })
  const [after] = await counted('street-lights')
  expect(after?.cases).toBe((before?.cases ?? 0) + 1)
})

test('a letter that is moved while it lies open teaches the topic it went to, more than an answer; sealed it teaches nothing', async () => {
  const sealed = await write(house, 'graffiti', { words: 'A curb is broken.' })
  await move(house, dispatcher.actor, { ...sealed, topic: 'sidewalks' as TopicId })
  expect(await counted('sidewalks')).toEqual([])
  const open = await write(house, 'graffiti', { words: 'A curb is broken.' })
  await openLetter(house, dispatcher.actor, open.caseId, 'send-crew')
  await move(house, dispatcher.actor, { ...open, topic: 'sidewalks' as TopicId })
  const rows = await house.database.owner.once<{ ratio: number }>(
    sql`select (weight / routing.gain())::float as ratio from routing.learnt where topic = 'sidewalks'`,
  )
  expect(rows[0]?.ratio).toBeCloseTo(3, 2)
})

test('nothing is learnt of a sensitive topic, neither from it nor into it', async () => {
  const ramp = await write(house, 'accessibility', { words: 'I need a ramp for my wheelchair.' })
  await openLetter(house, nora.actor, ramp.caseId, 'arrange-access')
  await reply(house, nora.actor, { ...ramp, words: 'Of course.', messageId: newId() })
  expect(await counted('accessibility')).toEqual([])
  const away = await write(house, 'accessibility', { words: 'My wheelchair gets stuck on the sidewalk.' })
  await openLetter(house, nora.actor, away.caseId, 'arrange-access')
  await move(house, nora.actor, { ...away, topic: 'city-manager-general' as TopicId })
  expect(await counted('city-manager-general')).toEqual([])
  const toward = await write(house, 'city-manager-general', { words: 'My wheelchair gets stuck.' })
  await openLetter(house, nora.actor, toward.caseId, 'answer')
  await move(house, nora.actor, { ...toward, topic: 'accessibility' as TopicId })
  expect(await counted('accessibility')).toEqual([])
})

test('who has not opened the letter, and whoever has not entered, teaches nothing', async () => {
  const noisy = await write(house, 'noise', { words: 'Music all night.' })
  const token = Buffer.alloc(16, 7)
  const taught = await house.db.transaction(async (tx) => {
    await enterStaff(tx, police.actor, noisy.caseId)
    return tx.row<{ taught: boolean }>(sql`select routing.learn(${[token]}::bytea[], 1) as taught`)
  })
  expect(taught?.taught).toBe(false)
  expect(await house.db.once(sql`select routing.learn(${[token]}::bytea[], 1) as taught`)).toEqual([{ taught: false }])
  expect(await counted('noise')).toEqual([])
})

test('words are folded, numbers and answers that only chose a topic or a place are left out', () => {
  const words = (words: string) =>
    wordsToCount(house.keys, house.city, [
      {
        id: '',
        seq: 1,
        kind: 'letter',
        writtenAt: house.clock.now(),
        answers: [
          { field: 'topic', label: '', value: 'Graffiti' },
          { field: 'neighborhood', label: '', value: 'Riverbend' },
          { field: 'what', label: '', value: words },
        ],
      },
    ]).map(({ word }) => word)
  expect(words('Farolas, farola! 2217 A1 pole2217 el poste')).toEqual(['farolas', 'poste'])
})

test('of one known topic nothing is suggested, and a topic is not suggested where it is already', () => {
  const token = (n: number) => ({ word: `word${String(n)}`, token: Buffer.alloc(16, n) })
  const known = (topic: string, ...tokens: number[]): Known => ({
    topic: topic as TopicId,
    weight: 50,
    words: new Map(tokens.map((n) => [Buffer.alloc(16, n).toString('hex'), 40])),
  })
  const words = [token(1), token(2)]
  expect(weigh('a' as TopicId, words, [known('b', 1, 2)])).toBeUndefined()
  expect(weigh('a' as TopicId, words, [known('b', 1, 2), known('a')])).toEqual({
    topic: 'b',
    because: ['word1', 'word2'],
  })
  expect(weigh('b' as TopicId, words, [known('b', 1, 2), known('a')])).toBeUndefined()
})

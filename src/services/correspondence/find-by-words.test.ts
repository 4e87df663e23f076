import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sequenceAll } from '../../../test/support/ledger.ts'
import type { CaseId, FormId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { addToCase, issueToken, readReceipt, receive, readWords, search, type Channel } from './index.ts'

let house: TestHouse
let dispatcher: Clerk
let librarian: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  dispatcher = await house.hire('dana', 'works-dispatcher')
  librarian = await house.hire('lee', 'librarian')
}, 60_000)
afterAll(() => house.close())

async function written(words: string, channel: Channel = 'form') {
  const db = channel === 'email' ? house.database.keeper : house.db
  const received = await receive(
    { ...house, db },
    {
      channel,
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: 'potholes' as TopicId,
      language: 'en',
      answers: [{ field: 'message', label: 'What is your letter about?', value: words }],
      contact: {},
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { caseId: receipt.line.id, code: received.code }
}

async function read(): Promise<void> {
  await sequenceAll(house.database.owner)
  for (let more = true; more;) {
    const { entries, faults } = await readWords({ keeper: house.database.keeper, keys: house.keys }, 3)
    expect(faults).toEqual([])
    more = entries > 0
  }
}
const found = async (words: string, { actor }: Clerk = dispatcher) =>
  (await search(house, actor, words)).map(({ id }) => id)
const acts = (caseId: CaseId) =>
  house.database.owner.once<{ act: string; purpose: string | null; detail: string | null }>(
    sql`select act, purpose, detail from ledger.entry where case_id = ${caseId} order by subject_count`,
  )

describe('a letter that came by itself', () => {
  it.each(['form', 'email', 'open311'] as const)(
    'by %s is found by its words on the desk of its topic, and nowhere else',
    async (channel) => {
      const word = { form: 'wisteria', email: 'rhododendron', open311: 'hollyhock' }[channel]
      const { caseId } = await written(`The ${word} hides the signpost at Fennel Court.`, channel)
      expect(await found(word)).toEqual([])
      await read()
      expect(await found(`${word}s signpost`)).toEqual([caseId])
      expect(await found(`${word} zeppelin`)).toEqual([])
      expect(await found(word, librarian)).toEqual([])
      expect(await acts(caseId)).toEqual([
        { act: 'letter.received', purpose: 'contact-the-city', detail: channel },
        expect.objectContaining({ act: 'letter.opened', purpose: 'own-case' }) as unknown,
        { act: 'letter.opened', purpose: 'finding', detail: null },
        { act: 'person.searched', purpose: 'search', detail: 'by=words' },
      ])
    },
  )

  it('is found by what its person added, and not by what the form asks', async () => {
    const { caseId, code } = await written('The gate is broken.')
    await read()
    await addToCase(house, code, { words: 'It is the one beside the hydrangeas.' })
    await read()
    expect(await found('hydrangea gate')).toEqual([caseId])
    expect(await found('what is your letter about')).toEqual([])
  })

  it('leaves no word of it in the table, only eight bytes of a keyed hash each', async () => {
    await written('Marmalade.')
    await read()
    const rows = await house.database.owner.once<{ token: Buffer }>(sql`select token from vault.word`)
    expect(rows.every(({ token }) => token.length === 8)).toBe(true)
    expect(rows.some(({ token }) => token.toString().includes('marm'))).toBe(false)
  })
})

describe('the reader of words', () => {
  it('opens nothing but what it has in hand, and gets a key only once its entry has committed', async () => {
    const { caseId } = await written('Snapdragon.')
    const { keeper } = house.database
    const opening = async () => keeper.once(sql`select opening from vault.open_for('find', ${[caseId]}::uuid[])`)
    expect(await opening()).toEqual([])
    await sequenceAll(house.database.owner)
    await keeper.once(sql`select correspondence.lease_words(100)`)
    await keeper.transaction(async (tx) => {
      const row = await tx.row<{ opening: string }>(
        sql`select opening from vault.open_for('find', ${[caseId]}::uuid[])`,
      )
      expect(await tx.rows(sql`select * from vault.key_for_words(${[row?.opening]}::uuid[])`)).toEqual([])
    })
    // It died with the letter in hand: two minutes later the next reader finds the same.
    expect(await found('snapdragon')).toEqual([])
    await house.database.owner.once(sql`update correspondence.word_reading set ends_at = now() - interval '1 second'`)
    await read()
    expect(await found('snapdragon')).toEqual([caseId])
  })

  it('keeps tokens for no case but those in hand', async () => {
    const { caseId } = await written('Foxglove.')
    await read()
    const count = async () => (await house.database.owner.once(sql`select from vault.word`)).length
    const before = await count()
    await house.database.keeper.once(
      sql`select correspondence.keep_words(${[caseId]}::uuid[], ${[Buffer.alloc(8)]}::bytea[])`,
    )
    expect(await count()).toBe(before)
  })

  it('opens nobody who is no longer in use, and goes on', async () => {
    const gone = await written('Larkspur one.')
    const stays = await written('Larkspur two.')
    await house.database.owner.once(sql`update vault.subject set state = 'withdrawn' where id =
      (select subject from correspondence.casefile where id = ${gone.caseId})`)
    await read()
    expect(await found('larkspur')).toEqual([stays.caseId])
    expect((await acts(gone.caseId)).map(({ purpose }) => purpose)).not.toContain('finding')
  })
})

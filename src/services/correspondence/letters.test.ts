import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import {
  addToCase,
  assign,
  caseOnDesk,
  close,
  codeFor,
  handBack,
  holderOf,
  findLines,
  issueToken,
  move,
  newId,
  note,
  openLetter,
  readReceipt,
  receive,
  reopen,
  reply,
  search,
  type IncomingLetter,
  type ReceiptCode,
  today,
} from './index.ts'
import { enterStaff, leave } from '../../trust/need-to-know/index.ts'

let house: TestHouse
let dispatcher: Clerk
let librarian: Clerk
beforeAll(async () => {
  house = await openTestHouse()
  dispatcher = await house.hire('dana', 'works-dispatcher')
  librarian = await house.hire('lee', 'librarian')
})
afterAll(() => house.close())

const letter: IncomingLetter = {
  channel: 'form',
  form: 'contact-the-city' as FormId,
  formVersion: 1,
  topic: 'potholes' as TopicId,
  language: 'en',
  answers: [{ field: 'message', label: 'Your letter', value: 'The hole on Willow Street ate my bicycle wheel.' }],
  contact: { name: 'Marisol Vega', email: 'marisol@example.org', telephone: '555-0142' },
}

async function written(
  changed: Partial<IncomingLetter> = {},
): Promise<{ code: ReceiptCode; caseId: CaseId; version: number }> {
  const received = await receive(house, { ...letter, ...changed }, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { code: received.code, caseId: receipt.line.id, version: receipt.line.version }
}

async function opened(clerk: Clerk, caseId: CaseId) {
  return openLetter(house, clerk.actor, caseId, 'send-crew')
}

const entries = async (caseId: CaseId) =>
  await house.database.owner.once<{ act: string; count: number; duty: string | null }>(
    sql`select act, subject_count as count, duty from ledger.entry where case_id = ${caseId} order by subject_count`,
  )

describe('receiving a letter', () => {
  it('opens one case, however often the same token brings the same letter, also at once', async () => {
    const token = issueToken(house.keys)
    const all = await Promise.all(Array.from({ length: 8 }, () => receive(house, letter, token)))
    const code = codeFor(house.keys, token)
    expect(all).toEqual(expect.arrayContaining([{ outcome: 'received', code }]))
    expect(all.filter((one) => 'outcome' in one && one.outcome === 'received')).toHaveLength(1)
    expect(all.filter((one) => 'outcome' in one && one.outcome === 'again')).toHaveLength(7)
  })

  it('refuses another letter under the same token and keeps nothing of it', async () => {
    const token = issueToken(house.keys)
    await receive(house, letter, token)
    const before = await house.database.owner.once(sql`select id from vault.subject`)
    const edited = { ...letter, answers: [{ field: 'message', label: 'Your letter', value: 'Something else.' }] }
    expect(await receive(house, edited, token)).toEqual({ refused: 'different' })
    expect(await house.database.owner.once(sql`select id from vault.subject`)).toHaveLength(before.length)
  })

  it('writes the ledger, and posts an acknowledgement only where an address was given', async () => {
    const { caseId } = await written()
    expect((await entries(caseId))[0]).toEqual({ act: 'letter.received', count: 1, duty: null })
    const mails = (id: CaseId) =>
      house.database.owner.once(sql`select kind from correspondence.mail where case_id = ${id}`)
    expect(await mails(caseId)).toEqual([{ kind: 'acknowledgement' }])
    expect(await mails((await written({ contact: {} })).caseId)).toEqual([])
  })
})

describe('a clerk', () => {
  it('reads nothing before she opens the letter, and the look is written for the person', async () => {
    const { caseId, code } = await written()
    const sealed = await caseOnDesk(house, dispatcher.actor, caseId)
    expect(sealed).toMatchObject({ envelope: { state: 'sealed' }, duty: 'works-dispatcher' })
    expect(JSON.stringify(sealed)).not.toContain('Marisol')
    expect(await opened(dispatcher, caseId)).toHaveProperty('opening')
    const open = await caseOnDesk(house, dispatcher.actor, caseId)
    expect(open).toMatchObject({ envelope: { state: 'open', contact: letter.contact } })
    expect(JSON.stringify(open)).toContain('bicycle wheel')
    const receipt = await readReceipt(house, code)
    expect(receipt).toMatchObject({
      history: expect.arrayContaining([
        expect.objectContaining({
          act: 'letter.opened',
          duty: 'works-dispatcher',
          department: 'public-works',
          reason: 'send-crew',
        }),
      ]) as unknown,
    })
  })

  it('gives a reason of her duty, or the letter stays closed', async () => {
    const { caseId } = await written()
    expect(await openLetter(house, dispatcher.actor, caseId, 'curiosity')).toEqual({ refused: 'not-there' })
    expect(await entries(caseId)).toHaveLength(2)
  })

  it('of another department finds nothing: not the case, not in the list, not in a search', async () => {
    const { caseId } = await written()
    expect(await caseOnDesk(house, librarian.actor, caseId)).toEqual({ refused: 'not-there' })
    expect(await openLetter(house, librarian.actor, caseId, 'answer')).toEqual({ refused: 'not-there' })
    expect(await reply(house, librarian.actor, { caseId, version: 1, words: 'x', messageId: newId() })).toEqual({
      refused: 'not-there',
    })
    expect(await search(house, librarian.actor, 'marisol@example.org')).toEqual([])
    const lines = await house.db.transaction(async (tx) => {
      await enterStaff(tx, librarian.actor)
      return (await findLines(tx, { shelf: 'waiting' }, today(house))).lines
    })
    expect(lines.filter(({ id }) => id === caseId)).toEqual([])
  })

  it('answers; the person reads it, the case is answered, and a mail is posted', async () => {
    const { caseId, code, version } = await written()
    await opened(dispatcher, caseId)
    const input = { caseId, version, words: 'A crew comes on Thursday.', messageId: newId() }
    expect(await reply(house, dispatcher.actor, input)).toEqual({ done: true })
    expect(await reply(house, dispatcher.actor, input)).toEqual({ done: true })
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.line.state).toBe('answered')
    expect(receipt.letters.filter(({ kind }) => kind === 'reply')).toMatchObject([
      { words: 'A crew comes on Thursday.', duty: 'works-dispatcher' },
    ])
    expect((await entries(caseId)).map(({ act }) => act)).toContain('reply.sent')
  })

  it('cannot answer with the envelope closed', async () => {
    const { caseId, version } = await written()
    expect(await reply(house, dispatcher.actor, { caseId, version, words: 'x', messageId: newId() })).toEqual({
      refused: 'closed-envelope',
    })
  })

  it('who answers at once with a colleague does not overwrite her: one is told that the case changed', async () => {
    const colleague = await house.hire('rae', 'works-dispatcher')
    const { caseId, version } = await written()
    await Promise.all([opened(dispatcher, caseId), opened(colleague, caseId)])
    const outcomes = await Promise.all(
      [dispatcher, colleague].map((clerk) =>
        reply(house, clerk.actor, { caseId, version, words: 'An answer.', messageId: newId() }),
      ),
    )
    expect(outcomes).toEqual(expect.arrayContaining([{ done: true }, { refused: 'changed' }]))
  })

  it('leaves notes that colleagues read and the person does not', async () => {
    const { caseId, code } = await written()
    await opened(dispatcher, caseId)
    expect(
      await note(house, dispatcher.actor, { caseId, words: 'Third call about this.', messageId: newId() }),
    ).toEqual({ done: true })
    expect(JSON.stringify(await caseOnDesk(house, dispatcher.actor, caseId))).toContain('Third call')
    expect(JSON.stringify(await readReceipt(house, code))).not.toContain('Third call')
  })

  it('assigns to a colleague whose duty covers the topic, and to nobody else', async () => {
    const { caseId, version } = await written()
    expect(await assign(house, dispatcher.actor, { caseId, version, assignee: librarian.employee })).toEqual({
      refused: 'not-a-colleague',
    })
    expect(await assign(house, dispatcher.actor, { caseId, version, assignee: dispatcher.employee })).toEqual({
      done: true,
    })
    expect(await caseOnDesk(house, dispatcher.actor, caseId)).toMatchObject({
      line: { assignee: dispatcher.employee, state: 'open' },
    })
  })

  it('who moves a case to another department sees it no more, even what was open', async () => {
    const { caseId, version } = await written()
    await opened(dispatcher, caseId)
    expect(await move(house, dispatcher.actor, { caseId, version, topic: 'library-general' as TopicId })).toEqual({
      done: true,
    })
    expect(await caseOnDesk(house, dispatcher.actor, caseId)).toEqual({ refused: 'not-there' })
    expect(await note(house, dispatcher.actor, { caseId, words: 'x', messageId: newId() })).toEqual({
      refused: 'not-there',
    })
    expect(await caseOnDesk(house, librarian.actor, caseId)).toMatchObject({ envelope: { state: 'sealed' } })
  })

  it('closes with a reason; the next letter of the person opens the case again', async () => {
    const { caseId, code, version } = await written()
    expect(await close(house, dispatcher.actor, { caseId, version, because: 'done' })).toEqual({ done: true })
    expect(await close(house, dispatcher.actor, { caseId, version: version + 1, because: 'done' })).toEqual({
      refused: 'closed-already',
    })
    expect(await addToCase(house, code, { words: 'It is back.' })).toEqual({ done: true })
    expect(await caseOnDesk(house, dispatcher.actor, caseId)).toMatchObject({ line: { state: 'open' } })
    expect(await reopen(house, dispatcher.actor, { caseId, version: version + 2 })).toEqual({ refused: 'open-already' })
  })

  it('answers and closes in one act: where one cannot be done, neither is', async () => {
    const { caseId, code, version } = await written()
    await opened(dispatcher, caseId)
    await addToCase(house, code, { words: 'One more thing.' })
    const input = { caseId, words: 'Fixed on Thursday.', close: 'done' as const }
    expect(await reply(house, dispatcher.actor, { ...input, version, messageId: newId() })).toEqual({
      refused: 'changed',
    })
    expect(await reply(house, dispatcher.actor, { ...input, version: version + 1, messageId: newId() })).toEqual({
      done: true,
    })
    expect(await readReceipt(house, code)).toMatchObject({ line: { state: 'closed', closedBecause: 'done' } })
    expect((await entries(caseId)).map(({ act }) => act)).toEqual(expect.arrayContaining(['reply.sent', 'case.closed']))
  })

  it('who loses the duty leaves no waiting case in her name', async () => {
    const leaver = await house.hire('kim', 'works-dispatcher')
    const { caseId, version } = await written()
    await assign(house, dispatcher.actor, { caseId, version, assignee: leaver.employee })
    const { owner } = house.database
    expect(await owner.transaction((tx) => handBack(tx, leaver.employee))).toBe(0)
    await owner.transaction((tx) => leave(tx, leaver.employee))
    expect(await owner.transaction((tx) => handBack(tx, leaver.employee))).toBe(1)
    const shown = await caseOnDesk(house, dispatcher.actor, caseId)
    expect(shown).not.toHaveProperty('line.assignee')
    expect((await entries(caseId)).at(-1)).toMatchObject({ act: 'case.assigned' })
  })

  it('finds a person by address, number or name, and each case that came up says so', async () => {
    const { caseId } = await written({
      contact: { name: 'Odalys Péna', email: 'o.pena@example.org', telephone: '555 0177' },
    })
    for (const asked of ['O.Pena@example.org', '(555) 0177', 'odalys pena'])
      expect((await search(house, dispatcher.actor, asked)).map(({ id }) => id)).toEqual([caseId])
    expect((await entries(caseId)).filter(({ act }) => act === 'person.searched')).toHaveLength(3)
  })
})

describe('a person with a receipt', () => {
  it('writes again, once however often it is posted', async () => {
    const { code } = await written()
    const messageId = newId()
    for (let n = 0; n < 3; n++)
      expect(await addToCase(house, code, { words: 'I forgot: near the bakery.', messageId })).toEqual({ done: true })
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.letters.filter(({ kind }) => kind === 'addition')).toHaveLength(1)
  })

  it('is refused an empty and an endless letter', async () => {
    const { code } = await written()
    expect(await addToCase(house, code, { words: ' \n ' })).toEqual({ refused: 'empty' })
    expect(await addToCase(house, code, { words: 'x'.repeat(20_001) })).toEqual({ refused: 'too-long' })
  })

  it('sees entries counted from 1 without a gap', async () => {
    const { code, caseId } = await written()
    await opened(dispatcher, caseId)
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.history.map(({ subjectCount }) => subjectCount).reverse()).toEqual(
      receipt.history.map((_, n) => n + 1),
    )
  })

  it('holds nothing with a code that nobody was given', async () => {
    const nobody = codeFor(house.keys, issueToken(house.keys))
    expect(await readReceipt(house, nobody)).toEqual({ refused: 'no-receipt' })
    expect(holderOf(house, nobody).secret).toHaveLength(32)
  })
})

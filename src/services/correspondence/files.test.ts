import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomUUID } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { streamOf } from '../../../test/support/files.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import type { CaseId, FormId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import {
  addToCase,
  caseOnDesk,
  codeFor,
  holderOf,
  issueToken,
  newId,
  note,
  openLetter,
  readReceipt,
  receive,
  reply,
  type IncomingLetter,
  type Letter,
  type ReceiptCode,
} from './index.ts'
import { openAtReceipt, openOnDesk, takeFile, type OpenedFile, type TakenFile } from '../attachments/index.ts'

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
  form: 'report-a-problem' as FormId,
  formVersion: 1,
  topic: 'potholes' as TopicId,
  language: 'en',
  answers: [{ field: 'what', label: 'What is wrong?', value: 'A hole.' }],
  contact: { email: 'marisol@example.org' },
}

async function file(words = 'a list of holes', name = 'holes.txt'): Promise<TakenFile> {
  const taken = await takeFile(house.cabinet, { name, stream: streamOf(words) })
  if ('refused' in taken) throw new Error(taken.refused)
  return taken
}

async function sent(files: readonly TakenFile[]): Promise<{ code: ReceiptCode; caseId: CaseId }> {
  const received = await receive(house, { ...letter, files }, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const { line } = await receipt(received.code)
  return { code: received.code, caseId: line.id }
}

async function receipt(code: ReceiptCode) {
  const read = await readReceipt(house, code)
  if ('refused' in read) throw new Error(read.refused)
  return read
}

async function lettersOnDesk(clerk: Clerk, caseId: CaseId): Promise<readonly Letter[]> {
  await openLetter(house, clerk.actor, caseId, 'send-crew')
  const open = await caseOnDesk(house, clerk.actor, caseId)
  if ('refused' in open || open.envelope.state !== 'open') throw new Error('not open')
  return open.envelope.letters
}

const acts = async (caseId: CaseId) =>
  house.database.owner.once<{ act: string; actor: string; detail: string | null }>(
    sql`select act, actor_kind as actor, detail from ledger.entry where case_id = ${caseId} order by subject_count`,
  )
const read = async (opened: OpenedFile | { refused: string }) =>
  'refused' in opened ? opened.refused : (await buffer(opened.content)).toString()

describe('a letter with files', () => {
  it('is one act: the case, its files, and both entries; the names and keys are sealed', async () => {
    const { caseId, code } = await sent([await file('first'), await file('second', 'list.csv')])
    expect(await acts(caseId)).toMatchObject([
      { act: 'letter.received', actor: 'person' },
      { act: 'files.attached', actor: 'person', detail: 'count=2' },
      { act: 'letter.opened', actor: 'person' },
    ])
    const [first] = (await receipt(code)).letters
    expect(first?.files).toMatchObject([
      { name: 'holes.txt', kind: 'text', bytes: 5, state: 'ready' },
      { name: 'list.csv', kind: 'csv', bytes: 6 },
    ])
    const rows = await house.database.owner.once(sql`select * from attachments.attachment where case_id = ${caseId}`)
    expect(JSON.stringify(rows)).not.toContain('holes')
  })

  it('sent again under its token is one letter; with another file it is another letter', async () => {
    const token = issueToken(house.keys)
    const code = codeFor(house.keys, token)
    expect(await receive(house, { ...letter, files: [await file('one')] }, token)).toEqual({
      outcome: 'received',
      code,
    })
    expect(await receive(house, { ...letter, files: [await file('one')] }, token)).toEqual({ outcome: 'again', code })
    expect(await receive(house, { ...letter, files: [await file('two')] }, token)).toEqual({ refused: 'different' })
    expect(await receive(house, letter, token)).toEqual({ refused: 'different' })
    expect((await receipt(code)).letters[0]?.files).toHaveLength(1)
  })

  it('keeps nothing where a file is in another letter already', async () => {
    const once = await file()
    await sent([once])
    const before = await house.database.owner.once(sql`select id from vault.subject`)
    await expect(sent([await file(), once])).rejects.toThrow()
    expect(await house.database.owner.once(sql`select id from vault.subject`)).toHaveLength(before.length)
  })
})

describe('the desk', () => {
  it('gives a file out while the envelope is open, and that look covers it', async () => {
    const { caseId } = await sent([await file('the words')])
    const [row] = await house.database.owner.once<{ id: string }>(
      sql`select id from attachments.attachment where case_id = ${caseId}`,
    )
    const id = String(row?.id)
    expect(await openOnDesk(house, dispatcher.actor, caseId, id)).toEqual({ refused: 'not-there' })
    const [first] = await lettersOnDesk(dispatcher, caseId)
    expect(first?.files).toMatchObject([{ id, name: 'holes.txt' }])
    const before = await acts(caseId)
    expect(await read(await openOnDesk(house, dispatcher.actor, caseId, id))).toBe('the words')
    expect(await acts(caseId)).toEqual(before)
  })

  it('knows no file of another case, of another department’s, or that is not there', async () => {
    const mine = await sent([await file('mine')])
    const other = await sent([await file('other')])
    const [first] = await lettersOnDesk(dispatcher, mine.caseId)
    const [theirs] = await lettersOnDesk(dispatcher, other.caseId)
    const [id, theirId] = [String(first?.files?.[0]?.id), String(theirs?.files?.[0]?.id)]
    expect(await read(await openOnDesk(house, dispatcher.actor, mine.caseId, theirId))).toBe('not-there')
    expect(await read(await openOnDesk(house, dispatcher.actor, mine.caseId, randomUUID()))).toBe('not-there')
    expect(await read(await openOnDesk(house, dispatcher.actor, mine.caseId, '../../secrets/key'))).toBe('not-there')
    expect(await read(await openOnDesk(house, librarian.actor, mine.caseId, id))).toBe('not-there')
    const second = await house.hire('sam', 'works-dispatcher')
    expect(await read(await openOnDesk(house, second.actor, mine.caseId, id))).toBe('not-there')
  })

  it('answers and notes with files: the person sees the answer’s and not the note’s', async () => {
    const { caseId, code } = await sent([])
    await openLetter(house, dispatcher.actor, caseId, 'send-crew')
    const answer = {
      caseId,
      version: 1,
      words: 'See the plan.',
      messageId: newId(),
      files: [await file('plan', 'plan.txt')],
    }
    expect(await reply(house, dispatcher.actor, answer)).toEqual({ done: true })
    expect(await reply(house, dispatcher.actor, answer)).toEqual({ done: true })
    const inside = { caseId, words: 'For us.', messageId: newId(), files: [await file('secret', 'cost.txt')] }
    expect(await note(house, dispatcher.actor, inside)).toEqual({ done: true })
    expect(await reply(house, librarian.actor, { ...answer, messageId: newId() })).toEqual({ refused: 'not-there' })
    const all = (await receipt(code)).letters.flatMap(({ files = [] }) => files)
    expect(all).toMatchObject([{ name: 'plan.txt' }])
    const person = holderOf(house, code)
    expect(await read(await openAtReceipt(house, person, String(all[0]?.id)))).toBe('plan')
    const hers = (await lettersOnDesk(dispatcher, caseId)).flatMap(({ files = [] }) => files)
    const cost = hers.find(({ name }) => name === 'cost.txt')
    expect(await read(await openAtReceipt(house, person, String(cost?.id)))).toBe('not-there')
    expect((await acts(caseId)).filter(({ act }) => act === 'files.attached')).toEqual([
      { act: 'files.attached', actor: 'staff', detail: 'count=1' },
      { act: 'files.attached', actor: 'staff', detail: 'count=1' },
    ])
  })
})

describe('at the receipt', () => {
  it('the person adds a file and gets it back; each look is in her list; another receipt gets nothing', async () => {
    const { code, caseId } = await sent([])
    const other = await sent([])
    expect(await addToCase(house, code, { words: 'The photo.', files: [await file('photo')] })).toEqual({ done: true })
    const [added] = (await receipt(code)).letters.flatMap(({ files = [] }) => files)
    const id = String(added?.id)
    const before = (await acts(caseId)).length
    expect(await read(await openAtReceipt(house, holderOf(house, code), id))).toBe('photo')
    expect(await acts(caseId)).toHaveLength(before + 1)
    expect(await read(await openAtReceipt(house, holderOf(house, other.code), id))).toBe('not-there')
    const nobody = codeFor(house.keys, issueToken(house.keys))
    expect(await read(await openAtReceipt(house, holderOf(house, nobody), id))).toBe('not-there')
  })

  it('a file is noise once the person’s key is destroyed, and so is one swapped in the store', async () => {
    const one = await file('one')
    const two = await file('two')
    const { code } = await sent([one, two])
    const swapped = await house.cabinet.store.get(two.id)
    if (!swapped) throw new Error('gone')
    const bytes = await buffer(swapped)
    await house.cabinet.store.put(
      one.id,
      (async function* () {
        yield await Promise.resolve(bytes)
      })(),
    )
    const opened = await openAtReceipt(house, holderOf(house, code), one.id)
    await expect(read(opened)).rejects.toThrow('broken')
    await house.database.owner.once(sql`update vault.subject set state = 'destroyed', wrapped_key = null
      where id = (select subject from correspondence.casefile c join attachments.attachment a on a.case_id = c.id where a.id = ${two.id})`)
    expect(await read(await openAtReceipt(house, holderOf(house, code), two.id))).toBe('not-there')
  })
})

it('nobody without a secret sees that there are files', async () => {
  await sent([await file()])
  expect(await house.db.once(sql`select * from attachments.in_hand()`)).toEqual([])
  await expect(house.db.once(sql`select * from attachments.attachment`)).rejects.toThrow()
})

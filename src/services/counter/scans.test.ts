import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawPicture } from '../../../test/support/drawing.ts'
import { streamOf } from '../../../test/support/files.ts'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import type { CaseId, DutyId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { enterStaff } from '../../trust/need-to-know/index.ts'
import { takeFile, type TakenFile } from '../attachments/index.ts'
import {
  caseOnDesk,
  issueToken,
  newId,
  openLetter,
  readReceipt,
  reply,
  search,
  today,
  type ContactDetails,
} from '../correspondence/index.ts'
import { counterPanel, printReply, readOne, record, type CounterHouse, type Readers } from './index.ts'
import { usualReading } from './reading/read-scan.ts'

const patience = 120_000

let test: TestHouse
let house: CounterHouse & { cabinet: TestHouse['cabinet'] }
let readers: Readers
let intake: Clerk
let dispatcher: Clerk
let librarian: Clerk
beforeAll(async () => {
  for (const words of sentences) drawn.set(words, await draw(words))
  test = await openTestHouse()
  house = { ...test, publicUrl: 'http://localhost:8080', panels: [counterPanel] }
  readers = { keeper: test.database.keeper, keys: test.keys, cabinet: test.cabinet }
  intake = await test.hire('ines', 'intake-clerk')
  dispatcher = await test.hire('dana', 'works-dispatcher')
  librarian = await test.hire('lee', 'librarian')
}, patience)
afterAll(() => test.close())

const sentences = [
  'The gargoyle above Magnolia Terrace is loose',
  'Once is enough',
  'Peppercorn avenue',
  'Slow words',
  'Deadly words',
  'Gone words',
] as const
const drawn = new Map<string, Buffer>()

async function draw(words: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1500" height="400"><rect width="100%" height="100%" fill="#fff"/><text x="80" y="180" font-size="44" font-family="serif">${words}</text></svg>`
  return drawPicture(svg)
}

async function page(words: (typeof sentences)[number]): Promise<TakenFile> {
  const taken = await takeFile(house.cabinet, { name: 'page-1.png', stream: streamOf(drawn.get(words) ?? '') })
  if ('refused' in taken) throw new Error(taken.refused)
  return taken
}

async function recorded(files: readonly TakenFile[], contact: ContactDetails = {}) {
  const done = await record(
    house,
    intake.actor,
    {
      channel: 'letter',
      day: today(house),
      topic: 'potholes' as TopicId,
      language: 'en',
      words: files.length > 0 ? '' : 'A hole.',
      contact,
      files,
      duty: 'intake-clerk' as DutyId,
    },
    issueToken(house.keys),
  )
  if ('refused' in done) throw new Error(done.refused)
  const receipt = await readReceipt(house, done.slip.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { code: done.slip.code, id: receipt.line.id, version: receipt.line.version }
}

const acts = async (id: CaseId) =>
  await test.database.owner.once<{ act: string; kind: string; purpose: string | null; detail: string | null }>(
    sql`select act, actor_kind as kind, purpose, detail from ledger.entry where case_id = ${id} order by subject_count`,
  )

const leased = async () =>
  (await test.database.keeper.once<{ id: string }>(sql`select counter.lease_scans(10) as id`)).map(({ id }) => id)

const readingOf = async (id: string) =>
  await test.database.owner.once<{ state: string; how: string | null; attempts: number }>(
    sql`select state, how, attempts from counter.reading where attachment = ${id}`,
  )

const onDesk = async (clerk: Clerk, id: CaseId) => {
  await openLetter(house, clerk.actor, id, 'send-crew')
  const shown = await caseOnDesk(house, clerk.actor, id)
  return 'refused' in shown ? '' : shown.panels.map(String).join('')
}

describe('a recorded scan', { timeout: patience }, () => {
  it('is read by the worker, its words are found on the desk of its topic, and each step is written', async () => {
    const scan = await page('The gargoyle above Magnolia Terrace is loose')
    const { id } = await recorded([scan])
    expect(await onDesk(dispatcher, id)).toContain('waits to be read')
    expect(await leased()).toEqual([scan.id])
    expect(await leased()).toEqual([])
    await readOne(readers, scan.id)
    expect(await readingOf(scan.id)).toEqual([{ state: 'read', how: 'seen', attempts: 1 }])
    expect(await acts(id)).toEqual(
      expect.arrayContaining([
        { act: 'letter.opened', kind: 'system', purpose: 'reading', detail: null },
        { act: 'scan.read', kind: 'system', purpose: 'reading', detail: 'pages=1 how=seen' },
      ]),
    )
    expect((await search(house, dispatcher.actor, 'magnolia gargoyles')).map((line) => line.id)).toEqual([id])
    expect(await search(house, librarian.actor, 'gargoyle')).toEqual([])
    const shown = await onDesk(dispatcher, id)
    expect(shown).toContain('Magnolia Terrace')
    expect(shown).toContain('It may have mistakes')
  })

  it('that was read is not opened again', async () => {
    const scan = await page('Once is enough')
    const { id } = await recorded([scan])
    await leased()
    await readOne(readers, scan.id)
    const before = await acts(id)
    await readOne(readers, scan.id)
    expect(await acts(id)).toEqual(before)
  })

  it('keeps its text sealed: no word stands in the database as it was read', async () => {
    const scan = await page('Peppercorn avenue')
    await recorded([scan])
    await leased()
    await readOne(readers, scan.id)
    const [row] = await test.database.owner.once<{ open: boolean; words: number }>(sql`select
      position('eppercorn'::bytea in r.sealed) > 0 as open,
      (select count(*)::int from vault.word w join correspondence.casefile f on f.subject = w.subject
        join attachments.attachment a on a.case_id = f.id where a.id = r.attachment) as words
      from counter.reading r where r.attachment = ${scan.id}`)
    expect(row).toEqual({ open: false, words: 2 })
  })

  it('that cannot be read in time is tried twice more, then left; the file itself stays as it was', async () => {
    const scan = await page('Slow words')
    const { id } = await recorded([scan])
    const hurried = { ...readers, limits: { ...usualReading, ms: 1 } }
    for (const tried of [1, 2, 3]) {
      expect(await leased()).toContain(scan.id)
      await readOne(hurried, scan.id)
      expect(await readingOf(scan.id)).toEqual([
        { state: tried < 3 ? 'waiting' : 'unread', how: null, attempts: tried },
      ])
      await test.database.owner.once(sql`update counter.reading set due_at = now() where state = 'waiting'`)
    }
    expect((await acts(id)).map(({ act }) => act)).toContain('scan.unread')
    const shown = await onDesk(dispatcher, id)
    expect(shown).toContain('The scan itself is fine')
  })

  it('with which a reader died three times is opened no more', async () => {
    const scan = await page('Deadly words')
    await recorded([scan])
    await test.database.owner.once(sql`update counter.reading set attempts = 3 where attachment = ${scan.id}`)
    expect(await test.database.keeper.once(sql`select counter.lease_scans(20)`)).toEqual([])
    expect(await readingOf(scan.id)).toMatchObject([{ state: 'unread' }])
  })

  it('of which the person’s key is gone is not opened', async () => {
    const scan = await page('Gone words')
    const { id } = await recorded([scan])
    await test.database.owner.once(sql`update vault.subject set state = 'withdrawn'
      where id = (select subject from correspondence.casefile where id = ${id})`)
    const before = await acts(id)
    await readOne(readers, scan.id)
    expect(await acts(id)).toEqual(before)
  })
})

describe('an answer on paper', { timeout: patience }, () => {
  async function answered(contact: ContactDetails) {
    const { id, version, code } = await recorded([], contact)
    await openLetter(house, dispatcher.actor, id, 'send-crew')
    const message = newId()
    const words = 'A crew closes the hole on Friday.'
    await reply(house, dispatcher.actor, { caseId: id, version, words, messageId: message })
    return { caseId: id, message, code }
  }

  it('is offered where there is no e-mail, and printing it is written for the person', async () => {
    const { caseId, message } = await answered({ name: 'Ada Quill', address: '4 Fennel Court\nAlmendra' })
    expect(await onDesk(dispatcher, caseId)).toContain(`/desk/cases/${caseId}/replies/${message}/print`)
    expect(await printReply(house, dispatcher.actor, { caseId, message })).toMatchObject({
      department: 'public-works',
      contact: { name: 'Ada Quill', address: '4 Fennel Court\nAlmendra' },
      words: 'A crew closes the hole on Friday.',
    })
    expect(await acts(caseId)).toContainEqual({
      act: 'reply.printed',
      kind: 'staff',
      purpose: 'contact-the-city',
      detail: 'by=post',
    })
  })

  it('is not offered where the answer goes by mail', async () => {
    const { caseId, message } = await answered({ email: 'ada@example.org' })
    expect(await onDesk(dispatcher, caseId)).not.toContain(message)
  })

  it('is given to no other desk, nor for what is no answer, and writes nothing there', async () => {
    const { caseId, message } = await answered({})
    const before = await acts(caseId)
    for (const [clerk, asked] of [
      [librarian, message],
      [intake, message],
      [dispatcher, newId()],
    ] as const)
      expect(await printReply(house, clerk.actor, { caseId, message: asked })).toEqual({ refused: 'not-there' })
    const others = await test.database.app.transaction(async (tx) => {
      await enterStaff(tx, librarian.actor, caseId)
      return tx.rows(sql`select attachment from counter.readings_in_hand()`)
    })
    expect(others).toEqual([])
    expect(await acts(caseId)).toEqual(before)
  })
})

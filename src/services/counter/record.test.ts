import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { sequenceAll } from '../../../test/support/ledger.ts'
import type { DutyId, FormId, TopicId } from '../../city/index.ts'
import { sql } from '../../plumbing/index.ts'
import { discharge } from '../../trust/need-to-know/index.ts'
import {
  caseOnDesk,
  codeFor,
  dueOn,
  issueToken,
  openLetter,
  readReceipt,
  readWords,
  receive,
  search,
  today,
  type CaseLine,
  type IncomingLetter,
  type ReceiptCode,
  type SubmissionToken,
} from '../correspondence/index.ts'
import { add, record, renew, type CounterHouse, type Recording } from './index.ts'

let test: TestHouse
let house: CounterHouse
let intake: Clerk
let dispatcher: Clerk
let librarian: Clerk
beforeAll(async () => {
  test = await openTestHouse()
  house = { ...test, publicUrl: 'http://localhost:8080' }
  intake = await test.hire('ines', 'intake-clerk')
  dispatcher = await test.hire('dana', 'works-dispatcher')
  librarian = await test.hire('lee', 'librarian')
})
afterAll(() => test.close())

const brought = (changed: Partial<Recording> = {}): Recording => ({
  channel: 'letter',
  day: today(house),
  topic: 'potholes' as TopicId,
  language: 'en',
  words: 'The crater on Wisteria Lane swallowed two bicycles.',
  contact: { name: 'Marisol Vega', address: '12 Wisteria Lane\nAlmendra' },
  duty: 'intake-clerk' as DutyId,
  ...changed,
})

async function recorded(
  changed: Partial<Recording> = {},
  token: SubmissionToken = issueToken(house.keys),
): Promise<{ code: ReceiptCode; line: CaseLine }> {
  const done = await record(house, intake.actor, brought(changed), token)
  if ('refused' in done) throw new Error(done.refused)
  const receipt = await readReceipt(house, done.slip.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { code: done.slip.code, line: receipt.line }
}

const count = async () => await test.database.owner.once(sql`select id from correspondence.casefile`)

const acts = async (line: CaseLine) =>
  await test.database.owner.once<{ act: string; kind: string; duty: string | null; detail: string | null }>(
    sql`select act, actor_kind as kind, duty, detail from ledger.entry where case_id = ${line.id} order by subject_count`,
  )

describe('recording a letter', () => {
  it('makes a case like any other, on the desk of the topic and no other, the clerk’s own included', async () => {
    const { line } = await recorded()
    expect(line).toMatchObject({ channel: 'letter', topic: 'potholes', form: 'contact-the-city', state: 'new' })
    expect(await caseOnDesk(house, intake.actor, line.id)).toEqual({ refused: 'not-there' })
    expect(await caseOnDesk(house, librarian.actor, line.id)).toEqual({ refused: 'not-there' })
    await openLetter(house, dispatcher.actor, line.id, 'send-crew')
    expect(await caseOnDesk(house, dispatcher.actor, line.id)).toMatchObject({
      envelope: { state: 'open', contact: { name: 'Marisol Vega', address: '12 Wisteria Lane\nAlmendra' } },
    })
  })

  it('writes who recorded it on which duty, and that the code was printed, where the person reads it', async () => {
    const { line, code } = await recorded({ channel: 'counter' })
    expect((await acts(line)).slice(0, 2)).toEqual([
      { act: 'letter.received', kind: 'person', duty: null, detail: 'counter' },
      { act: 'letter.recorded', kind: 'staff', duty: 'intake-clerk', detail: 'channel=counter receipt=printed' },
    ])
    const receipt = await readReceipt(house, code)
    expect(receipt).toMatchObject({
      fresh: false,
      history: expect.arrayContaining([
        expect.objectContaining({ act: 'letter.recorded', duty: 'intake-clerk' }),
      ]) as unknown,
    })
  })

  it('dates it the day it came, and the answer is due counted from then', async () => {
    const day = today(house).subtract({ days: 9 })
    const { line } = await recorded({ day })
    expect(line.receivedAt.toZonedDateTimeISO(house.city.timeZone).toPlainDate().toString()).toBe(day.toString())
    expect(line.dueOn.toString()).toBe(dueOn(house.city, line.topic, day).toString())
  })

  it.each([90, -2])('refuses a day %i days ago and keeps nothing', async (days) => {
    const before = await count()
    const input = brought({ day: today(house).subtract({ days }) })
    expect(await record(house, intake.actor, input, issueToken(house.keys))).toEqual({ refused: 'not-then' })
    expect(await count()).toHaveLength(before.length)
  })

  it('acknowledges by mail where there is an address, as for every letter', async () => {
    const { line } = await recorded({ contact: { email: 'm@example.org' } })
    expect(
      await test.database.owner.once(sql`select kind from correspondence.mail where case_id = ${line.id}`),
    ).toEqual([{ kind: 'acknowledgement' }])
  })

  it('stores no word of it where it can be read', async () => {
    await recorded({ words: 'Quixotically purple hydrant' })
    const [row] = await test.database.owner.once<{ found: boolean }>(sql`select exists (
      select from correspondence.message m where position('purple'::bytea in m.sealed) > 0) as found`)
    expect(row?.found).toBe(false)
  })
})

describe('a repeated post', () => {
  it('is one case and prints the same receipt, which is written down too', async () => {
    const token = issueToken(house.keys)
    const first = await recorded({}, token)
    const before = await count()
    const second = await recorded({}, token)
    expect(second.code).toBe(first.code)
    expect(await count()).toHaveLength(before.length)
    expect((await acts(first.line)).map(({ act }) => act)).toContain('receipt.printed')
  })

  it('prints nothing after ten minutes, nor for a colleague', async () => {
    const token = issueToken(house.keys)
    const { line } = await recorded({}, token)
    const colleague = await test.hire('otto', 'intake-clerk')
    expect(await record(house, colleague.actor, brought(), token)).toEqual({ refused: 'past' })
    await test.database.owner.once(
      sql`update counter.recorded set recorded_at = recorded_at - interval '11 minutes' where case_id = ${line.id}`,
    )
    expect(await record(house, intake.actor, brought(), token)).toEqual({ refused: 'past' })
  })

  it('with other words is refused and keeps nothing of them', async () => {
    const token = issueToken(house.keys)
    await recorded({}, token)
    const before = await count()
    expect(await record(house, intake.actor, brought({ words: 'Other words.' }), token)).toEqual({
      refused: 'different',
    })
    expect(await count()).toHaveLength(before.length)
  })
})

describe('who may not record', () => {
  it('is refused by the database, and nothing stays', async () => {
    const before = await count()
    const tries: [Clerk, string][] = [
      [dispatcher, 'works-dispatcher'],
      [dispatcher, 'intake-clerk'],
      [librarian, 'nothing'],
    ]
    for (const [clerk, duty] of tries)
      expect(await record(house, clerk.actor, brought({ duty: duty as DutyId }), issueToken(house.keys))).toEqual({
        refused: 'not-there',
      })
    expect(await count()).toHaveLength(before.length)
  })

  it('from the moment the duty ends', async () => {
    const short = await test.hire('pia', 'intake-clerk')
    await test.database.owner.transaction((tx) => discharge(tx, short.employee, 'intake-clerk'))
    expect(await record(house, short.actor, brought(), issueToken(house.keys))).toEqual({ refused: 'not-there' })
  })

  it('nor does a letter that looks recorded come in without a clerk, her duty and her entry', async () => {
    const before = await count()
    const words = { field: 'message', label: 'Your letter', value: 'As if it had come on paper.' }
    for (const channel of ['letter', 'counter', 'telephone', 'email'] as const)
      await expect(
        receive(
          house,
          {
            channel,
            form: 'contact-the-city' as FormId,
            formVersion: 1,
            topic: 'potholes' as TopicId,
            language: 'en',
            answers: [words],
            contact: {},
          },
          issueToken(house.keys),
        ),
      ).rejects.toThrow()
    expect(await count()).toHaveLength(before.length)
  })
})

describe('the words of a recorded letter', () => {
  it('find it on the desk of its topic, all of them, and the search is written for the person', async () => {
    const { line } = await recorded({ words: 'A rhododendron blocks the signpost at Fennel Court.' })
    const found = await search(house, dispatcher.actor, 'signposts RHODODENDRON')
    expect(found.map(({ id }) => id)).toEqual([line.id])
    expect(await search(house, dispatcher.actor, 'rhododendron zeppelin')).toEqual([])
    expect((await acts(line)).at(-1)).toEqual({
      act: 'person.searched',
      kind: 'staff',
      duty: 'works-dispatcher',
      detail: 'by=words',
    })
  })

  it('are read by no program once more', async () => {
    const { line } = await recorded({ words: 'A periwinkle.' })
    await sequenceAll(test.database.owner)
    const reader = { keeper: test.database.keeper, keys: house.keys }
    for (let more = true; more;) more = (await readWords(reader)).entries > 0
    expect((await search(house, dispatcher.actor, 'periwinkle')).map(({ id }) => id)).toEqual([line.id])
    expect((await acts(line)).map(({ kind }) => kind)).not.toContain('system')
  })

  it('find nothing on another desk, and write nothing there', async () => {
    const { line } = await recorded({ words: 'An unmistakable wolverine on Heron Way.' })
    const before = await acts(line)
    expect(await search(house, librarian.actor, 'wolverine')).toEqual([])
    expect(await search(house, intake.actor, 'wolverine')).toEqual([])
    expect(await acts(line)).toEqual(before)
  })
})

describe('adding to a case', () => {
  const said = (changed: object) => ({
    channel: 'telephone' as const,
    words: 'She calls to say that the marmalade is gone too.',
    duty: 'intake-clerk' as DutyId,
    messageId: crypto.randomUUID(),
    ...changed,
  })

  it('works with the person’s code for every case, shows the clerk nothing of it, and is one message', async () => {
    const { line, code } = await recorded()
    const input = said({ existing: code.replace(/(\d{4})/g, '$1 ') })
    expect(await add(house, intake.actor, input as never)).toEqual({ number: line.number })
    expect(await add(house, intake.actor, input as never)).toEqual({ number: line.number })
    const receipt = await readReceipt(house, code)
    if ('refused' in receipt) throw new Error(receipt.refused)
    expect(receipt.letters.map(({ kind, channel }) => [kind, channel])).toEqual([
      ['letter', 'letter'],
      ['addition', 'telephone'],
    ])
    expect(await caseOnDesk(house, intake.actor, line.id)).toEqual({ refused: 'not-there' })
    expect(await acts(line)).toContainEqual({
      act: 'letter.added',
      kind: 'staff',
      duty: 'intake-clerk',
      detail: 'channel=telephone by=code',
    })
    expect((await search(house, dispatcher.actor, 'marmalade')).map(({ id }) => id)).toContain(line.id)
  })

  it('works with a number only for a case on her own desk; else the answer is as if there were none', async () => {
    const own = await recorded({ topic: 'city-clerk-general' as TopicId })
    const others = await recorded()
    const by = (number: number) => add(house, intake.actor, said({ existing: `#${String(number)}` }) as never)
    expect(await by(own.line.number)).toEqual({ number: own.line.number })
    const before = await acts(others.line)
    expect(await by(others.line.number)).toEqual({ refused: 'not-there' })
    expect(await by(999_999_999)).toEqual({ refused: 'not-there' })
    expect(await acts(others.line)).toEqual(before)
  })

  it('is refused without the power, with a code too, and opens nothing', async () => {
    const { line, code } = await recorded()
    const before = await acts(line)
    const input = said({ existing: code, duty: 'works-dispatcher' })
    expect(await add(house, dispatcher.actor, input as never)).toEqual({ refused: 'not-there' })
    expect(await acts(line)).toEqual(before)
  })
})

describe('a new code', () => {
  it('is the person’s alone: the one that a clerk printed opens nothing any more, and it is written', async () => {
    const { line, code } = await recorded()
    const renewed = await renew(house, code)
    if ('refused' in renewed) throw new Error(renewed.refused)
    expect(await readReceipt(house, code)).toEqual({ refused: 'no-receipt' })
    expect(await renew(house, code)).toEqual({ refused: 'no-receipt' })
    expect(await readReceipt(house, renewed.code)).toMatchObject({ line: { id: line.id }, fresh: true })
    expect(await acts(line)).toContainEqual({ act: 'receipt.renewed', kind: 'person', duty: null, detail: null })
    const said = { channel: 'telephone', words: 'More.', duty: 'intake-clerk', messageId: crypto.randomUUID() }
    expect(await add(house, intake.actor, { ...said, existing: code } as never)).toEqual({ refused: 'not-there' })
  })

  it('is made for nobody without a receipt, and not for a letter that no clerk saw', async () => {
    const received = await receive(house, { ...letter(), channel: 'form' }, issueToken(house.keys))
    if ('refused' in received) throw new Error(received.refused)
    expect(await renew(house, received.code)).toEqual({ refused: 'no-receipt' })
    expect(await renew(house, codeFor(house.keys, issueToken(house.keys)))).toEqual({ refused: 'no-receipt' })
  })
})

const letter = (): IncomingLetter => ({
  channel: 'counter',
  form: 'contact-the-city' as FormId,
  formVersion: 1,
  topic: 'potholes' as TopicId,
  language: 'en',
  answers: [{ field: 'message', label: 'Your letter', value: 'A hole.' }],
  contact: {},
})

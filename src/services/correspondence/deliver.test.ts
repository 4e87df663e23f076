import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { openMailbox, plain, type Mailbox } from '../../../test/support/mailbox.ts'
import type { CaseId, FormId, TopicId } from '../../city/index.ts'
import { createMailer, sql, type Mailer } from '../../plumbing/index.ts'
import {
  runPostOffice,
  deliver,
  issueToken,
  newId,
  openLetter,
  readReceipt,
  receive,
  reply,
  type IncomingLetter,
} from './index.ts'

let house: TestHouse
let clerk: Clerk
let mailer: Mailer
let box: Mailbox

beforeAll(async () => {
  house = await openTestHouse()
  clerk = await house.hire('dana', 'works-dispatcher')
  box = await openMailbox()
  mailer = createMailer(box.url)
})
afterAll(async () => {
  mailer.close()
  await box.close()
  await house.close()
})
beforeEach(() => {
  box.empty()
})

const letter: IncomingLetter = {
  channel: 'form',
  form: 'contact-the-city' as FormId,
  formVersion: 1,
  topic: 'potholes' as TopicId,
  language: 'en',
  answers: [{ field: 'message', label: 'Your letter', value: 'A hole on Willow Street.' }],
  contact: { email: 'marisol@example.org' },
}

async function written(changed: Partial<IncomingLetter> = {}) {
  const received = await receive(house, { ...letter, ...changed }, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { caseId: receipt.line.id, code: received.code, version: receipt.line.version }
}

type MailRow = { id: string; state: string; attempts: number; failure: string | null; later: boolean }
const mailsOf = (caseId: CaseId) =>
  house.database.owner.once<MailRow>(
    sql`select id, state, attempts, failure, due_at > now() + interval '20 seconds' as later from correspondence.mail where case_id = ${caseId} order by created_at`,
  )

const office = (withMailer: boolean) => ({
  keeper: house.database.keeper,
  keys: house.keys,
  city: house.city,
  publicUrl: 'https://almendra.example.org',
  ...(withMailer && { mailer }),
})

async function deliverAll(caseId: CaseId, withMailer = true): Promise<void> {
  for (const { id, state } of await mailsOf(caseId)) if (state === 'waiting') await deliver(office(withMailer), id)
}

describe('the post office', () => {
  it('acknowledges a letter at the address given, naming topic and case, and neither the words nor the code', async () => {
    const { caseId, code } = await written()
    await deliverAll(caseId)
    expect(box.sources).toHaveLength(1)
    const mail = plain(box.sources[0])
    expect(mail).toMatch(/^To: marisol@example\.org/m)
    expect(mail).toMatch(/^Auto-Submitted: auto-generated/m)
    expect(mail).toContain('Pothole')
    expect(mail).toContain('https://almendra.example.org/receipt')
    expect(mail).not.toContain('Willow')
    expect(mail.replace(/\s/g, '')).not.toContain(code)
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'sent', attempts: 1 }])
  })

  it('writes in the person’s language, and names a sensitive topic by its department only', async () => {
    const sensitive = [...house.city.topics.values()].find((topic) => topic.sensitive)
    if (!sensitive) throw new Error('the sample city has no sensitive topic')
    const { caseId } = await written({ language: 'es', topic: sensitive.id })
    await deliverAll(caseId)
    const mail = plain(box.sources[0])
    expect(mail).toContain('/es/receipt')
    expect(mail).not.toContain(sensitive.name.es)
  })

  it('brings the answer, and its look is in the ledger like any other', async () => {
    const { caseId, code, version } = await written()
    await deliverAll(caseId)
    await openLetter(house, clerk.actor, caseId, 'answer')
    await reply(house, clerk.actor, { caseId, version, words: 'A crew comes on Thursday.', messageId: newId() })
    await deliverAll(caseId)
    expect(plain(box.sources[1])).toContain('A crew comes on Thursday.')
    const receipt = await readReceipt(house, code)
    expect(receipt).toMatchObject({
      history: expect.arrayContaining([
        expect.objectContaining({ act: 'letter.opened', actorKind: 'system', purpose: 'post', reason: 'reply' }),
        expect.objectContaining({ act: 'mail.sent', actorKind: 'system' }),
      ]) as unknown,
    })
  })

  it('delivers once: a job that is done again finds nothing to do', async () => {
    const { caseId } = await written()
    const [mail] = await mailsOf(caseId)
    await deliver(office(true), mail?.id ?? '')
    await deliver(office(true), mail?.id ?? '')
    expect(box.sources).toHaveLength(1)
  })

  it('tries again, under the same Message-ID, when the receiving server says later', async () => {
    const { caseId } = await written()
    const [mail] = await mailsOf(caseId)
    box.refuses = 451
    await deliver(office(true), mail?.id ?? '')
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'waiting', attempts: 1, failure: '451', later: true }])
    box.refuses = undefined
    await deliverAll(caseId)
    expect(box.sources[0]).toContain(`Message-ID: <${mail?.id ?? ''}@almendra.example.org>`)
  })

  it('is patient where the server says later: each time twice as long, two hours at most, and after three days it has failed', async () => {
    const { caseId } = await written()
    const [mail] = await mailsOf(caseId)
    const id = mail?.id ?? ''
    const waits = []
    box.refuses = 451
    for (let tries = 0; tries < 10; tries++) {
      await deliver(office(true), id)
      const [row] = await house.database.owner.once<{ wait: number }>(
        sql`select extract(epoch from due_at - clock_timestamp())::float8 as wait from correspondence.mail where id = ${id}`,
      )
      waits.push(Math.ceil((row?.wait ?? 0) / 30) * 30)
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3840, 7200, 7200])
    await house.database.owner.once(
      sql`update correspondence.mail set created_at = created_at - interval '73 hours' where id = ${id}`,
    )
    await deliver(office(true), id)
    box.refuses = undefined
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'failed', attempts: 11, failure: '451' }])
    await deliver(office(true), id)
    expect(box.sources).toEqual([])
  })

  it('gives up when the address is refused for good, and says so on the case', async () => {
    const { caseId } = await written()
    box.refuses = 550
    await deliverAll(caseId)
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'failed', failure: '550' }])
  })

  it('delivers what is in the post by itself, each mail once, also with two post offices at work', async () => {
    const cases = await Promise.all(Array.from({ length: 20 }, () => written()))
    const ending = new AbortController()
    const faults: unknown[] = []
    const offices = [1, 2].map(() => runPostOffice(office(true), ending.signal, (error) => faults.push(error)))
    const sent = async () =>
      (await Promise.all(cases.map(({ caseId }) => mailsOf(caseId)))).flat().filter(({ state }) => state === 'sent')
    await expect.poll(async () => (await sent()).length, { timeout: 20_000 }).toBe(20)
    ending.abort()
    await Promise.all(offices)
    expect(faults).toEqual([])
    expect(new Set(box.sources.map((mail) => /^Message-ID: .*$/m.exec(mail)?.[0])).size).toBe(box.sources.length)
  })

  it('keeps mail for the desk’s outbox where the city has no mail server', async () => {
    const { caseId } = await written()
    await deliverAll(caseId, false)
    expect(box.sources).toEqual([])
    expect(await mailsOf(caseId)).toMatchObject([{ state: 'kept' }])
  })
})

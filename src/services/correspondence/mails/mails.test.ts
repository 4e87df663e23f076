import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { openMailbox, type Mailbox } from '../../../../test/support/mailbox.ts'
import type { CaseId, FormId, TopicId } from '../../../city/index.ts'
import { createMailer, sql, type Mailer } from '../../../plumbing/index.ts'
import { deliver, issueToken, newId, openLetter, readReceipt, receive, recordBounce, reply } from '../index.ts'
import { mailCopy } from './mail-copy.ts'
import { mailStateWords } from './mail-state.ts'
import { resend } from './resend.ts'

let house: TestHouse
let clerk: Clerk
let director: Clerk
let outsider: Clerk
let box: Mailbox
let mailer: Mailer

beforeAll(async () => {
  house = await openTestHouse()
  clerk = await house.hire('dana', 'works-dispatcher')
  director = await house.hire('dora', 'works-director')
  outsider = await house.hire('otto', 'librarian')
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

type Row = { id: string; state: string; kind: string }
const mailsOf = (caseId: CaseId) =>
  house.database.owner.once<Row>(
    sql`select id, state, kind from correspondence.mail where case_id = ${caseId} order by created_at, id`,
  )

async function deliverWaiting(caseId: CaseId, sends = true): Promise<void> {
  const office = { ...house, keeper: house.database.keeper, publicUrl: 'https://almendra.example.org' }
  for (const { id, state } of await mailsOf(caseId))
    if (state === 'waiting') await deliver({ ...office, ...(sends && { mailer }) }, id)
}

/** A letter with an answer in the post. */
async function answered() {
  const letter = {
    channel: 'form' as const,
    form: 'contact-the-city' as FormId,
    formVersion: 1,
    topic: 'potholes' as TopicId,
    language: 'en' as const,
    answers: [{ field: 'message', label: 'Your letter', value: 'A hole on Willow Street.' }],
    contact: { email: 'marisol@example.org' },
  }
  const received = await receive(house, letter, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  const { id: caseId, version } = receipt.line
  await openLetter(house, clerk.actor, caseId, 'answer')
  const words = 'A crew comes on Thursday.'
  await reply(house, clerk.actor, { caseId, version, words, messageId: newId() })
  return { caseId, code: received.code }
}

const answerOf = async (caseId: CaseId) => (await mailsOf(caseId)).findLast(({ kind }) => kind === 'reply')?.id ?? ''

async function told(code: Parameters<typeof readReceipt>[1]) {
  const receipt = await readReceipt(house, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  const mail = receipt.mails.findLast(({ kind }) => kind === 'reply')
  const words = mail && mailStateWords('en', house.city.timeZone, mail)
  return { words, acts: receipt.history.map(({ act, duty }) => [act, duty]) }
}

describe('how a mail fared', () => {
  it('is told to the person: waiting, mailed, come back', async () => {
    const { caseId, code } = await answered()
    expect((await told(code)).words).toBe('Waits to be mailed.')
    await deliverWaiting(caseId)
    expect((await told(code)).words).toMatch(/^Mailed on \w+ \d/)
    await recordBounce(house.database.keeper, await answerOf(caseId), '5.2.2')
    expect((await told(code)).words).toBe('Could not be delivered: the mailbox is full. It can be read here.')
  })

  it('is told in words, whatever the other side answered', async () => {
    const { caseId, code } = await answered()
    box.refuses = 451
    await deliverWaiting(caseId)
    expect((await told(code)).words).toMatch(/^Not mailed yet: the other side did not take it \(451\)/)
    box.refuses = 550
    await deliverWaiting(caseId)
    expect((await told(code)).words).toMatch(/^Could not be delivered: the mailbox is not there/)
  })
})

describe('the copy of a mail', () => {
  it('is read while the letter is open, sent or only kept', async () => {
    const { caseId } = await answered()
    await deliverWaiting(caseId, false)
    const copy = await mailCopy(house, clerk.actor, caseId, await answerOf(caseId))
    expect(copy).toMatchObject({ mail: { to: 'marisol@example.org' }, line: { state: 'kept' } })
    expect('mail' in copy && copy.mail.text).toContain('A crew comes on Thursday.')
  })

  it('stays sealed for a colleague who has not opened the letter, and is not there for others', async () => {
    const { caseId } = await answered()
    await deliverWaiting(caseId)
    const mail = await answerOf(caseId)
    expect(await mailCopy(house, director.actor, caseId, mail)).toEqual({ refused: 'closed-envelope' })
    expect(await mailCopy(house, outsider.actor, caseId, mail)).toEqual({ refused: 'not-there' })
    expect(await mailCopy(house, clerk.actor, caseId, newId())).toEqual({ refused: 'not-there' })
  })
})

describe('sending once more', () => {
  it('mails what failed as a new mail, once, and is in the ledger', async () => {
    const { caseId, code } = await answered()
    box.refuses = 550
    await deliverWaiting(caseId)
    const mailId = await answerOf(caseId)
    expect(await resend(house, clerk.actor, { caseId, mailId })).toEqual({ done: true })
    expect(await resend(house, clerk.actor, { caseId, mailId })).toEqual({ done: true })
    box.refuses = undefined
    await deliverWaiting(caseId)
    expect(box.sources.filter((source) => source.includes('answer'))).toHaveLength(1)
    const { words, acts } = await told(code)
    expect(words).toMatch(/^Mailed on/)
    expect(acts.filter(([act]) => act === 'mail.resent')).toEqual([['mail.resent', 'works-dispatcher']])
  })

  it('is refused for a mail that arrived, without the power to answer, and where there is no such case', async () => {
    const { caseId } = await answered()
    await deliverWaiting(caseId)
    const mailId = await answerOf(caseId)
    expect(await resend(house, clerk.actor, { caseId, mailId })).toEqual({ refused: 'not-failed' })
    await recordBounce(house.database.keeper, mailId, '5.1.1')
    expect(await resend(house, director.actor, { caseId, mailId })).toEqual({ refused: 'not-there' })
    expect(await resend(house, outsider.actor, { caseId, mailId })).toEqual({ refused: 'not-there' })
    expect(await resend(house, clerk.actor, { caseId, mailId: newId() })).toEqual({ refused: 'not-there' })
    expect(await mailsOf(caseId)).toHaveLength(2)
  })
})

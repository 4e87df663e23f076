import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { openMailbox, plain, type Mailbox } from '../../../test/support/mailbox.ts'
import type { AgencyId, FormId, TopicId } from '../../city/index.ts'
import { createMailer, sql, type Mailer } from '../../plumbing/index.ts'
import { close, deliver, issueToken, readReceipt, receive, type ReceiptCode } from './index.ts'
import { receiptSteps } from './pages/receipt-steps.ts'

let house: TestHouse
let clerk: Clerk
let outsider: Clerk
let box: Mailbox
let mailer: Mailer
const agency = 'calma-county-animal-care' as AgencyId

beforeAll(async () => {
  house = await openTestHouse()
  clerk = await house.hire('dana', 'works-dispatcher')
  outsider = await house.hire('otto', 'librarian')
  box = await openMailbox()
  mailer = createMailer(box.url)
})
afterAll(async () => {
  mailer.close()
  await box.close()
  await house.close()
})

async function opened(code: ReceiptCode) {
  const receipt = await readReceipt(house, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt
}

async function written() {
  const letter = {
    channel: 'form' as const,
    form: 'contact-the-city' as FormId,
    formVersion: 1,
    topic: 'public-works-general' as TopicId,
    language: 'en' as const,
    answers: [{ field: 'message', label: 'Your letter', value: 'A lost dog.' }],
    contact: { email: 'marisol@example.org' },
  }
  const received = await receive(house, letter, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const { id: caseId, version } = (await opened(received.code)).line
  return { caseId, version, code: received.code }
}

it('“not ours” says whose: at the receipt, in the ledger and by mail', async () => {
  const { code, ...asked } = await written()
  expect(await close(house, clerk.actor, { ...asked, because: 'not-ours', agency })).toEqual({ done: true })
  const receipt = await opened(code)
  expect(receipt.history.find(({ act }) => act === 'case.closed')?.detail).toBe(`because=not-ours agency=${agency}`)
  const says = JSON.stringify(receiptSteps(house.city, 'en', receipt))
  expect(says).toContain('It belongs to Calma County Animal Care')
  expect(says).toContain('(530) 555-0151')
  const [mail] = await house.database.owner.once<{ id: string }>(
    sql`select id from correspondence.mail where case_id = ${asked.caseId} and kind = 'not-ours'`,
  )
  const office = { ...house, keeper: house.database.keeper, publicUrl: 'https://almendra.example.org', mailer }
  await deliver(office, mail?.id ?? '')
  expect(plain(box.sources[0])).toContain('It belongs to Calma County Animal Care')
})

it('“not ours” without saying whose, or with an agency that the city’s files do not have, is refused', async () => {
  const { code: _code, ...asked } = await written()
  for (const whose of [{}, { agency: 'acme-towing' as AgencyId }])
    expect(await close(house, clerk.actor, { ...asked, because: 'not-ours', ...whose })).toEqual({
      refused: 'no-such-agency',
    })
  expect(await close(house, outsider.actor, { ...asked, because: 'not-ours', agency })).toEqual({
    refused: 'not-there',
  })
  const direct = sql`update correspondence.casefile set state = 'closed', closed_because = 'not-ours' where id = ${asked.caseId}`
  await expect(house.database.owner.once(direct)).rejects.toThrow(/not_ours_says_whose|23514/)
})

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../test/support/house.ts'
import { openMailbox, plain, type Mailbox } from '../../../test/support/mailbox.ts'
import type { AgencyId, BasisId, FormId, TopicId } from '../../city/index.ts'
import { createMailer, sql, type Mailer } from '../../plumbing/index.ts'
import { issueToken, newId, openLetter, readReceipt, receive, type ReceiptCode } from '../correspondence/index.ts'
import { layOut, preview, refer, sendReferral } from './index.ts'
import { recordReferralBounce } from './take-answer.ts'

let house: TestHouse
let clerk: Clerk
let director: Clerk
let outsider: Clerk
let box: Mailbox
let mailer: Mailer
const animals = 'calma-county-animal-care' as AgencyId
const basis = 'agency-responsible' as BasisId

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

async function opened(code: ReceiptCode) {
  const receipt = await readReceipt(house, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return receipt
}

async function written(open = true) {
  const letter = {
    channel: 'form' as const,
    form: 'contact-the-city' as FormId,
    formVersion: 1,
    topic: 'public-works-general' as TopicId,
    language: 'en' as const,
    answers: [{ field: 'message', label: 'Your letter', value: 'A hurt dog lies on Willow Street.' }],
    contact: { name: 'Marisol Vega', email: 'marisol@example.org' },
  }
  const received = await receive(house, letter, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const { id: caseId, version } = (await opened(received.code)).line
  if (open) await openLetter(house, clerk.actor, caseId, 'answer')
  const because = 'They look after hurt animals.'
  return {
    code: received.code,
    input: { caseId, version, id: newId(), agency: animals, basis, because, fields: ['words:1.message'] },
  }
}

const office = () => ({ ...house, keeper: house.database.keeper, mailer })

describe('a referral by mail', () => {
  it('sends exactly what was looked over, is in the ledger by codes, and the person is told', async () => {
    const { code, input } = await written()
    const shown = await preview(house, clerk.actor, input)
    expect(await refer(house, clerk.actor, input)).toEqual({ done: true })
    expect(await refer(house, clerk.actor, input)).toEqual({ done: true })
    await sendReferral(office(), input.id)
    await sendReferral(office(), input.id)
    expect(box.taken).toHaveLength(1)
    expect(box.taken[0]?.to).toBe('help@animals.calmacounty.example.org')
    const source = plain(box.sources[0])
    expect(source).toContain('A hurt dog lies on Willow Street.')
    if (!('way' in shown) || shown.way !== 'email') throw new Error('no preview')
    for (const { words } of shown.parts) expect(source.replace(/\s+/g, ' ')).toContain(words.replace(/\s+/g, ' '))
    expect(source).not.toMatch(/Vega|marisol/)
    const receipt = await opened(code)
    const entry = receipt.history.find(({ act }) => act === 'case.referred')
    expect(entry).toMatchObject({
      duty: 'works-dispatcher',
      reason: basis,
      detail: `agency=${animals} by=email fields=case:topic words:1.message`,
    })
    expect(receipt.history.some(({ act }) => act === 'referral.sent')).toBe(true)
    const told = receipt.letters.find(({ kind }) => kind === 'referral')?.words
    expect(told).toMatch(/^We sent this to Calma County Animal Care, because/)
    expect(told).toContain('They look after hurt animals.')
    expect(told).toContain('What it is about; Your letter.')
  })

  it('that comes back has failed, and says so', async () => {
    const { code, input } = await written()
    await refer(house, clerk.actor, input)
    await sendReferral(office(), input.id)
    expect(await recordReferralBounce(house.database.keeper, input.id, '5.1.1')).toBe(true)
    expect((await opened(code)).history.some(({ act }) => act === 'referral.bounced')).toBe(true)
  })
})

describe('nothing leaves', () => {
  it('that the agency does not need, whether asked of the act or of the database', async () => {
    const { input } = await written()
    const more = { ...input, fields: [...input.fields, 'name:name'] }
    expect(await preview(house, clerk.actor, more)).toEqual({ refused: 'not-needed' })
    expect(await refer(house, clerk.actor, more)).toEqual({ refused: 'not-needed' })
    const laid = await layOut(house, clerk.actor, input.caseId)
    expect('fields' in laid && laid.fields.map(({ code }) => code)).toEqual([
      'case:topic',
      'words:1.message',
      'name:name',
      'contact:email',
    ])
    const kinds = sql`insert into city.agency values ('acme', 'company', 'email', '{}')`
    await expect(house.database.owner.once(kinds)).rejects.toThrow(/23514/)
  })

  it('to whom the city’s files do not have, without a basis, without a reason', async () => {
    const { input } = await written()
    const wrong = [
      [{ agency: 'acme-towing' as AgencyId }, 'no-such-agency'],
      [{ agency: 'state-employment' as AgencyId }, 'no-such-agency'],
      [{ basis: 'because-we-can' as BasisId }, 'no-basis'],
      [{ because: ' ' }, 'no-reason'],
      [{ version: input.version - 1 }, 'changed'],
    ] as const
    for (const [change, refused] of wrong)
      expect(await refer(house, clerk.actor, { ...input, ...change })).toEqual({ refused })
  })

  it('from a sealed letter, without the power, or from a desk that does not have it', async () => {
    const { input } = await written(false)
    expect(await refer(house, clerk.actor, input)).toEqual({ refused: 'closed-envelope' })
    expect(await refer(house, director.actor, input)).toEqual({ refused: 'not-there' })
    expect(await refer(house, outsider.actor, input)).toEqual({ refused: 'not-there' })
    expect(
      await house.database.owner.once(sql`select from referral.disclosure where case_id = ${input.caseId}`),
    ).toEqual([])
  })
})

import { createHash } from 'node:crypto'
import type { AgencyId, City } from '../../city/index.ts'
import { sql, type Db } from '../../plumbing/index.ts'
import { seal } from '../../trust/vault/index.ts'
import { checkWords, newId } from '../correspondence/index.ts'
import type { AgencyMail } from '../mailroom/index.ts'
import type { ReferralOffice } from './house.ts'
import { openForReferral, type OpenedReferral } from './open-for-referral.ts'

export type AnswerRefusal = 'not-a-referral' | 'empty' | 'too-long'

/**
 * Takes what an agency answered by mail to the referral's own address: a message on the case that clerk and person see,
 * with its files and the mail itself, in one transaction. Whoever hands it in has made sure of its sender: the agency's
 * own domain vouched for it, or a clerk did.
 */
export async function takeAgencyMail(
  office: Office,
  referral: string,
  { words, messageId, filing }: AgencyMail,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: AnswerRefusal }>> {
  const checked = checkWords(words)
  if ('refused' in checked) return { refused: checked.refused }
  const message = idOf(referral, messageId)
  const handed = await openForReferral(office, referral, 'answer')
  if (!handed) return { refused: 'not-a-referral' }
  const sealed = sealAnswer(handed, message, checked.words)
  const [row] = await office.keeper.once<{ done: boolean }>(
    sql`select referral.answer_by_mail(${referral}, ${message}, ${sealed}, ${await filing()}) as done`,
  )
  return row?.done === true ? { done: true } : { refused: 'not-a-referral' }
}

const sealAnswer = ({ key, agency }: OpenedReferral, message: string, words: string): Buffer =>
  seal(key, { table: 'message', column: 'sealed', row: message }, JSON.stringify({ words, agency }))

/** Whether an address lies in the domain in which the agency takes letters. Only one that was checked says anything. */
export function isOfAgency(city: City, agency: AgencyId, address: string): boolean {
  const takes = city.agencies.get(agency)?.takes
  return takes?.way === 'email' && domainOf(takes.address) === domainOf(address)
}

type Office = Pick<ReferralOffice, 'keeper' | 'keys' | 'city'>

type Says = Readonly<{ words: string; status?: 'open' | 'closed'; notes?: Buffer }>

/** Seals an answer under the person's key and writes it on the case; the opening is in the ledger first. */
export async function writeAnswer(
  office: Office,
  id: string,
  says: (handed: OpenedReferral) => Says | undefined,
): Promise<boolean> {
  const handed = await openForReferral(office, id, 'answer')
  const said = handed && says(handed)
  if (!said) return false
  const message = newId()
  const sealed = sealAnswer(handed, message, said.words)
  const [row] = await office.keeper.once<{ done: boolean }>(
    sql`select referral.answer(${id}, ${message}, ${sealed}, ${said.status ?? null}, ${said.notes ?? null}) as done`,
  )
  return row?.done === true
}

/** Writes down that a mail to an agency came back; `code` is the report's status. */
export async function recordReferralBounce(keeper: Db, id: string, code: string): Promise<boolean> {
  const [row] = await keeper.once<{ told: boolean }>(sql`select referral.bounce(${id}, ${code.slice(0, 40)}) as told`)
  return row?.told === true
}

const domainOf = (address: string): string =>
  address
    .slice(address.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()

function idOf(referral: string, messageId: string): string {
  const hex = createHash('sha256').update(`${referral}|${messageId}`).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

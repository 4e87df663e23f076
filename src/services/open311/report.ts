import { sql, type Language } from '../../plumbing/index.ts'
import {
  codeFor,
  issueToken,
  receive,
  secretOf,
  tokenFrom,
  type IncomingLetter,
  type ReceiptCode,
  type SubmissionToken,
} from '../correspondence/index.ts'
import type { Admitted } from './admit.ts'
import type { Answer } from './answer.ts'
import type { Open311House } from './house.ts'
import { say } from './messages.ts'

/** A report that was taken: the case's number, and the receipt for the person for whom it was brought. */
export type Reported = Readonly<{ number: number; code: ReceiptCode }>

/** The same report of the same program within this time, or up to twice as long, is the same letter. */
export const repeatMinutes = 10

/**
 * Takes a report in as a letter, durable when this answers, and writes down which program brought it. A crash between the
 * two leaves a letter of nobody's; the program, which had no answer, sends it again, and the repeat completes it.
 */
export async function report(house: Open311House, by: Admitted, letter: IncomingLetter): Promise<Reported> {
  const bucket = Math.floor(house.clock.now().epochMilliseconds / (repeatMinutes * 60_000))
  const earlier = codeFor(house.keys, tokenOf(house, by, letter, bucket - 1))
  const before = await bring(house, by, earlier)
  if (before !== undefined) return { number: before, code: earlier }
  const token = tokenOf(house, by, letter, bucket)
  const received = await receive(house, letter, token)
  const taken = 'refused' in received ? await receive(house, letter, issueToken(house.keys)) : received
  if ('refused' in taken) throw new Error('a letter with a token of its own was taken for another')
  const number = await bring(house, by, taken.code)
  if (number === undefined) throw new Error('a letter that was received could not be found')
  return { number, code: taken.code }
}

/** The service_request_id is the case's number, which opens nothing. The receipt's code is for the person alone. */
export function reportAnswer(
  { city, publicUrl }: Open311House,
  letter: IncomingLetter,
  { number, code }: Reported,
  language: Language,
): Answer {
  const topic = city.topics.get(letter.topic)
  const department = (topic && city.departments.get(topic.department)?.name[language]) ?? city.name[language]
  const address = `${publicUrl}/receipt`
  const notice = topic?.published ? 'noticePublic' : 'noticePrivate'
  const thing = {
    service_request_id: String(number),
    service_notice: say(language, notice, { department, address }),
    account_id: null,
    receipt_code: code,
    receipt_url: address,
  }
  return { root: 'service_requests', inside: { item: 'request', things: [thing] } }
}

async function bring(house: Open311House, by: Admitted, code: ReceiptCode): Promise<number | undefined> {
  const [row] = await house.db.once<{ number: number | null }>(
    sql`select open311.bring(${by.secret}, ${secretOf(house.keys, code)}) as number`,
  )
  return row?.number ?? undefined
}

/** From the words under a key, so that nobody can make the token of a letter whose words he guesses. */
function tokenOf(house: Open311House, by: Admitted, letter: IncomingLetter, bucket: number): SubmissionToken {
  const { topic, place, language, answers, contact, files = [] } = letter
  const digests = files.map(({ sha256 }) => sha256.toString('hex'))
  const said = JSON.stringify([by.client, bucket, topic, place, language, answers, contact, digests])
  const mac = house.keys.mac('open311', `report|${said}`)
  return tokenFrom(house.keys, mac.subarray(0, 16))
}

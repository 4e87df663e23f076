import type { City, PriceGroupId, Programme, Session, SessionId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { waiverHash, waiverMark } from './import-activities.ts'
import { say } from './messages.ts'
import { priceFor } from './pages/words.ts'
import { hoursWords, spanWords } from './when.ts'

/** What an adult wishes to take part in, as her answer says it: `pottery-winter/3fa9c1d25b0e77aa`. */
export type Joining = Readonly<{ session: Session; programme: Programme; price?: number; waiver?: Buffer }>
export type NotJoining = Readonly<{ refused: 'unreadable' | 'not-agreed' | 'not-done' }>

/**
 * Reads an answer in which a session was chosen. Refusals: `unreadable`, no session of ours for adults; `not-agreed`, what
 * has to be agreed to was not, or its words are others by now; `not-done`, another programme comes first, and an adult's
 * word for it is missing.
 */
export function readJoining(
  { activities }: Pick<City, 'activities'>,
  answer: string,
  group?: PriceGroupId,
): Joining | NotJoining {
  const [id = '', ...marks] = answer.split('/')
  const session = activities.sessions.get(id as SessionId)
  const programme = session && activities.programmes.get(session.programme)
  if (!session || programme?.form === undefined) return { refused: 'unreadable' }
  const { waiver } = programme
  if (waiver && marks[0] !== waiverMark(waiver)) return { refused: 'not-agreed' }
  if (programme.after.length > 0 && !marks.includes('done')) return { refused: 'not-done' }
  const price = priceFor(programme, group)
  return { session, programme, ...(price !== undefined && { price }), ...(waiver && { waiver: waiverHash(waiver) }) }
}

/** What was chosen, as it will be read for ever. */
export function joiningWords(
  { activities }: Pick<City, 'activities'>,
  { session, programme }: Joining,
  language: Language,
): string {
  // prettier-ignore
  const venue = activities.venues.get(session.venue)?.name[language] ?? ''
  const before = programme.after.map((id) => activities.programmes.get(id)?.name[language]).join(say(language, 'or'))
  return [
    programme.name[language],
    spanWords(language, session),
    hoursWords(language, session),
    venue,
    ...(before === '' ? [] : [say(language, 'haveDone', { before })]),
  ].join('\n')
}

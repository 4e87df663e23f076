import type { Temporal } from 'temporal-polyfill'
import { fixedText } from '../../plumbing/index.ts'
import type { CaseId, FormId, PlaceId, TopicId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { Closing } from './close.ts'
import type { Channel } from './letter.ts'

export type CaseState = 'new' | 'open' | 'answered' | 'closed'

/** A case as a list shows it: topic, place and age, never a person. */
export type CaseLine = Readonly<{
  id: CaseId
  number: number
  topic: TopicId
  state: CaseState
  place?: PlaceId
  language: Language
  form: FormId
  channel: Channel
  receivedAt: Temporal.Instant
  dueOn: Temporal.PlainDate
  stateSince: Temporal.Instant
  closedBecause?: Closing
  assignee?: number
  version: number
  messages: number
}>

type CaseRow = {
  id: CaseId
  number: number
  topic: TopicId
  state: CaseState
  place: PlaceId | null
  language: Language
  form: FormId
  channel: Channel
  received_at: Temporal.Instant
  due_on: Temporal.PlainDate
  state_since: Temporal.Instant
  closed_because: Closing | null
  assignee: number | null
  version: number
  messages: number
}

/** The columns of a `CaseLine`, from `correspondence.casefile c`. */
export const caseColumns = fixedText(
  `c.id, c.number, c.topic, c.state, c.place, c.language, c.form, c.channel, c.received_at, c.due_on, c.state_since,
   c.closed_because, c.assignee, c.version, c.messages`,
)

export function caseLine(row: unknown): CaseLine {
  const r = row as CaseRow
  return {
    id: r.id,
    number: r.number,
    topic: r.topic,
    state: r.state,
    ...(r.place !== null && { place: r.place }),
    language: r.language,
    form: r.form,
    channel: r.channel,
    receivedAt: r.received_at,
    dueOn: r.due_on,
    stateSince: r.state_since,
    ...(r.closed_because !== null && { closedBecause: r.closed_because }),
    ...(r.assignee !== null && { assignee: r.assignee }),
    version: r.version,
    messages: r.messages,
  }
}

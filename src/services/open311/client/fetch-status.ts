import { Temporal } from 'temporal-polyfill'
import { ask, type AskRefusal } from './ask.ts'
import type { Endpoint } from './endpoint.ts'
import { itemsIn, textIn, type Item } from './read-answer.ts'
import { common } from './send-request.ts'

/** How a report stands at the other side. */
export type Status = Readonly<{
  requestId: string
  /** Whatever a server calls it (`Open`, `OPEN`), it is one of the two. */
  status: 'open' | 'closed'
  notes?: string
  agency?: string
  updatedAt?: Temporal.Instant
  expectedAt?: Temporal.Instant
}>

/** Asks how one report stands. Refusal `not-there`: the other side knows no such report, or does not publish it. */
export async function fetchStatus(
  endpoint: Endpoint,
  requestId: string,
): Promise<Status | AskRefusal | Readonly<{ refused: 'not-there' }>> {
  const resource = `requests/${encodeURIComponent(requestId)}`
  const said = await ask(endpoint, { resource, query: common(endpoint, { api_key: endpoint.key }) })
  if ('refused' in said) return said.refused === 'rejected' && said.status === 404 ? { refused: 'not-there' } : said
  const items = itemsIn(said, 'request')
  if (!items) return { refused: 'unreadable' }
  const found = items.find((item) => textIn(item, 'service_request_id') === requestId)
  if (!found) return { refused: 'not-there' }
  return statusOf(requestId, found) ?? { refused: 'unreadable' }
}

function statusOf(requestId: string, item: Item): Status | undefined {
  const status = textIn(item, 'status')?.toLowerCase()
  if (status !== 'open' && status !== 'closed') return undefined
  const notes = textIn(item, 'status_notes', 1_000)
  const agency = textIn(item, 'agency_responsible', 300)
  const updatedAt = instantIn(item, 'updated_datetime')
  const expectedAt = instantIn(item, 'expected_datetime')
  return {
    requestId,
    status,
    ...(notes !== undefined && { notes }),
    ...(agency !== undefined && { agency }),
    ...(updatedAt && { updatedAt }),
    ...(expectedAt && { expectedAt }),
  }
}

/** A moment with its zone; what has none tells no moment. */
export function instantIn(item: Item, name: string): Temporal.Instant | undefined {
  const text = textIn(item, name, 40)
  if (text === undefined) return undefined
  try {
    return Temporal.Instant.from(text)
  } catch {
    return undefined
  }
}

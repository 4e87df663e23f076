import type { Temporal } from 'temporal-polyfill'
import { ask, type AskRefusal } from './ask.ts'
import type { Endpoint } from './endpoint.ts'
import { instantIn } from './fetch-status.ts'
import { itemsIn, textIn } from './read-answer.ts'
import { common } from './send-request.ts'

/** One update of a report at the other side. `status` is in capitals: OPEN, CLOSED, or one of the extended ones. */
export type Update = Readonly<{
  updateId: string
  requestId: string
  status: string
  description?: string
  updatedAt?: Temporal.Instant
}>

/** The updates between two moments. What comes without identifier, report or status is passed over. */
export async function fetchUpdates(
  endpoint: Endpoint,
  between: Readonly<{ from: Temporal.Instant; until: Temporal.Instant }>,
): Promise<Readonly<{ updates: readonly Update[] }> | AskRefusal> {
  const query = common(endpoint, {
    api_key: endpoint.key,
    start_date: between.from.toString({ smallestUnit: 'second' }),
    end_date: between.until.toString({ smallestUnit: 'second' }),
  })
  const said = await ask(endpoint, { resource: 'servicerequestupdates', query })
  if ('refused' in said) return said
  const items = itemsIn(said, 'request_update')
  if (!items) return { refused: 'unreadable' }
  const updates = items.flatMap((item): Update[] => {
    const updateId = textIn(item, 'update_id', 200)
    const requestId = textIn(item, 'service_request_id', 200)
    const status = textIn(item, 'status', 60)?.toUpperCase()
    if (updateId === undefined || requestId === undefined || status === undefined) return []
    const description = textIn(item, 'description')
    const updatedAt = instantIn(item, 'updated_datetime')
    return [
      {
        updateId,
        requestId,
        status,
        ...(description !== undefined && { description }),
        ...(updatedAt && { updatedAt }),
      },
    ]
  })
  return { updates }
}

export type OwnUpdate = Readonly<{
  /** Ours; the same update sent again carries the same. */
  updateId: string
  requestId: string
  status: string
  description: string
  updatedAt: Temporal.Instant
}>

/** Tells the other side what came since. Answers with its own identifier of the update. */
export async function sendUpdate(
  endpoint: Endpoint,
  update: OwnUpdate,
): Promise<Readonly<{ updateId: string }> | AskRefusal> {
  const fields = common(endpoint, {
    api_key: endpoint.key,
    service_request_id: update.requestId,
    update_id: update.updateId,
    updated_datetime: update.updatedAt.toString({ smallestUnit: 'second' }),
    status: update.status,
    description: update.description,
  })
  const said = await ask(endpoint, { resource: 'servicerequestupdates', fields })
  if ('refused' in said) return said
  const [item] = itemsIn(said, 'request_update') ?? []
  const updateId = item && textIn(item, 'update_id', 200)
  return updateId === undefined ? { refused: 'unreadable' } : { updateId }
}

import { ask, type AskRefusal } from './ask.ts'
import type { Endpoint } from './endpoint.ts'
import { itemsIn, textIn } from './read-answer.ts'
import { common } from './send-request.ts'

/** A kind of report that another server takes. */
export type Service = Readonly<{
  code: string
  name: string
  group?: string
  /** It has questions of its own: see its definition. */
  asksMore: boolean
}>

/** What may be reported to another server. */
export async function fetchServices(
  endpoint: Endpoint,
): Promise<Readonly<{ services: readonly Service[] }> | AskRefusal> {
  const said = await ask(endpoint, { resource: 'services', query: common(endpoint) })
  if ('refused' in said) return said
  const items = itemsIn(said, 'service')
  if (!items) return { refused: 'unreadable' }
  const services = items.flatMap((item): Service[] => {
    const code = textIn(item, 'service_code', 200)
    if (code === undefined) return []
    const group = textIn(item, 'group', 200)
    const asksMore = String(item.metadata).toLowerCase() === 'true'
    return [{ code, name: textIn(item, 'service_name', 300) ?? code, asksMore, ...(group !== undefined && { group }) }]
  })
  return { services }
}

/** Whether an Open311 server of GeoReport v2 answers there, and whom to ask for a key. */
export async function discover(endpoint: Endpoint): Promise<Readonly<{ keyService?: string }> | AskRefusal> {
  const said = await ask(endpoint, { resource: 'discovery', query: common(endpoint) })
  if ('refused' in said) return said
  const [item] = itemsIn(said, 'discovery') ?? []
  if (!item || (item.endpoints === undefined && item.key_service === undefined)) return { refused: 'unreadable' }
  const keyService = textIn(item, 'key_service', 1_000)
  return keyService === undefined ? {} : { keyService }
}

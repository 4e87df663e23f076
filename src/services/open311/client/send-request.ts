import { ask, type AskRefusal } from './ask.ts'
import type { Endpoint } from './endpoint.ts'
import { itemsIn, textIn } from './read-answer.ts'

/** What is sent to another government: exactly these fields leave, and no other. */
export type RequestFields = Readonly<{
  serviceCode: string
  lat?: number
  long?: number
  addressString?: string
  addressId?: string
  description?: string
  email?: string
  firstName?: string
  lastName?: string
  phone?: string
  mediaUrls?: readonly string[]
  attributes?: Readonly<Record<string, string | readonly string[]>>
}>

/** The report as the other side knows it. Only a `token` where it gives its number later: ask `fetchRequestId`. */
export type Sent = Readonly<{ requestId: string; notice?: string }> | Readonly<{ token: string; notice?: string }>

/** Sends one report. Refusals: see `AskRefusal`; `later` without `mayRepeat` must not be sent again unseen. */
export async function sendRequest(endpoint: Endpoint, fields: RequestFields): Promise<Sent | AskRefusal> {
  const said = await ask(endpoint, { resource: 'requests', fields: posted(endpoint, fields) })
  if ('refused' in said) return said
  const [item] = itemsIn(said, 'request') ?? []
  const requestId = item && textIn(item, 'service_request_id', 200)
  const token = item && textIn(item, 'token', 200)
  const notice = item && textIn(item, 'service_notice', 1_000)
  const more = notice !== undefined && { notice }
  if (requestId !== undefined) return { requestId, ...more }
  return token === undefined ? { refused: 'unreadable' } : { token, ...more }
}

/** The number of a report of which only a token is known; `not-yet` while the other side has given it none. */
export async function fetchRequestId(
  endpoint: Endpoint,
  token: string,
): Promise<Readonly<{ requestId: string }> | Readonly<{ refused: 'not-yet' }> | AskRefusal> {
  const resource = `tokens/${encodeURIComponent(token)}`
  const said = await ask(endpoint, { resource, query: common(endpoint) })
  if ('refused' in said) return said
  const [item] = itemsIn(said, 'request') ?? []
  const requestId = item && textIn(item, 'service_request_id', 200)
  return requestId === undefined ? { refused: 'not-yet' } : { requestId }
}

/** What every question says: for which jurisdiction, and with which key where one is needed. */
export function common(endpoint: Endpoint, more: Readonly<Record<string, string | undefined>> = {}): URLSearchParams {
  const said = new URLSearchParams()
  if (endpoint.jurisdiction !== undefined) said.set('jurisdiction_id', endpoint.jurisdiction)
  for (const [name, value] of Object.entries(more)) if (value !== undefined && value !== '') said.set(name, value)
  return said
}

function posted(endpoint: Endpoint, fields: RequestFields): URLSearchParams {
  const body = common(endpoint, {
    api_key: endpoint.key,
    service_code: fields.serviceCode,
    lat: fields.lat?.toFixed(6),
    long: fields.long?.toFixed(6),
    address_string: fields.addressString,
    address_id: fields.addressId,
    email: fields.email,
    first_name: fields.firstName,
    last_name: fields.lastName,
    phone: fields.phone,
    description: fields.description,
  })
  for (const url of fields.mediaUrls ?? []) body.append('media_url', url)
  for (const [code, value] of Object.entries(fields.attributes ?? {})) {
    if (typeof value === 'string') body.append(`attribute[${code}]`, value)
    else for (const one of value) body.append(`attribute[${code}][]`, one)
  }
  return body
}

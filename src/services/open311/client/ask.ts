import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { setTimeout as pause } from 'node:timers/promises'
import { addressOf, leadsInside, lookupOutside, mayAsk, type Endpoint } from './endpoint.ts'
import { faultsSaid } from './read-answer.ts'

/** What a question to another server may come to instead of an answer. */
export type AskRefusal =
  /** The address is not one that may be asked. */
  | Readonly<{ refused: 'forbidden-address' }>
  /** The other side said no, in its own words: text of strangers, shortened. */
  | Readonly<{ refused: 'rejected'; status: number; says: readonly string[] }>
  /** Not now. `mayRepeat`: it did not arrive, or the other side knows repeats; where false, it may have arrived all the same. */
  | Readonly<{ refused: 'later'; mayRepeat: boolean }>
  /** An answer, but none that Open311 knows. */
  | Readonly<{ refused: 'unreadable' }>

export type Said = Readonly<{ status: number; type: string; body: Buffer }>

export type Question = Readonly<{
  resource: string
  query?: URLSearchParams
  /** Present: a POST with these fields. */
  fields?: URLSearchParams
}>

// Not imported: an import asks node:http for all its names, and some of them load a whole client (undici) for nobody.
const { request: askPlain } = process.getBuiltinModule('node:http')
const { request: askSecure } = process.getBuiltinModule('node:https')

const patienceMs = 20_000
const mostBytes = 8_000_000
const mostRedirects = 3
/** Before the second and the third try. What is still not through then is for the caller's own queue. */
const pauses = [400, 1_600] as const

type Try = Said | Readonly<{ fault: string }>

/**
 * Asks another server. A question is tried three times; a report only where it surely did not arrive, or where the other
 * side knows repeats. No redirect leads to another host, no answer is longer than 8 MB, none is waited for beyond 20 seconds.
 */
export async function ask(endpoint: Endpoint, question: Question): Promise<Said | AskRefusal> {
  const query = question.query ?? new URLSearchParams()
  const first = addressOf(endpoint, question.resource, query)
  if (!first) return { refused: 'forbidden-address' }
  for (let tries = 0; ; tries++) {
    const settled = judged(await askOnce(endpoint, first, question.fields), endpoint, question)
    const wait = pauses[tries]
    if ('status' in settled || settled.refused !== 'later' || wait === undefined) return settled
    if (!settled.mayRepeat) return settled
    await pause(wait)
  }
}

const neverArrived = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/

function judged(said: Try, endpoint: Endpoint, { fields }: Question): Said | AskRefusal {
  const harmless = fields === undefined || endpoint.knowsRepeats === true
  if ('fault' in said) {
    if (said.fault === leadsInside) return { refused: 'forbidden-address' }
    if (said.fault === 'too-long' || said.fault === 'redirect') return { refused: 'unreadable' }
    return { refused: 'later', mayRepeat: harmless || neverArrived.test(said.fault) }
  }
  if (said.status >= 200 && said.status < 300) return said
  if (said.status === 429 || said.status === 503) return { refused: 'later', mayRepeat: true }
  if (said.status >= 500) return { refused: 'later', mayRepeat: harmless }
  return { refused: 'rejected', status: said.status, says: faultsSaid(said) }
}

async function askOnce(endpoint: Endpoint, first: URL, fields: URLSearchParams | undefined): Promise<Try> {
  let address: URL = first
  for (let redirects = 0; ; redirects++) {
    const said = await exchange(endpoint, address, fields)
    const to = 'location' in said ? said.location : undefined
    if ('fault' in said || to === undefined) return said
    const next: URL | undefined = URL.canParse(to, address.href) ? new URL(to, address.href) : undefined
    if (fields || !next || next.host !== address.host || !mayAsk(endpoint, next) || redirects >= mostRedirects)
      return { fault: 'redirect' }
    address = next
  }
}

function exchange(
  endpoint: Endpoint,
  address: URL,
  fields: URLSearchParams | undefined,
): Promise<(Said & { location?: string }) | { fault: string }> {
  const body = fields?.toString()
  const options: RequestOptions = {
    method: body === undefined ? 'GET' : 'POST',
    agent: false,
    signal: AbortSignal.timeout(patienceMs),
    ...(!endpoint.insideNetwork && { lookup: lookupOutside }),
    headers: {
      accept: endpoint.format === 'json' ? 'application/json' : 'text/xml, application/xml',
      'user-agent': 'Cityhall',
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      }),
    },
  }
  return new Promise((resolve) => {
    const fail = (error: unknown) => {
      resolve({ fault: codeOf(error) })
    }
    const asking = (address.protocol === 'https:' ? askSecure : askPlain)(address, options, (answer) => {
      whole(answer).then(resolve, fail)
    })
    asking.once('error', fail)
    asking.end(body)
  })
}

async function whole(answer: IncomingMessage): Promise<(Said & { location?: string }) | { fault: string }> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > mostBytes) {
      answer.destroy()
      return { fault: 'too-long' }
    }
    parts.push(part)
  }
  const status = answer.statusCode ?? 0
  const { location } = answer.headers
  const redirected = status >= 300 && status < 400
  if (redirected && location === undefined) return { fault: 'redirect' }
  return {
    status,
    type: answer.headers['content-type'] ?? '',
    body: Buffer.concat(parts),
    ...(redirected && location !== undefined && { location }),
  }
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : String(name)
}

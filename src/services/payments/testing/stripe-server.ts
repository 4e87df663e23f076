import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { atHostedPage } from './stripe-hosted-page.ts'
import { StripeState, type Fault, type Session } from './stripe-state.ts'

export const secretKey = 'sk_test_city'
export const webhookSecret = 'whsec_city'

/** A server of our own that speaks the part of Stripe's HTTP interface that we use: sessions, refunds, pages, webhooks. */
export type StripeServer = Readonly<{
  origin: string
  state: StripeState
  /** What the next request of this kind meets, whatever it asks for. */
  meet(kind: string, fault: Fault): void
  /** The person pays (or the company's expiry comes) without a browser. */
  pay(session: string, changed?: Partial<Pick<Session, 'amount' | 'currency'>>): void
  /** A webhook as Stripe sends it: the body, and its signature's header. `at`: seconds since 1970. */
  signed(event: object, at?: number, secret?: string): { body: string; signature: string }
  /** Posts the events since last asked to the city, and answers with what it answered. */
  deliver(to: string): Promise<number[]>
  /** What it was told, request after request: path and decoded parameters. */
  told: readonly Readonly<{ path: string; key: string | undefined; fields: Record<string, string> }>[]
  close(): Promise<void>
}>

/** `webhooks`: where the city takes them in; without it they wait for `deliver`. */
export async function startStripe(options: { webhooks?: () => string } = {}): Promise<StripeServer> {
  const state = new StripeState()
  const told: { path: string; key: string | undefined; fields: Record<string, string> }[] = []
  const faults = new Map<string, Fault[]>()
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => {
      response.destroy()
    })
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const body = await text(request)
    if (url.pathname.startsWith('/c/pay/')) {
      atHostedPage(state, request.method === 'POST', url.pathname.slice(7), body, response)
      if (options.webhooks) await deliver(options.webhooks())
      return
    }
    const fields = Object.fromEntries(new URLSearchParams(body))
    const key = request.headers['idempotency-key']
    const path = `${request.method ?? ''} ${url.pathname}`
    told.push({ path, key: typeof key === 'string' ? key : undefined, fields })
    const kind = [...faults.keys()].find((one) => path.startsWith(one))
    const fault = kind === undefined ? undefined : faults.get(kind)?.shift()
    if (fault === 'away') {
      response.destroy()
      return
    }
    if (fault === 'broken') {
      send(response, 500, { error: { type: 'api_error', message: 'it broke' } })
      return
    }
    if (fault === 'silent') return
    if (request.headers.authorization !== `Bearer ${secretKey}`) {
      send(response, 401, { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } })
      return
    }
    const { status, json } = state.call(path, fields, typeof key === 'string' ? key : undefined)
    // The work is done, and the answer is lost on its way.
    if (fault === 'lost') {
      response.destroy()
      return
    }
    send(response, status, json)
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  state.pages = `${origin}/c/pay/`

  async function deliver(to: string): Promise<number[]> {
    const answers: number[] = []
    for (const event of state.events.splice(0)) {
      const { body, signature } = signed(event)
      const headers = { 'content-type': 'application/json', 'stripe-signature': signature }
      answers.push((await fetch(to, { method: 'POST', headers, body })).status)
    }
    return answers
  }

  return {
    origin,
    state,
    told,
    meet: (kind, fault) => void faults.set(kind, [...(faults.get(kind) ?? []), fault]),
    pay: (session, changed) => {
      state.pay(session, changed)
    },
    signed,
    deliver,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

/** As documented: HMAC-SHA-256 of time and body under the endpoint's secret, as `t=...,v1=...`. */
function signed(event: object, at = Math.floor(Date.now() / 1000), secret = webhookSecret) {
  const body = JSON.stringify(event)
  const mac = createHmac('sha256', secret)
    .update(`${String(at)}.${body}`)
    .digest('hex')
  return { body, signature: `t=${String(at)},v1=${mac},v0=${randomBytes(8).toString('hex')}` }
}

function send(response: ServerResponse, status: number, json: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'request-id': 'req_1' })
  response.end(JSON.stringify(json))
}

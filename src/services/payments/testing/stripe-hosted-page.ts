import type { ServerResponse } from 'node:http'
import { parse } from 'node:querystring'
import type { StripeState } from './stripe-state.ts'

/** The company's own page, as far as a test needs one: an amount, a card number to type, and ways back. */
export function atHostedPage(state: StripeState, isPost: boolean, id: string, body: string, response: ServerResponse) {
  const session = state.sessions.get(id)
  if (!session) return void response.writeHead(404).end()
  if (!isPost) {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    return void response.end(`<!doctype html><html lang="${session.locale}"><title>Checkout</title>
      <h1>${session.description}</h1><p>$${(session.amount / 100).toFixed(2)}</p>
      <form method="post"><label>Card number <input name="card"></label><button>Pay</button></form>
      <a href="${session.cancelUrl}">Back</a></html>`)
  }
  if (typeof parse(body)['card'] === 'string' && session.status === 'open') state.pay(id)
  response.writeHead(303, { location: session.successUrl }).end()
}

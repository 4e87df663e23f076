import { createHash } from 'node:crypto'
import { publishLook } from '../../../city/look/index.ts'
import { createGate, createServer, html } from '../../../plumbing/index.ts'
import { sessionCookie } from '../../../trust/need-to-know/index.ts'
import type { Neighbour } from '../../../../test/support/people.ts'
import { residentsRoutes, type HomePanel, type OwnPage } from '../../residents/index.ts'
import { consentPanel } from '../own/panel.ts'
import { consentRoutes } from '../own/routes.ts'
import type { ConsentHouse } from '../house.ts'

export type Answer = Readonly<{ status: number; body: string; text: string; to: string; hash: string }>

/** What rooms further up have on a resident's pages. */
type More = Readonly<{ panels?: readonly HomePanel[]; routes?: (page: OwnPage) => void }>

/** The pages under /me as a browser without JavaScript sees them. */
export async function openOwnSite(of: ConsentHouse, more: More = {}) {
  const town = { ...of, publicUrl: 'http://city.test' }
  const app = await createServer({
    publicUrl: town.publicUrl,
    log: { info: () => undefined, error: () => undefined },
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  const cookie = sessionCookie(town.publicUrl, { name: 'cityhall-me', path: '/', sameSite: 'Lax' })
  const house = {
    ...town,
    cookie,
    party: undefined,
    gate: createGate(Date.now, { network: 1000, all: 1000 }),
    codesOnDesk: false,
    panels: [consentPanel(town.city), ...(more.panels ?? [])],
  }
  publishLook(app, town.city)
  await residentsRoutes(app, house, [
    (page) => {
      consentRoutes(page, town)
      more.routes?.(page)
    },
  ])
  const answer = (got: Awaited<ReturnType<typeof app.inject>>): Answer => ({
    status: got.statusCode,
    body: got.body,
    text: got.body
      .replace(/<[^>]*>/g, ' ')
      .replace(/&#39;|&quot;/g, '"')
      .replace(/\s+/g, ' '),
    to: got.headers['location'] ?? '',
    hash: createHash('sha256').update(got.rawPayload).digest('hex'),
  })
  const as = (who: Neighbour) => ({ cookie: cookie.set(who.actor.secret).split(';')[0] ?? '' })
  return {
    get: async (who: Neighbour, url: string) => answer(await app.inject({ url, headers: as(who) })),
    post: async (who: Neighbour, url: string, fields: Readonly<Record<string, string>>) => {
      const headers = { ...as(who), 'content-type': 'application/x-www-form-urlencoded' }
      return answer(await app.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() }))
    },
    /** For a real browser: where it listens, and the cookie of who is signed in. */
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    cookieOf: (who: Neighbour) => ({ name: 'cityhall-me', value: who.actor.secret.toString('base64url') }),
    close: () => app.close(),
  }
}

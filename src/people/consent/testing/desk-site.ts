import type { FastifyInstance } from 'fastify'
import { publishDeskLook } from '../../../city/look/index.ts'
import { createServer, html, readFormsWithFiles } from '../../../plumbing/index.ts'
import { fieldsOf, whoIs, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import type { Clerk } from '../../../../test/support/house.ts'
import { consentDeskRoutes } from '../desk/routes.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import type { Town } from './town.ts'

/** The clerk's desk, as it stands open for whoever asks. */
export async function openDeskSite(
  town: Town & Pick<ConsentRoutesHouse, 'asksMinors'>,
  more?: (desk: Desk, app: FastifyInstance) => void,
) {
  const app = await createServer({
    publicUrl: town.publicUrl,
    log: { info: () => undefined, error: () => undefined },
    problemPage: ({ status }) => html`<h1>${status}</h1>`,
  })
  await readFormsWithFiles(app)
  let visitor = town.clerk
  const visit = async (request: Visit['request'], reply: Visit['reply'], posted: unknown): Promise<Visit> => {
    const staff = await whoIs(town.db, visitor.actor)
    if (!staff) throw new Error('nobody is signed in')
    return { actor: visitor.actor, staff, request, reply, posted: fieldsOf(posted) }
  }
  const desk: Desk = {
    get: (path, answer) => void app.get(path, async (request, reply) => answer(await visit(request, reply, {}))),
    post: (path, answer) =>
      void app.post(path, async (request, reply) => answer(await visit(request, reply, request.body))),
    postWithFiles: (path, read, answer) =>
      void app.post(path, async (request, reply) => {
        const sent = await read(request, reply)
        return answer(await visit(request, reply, sent.posted), sent)
      }),
    look: () => undefined,
  }
  publishDeskLook(app, town.city)
  consentDeskRoutes(desk, town)
  more?.(desk, app)
  const answered = (got: Awaited<ReturnType<typeof app.inject>>) => ({
    status: got.statusCode,
    body: got.body,
    text: got.body.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' '),
    to: got.headers['location'] ?? '',
  })
  return {
    get: async (who: Clerk, url: string) => {
      visitor = who
      return answered(await app.inject({ url }))
    },
    post: async (who: Clerk, url: string, fields: Readonly<Record<string, string>>) => {
      visitor = who
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      return answered(
        await app.inject({ method: 'POST', url, headers, payload: new URLSearchParams(fields).toString() }),
      )
    },
    send: async (who: Clerk, url: string, form: FormData) => {
      visitor = who
      const request = new Request('http://city.test', { method: 'POST', body: form })
      const headers = { 'content-type': request.headers.get('content-type') ?? '' }
      const payload = Buffer.from(await request.arrayBuffer())
      return answered(await app.inject({ method: 'POST', url, headers, payload }))
    },
    /** For a real browser: where it listens; the clerk is at the desk. */
    listen: () => app.listen({ port: 0, host: '127.0.0.1' }),
    close: () => app.close(),
  }
}

import { parse } from 'node:querystring'
import formbody from '@fastify/formbody'
import type { FastifyInstance } from 'fastify'

/** A posted form as it came: a field that was sent more than once is a list. */
export type Posted = Readonly<Record<string, string | readonly string[]>>

/** A form with more fields than this is not one of ours; what is beyond is not read. */
const mostFields = 500

/**
 * Reads ordinary HTML forms (`application/x-www-form-urlencoded` in UTF-8). Line ends become `\n`; NUL is left out, since
 * no keyboard makes it and PostgreSQL holds none. Any other encoding is refused with 415 before the body is read.
 * JSON is read too (passkeys, API); plain text is not, since another site could post it without asking the browser.
 */
export async function readFormBodies(app: FastifyInstance): Promise<void> {
  app.removeContentTypeParser('text/plain')
  await app.register(formbody, { parser: parsePosted })
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const charset = /charset="?([^";]+)/i.exec(request.headers['content-type'] ?? '')?.[1]
    const isUtf8 = charset === undefined || charset.trim().toLowerCase() === 'utf-8'
    if (isUtf8 && request.headers['content-encoding'] === undefined) {
      done(null, payload)
      return
    }
    const fault = Object.assign(new Error('body in an encoding that is not read'), { statusCode: 415 })
    done(fault, undefined)
  })
}

export function parsePosted(body: string): Posted {
  const posted: Record<string, string | readonly string[]> = Object.create(null) as Record<string, never>
  for (const [name, value] of Object.entries(parse(body, '&', '=', { maxKeys: mostFields }))) {
    if (value !== undefined) posted[clean(name)] = typeof value === 'string' ? clean(value) : value.map(clean)
  }
  return posted
}

/** Line ends as `\n`, and no NUL. */
export function clean(text: string): string {
  return text.replaceAll('\0', '').replaceAll('\r\n', '\n')
}

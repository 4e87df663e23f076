import type { FastifyInstance } from 'fastify'
import { deskModule } from '../../../city/look/index.ts'
import { passkeyModule as deskPasskeys } from '../../../trust/need-to-know/index.ts'

/** Passkeys on a resident's own page: the desk's script, whose forms say where they ask, at an address of this site's. */
export const passkeyModule = deskModule('own-passkey', deskPasskeys.body)

export function publishOwnModules(app: FastifyInstance): void {
  const { href, body } = passkeyModule
  app.publishFile(href, () => ({ body, type: 'text/javascript; charset=utf-8', keep: 'forever' }))
}

import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { deskModule } from '../../../city/look/index.ts'
import { webauthnModule } from '../../../trust/need-to-know/index.ts'

const source = readFileSync(new URL('./passkey.js', import.meta.url), 'utf8')

/** Passkeys on a resident's own page. The library itself is the desk's, at the same address. */
export const passkeyModule = deskModule('own-passkey', source.replace('/assets/webauthn.js', webauthnModule.href))

export function publishOwnModules(app: FastifyInstance): void {
  const { href, body } = passkeyModule
  app.publishFile(href, () => ({ body, type: 'text/javascript; charset=utf-8', keep: 'forever' }))
}

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { deskModule } from '../../../city/look/index.ts'

const library = fileURLToPath(import.meta.resolve('@cloudflare/blindrsa-ts')).replace(/index\.js$/, '')
const own = (file: string) => readFileSync(new URL(file, import.meta.url), 'utf8')
const theirs = (file: string) => readFileSync(`${library}${file}`, 'utf8').replace(/^\/\/# sourceMappingURL=.*$/m, '')

/** The kept library as it is, file by file, each under an address that holds its hash; only the imports are told these. */
const sjclModule = deskModule('sjcl', theirs('sjcl/index.js'))
const utilModule = deskModule('blindrsa-util', theirs('util.js').replace('./sjcl/index.js', sjclModule.href))
const blindModule = deskModule(
  'blindrsa',
  theirs('blindrsa.js').replace('./sjcl/index.js', sjclModule.href).replace('./util.js', utilModule.href),
)

/** Makes, blinds and keeps a ticket on the person's own device. */
export const ticketModule = deskModule('ticket', own('./ticket.js').replace('/assets/blindrsa.js', blindModule.href))

export function publishTicketModules(app: FastifyInstance): void {
  for (const { href, body } of [sjclModule, utilModule, blindModule, ticketModule])
    app.publishFile(href, () => ({ body, type: 'text/javascript; charset=utf-8', keep: 'forever' }))
}

import type { FastifyReply } from 'fastify'
import { isPicture, kinds } from './kinds.ts'
import type { OpenedFile } from './open-attachment.ts'

/**
 * Sends a file to a browser that is to show nothing of it by itself but a picture that we made: saved under its name,
 * of the type we found, kept by nobody, and in a sandbox should a browser open it all the same.
 */
export function sendFile(reply: FastifyReply, file: OpenedFile): FastifyReply {
  const way = isPicture(file.kind) ? 'inline' : 'attachment'
  return reply
    .header('content-disposition', `${way}; filename="${inAscii(file.name)}"; filename*=UTF-8''${encoded(file.name)}`)
    .header('content-security-policy', "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox")
    .header('cache-control', 'no-store')
    .header('content-length', file.bytes)
    .type(kinds[file.kind].type)
    .send(file.content)
}

const inAscii = (name: string): string => name.replace(/[^\x20-\x7e]|["\\%]/g, '_')

/** RFC 8187: what encodeURIComponent leaves and the header does not. */
const encoded = (name: string): string =>
  encodeURIComponent(name).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

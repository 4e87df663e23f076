import type { FastifyRequest } from 'fastify'

/** What a program attached: `photo1`, `file_…`. */
export type Attached = Readonly<{ fields: Readonly<Record<string, readonly string[]>>; files: number }>

/** Fields and files of a multipart body: many enough for a report, and small. Anything beyond makes the body unreadable. */
export const partLimits = { fields: 200, fieldNameSize: 200, fieldSize: 20_000, files: 8, parts: 210 } as const

/** Reads a multipart body part by part. Undefined where it is broken or a field was cut off. */
export async function readParts(request: FastifyRequest): Promise<Attached | undefined> {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, never>
  let files = 0
  for await (const part of request.parts({ limits: partLimits })) {
    if (part.type === 'file') {
      files += 1
      part.file.resume()
      continue
    }
    if (part.fieldnameTruncated || part.valueTruncated) return undefined
    const known = fields[part.fieldname] ?? []
    known.push(String(part.value))
    fields[part.fieldname] = known
  }
  return { fields, files }
}

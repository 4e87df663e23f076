import type { MultipartFile } from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { takeFile, type Cabinet, type TakenFile, type WhyNotTaken } from '../attachments/index.ts'

/** A multipart body: its fields by name, and what was attached (`photo1`, `file_…`: any name). */
export type Parts = Readonly<{
  fields: Readonly<Record<string, readonly string[]>>
  files: readonly TakenFile[]
  /** Why one of the files was not taken. */
  refused?: WhyNotTaken
}>

const mostFiles = 5
const fieldLimits = { fields: 200, fieldNameSize: 200, fieldSize: 20_000, files: mostFiles, parts: 210 } as const

/**
 * Reads a multipart body part by part; a file is taken as it streams in, since parameters may follow it in any order.
 * Files of a report that is refused then belong to no case and are swept away. Undefined where a field was cut off.
 */
export async function readParts(request: FastifyRequest, cabinet: Cabinet): Promise<Parts | undefined> {
  const fields: Record<string, string[]> = Object.create(null) as Record<string, never>
  const files: TakenFile[] = []
  let refused: WhyNotTaken | undefined
  let whole = true
  for await (const part of request.parts({ limits: fieldLimits })) {
    if (part.type === 'field') {
      whole = whole && !part.fieldnameTruncated && !part.valueTruncated
      ;(fields[part.fieldname] ??= []).push(String(part.value))
      continue
    }
    const taken = await taking(cabinet, part, refused !== undefined)
    if (taken && 'refused' in taken) refused = taken.refused
    else if (taken) files.push(taken)
  }
  return whole ? { fields, files, ...(refused && { refused }) } : undefined
}

/** A part without a name and without content is how browsers send a field for a file that nobody chose. */
async function taking(cabinet: Cabinet, part: MultipartFile, over: boolean) {
  if (over) {
    part.file.resume()
    return undefined
  }
  const taken = await takeFile(cabinet, { name: part.filename, stream: part.file })
  return 'refused' in taken && taken.refused === 'empty' ? undefined : taken
}

import type { FastifyRequest } from 'fastify'
import { readParts, type Posted } from '../../plumbing/index.ts'
import { takeFile, type Cabinet, type TakenFile, type WhyNotTaken } from '../attachments/index.ts'

/** A multipart body: its fields by name, and what was attached (`photo1`, `file_…`: any name). */
export type Parts = Readonly<{
  posted: Posted
  files: readonly TakenFile[]
  /** Why one of the files was not taken. */
  refused?: WhyNotTaken
}>

const mostFiles = 5

/**
 * Reads a report that brings files, each taken as it streams in, since parameters may follow it in any order. Files of a
 * report that is refused then belong to no case and are swept away. More than five are a fault of the sender's (413).
 */
export async function readReport(request: FastifyRequest, cabinet: Cabinet): Promise<Parts> {
  let refused: WhyNotTaken | undefined
  let count = 0
  const { posted, taken } = await readParts(request, async ({ name, stream }): Promise<TakenFile | undefined> => {
    // Once one is refused the report is, and the others go by unread.
    if (refused) return undefined
    const file = await takeFile(cabinet, { name, stream })
    // A part without a name and without content is how browsers send a field for a file that nobody chose.
    if ('refused' in file && file.refused === 'empty') return undefined
    if ((count += 1) > mostFiles) throw Object.assign(new Error('too many files'), { statusCode: 413 })
    if (!('refused' in file)) return file
    refused = file.refused
    return undefined
  })
  return { posted, files: taken, ...(refused && { refused }) }
}

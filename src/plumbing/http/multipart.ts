import type { Readable } from 'node:stream'
import multipart, { type MultipartFile } from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { clean, type Posted } from './form-bodies.ts'

/** A file on its way in. It is read before the next part of the form is. */
export type PostedFile = Readonly<{ field: string; name: string; stream: Readable }>

/** What a form with files may hold. What is beyond is answered with 413, and a request that goes on is cut off. */
const most = { parts: 300, files: 30, headers: 20, nameLength: 100, valueLength: 100_000, values: 1_000_000 }
const mostBytes = 120_000_000
/** Who sends nothing for so long is gone, or means harm. */
const silenceMs = 30_000

/** Lets the routes of this scope read forms with files (`multipart/form-data`), by `readParts`. */
export async function readFormsWithFiles(scope: FastifyInstance): Promise<void> {
  await scope.register(multipart, {
    throwFileSizeLimit: false,
    limits: {
      parts: most.parts,
      files: most.files,
      fields: most.parts,
      fieldNameSize: most.nameLength,
      fieldSize: most.valueLength,
      headerPairs: most.headers,
      fileSize: mostBytes,
    },
  })
}

export type ReadForm<T> = Readonly<{ posted: Posted; taken: readonly T[] }>

/**
 * Reads a form with files, part after part: texts as `readFormBodies` gives them, each file handed to `take` as it
 * comes. A form whose sender falls silent, goes away, or sends on and on is a fault, and its connection is closed.
 */
export async function readParts<T>(
  request: FastifyRequest,
  take: (file: PostedFile) => Promise<T | undefined>,
  patienceMs = silenceMs,
): Promise<ReadForm<T>> {
  const guarded = guard(request, patienceMs)
  const texts = new Map<string, string[]>()
  const taken: T[] = []
  let length = 0
  try {
    for await (const part of request.parts()) {
      if (part.type === 'file') {
        const file = await takeOne(part, take)
        if (file !== undefined) taken.push(file)
        continue
      }
      if (typeof part.value !== 'string') throw refusal(400)
      length += part.value.length
      if (length > most.values) throw refusal(413)
      texts.set(part.fieldname, [...(texts.get(part.fieldname) ?? []), clean(part.value)])
    }
  } catch (error) {
    // What the reader of forms itself says is about the sender's form, never about us.
    if (error instanceof OurFault) throw error.cause
    throw isRefusal(error) ? error : refusal(400)
  } finally {
    guarded.end()
  }
  const posted = [...texts].map(([name, values]) => [clean(name), values.length === 1 ? values[0] : values] as const)
  return { posted: Object.assign(Object.create(null) as object, Object.fromEntries(posted)) as Posted, taken }
}

class OurFault extends Error {}

async function takeOne<T>(part: MultipartFile, take: (file: PostedFile) => Promise<T>): Promise<T> {
  try {
    // A question for a file that was left open has a part with no name at all.
    const name = (part.filename as string | undefined) ?? ''
    return await take({ field: part.fieldname, name, stream: part.file })
  } catch (cause) {
    throw part.file.errored ? refusal(400) : new OurFault('a file could not be taken', { cause })
  } finally {
    part.file.resume()
  }
}

const refusal = (statusCode: 400 | 413) =>
  Object.assign(new Error('a form that cannot be read, or holds too much'), { statusCode })

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && 'statusCode' in error && (error.statusCode === 413 || error.statusCode === 400)

/** Watches the connection while the form comes in. */
function guard({ raw }: FastifyRequest, patienceMs: number): { end: () => void } {
  const from = raw.socket.bytesRead
  let read = from
  let silentSince = Date.now()
  const timer = setInterval(() => {
    const { bytesRead } = raw.socket
    // While a file that has come is being looked at, it is we who do not read on.
    if (bytesRead !== read || raw.isPaused() || raw.readableLength > 0) silentSince = Date.now()
    read = bytesRead
    if (bytesRead - from > mostBytes || Date.now() - silentSince > patienceMs) raw.destroy()
  }, 250)
  timer.unref()
  return {
    end: () => {
      clearInterval(timer)
    },
  }
}

import { createHash, createSecretKey, randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { chance, openStream, sealStream } from '../../plumbing/index.ts'
import {
  usualLimits,
  type Cabinet,
  type NotTaken,
  type TakenFile,
  type TakingLimits,
  type WhyNotTaken,
} from './cabinet.ts'
import { cleanName } from './file-name.ts'
import { headLength, kindOf, kinds, type Kind } from './kinds.ts'
import { lookIntoDocument } from './office.ts'
import { pdfAnew } from './pdf.ts'
import { pictureAnew } from './picture.ts'
import { NoText, onlyText } from './plain-text.ts'
import { scanKept } from './scan.ts'
import { turns } from './turns.ts'

export type IncomingFile = Readonly<{ name: string; stream: Readable }>

type Key = TakenFile['fileKey']
type Kept = Readonly<{ kind: Kind; bytes: number; sha256: Buffer }>

/**
 * Takes a file that somebody sends: looks at what it is, makes a picture or a PDF anew, has it scanned, and keeps it
 * sealed under a key of its own. Nothing is in the database yet; the act it comes with attaches it. What is refused is
 * kept nowhere, and a stream that breaks off is a fault that leaves nothing. The stream is always read to its end.
 */
export async function takeFile(
  cabinet: Cabinet,
  file: IncomingFile,
  limits: TakingLimits = usualLimits,
): Promise<TakenFile | NotTaken> {
  const refuse = (refused: WhyNotTaken): NotTaken => ({ refused, name: cleanName(file.name) })
  const source = file.stream.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>
  try {
    const head = await beginning(source)
    if (head.length === 0) return refuse('empty')
    const kind = await kindOf(head, file.name)
    if (typeof kind === 'object') return refuse(kind.refused)
    const content = bounded(head, source, limits.bytes)
    const [id, fileKey] = [randomUUID(), chance(32)]
    const kept = await keep(cabinet, { id, fileKey, kind, content }, limits)
    if ('refused' in kept) return refuse(kept.refused)
    const scanned = await scanKept(cabinet, { id, fileKey })
    if (scanned === 'refused') return refuse('infected')
    return { id, fileKey, name: cleanName(file.name, kept.kind), ...kept, state: scanned }
  } catch (error) {
    if (error instanceof TooLarge) return refuse('too-large')
    if (error instanceof NoText) return refuse('kind')
    throw error
  } finally {
    // The iterator listens until it is told to go; a stream that is listened to does not run out by itself.
    await source.return?.()
    file.stream.resume()
  }
}

type ToKeep = Readonly<{ id: string; fileKey: Key; kind: Kind; content: AsyncIterable<Uint8Array> }>

async function keep(
  cabinet: Cabinet,
  file: ToKeep,
  limits: TakingLimits,
): Promise<Kept | Readonly<{ refused: WhyNotTaken }>> {
  const { kind, content } = file
  switch (kinds[kind].way) {
    case 'text':
      return store(cabinet, file, onlyText(content))
    case 'picture':
      return onceArrived(cabinet, content, async (bytes) => {
        const picture = await pictureAnew(bytes, kind, limits)
        if (!picture) return { refused: 'broken' }
        return store(cabinet, { ...file, kind: picture.kind }, inPieces(picture.content))
      })
    case 'pdf':
      return onceArrived(cabinet, content, async (bytes) => {
        const answer = await pdfAnew(bytes, limits.pages)
        return 'content' in answer ? store(cabinet, file, inPieces(answer.content)) : answer
      })
    case 'document':
      return onceArrived(cabinet, content, async (bytes) => {
        const answer = await lookIntoDocument(Uint8Array.from(bytes))
        return 'kind' in answer ? store(cabinet, { ...file, kind: answer.kind }, inPieces(bytes)) : answer
      })
  }
}

/** Decoding holds the whole of a file: many at once need no more memory than one. */
const oneAtATime = turns(1, 64)

/**
 * A decoder needs the whole file. While it is arriving, perhaps slowly, it lies in the spool, sealed under a key that
 * nothing else has, and costs no memory; only when its turn has come is it read into memory, one at a time.
 */
async function onceArrived<T>(
  { spool }: Cabinet,
  content: AsyncIterable<Uint8Array>,
  work: (bytes: Buffer) => Promise<T>,
): Promise<T | Readonly<{ refused: 'later' }>> {
  const [id, key] = [randomUUID(), createSecretKey(chance(32))]
  await spool.put(id, sealStream(key, id, content))
  try {
    const done = await oneAtATime(async () => {
      const spooled = await spool.get(id)
      if (!spooled) throw new Error('a file is gone from the spool')
      const bytes = await buffer(openStream(key, id, spooled))
      await spool.remove(id)
      return work(bytes)
    })
    return done ?? { refused: 'later' }
  } finally {
    await spool.remove(id)
  }
}

async function store(
  cabinet: Cabinet,
  { id, fileKey, kind }: Omit<ToKeep, 'content'>,
  content: AsyncIterable<Uint8Array>,
): Promise<Kept> {
  const digest = createHash('sha256')
  let bytes = 0
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      digest.update(piece)
      bytes += piece.length
      yield piece
    }
  }
  await cabinet.store.put(id, sealStream(createSecretKey(fileKey), id, counted()))
  return { kind, bytes, sha256: digest.digest() }
}

class TooLarge extends Error {}

/** So much of the stream as tells its kind, or all of it. */
async function beginning(source: AsyncIterator<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for (let length = 0; length < headLength;) {
    const next = await source.next()
    if (next.done === true) break
    pieces.push(next.value)
    length += next.value.length
  }
  return Buffer.concat(pieces)
}

async function* bounded(head: Buffer, rest: AsyncIterator<Uint8Array>, most: number): AsyncGenerator<Uint8Array> {
  let length = head.length
  if (length > most) throw new TooLarge()
  yield head
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    length += next.value.length
    if (length > most) throw new TooLarge()
    yield next.value
  }
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield await Promise.resolve(bytes.subarray(at, at + 65_536))
}

import { createHmac, randomUUID, type KeyObject } from 'node:crypto'
import { open, rm, type FileHandle } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newDataKey, sealBytes, unsealBytes, type DataKey, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import { longestMessage, pieceLength, shortMessage } from './sizes.ts'
import { watchContent, type ContentTrouble } from './content-trouble.ts'

/** A message that has come, and is not yet kept. `release` lets go of it. */
export type Held = Readonly<{
  bytes: number
  /** Its beginning, at least the header. */
  head: Buffer
  /** A keyed hash of all of it. */
  digest: Buffer
  /** The message, in pieces of a megabyte; a short one is one piece. */
  pieces: () => AsyncIterable<Buffer>
  count: number
  release: () => Promise<void>
}>

/**
 * Holds a message while it comes, in bounded memory: the beginning in memory, the rest on disk in a file that has no
 * name any more, sealed under a key that is written down nowhere. A crash leaves nothing of it. What is refused is read
 * to its end all the same: the sender listens only then.
 */
export async function hold(
  keys: Keys,
  stream: AsyncIterable<Buffer>,
): Promise<Held | Readonly<{ refused: ContentTrouble }>> {
  const taking = new Taking(keys)
  const watch = watchContent()
  let trouble: ContentTrouble | undefined
  try {
    for await (const chunk of stream) {
      if (trouble) continue
      trouble = watch(chunk) ?? (taking.bytes + chunk.length > longestMessage ? 'too-long' : undefined)
      if (!trouble) await taking.add(chunk)
    }
    trouble ??= watch(undefined)
    if (!trouble) return await taking.taken()
  } catch (error) {
    await taking.release()
    throw error
  }
  await taking.release()
  return { refused: trouble }
}

class Taking {
  bytes = 0
  #waiting: Buffer[] = []
  #length = 0
  #file: FileHandle | undefined
  readonly #lengths: number[] = []
  readonly #key: DataKey
  readonly #digest: ReturnType<typeof createHmac>
  #head: Buffer | undefined

  constructor(keys: Keys) {
    this.#key = newDataKey(keys, randomUUID() as SubjectId).key
    this.#digest = digestWith(keys.derive('mail'))
  }

  async add(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length
    this.#digest.update(chunk)
    this.#waiting.push(chunk)
    this.#length += chunk.length
    if (!this.#head && this.#length >= shortMessage) this.#head = Buffer.concat(this.#waiting).subarray(0, shortMessage)
    while (this.#length >= pieceLength) await this.#put(pieceLength)
  }

  async taken(): Promise<Held> {
    const short = this.bytes <= shortMessage
    if (!short && this.#length > 0) await this.#put(this.#length)
    const all = short ? Buffer.concat(this.#waiting) : Buffer.alloc(0)
    return {
      bytes: this.bytes,
      head: short ? all : (this.#head ?? all),
      digest: this.#digest.digest(),
      count: short ? 0 : this.#lengths.length,
      pieces: short ? () => one(all) : () => this.#read(),
      release: () => this.release(),
    }
  }

  async release(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  async #put(length: number): Promise<void> {
    const all = Buffer.concat(this.#waiting)
    const rest = all.subarray(length)
    this.#waiting = rest.length > 0 ? [Buffer.from(rest)] : []
    this.#length = rest.length
    this.#file ??= await nameless()
    const sealed = sealBytes(this.#key, standing(this.#lengths.length), all.subarray(0, length))
    await this.#file.write(sealed, 0, sealed.length)
    this.#lengths.push(sealed.length)
  }

  async *#read(): AsyncGenerator<Buffer> {
    let at = 0
    for (const [n, length] of this.#lengths.entries()) {
      const sealed = Buffer.alloc(length)
      await this.#file?.read(sealed, 0, length, at)
      at += length
      yield unsealBytes(this.#key, standing(n), sealed)
    }
  }
}

const standing = (n: number) => ({ table: 'held', column: 'piece', row: String(n) })

/** A content is compared under a key: a plain hash of a short message could be guessed from the database. */
const digestWith = (key: KeyObject) => createHmac('sha256', key).update('content|')

async function* one(buffer: Buffer): AsyncGenerator<Buffer> {
  await Promise.resolve()
  yield buffer
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `cityhall-${randomUUID()}`)
  const file = await open(path, 'wx+', 0o600)
  await rm(path)
  return file
}

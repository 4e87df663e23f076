import type { Readable } from 'node:stream'

/**
 * Where files lie, each under a random identifier (a UUID). A store knows bytes and times, nothing else: what it is
 * given is sealed already, and whoever steals the store has noise.
 */
export type FileStore = Readonly<{
  /** Keeps all of the stream, or nothing: a fault of the stream or of the store leaves no file under this identifier. */
  put(id: string, content: AsyncIterable<Uint8Array>): Promise<void>
  /** The file's bytes as they are read; undefined where there is none. Whoever does not read them to their end destroys it. */
  get(id: string): Promise<Readable | undefined>
  /** Whether there is such a file, without reading it. */
  has(id: string): Promise<boolean>
  /** Removes the file; one that is not there is removed already. */
  remove(id: string): Promise<void>
  /** Identifiers of the files that were last written before a moment, in no order. */
  olderThan(moment: Date): AsyncIterable<string>
  /** Removes what an interrupted `put` left behind before a moment: no identifier leads to it. */
  sweep(moment: Date): Promise<void>
}>

const identifier = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An identifier becomes a path or a key, so nothing else may. */
export function mustBeFileId(id: string): string {
  if (!identifier.test(id)) throw new Error('a file was asked for by what is no identifier')
  return id
}

export const isFileId = (id: string): boolean => identifier.test(id)

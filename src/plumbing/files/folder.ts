import { createReadStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { isFileId, mustBeFileId, type FileStore } from './store.ts'

/**
 * A store in a folder that only this user reads: `ab/cd/{identifier}`. A file is written beside its place, synced, and
 * renamed, so it is there whole or not at all. A crash before the rename leaves a `.part`, which `sweep` removes; a crash
 * after it leaves a file that the caller may not have heard of, which the sweep of unnamed files removes.
 */
export function folderStore(folder: string): FileStore {
  const pathOf = (id: string) => join(folder, mustBeFileId(id).slice(0, 2), id.slice(2, 4), id)
  return {
    put: (id, content) => put(pathOf(id), content),
    get: (id) => read(pathOf(id)),
    has: async (id) => (await stat(pathOf(id)).catch(unlessAbsent)) !== undefined,
    remove: (id) => rm(pathOf(id), { force: true }),
    async *olderThan(moment) {
      for await (const { name, path } of filesIn(folder))
        if (isFileId(name) && (await writtenBefore(path, moment))) yield name
    },
    async sweep(moment) {
      for await (const { name, path } of filesIn(folder))
        if (name.endsWith('.part') && (await writtenBefore(path, moment))) await rm(path, { force: true })
    },
  }
}

async function put(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
  const draft = `${path}.part`
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const file = await open(draft, 'w', 0o600)
  try {
    // One piece at a time: the next is asked for when this one is written.
    for await (const piece of content) await writeAll(file, piece)
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(draft, { force: true })
    throw error
  }
  await file.close()
  await rename(draft, path)
  await syncFolder(dirname(path))
}

type Handle = Awaited<ReturnType<typeof open>>

async function writeAll(file: Handle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await file.write(piece, at)).bytesWritten
}

/** The name is durable when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r')
  await handle.sync().finally(() => handle.close())
}

async function read(path: string): Promise<Readable | undefined> {
  const found = await stat(path).catch(unlessAbsent)
  return found && Readable.from(piecesOf(path), { objectMode: false })
}

/** The file is opened for the first piece: what nobody reads in the end, since a browser hung up, holds nothing open. */
async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  yield* createReadStream(path) as AsyncIterable<Buffer>
}

async function writtenBefore(path: string, moment: Date): Promise<boolean> {
  const found = await stat(path).catch(unlessAbsent)
  return found !== undefined && found.mtime < moment
}

async function* filesIn(folder: string): AsyncGenerator<{ name: string; path: string }> {
  const entries = await opendir(folder, { recursive: true }).catch(unlessAbsent)
  if (entries)
    for await (const entry of entries)
      if (entry.isFile()) yield { name: entry.name, path: join(entry.parentPath, entry.name) }
}

function unlessAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw new Error('the folder of files cannot be read', { cause: error.code })
}

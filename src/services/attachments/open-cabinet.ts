import { join } from 'node:path'
import { bucketStore, clamd, folderStore, type Config, type Scanner } from '../../plumbing/index.ts'
import type { Cabinet } from './cabinet.ts'

/** Opens the cabinet that the settings name. */
export async function openCabinet({
  data,
  files,
  clamd: scanner,
}: Pick<Config, 'data' | 'files' | 'clamd'>): Promise<Cabinet> {
  const store = files === 'folder' ? folderStore(join(data, 'files')) : await bucketStore(files)
  const spool = folderStore(join(data, 'spool'))
  return { store, spool, ...(scanner !== undefined && { scanner: scannerAt(scanner) }) }
}

function scannerAt(place: string): Scanner {
  const path = /^unix:(.+)$/.exec(place)?.[1]
  const at = place.lastIndexOf(':')
  return clamd(path === undefined ? { host: place.slice(0, at), port: Number(place.slice(at + 1)) } : { path })
}

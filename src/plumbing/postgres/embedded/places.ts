import { createHash } from 'node:crypto'
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { binariesFolder } from './binaries.ts'
import type { Identity } from './identity.ts'

/** Where everything of one embedded PostgreSQL is. */
export type Places = {
  /** The folder of CITYHALL_DATA, absolute. */
  data: string
  /** PostgreSQL's own folder. */
  cluster: string
  /** The folder of its socket, mode 0700. */
  sockets: string
  /** `bin`, `lib` and `share` of PostgreSQL. */
  binaries: string
  /** What the operator should know about where things went; empty when all is in the data folder. */
  notes: string[]
}

/** Linux takes 107 bytes for a socket's path, macOS 103; PostgreSQL adds the name of the socket. */
const longestSocketFolder = 103 - '/.s.PGSQL.5432'.length

/**
 * Decides and makes the folders. The socket moves to a private folder under the temporary one when the data folder's
 * path is too long for a socket. When PostgreSQL must run as another user who cannot reach the data folder (root's home
 * is closed to all), cluster and binaries move to a folder of that user's, and the notes say where.
 */
export function makePlaces(data: string, identity: Identity): Places {
  privateFolder(data, undefined)
  const near = {
    data,
    cluster: join(data, 'postgres'),
    sockets: join(data, 'run'),
    binaries: binariesFolder(),
    notes: [],
  }
  const owner = identity.as === 'user' ? identity : undefined
  const places = owner === undefined ? near : reachable(near, owner)
  const sockets = usableSocketFolder(places.sockets) ? places.sockets : join(tmpdir(), `cityhall-${digest(data)}`)
  privateFolder(sockets, owner)
  return { ...places, sockets }
}

function usableSocketFolder(folder: string): boolean {
  // PostgreSQL reads its setting as a list: a comma or a quote in the path would split it.
  return Buffer.byteLength(folder) <= longestSocketFolder && /^[^,"\s]+$/.test(folder)
}

type Owner = { uid: number; gid: number }

function reachable(near: Places, owner: Owner): Places {
  if (reaches(near.data) && reaches(near.binaries)) {
    chmodSync(near.data, 0o711)
    return { ...near, notes: ['PostgreSQL runs as another user, who owns the folders postgres and run'] }
  }
  const away = join('/var/lib/cityhall', digest(near.data))
  mkdirSync(away, { recursive: true, mode: 0o711 })
  const binaries = copiedBinaries(near.binaries, away)
  const cluster = join(away, 'postgres')
  const notes = [
    `PostgreSQL may not run as root here, and its user cannot reach ${near.data}: the database is in ${cluster}. Back up that folder too`,
  ]
  privateFolder(join(away, 'run'), owner)
  return { ...near, cluster, sockets: join(away, 'run'), binaries, notes }
}

/** Whether everybody may pass through each folder on the way. */
function reaches(path: string): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if ((lstatSync(folder).mode & 0o001) === 0) return false
    if (folder === dirname(folder)) return true
  }
}

/** Copied under another name first: a copy that was cut short is never taken for whole. */
function copiedBinaries(from: string, away: string): string {
  const version = basename(dirname(from))
  const to = join(away, version)
  if (existsSync(to)) return to
  const making = `${to}.making`
  rmSync(making, { recursive: true, force: true })
  cpSync(from, making, { recursive: true, verbatimSymlinks: true })
  renameSync(making, to)
  return to
}

/** Makes the folder, or refuses one that somebody else made or may write to. */
export function privateFolder(path: string, owner: Owner | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const found = lstatSync(path)
  if (!found.isDirectory()) throw new Error(`${path} must be a folder`)
  const uid = process.getuid?.()
  if (uid !== undefined && found.uid !== uid && found.uid !== owner?.uid) {
    throw new Error(`${path} belongs to another user (${String(found.uid)}); it must be ours`)
  }
  accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  chmodSync(path, 0o700)
  if (owner !== undefined) chownSync(path, owner.uid, owner.gid)
}

export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

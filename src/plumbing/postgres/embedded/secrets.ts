import { randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { privateFolder } from './places.ts'

/** The logins of the embedded PostgreSQL and their passwords. */
export type Passwords = { super: string; owner: string; web: string; worker: string }

/** Names of the logins: `super` runs the server, `owner` migrates, `web` answers requests, `worker` keeps. */
export const loginNames: Passwords = {
  super: 'cityhall_super',
  owner: 'cityhall_owner',
  web: 'cityhall_web',
  worker: 'cityhall_worker',
}

/**
 * The passwords from `secrets/postgres.json` (mode 0600), made at the first start. The file is whole or absent: it is
 * written and flushed under another name, then renamed.
 */
export function readPasswords(data: string): Passwords {
  const folder = join(data, 'secrets')
  privateFolder(folder, undefined)
  const path = join(folder, 'postgres.json')
  const found = existing(path)
  if (found !== undefined) return parse(found, path)
  const made: Passwords = { super: password(), owner: password(), web: password(), worker: password() }
  const file = openSync(`${path}.new`, 'w', 0o600)
  writeSync(file, `${JSON.stringify(made, undefined, 2)}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.new`, path)
  return made
}

function existing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function parse(text: string, path: string): Passwords {
  const read = JSON.parse(text) as Partial<Record<keyof Passwords, unknown>>
  const one = (key: keyof Passwords): string => {
    const value = read[key]
    if (typeof value !== 'string' || value === '') throw new Error(`${path} has no password for ${key}`)
    return value
  }
  return { super: one('super'), owner: one('owner'), web: one('web'), worker: one('worker') }
}

const password = (): string => randomBytes(24).toString('base64url')

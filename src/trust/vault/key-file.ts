import { createHash, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { hmacUnder } from '../../plumbing/index.ts'
import { custodyPublicKey } from './custody.ts'

/** The city's keys, in this process only. Neither the database nor a back-up of it holds any of them. */
export type Keys = Readonly<{
  /** Identifier of the key-encryption key that wraps new data keys. */
  current: string
  /** Every key-encryption key still needed, by identifier. */
  wrapping: ReadonlyMap<string, KeyObject>
  /** A key for one use (32 bytes, HKDF-SHA-256); the same label always gives the same key. */
  derive(label: KeyLabel): KeyObject
  /** HMAC-SHA-256 of a message under the key for one use: 32 bytes. */
  mac(label: KeyLabel, message: string | Buffer): Buffer
  /** The public half of the custody key, beside the key file; made on first use. */
  custody(): KeyObject
  /** Whether it has been made. */
  hasCustody(): boolean
}>

export type KeyLabel =
  | 'blind-token'
  | 'receipt'
  | 'idempotency'
  | 'session-authority'
  | 'password-pepper'
  | 'reply-address'
  | 'kept-files'
  | 'word-token'
  | 'open311'
  | 'bounce-address'
  | 'referral-address'
  | 'routing-word'
  | 'city-account'
  | 'receipt-link'
  | 'desk-seal'
  | 'activities-message'
  | 'survey'
  | 'mail'
  | 'form-draft'
  | 'resident-address'
  | 'resident-code'
  | 'of-age'
  | 'child-code'
  | 'age-pass'

type Stored = { current: string; keys: Record<string, string>; root: string }

/**
 * Reads the key file, or makes it (mode 0600, written beside and renamed, so that a crash leaves no half file).
 * Faults: the file can be read by others, or is not a key file.
 */
export function openKeyFile(path: string): Keys {
  if (!existsSync(path)) write(path, fresh())
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new Error(`the key file ${path} can be read by others (mode ${mode.toString(8)}); run: chmod 600 ${path}`)
  return keysOf(parse(path), dirname(path))
}

/** Tells whether a key is the one a database was sealed with, without telling the key. */
export function fingerprint(key: KeyObject): Buffer {
  return createHash('sha256').update('cityhall/kek/v1').update(key.export()).digest()
}

function keysOf(stored: Stored, folder: string): Keys {
  let custody: KeyObject | undefined
  const wrapping = new Map(
    Object.entries(stored.keys).map(([id, key]) => [id, createSecretKey(Buffer.from(key, 'base64'))]),
  )
  const root = Buffer.from(stored.root, 'base64')
  const derived = new Map<KeyLabel, { key: KeyObject; mac: ReturnType<typeof hmacUnder> }>()
  const of = (label: KeyLabel) => {
    const known = derived.get(label)
    if (known) return known
    const key = createSecretKey(Buffer.from(hkdfSync('sha256', root, '', `cityhall/${label}/v1`, 32)))
    const made = { key, mac: hmacUnder(key) }
    derived.set(label, made)
    return made
  }
  return {
    current: stored.current,
    wrapping,
    derive: (label) => of(label).key,
    mac: (label, message) => of(label).mac(message),
    custody: () => (custody ??= custodyPublicKey(folder)),
    hasCustody: () => custody !== undefined || existsSync(join(folder, 'custody.pub')),
  }
}

function fresh(): Stored {
  const id = randomBytes(4).toString('hex')
  return { current: id, keys: { [id]: randomBytes(32).toString('base64') }, root: randomBytes(32).toString('base64') }
}

function parse(path: string): Stored {
  const fault = new Error(`${path} is not a Cityhall key file; put back the one this city was started with`)
  let stored: unknown
  try {
    stored = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw fault
  }
  const is32 = (text: unknown) => typeof text === 'string' && Buffer.from(text, 'base64').length === 32
  const { current, keys, root } = stored as Partial<Stored>
  if (typeof keys !== 'object' || !is32(root) || !Object.values(keys).every(is32)) throw fault
  if (typeof current !== 'string' || !(current in keys)) throw fault
  return stored as Stored
}

function write(path: string, stored: Stored): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(4).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  writeSync(file, `${JSON.stringify(stored, null, 2)}\n`)
  fsyncSync(file)
  closeSync(file)
  renameSync(draft, path)
}

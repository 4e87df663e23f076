import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { chance } from '../../plumbing/index.ts'
import { wrapForCustody } from './custody.ts'
import type { Keys } from './key-file.ts'

declare const subject: unique symbol
/** A person as one case knows her. */
export type SubjectId = string & { readonly [subject]: true }

/** A subject's unwrapped data key. It lives as long as the request that was given it. */
export type DataKey = Readonly<{ subject: SubjectId; key: KeyObject }>

/** Where a sealed value stands. The seal is bound to it: moved to another row or column it does not open. */
export type Standing = Readonly<{ table: string; column: string; row: string }>

export type WrappedKey = Readonly<{ wrapped: Buffer; kek: string }>

const version = 1
const ivLength = 12
const tagLength = 16

/** Seals text under a subject's key: version, nonce (12 bytes), tag (16), AES-256-GCM ciphertext. */
export function seal(key: DataKey, standing: Standing, text: string): Buffer {
  return encrypt(key.key, bound(standing, key.subject), Buffer.from(text, 'utf8'))
}

/** Seals bytes as they are; only `unsealBytes` opens them. */
export function sealBytes(key: DataKey, standing: Standing, bytes: Buffer): Buffer {
  return encrypt(key.key, bound(standing, key.subject), bytes)
}

export function unsealBytes(key: DataKey, standing: Standing, sealed: Buffer): Buffer {
  return decrypt(key.key, bound(standing, key.subject), sealed)
}

/** Hands one subject's key to another's: whoever is let in to the second may open what the first sealed. */
export function sealKey(under: DataKey, standing: Standing, key: DataKey): Buffer {
  return encrypt(under.key, bound(standing, under.subject), key.key.export())
}

export function unsealKey(under: DataKey, standing: Standing, subject: SubjectId, sealed: Buffer): DataKey {
  return { subject, key: createSecretKey(decrypt(under.key, bound(standing, under.subject), sealed)) }
}

/** Opens what `seal` sealed. Throws where the value was changed, moved, or sealed under another key. */
export function unseal(key: DataKey, standing: Standing, sealed: Buffer): string {
  return decrypt(key.key, bound(standing, key.subject), sealed).toString('utf8')
}

/** A new subject's data key, and the same key wrapped under the city's current key-encryption key for the database. */
export function newDataKey(keys: Keys, id: SubjectId): { key: DataKey; stored: WrappedKey } {
  const bytes = chance(32)
  const wrapped = encrypt(kekOf(keys, keys.current), wrapping(keys.current, id), bytes)
  return { key: { subject: id, key: createSecretKey(bytes) }, stored: { wrapped, kek: keys.current } }
}

/** As `newDataKey`, with a second copy wrapped for custody: what is left of it once its subject is withdrawn. */
export function newDataKeyWithCustody(
  keys: Keys,
  id: SubjectId,
): { key: DataKey; stored: WrappedKey & { custody: Buffer } } {
  const { key, stored } = newDataKey(keys, id)
  return { key, stored: { ...stored, custody: wrapForCustody(keys.custody(), key) } }
}

export function unwrap(keys: Keys, id: SubjectId, stored: WrappedKey): DataKey {
  const bytes = decrypt(kekOf(keys, stored.kek), wrapping(stored.kek, id), stored.wrapped)
  return { subject: id, key: createSecretKey(bytes) }
}

function kekOf(keys: Keys, id: string): KeyObject {
  const kek = keys.wrapping.get(id)
  if (!kek) throw new Error(`the key-encryption key ${id} is not in the key file`)
  return kek
}

const bound = (at: Standing, id: SubjectId) => Buffer.from(`cityhall/seal/v1|${at.table}|${at.column}|${at.row}|${id}`)
const wrapping = (kek: string, id: SubjectId) => Buffer.from(`cityhall/wrap/v1|${kek}|${id}`)

function encrypt(key: KeyObject, data: Buffer, plain: Buffer): Buffer {
  const iv = chance(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(data)
  const body = cipher.update(plain)
  cipher.final()
  return Buffer.concat([Buffer.of(version), iv, cipher.getAuthTag(), body])
}

function decrypt(key: KeyObject, data: Buffer, sealed: Buffer): Buffer {
  if (sealed[0] !== version) throw new Error(`a sealed value has the unknown version ${String(sealed[0])}`)
  const body = 1 + ivLength + tagLength
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, 1 + ivLength))
  decipher.setAAD(data)
  decipher.setAuthTag(sealed.subarray(1 + ivLength, body))
  return Buffer.concat([decipher.update(sealed.subarray(body)), decipher.final()])
}

import { createCipheriv, createDecipheriv } from 'node:crypto'
import { chance } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { TakenFile } from './cabinet.ts'

/** Shorter than the day after which a file that no case names is swept away. */
const hoursKept = 12
const ivLength = 12
const tagLength = 16

/**
 * A taken file as a text for a hidden field, so that who has to correct a form does not choose her files again. It is
 * sealed: it holds the file's key. `binding` is the form's own token: the text is good with that one alone, and so the
 * file ends in one letter only. Nothing is kept for it in the database.
 */
export function keepChosen(keys: Keys, binding: string, file: TakenFile, now = Date.now()): string {
  const iv = chance(ivLength)
  const cipher = createCipheriv('aes-256-gcm', keys.derive('kept-files'), iv)
  cipher.setAAD(bound(binding))
  const inside = { ...file, fileKey: file.fileKey.toString('base64'), sha256: file.sha256.toString('base64') }
  const body = cipher.update(JSON.stringify({ until: now + hoursKept * 3_600_000, file: inside }), 'utf8')
  return Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]).toString('base64url')
}

/** The file of a text that `keepChosen` made for the same token; undefined where it did not, or too long ago. */
export function readChosen(keys: Keys, binding: string, text: string, now = Date.now()): TakenFile | undefined {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < ivLength + tagLength || bytes.length > 4096) return undefined
  const decipher = createDecipheriv('aes-256-gcm', keys.derive('kept-files'), bytes.subarray(0, ivLength))
  decipher.setAAD(bound(binding))
  decipher.setAuthTag(bytes.subarray(-tagLength))
  try {
    const plain = Buffer.concat([decipher.update(bytes.subarray(ivLength, -tagLength)), decipher.final()])
    const { until, file } = JSON.parse(plain.toString()) as { until: number; file: Written }
    if (until < now) return undefined
    return { ...file, fileKey: Buffer.from(file.fileKey, 'base64'), sha256: Buffer.from(file.sha256, 'base64') }
  } catch {
    return undefined
  }
}

type Written = Omit<TakenFile, 'fileKey' | 'sha256'> & { fileKey: string; sha256: string }

const bound = (binding: string) => Buffer.from(`cityhall/kept-files/v1|${binding}`)

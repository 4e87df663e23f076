import { createHash } from 'node:crypto'
import type { Keys } from '../../trust/vault/index.ts'
import { lettersFor } from '../correspondence/index.ts'

/**
 * The secret that stands in the link of one invitation: 16 letters, 80 bits under the city's key, made from the invitation's
 * identifier so that no copy needs to be kept. It is worth one blind signature and is never sent with an answer.
 */
export function invitationCode(keys: Keys, invitation: string): string {
  return lettersFor(keys, 'survey', `invitation|${invitation}`)
}

/** A code as people write it; undefined where it cannot be one. */
export function readInvitationCode(text: string): string | undefined {
  const plain = text.trim().toLowerCase().replace(/[\s-]/g, '')
  return /^[a-z2-7]{16}$/.test(plain) ? plain : undefined
}

/** What the database keeps of a code. */
export const codeHash = (survey: string, code: string): Buffer =>
  createHash('sha256').update(`cityhall/invitation/v1|${survey}|${code}`).digest()

/** The same address in another survey has another token: lists cannot be laid side by side. */
export function addressToken(keys: Keys, survey: string, email: string): Buffer {
  const plain = email.trim().normalize('NFKC').toLowerCase()
  return keys.mac('survey', `address|${survey}|${plain}`)
}

import type { Keys } from './key-file.ts'

export const tokenKinds = ['email', 'telephone', 'name'] as const
export type TokenKind = (typeof tokenKinds)[number]

/**
 * The blind token under which a person can be found by somebody who knows the address, number or name: 32 bytes,
 * HMAC-SHA-256 of the folded value. It says nothing by itself, and goes when the person's key goes.
 */
export function blindToken(keys: Keys, kind: TokenKind, value: string): Buffer {
  return keys.mac('blind-token', `${kind}|${fold(kind, value)}`)
}

/** Folds what people write in several ways: case, accents, spaces; a telephone number to its last ten digits. */
function fold(kind: TokenKind, value: string): string {
  switch (kind) {
    case 'email':
      return value.trim().normalize('NFKC').toLowerCase()
    case 'telephone':
      return value.replace(/\D/g, '').slice(-10)
    case 'name':
      return value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim().replace(/\s+/g, ' ')
    default:
      return kind satisfies never
  }
}

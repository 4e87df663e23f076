import { createHash, randomInt } from 'node:crypto'

/** Sixteen digits, 53 bits: far too many to guess for a survey of some thousand, few enough to type from paper. */
export function newSlipCode(): string {
  return Array.from({ length: 16 }, () => String(randomInt(10))).join('')
}

export const inFours = (code: string): string => code.replace(/(\d{4})(?=\d)/g, '$1 ')

/** A code as people write it: spaces, dashes, dots. */
export function readSlipCode(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(/[\s.\-\u2010-\u2015_]/g, '')
  return /^\d{16}$/.test(plain) ? plain : undefined
}

export const slipHash = (survey: string, code: string): Buffer =>
  createHash('sha256').update(`cityhall/slip/v1|${survey}|${code}`).digest()

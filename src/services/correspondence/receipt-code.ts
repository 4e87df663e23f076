import { timingSafeEqual } from 'node:crypto'
import { chance } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'

declare const receiptCode: unique symbol
/** 24 digits: 23 of chance (76 bits) and a check digit. Digits are read aloud alike in every language. */
export type ReceiptCode = string & { readonly [receiptCode]: true }

declare const submissionToken: unique symbol
/** The token of one rendered form, made by the city: what is posted twice with it is one letter. */
export type SubmissionToken = string & { readonly [submissionToken]: true }

const digits = 24
const ordinal = 10n ** BigInt(digits - 1)

const atOnce = 64
const ahead = new WeakMap<Keys, SubmissionToken[]>()

/** A new token. They are made many in a row: one by one, between other work, each would cost a form's page four times as much. */
export function issueToken(keys: Keys): SubmissionToken {
  const ready = ahead.get(keys)?.pop()
  if (ready !== undefined) return ready
  const made = Array.from({ length: atOnce }, () => tokenFrom(keys, chance(16)))
  ahead.set(keys, made)
  return made.pop() as SubmissionToken
}

/** The token of a letter that has no form to carry one: from 16 bytes that are the same when it is sent again, made under a key. */
export function tokenFrom(keys: Keys, drawn: Buffer): SubmissionToken {
  return Buffer.concat([drawn, tokenSeal(keys, drawn)]).toString('base64url') as SubmissionToken
}

/**
 * The token in a posted form, if it is one of ours. Another program's, or one a visitor made up, is as good as none:
 * a weak token that two people chose would show one the other's receipt.
 */
export function readToken(keys: Keys, text: string | undefined): SubmissionToken | undefined {
  const bytes = Buffer.from(text ?? '', 'base64url')
  if (bytes.length !== 24 || bytes.toString('base64url') !== text) return undefined
  const ours = timingSafeEqual(bytes.subarray(16), tokenSeal(keys, bytes.subarray(0, 16)))
  return ours ? (text as SubmissionToken) : undefined
}

/**
 * The token that came with a posted form, or a new one where none of ours did: such a letter is taken too, only that it
 * cannot be told from its repeat.
 */
export function tokenOf(keys: Keys, posted: Readonly<Record<string, unknown>>): SubmissionToken {
  return (typeof posted.token === 'string' ? readToken(keys, posted.token) : undefined) ?? issueToken(keys)
}

/** The code of a letter. It follows from the form's token, so that a repeated post leads to the same receipt although the city keeps only a hash. */
export function codeFor(keys: Keys, token: SubmissionToken): ReceiptCode {
  const bits = keys.mac('receipt', `code|${token}`).toString('hex')
  const body = (BigInt(`0x${bits}`) % ordinal).toString().padStart(digits - 1, '0')
  return (body + checkDigit(body)) as ReceiptCode
}

/** What is presented to the database, which keeps its SHA-256. Without the city's key no code leads to it. */
export function secretOf(keys: Keys, code: ReceiptCode): Buffer {
  return keys.mac('receipt', `secret|${code}`)
}

/** Reads a code as people write it: spaces, dashes, dots. Refusals: not 24 digits; a digit wrong or two exchanged. */
export function readCode(text: string): ReceiptCode | { refused: 'not-a-code' | 'slip' } {
  const plain = text.normalize('NFKC').replace(/[\s.\-\u2010-\u2015_]/g, '')
  if (!new RegExp(`^[0-9]{${String(digits)}}$`).test(plain)) return { refused: 'not-a-code' }
  if (damm(plain) !== 0) return { refused: 'slip' }
  return plain as ReceiptCode
}

/** `4829 1057 3366 9021 7745 0318` */
export function inGroups(code: ReceiptCode): string {
  return code.replace(/(\d{4})(?=\d)/g, '$1 ')
}

const sealed = Buffer.from('token|')

function tokenSeal(keys: Keys, drawn: Buffer): Buffer {
  return keys.mac('idempotency', Buffer.concat([sealed, drawn])).subarray(0, 8)
}

const checkDigit = (body: string) => damm(body).toString()

/** Damm's quasigroup (2004): finds every single wrong digit and every exchange of two neighbours. */
const quasigroup = [
  '0317598642', '7092154863', '4206871359', '1750983426', '6123045978',
  '3674209581', '5869720134', '8945362017', '9438617205', '2581436790',
] // prettier-ignore

function damm(text: string): number {
  let at = 0
  for (const digit of text) at = Number(quasigroup[at]?.[Number(digit)])
  return at
}

import { inLanguage, sha256, type Language } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { codeFor, tokenFrom, type ReceiptCode } from '../receipt-code.ts'
import { lettersFor } from '../unguessable-letters.ts'

declare const linkLetters: unique symbol
/** The end of a mail's link: sixteen letters, 80 bits. */
export type LinkLetters = string & { readonly [linkLetters]: true }

const pattern = /\/receipt\/mail\/[a-z2-7]{16}/g

/** The letters of the link that a mail carries: the same for every try. */
export function linkLettersOf(keys: Keys, mailId: string): LinkLetters {
  return lettersFor(keys, 'receipt-link', mailId) as LinkLetters
}

export function readLinkLetters(text: string): LinkLetters | undefined {
  return /^[a-z2-7]{16}$/.test(text) ? (text as LinkLetters) : undefined
}

export const linkPath = (language: Language, letters: LinkLetters): string =>
  inLanguage(language, `/receipt/mail/${letters}`)

/** What is presented to the database, which keeps its SHA-256. Without the city's key no letters lead to it. */
export function linkSecret(keys: Keys, letters: LinkLetters): Buffer {
  return keys.mac('receipt-link', `secret|${letters}`)
}

export const linkHash = (keys: Keys, letters: LinkLetters): Buffer => sha256(linkSecret(keys, letters))

/** The code that this link makes: pressed twice, it is one receipt. */
export function codeOfLink(keys: Keys, letters: LinkLetters): ReceiptCode {
  const drawn = keys.mac('receipt-link', `code|${letters}`).subarray(0, 16)
  return codeFor(keys, tokenFrom(keys, drawn))
}

/** A mail as others than its person may read it: without the way to her receipt. */
export const withoutLink = (text: string): string => text.replaceAll(pattern, leftOut)

const leftOut = '/receipt/mail/…'
export const isLinkLeftOut = (text: string): boolean => text.includes(leftOut)

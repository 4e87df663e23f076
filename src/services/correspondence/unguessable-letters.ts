import { timingSafeEqual } from 'node:crypto'
import type { KeyLabel, Keys } from '../../trust/vault/index.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const length = 16

/** Sixteen letters (80 bits) under one of the city's keys: who knows `text` cannot make them. */
export function lettersFor(keys: Keys, label: KeyLabel, text: string): string {
  const mac = keys.mac(label, text)
  return Array.from(mac.subarray(0, length), (byte) => alphabet[byte & 31]).join('')
}

/** Whether these are the letters for `text`; compared without telling how many agree. */
export function areLettersFor(keys: Keys, label: KeyLabel, text: string, given: string): boolean {
  const ours = lettersFor(keys, label, text)
  return given.length === ours.length && timingSafeEqual(Buffer.from(given), Buffer.from(ours))
}

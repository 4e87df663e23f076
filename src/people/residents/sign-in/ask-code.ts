import { randomInt, randomUUID, type KeyObject } from 'node:crypto'
import type { City } from '../../../city/index.ts'
import { sql, type Db, type Language } from '../../../plumbing/index.ts'
import { databaseClock, proofOf } from '../../../trust/need-to-know/index.ts'
import { newDataKey, type Keys, type SubjectId } from '../../../trust/vault/index.ts'
import { addressToken } from '../contact.ts'
import { say } from '../mail-messages.ts'
import { sealMail } from '../mail-at.ts'

/** For what a code is good: to sign in, or to prove one's new address. One for the one is nothing for the other. */
export type CodeFor = 'sign-in' | Readonly<{ resident: string }>

type House = Readonly<{ db: Db; keys: Keys; city: City }>

/**
 * Mails a code of eight digits to an address: good for ten minutes, five tries and once. A known address and an unknown one
 * cost the same work and get the same mail, so that nobody learns from us who has a page; after four in an hour an address
 * gets none, and whoever asks is told the same. The code itself is in the mail alone, sealed; the database has a keyed hash.
 */
export async function askCode(house: House, email: string, language: Language, purpose: CodeFor): Promise<void> {
  const { db, keys, city } = house
  const code = String(randomInt(10 ** 8)).padStart(8, '0')
  const token = codeToken(keys, email, purpose)
  const hash = codeHash(keys, token, code)
  const { key, stored } = newDataKey(keys, randomUUID() as SubjectId)
  const name = city.name[language]
  const shown = `${code.slice(0, 4)} ${code.slice(4)}`
  const mail = sealMail(key, 'sign-in-code', language, {
    to: email,
    title: say(language, purpose === 'sign-in' ? 'codeTitle' : 'newAddressTitle', { city: name }),
    parts: [
      { words: say(language, purpose === 'sign-in' ? 'codeIs' : 'newAddressCodeIs', { code: shown }) },
      { words: say(language, 'codeUntil') },
      { words: say(language, 'codeNotYou', { city: name }) },
    ],
  })
  const at = await databaseClock(db)
  const mac = proofOf(authorityOf(keys), `code|${token.toString('hex')}|${hash.toString('hex')}`, at)
  await db.once(sql`select residents.ask_code(${token}, ${hash}, ${key.subject}, ${stored.wrapped}, ${stored.kek},
    ${mail.id}, ${mail.sealed}, ${language}, ${at}::bigint, ${mac})`)
}

/** The keyed hash under which a code of this address is kept. */
export function codeToken(keys: Keys, email: string, purpose: CodeFor): Buffer {
  const token = addressToken(keys, email)
  if (purpose === 'sign-in') return token
  return keys.mac('resident-code', Buffer.concat([Buffer.from(`change|${purpose.resident}|`), token]))
}

export function codeHash(keys: Keys, token: Buffer, code: string): Buffer {
  return keys.mac('resident-code', Buffer.concat([token, Buffer.from(`|${code}`)]))
}

export const authorityOf = (keys: Keys): KeyObject => keys.derive('session-authority')

/** What was typed as a code: eight digits, however they were spaced. */
export function readCode(typed: string): string | undefined {
  const digits = typed.replace(/[\s.-]/g, '')
  return /^\d{8}$/.test(digits) ? digits : undefined
}

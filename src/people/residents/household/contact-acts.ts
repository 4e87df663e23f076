import { sql, type Db, type Language } from '../../../plumbing/index.ts'
import type { City } from '../../../city/index.ts'
import { databaseClock, proofOf } from '../../../trust/need-to-know/index.ts'
import { seal, type Keys } from '../../../trust/vault/index.ts'
import type { ResidentActor } from '../actor.ts'
import { addressToken, contactAt, type Contact } from '../contact.ts'
import { enterResident } from '../enter.ts'
import { sealMail } from '../mail-at.ts'
import { say } from '../mail-messages.ts'
import { openPage } from '../open-page.ts'
import { authorityOf, codeHash, codeToken, readCode } from '../sign-in/ask-code.ts'

type House = Readonly<{ db: Db; keys: Keys; city: City }>

/** What was typed on the page of her contact; the e-mail address has a way of its own. */
export type ContactTyped = Readonly<{ name: string; telephone: string; language: Language }>
export type ContactWrong = Readonly<{ name?: true; telephone?: true }>

/** Corrects the acting resident's name, telephone and language. Undefined: she is not signed in. */
export async function correctContact(
  house: House,
  actor: ResidentActor,
  typed: ContactTyped,
): Promise<Readonly<{ done: true }> | Readonly<{ wrong: ContactWrong }> | undefined> {
  const name = typed.name.trim().replace(/\s+/g, ' ')
  const { parsePhoneNumberFromString } = await import('libphonenumber-js')
  const phone = typed.telephone.trim() === '' ? undefined : parsePhoneNumberFromString(typed.telephone, 'US')
  const wrong: ContactWrong = {
    ...((name.length === 0 || name.length > 120) && { name: true }),
    ...(typed.telephone.trim() !== '' && !phone?.isPossible() && { telephone: true }),
  }
  if (Object.keys(wrong).length > 0) return { wrong }
  return openPage(house, actor, async (tx, { resident, contact, key }) => {
    const next: Contact = { name, email: contact.email, ...(phone && { telephone: phone.formatInternational() }) }
    const sealed = seal(key, contactAt(resident.id), JSON.stringify(next))
    await tx.rows(sql`select residents.correct_contact(${sealed}, ${typed.language})`)
    return { done: true } as const
  })
}

export type AddressChanged = Readonly<{ done: true }> | Readonly<{ refused: 'not-fresh' | 'wrong' | 'taken' }>

/**
 * Moves her page to a new address, of which she types the code. The old address is told, so that a page that was moved
 * by somebody else does not vanish silently; all other sessions end.
 */
export async function changeAddress(
  house: House,
  actor: ResidentActor,
  typed: Readonly<{ email: string; code: string }>,
): Promise<AddressChanged | undefined> {
  const { db, keys, city } = house
  const at = await databaseClock(db)
  return openPage(house, actor, async (tx, { resident, contact, key }) => {
    const { language } = resident
    const proved = codeToken(keys, typed.email, { resident: resident.id })
    const hash = codeHash(keys, proved, readCode(typed.code) ?? 'none')
    const token = addressToken(keys, typed.email)
    const sealed = seal(key, contactAt(resident.id), JSON.stringify({ ...contact, email: typed.email }))
    const names = { city: city.name[language], phone: city.contact.phone }
    const mail = sealMail(key, 'address-changed', language, {
      to: contact.email,
      title: say(language, 'movedTitle', names),
      parts: [{ words: say(language, 'moved') }, { words: say(language, 'movedNotYou', names) }],
    })
    const words = `address|${resident.id}|${proved.toString('hex')}|${token.toString('hex')}`
    const mac = proofOf(authorityOf(keys), words, at)
    const row = await tx.row<{ refused: 'not-fresh' | 'wrong' | 'taken' | null }>(
      sql`select residents.change_address(${proved}, ${hash}, ${token}, ${sealed}, ${mail.id}, ${mail.sealed},
        ${language}, ${at}::bigint, ${mac}) as refused`,
    )
    return row?.refused ? { refused: row.refused } : { done: true }
  })
}

export type Left = Readonly<{ done: true }> | Readonly<{ refused: string }>

/**
 * Ends the acting resident's page: her contact, passkeys and sessions, and each child whom nobody else stands for. What a
 * room above must settle first ('consents', 'enrolments') is a refusal with its code.
 */
export function leave(db: Db, actor: ResidentActor): Promise<Left> {
  return db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return { refused: 'not-fresh' }
    const row = await tx.row<{ refused: string | null }>(sql`select residents.leave() as refused`)
    return row?.refused ? { refused: row.refused } : { done: true }
  })
}

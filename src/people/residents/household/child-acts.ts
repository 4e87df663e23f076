import { randomBytes, randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { inLanguage, sql, type Clock, type Db, type Reader } from '../../../plumbing/index.ts'
import { newDataKey, seal, type Keys, type SubjectId } from '../../../trust/vault/index.ts'
import type { ChildId, GuardianKind, ResidentActor } from '../actor.ts'
import { aboutAt, type About } from '../add-child.ts'
import { addressToken } from '../contact.ts'
import { enterResident } from '../enter.ts'
import { sealMail } from '../mail-at.ts'
import { say } from '../mail-messages.ts'
import { ofAgeToken } from '../of-age/of-age-token.ts'
import { openPage } from '../open-page.ts'

type House = Readonly<{ db: Db; keys: Keys; city: City; clock: Clock; publicUrl: string }>
type NotDone = Readonly<{ refused: 'not-there' | 'not-fresh' | 'too-many' }>

export type ChildTyped = Readonly<{ firstName: string; born?: string }>
export type ChildWrong = Readonly<{ firstName?: true; born?: 'no-date' | 'of-age' }>

/**
 * Corrects a child's first name or birthday, as somebody who stands for her. A birthday is asked only of a child of whom the
 * city has one. A day that makes her eighteen already is refused: then a clerk must see her, since her consents pass to her.
 */
export async function correctChild(
  house: House,
  actor: ResidentActor,
  id: ChildId,
  typed: ChildTyped,
): Promise<Readonly<{ done: true }> | Readonly<{ wrong: ChildWrong }> | undefined> {
  return openPage(house, actor, async (tx, { children }) => {
    const child = children.find((one) => one.id === id)
    if (!child) return undefined
    const firstName = typed.firstName.trim().replace(/\s+/g, ' ')
    const born = child.about.born === undefined ? undefined : readBorn(house, typed.born ?? '')
    const wrong: ChildWrong = {
      ...((firstName.length === 0 || firstName.length > 60) && { firstName: true }),
      ...(typeof born === 'object' && { born: born.wrong }),
    }
    if (Object.keys(wrong).length > 0 || typeof born === 'object') return { wrong }
    const next: About = { firstName, ...(born !== undefined && { born }) }
    const what = born === child.about.born ? 'name' : 'birthday'
    const sealed = seal(child.key, aboutAt(id), JSON.stringify(next))
    const token = born === undefined ? null : ofAgeToken(house.keys, born)
    await tx.rows(sql`select residents.correct_child(${id}, ${sealed}, ${token}::bytea, ${what})`)
    return { done: true } as const
  })
}

/** A birthday as it was typed: an ISO date of somebody who is not born tomorrow and not eighteen yet. */
function readBorn({ clock, city }: House, typed: string): string | Readonly<{ wrong: 'no-date' | 'of-age' }> {
  const today = clock.now().toZonedDateTimeISO(city.timeZone).toPlainDate()
  try {
    const born = Temporal.PlainDate.from(typed.trim(), { overflow: 'reject' })
    if (Temporal.PlainDate.compare(born, today) > 0) return { wrong: 'no-date' }
    return Temporal.PlainDate.compare(born.add({ years: 18 }), today) <= 0 ? { wrong: 'of-age' } : born.toString()
  } catch {
    return { wrong: 'no-date' }
  }
}

/** The letters at the end of an invitation's link: 128 bits, known to the mail alone. */
export const linkHash = (keys: Keys, letters: string): Buffer => keys.mac('resident-code', `invitation|${letters}`)

/**
 * Asks somebody by mail to stand for a child too. Whoever signs in with that very address may accept within fourteen days.
 * The mail names the child and who asks, and the database forgets both when it is answered.
 */
export async function inviteGuardian(
  house: House,
  actor: ResidentActor,
  id: ChildId,
  asked: Readonly<{ email: string; kind: GuardianKind }>,
): Promise<Readonly<{ done: true }> | NotDone | undefined> {
  const { keys, city } = house
  return openPage(house, actor, async (tx, { children, contact, key: own, resident }) => {
    const child = children.find((one) => one.id === id)
    if (!child) return { refused: 'not-there' }
    const { language } = resident
    const letters = randomBytes(16).toString('base64url')
    const link = `${house.publicUrl.replace(/\/$/, '')}${inLanguage(language, `/me/invitations/${letters}`)}`
    const { key, stored } = newDataKey(keys, randomUUID() as SubjectId)
    const names = { child: child.about.firstName, who: contact.name || contact.email, city: city.name[language] }
    const mail = sealMail(key, 'guardian-invitation', language, {
      to: asked.email,
      title: say(language, 'inviteTitle', names),
      parts: [
        { words: say(language, 'invite', names) },
        { words: say(language, 'inviteLink', { link, email: asked.email }), link },
        { words: say(language, 'inviteNotYou', names) },
      ],
    })
    const told = sealMail(own, 'guardian-joined', language, {
      to: contact.email,
      title: say(language, 'joinedTitle', names),
      parts: [{ words: say(language, 'joined', names) }],
    })
    const row = await tx.row<{ refused: NotDone['refused'] | null }>(
      sql`select residents.invite_guardian(${randomUUID()}, ${id}, ${asked.kind}, ${linkHash(keys, letters)},
        ${addressToken(keys, asked.email)}, ${key.subject}, ${stored.wrapped}, ${stored.kek}, ${mail.id}, ${mail.sealed},
        ${told.id}, ${told.sealed}, ${language}) as refused`,
    )
    return row?.refused ? { refused: row.refused } : { done: true }
  })
}

export type Invitation = Readonly<{
  id: string
  kind: GuardianKind
  askedAt: Temporal.Instant
  endsAt: Temporal.Instant
}>
export type GuardianLine = Readonly<{
  own: boolean
  kind: GuardianKind
  state: 'claimed' | 'shown'
  since: Temporal.Instant
}>

/** Who stands for a child of hers, and who was asked to: kinds and times, no names. Call it after `enterResident`. */
export async function standingFor(
  tx: Reader,
  id: ChildId,
): Promise<{ guardians: readonly GuardianLine[]; invitations: readonly Invitation[] }> {
  const guardians = await tx.rows<GuardianLine>(sql`select * from residents.guardians_of_hers(${id})`)
  const invitations = await tx.rows<Invitation>(
    sql`select id, kind, asked_at as "askedAt", ends_at as "endsAt" from residents.invitations(${id})`,
  )
  return { guardians, invitations }
}

/** Accepts or declines, as the resident whose address was asked. False: over, taken back, or for another address. */
export function answerInvitation(house: House, actor: ResidentActor, letters: string, join: boolean): Promise<boolean> {
  return house.db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return false
    const row = await tx.row<{ refused: string | null }>(
      sql`select residents.answer_invitation(${linkHash(house.keys, letters)}, ${join}) as refused`,
    )
    return row?.refused === null
  })
}

export function takeBackInvitation(db: Db, actor: ResidentActor, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return false
    const taken = sql`select residents.take_back_invitation(${id}) as done`
    return (await tx.row<{ done: boolean }>(taken))?.done === true
  })
}

/** Says that she no longer stands for a child. Where nobody else does, what the city has of the child is ended with it. */
export function endGuardianship(
  db: Db,
  actor: ResidentActor,
  id: ChildId,
): Promise<Readonly<{ done: true }> | NotDone> {
  return db.transaction(async (tx) => {
    if (!(await enterResident(tx, actor))) return { refused: 'not-there' }
    const row = await tx.row<{ refused: NotDone['refused'] | null }>(
      sql`select residents.end_guardianship(${id}) as refused`,
    )
    return row?.refused ? { refused: row.refused } : { done: true }
  })
}

import { chance, sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { enterResident, type ResidentActor } from '../residents/index.ts'

declare const consent: unique symbol
export type ConsentId = string & { readonly [consent]: true }
declare const request: unique symbol
export type RequestId = string & { readonly [request]: true }
declare const childCode: unique symbol
/** 16 digits with which a child goes on once her parent has answered. */
export type ChildCode = string & { readonly [childCode]: true }

/** Whoever holds a request's code. It lets her fill in what was consented to, once, and see how the request stands. */
export type ChildActor = Readonly<{ kind: 'child'; secret: Buffer }>

export type ConsentActor = StaffActor | ResidentActor | ChildActor

export const newChildCode = (): ChildCode => childCodeFrom(chance(8))

export function childCodeFrom(drawn: Buffer): ChildCode {
  return (drawn.readBigUInt64BE() % 10n ** 16n).toString().padStart(16, '0') as ChildCode
}

/** A code as people write it; undefined where it cannot be one. */
export function readChildCode(text: string): ChildCode | undefined {
  const plain = text.normalize('NFKC').replace(/[\s.\-\u2010-\u2015_]/g, '')
  return /^\d{16}$/.test(plain) ? (plain as ChildCode) : undefined
}

export const codeInGroups = (code: ChildCode): string => code.replace(/(\d{4})(?=\d)/g, '$1 ')

/** What is presented to the database, which keeps its SHA-256. Without the city's key no code leads to it. */
export function childActor(keys: Keys, code: ChildCode): ChildActor {
  return { kind: 'child', secret: keys.mac('child-code', code) }
}

/** Enters this transaction as whoever it is. False: no such session or code. */
export async function enterConsent(tx: Tx, actor: ConsentActor): Promise<boolean> {
  switch (actor.kind) {
    case 'staff':
      return (await enterStaff(tx, actor)) !== undefined
    case 'resident':
      return (await enterResident(tx, actor)) !== undefined
    case 'child': {
      const row = await tx.row<{ id: string | null }>(sql`select consent.enter_code(${actor.secret}) as id`)
      return row?.id != null
    }
    default:
      return actor satisfies never
  }
}

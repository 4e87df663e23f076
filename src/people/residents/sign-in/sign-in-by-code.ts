import { createHash, randomBytes } from 'node:crypto'
import { sql, type Db, type Language } from '../../../plumbing/index.ts'
import { databaseClock, proofOf } from '../../../trust/need-to-know/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import type { ResidentActor } from '../actor.ts'
import { newResident } from '../contact.ts'
import { authorityOf, codeHash, codeToken, readCode } from './ask-code.ts'

export type SignedIn = Readonly<{ actor: ResidentActor; first: boolean }>

/**
 * Signs in with a mailed code. Whoever types it in has shown that the address is hers; the first time, that makes her a
 * resident. 'no-match' tells neither whether the code was wrong, used, too old or tried too often, nor whether the address is known.
 */
export async function signInByCode(
  { db, keys }: Readonly<{ db: Db; keys: Keys }>,
  typed: Readonly<{ email: string; code: string }>,
  language: Language,
): Promise<SignedIn | Readonly<{ refused: 'no-match' }>> {
  const secret = randomBytes(32)
  const hash = createHash('sha256').update(secret).digest()
  const token = codeToken(keys, typed.email, 'sign-in')
  // Words that are no code are tried like one: they count, and take as long.
  const tried = codeHash(keys, token, readCode(typed.code) ?? 'none')
  const fresh = newResident(keys, { name: '', email: typed.email })
  const at = await databaseClock(db)
  const mac = proofOf(authorityOf(keys), `resident|${token.toString('hex')}|${hash.toString('hex')}`, at)
  const [row] = await db.once<{ who: 'made' | 'known' | null }>(
    sql`select residents.sign_in_by_code(${token}, ${tried}, ${hash}, ${fresh.id}, ${fresh.subject}, ${fresh.wrapped},
      ${fresh.kek}, ${fresh.sealedContact}, ${language}, ${at}::bigint, ${mac}) as who`,
  )
  if (!row?.who) return { refused: 'no-match' }
  return { actor: { kind: 'resident', secret }, first: row.who === 'made' }
}

import { createHash, randomBytes } from 'node:crypto'
import { sql, type Db, type Language } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import type { ResidentActor } from '../actor.ts'
import { newResident, type NewResident } from '../contact.ts'

export type Neighbour = NewResident & Readonly<{ actor: ResidentActor; email: string }>

/** A resident of the sample city who is signed in. */
export async function moveIn(
  house: { keys: Keys; database: { owner: Db } },
  name: string,
  language: Language = 'en',
): Promise<Neighbour> {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.org`
  const made = newResident(house.keys, { name, email })
  const secret = randomBytes(32)
  await house.database.owner.transaction(async (tx) => {
    await tx.rows(sql`select residents.make(${made.token}, ${made.id}, ${made.subject}, ${made.wrapped}, ${made.kek},
      ${made.sealedContact}, ${language})`)
    await tx.rows(sql`insert into residents.session (secret_hash, resident, method, ends_at)
      values (${createHash('sha256').update(secret).digest()}, ${made.id}, 'code', clock_timestamp() + interval '12 hours')`)
  })
  return { ...made, email, actor: { kind: 'resident', secret } }
}

import { randomUUID } from 'node:crypto'
import { sql, type Tx } from '../../plumbing/index.ts'
import { newDataKey, seal, type DataKey, type Keys, type SubjectId } from '../../trust/vault/index.ts'
import type { ChildId, GuardianKind } from './actor.ts'
import { ofAgeToken } from './of-age/of-age-token.ts'

/** What the city knows of a child herself. `born`: an ISO date, asked only where a consent needs it. */
export type About = Readonly<{ firstName: string; born?: string }>

export const aboutAt = (child: ChildId) => ({ table: 'residents.child', column: 'sealed_about', row: child })

/** A child's row as it goes to the database: about whom is sealed under a key of her own. */
export type NewChild = Readonly<{
  id: ChildId
  key: DataKey
  subject: SubjectId
  wrapped: Buffer
  kek: string
  sealedAbout: Buffer
  band: string | null
  ofAgeToken: Buffer | null
}>

export function newChild(keys: Keys, about: About, band?: string): NewChild {
  const id = randomUUID() as ChildId
  const subject = randomUUID() as SubjectId
  const { key, stored } = newDataKey(keys, subject)
  return {
    id,
    key,
    subject,
    ...stored,
    sealedAbout: seal(key, aboutAt(id), JSON.stringify(about)),
    band: band ?? null,
    ofAgeToken: about.born === undefined ? null : ofAgeToken(keys, about.born),
  }
}

/**
 * Adds a child whom the acting resident says she stands for, in a transaction that has entered as her. Called where a
 * consent needs the child, and only there. `too-many`: a household has at most twenty.
 */
export async function addChild(
  tx: Tx,
  keys: Keys,
  as: GuardianKind,
  about: About,
  band?: string,
): Promise<Readonly<{ child: ChildId; key: DataKey }> | Readonly<{ refused: 'not-there' | 'too-many' }>> {
  const made = newChild(keys, about, band)
  const row = await tx.row<{
    refused: 'not-there' | 'too-many' | null
  }>(sql`select residents.add_child(${as}, ${made.id},
    ${made.subject}, ${made.wrapped}, ${made.kek}, ${made.sealedAbout}, ${made.band}, ${made.ofAgeToken}::bytea) as refused`)
  return row?.refused ? { refused: row.refused } : { child: made.id, key: made.key }
}

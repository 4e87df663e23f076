import { randomUUID } from 'node:crypto'
import { sql, type Db, type Tx } from '../../plumbing/index.ts'
import type { ConsentId } from './actor.ts'
import type { Consequence } from './revoke.ts'

/** What an operator may see of a request and its consents: codes, states and days. Who it is stays sealed. */
export type ShownRequest = Readonly<{
  number: number
  thing: string
  state: string
  asked: string
  ends: string
  consents: readonly Readonly<{ id: ConsentId; purpose: string; state: string; until: string; held: number }>[]
  acts: readonly Readonly<{ at: string; act: string; duty: string | null; detail: string | null }>[]
}>

/** By the number that a guardian reads on her page. As the database's owner; undefined where there is none. */
export async function showRequest(owner: Db, number: number): Promise<ShownRequest | undefined> {
  return owner.transaction(async (tx) => {
    const row = await tx.row<
      Omit<ShownRequest, 'consents' | 'acts'> & { id: string }
    >(sql`select id, number, thing, state,
      asked_at::date::text as asked, ends_on::text as ends from consent.request where number = ${number}`)
    if (!row) return undefined
    const { id, ...request } = row
    const consents = await tx.rows<
      ShownRequest['consents'][number]
    >(sql`select c.id, c.purpose, c.state, c.until::text as until,
      (select count(*)::int from consent.held h where h.consent = c.id) as held from consent.consent c where c.request = ${id} order by c.purpose`)
    const acts = await tx.rows<
      ShownRequest['acts'][number]
    >(sql`select e.at::text as at, e.act, e.duty, e.detail from ledger.entry e
      where e.subject in (select c.subject from consent.consent c where c.request = ${id} union select r.subject from consent.request r where r.id = ${id})
      order by e.at, e.subject_count`)
    return { ...request, consents, acts }
  })
}

type Follows = Readonly<{ digest: Buffer; follows: readonly Omit<Consequence, 'at'>[] }>

class LookedAt extends Error {
  readonly seen: Follows
  constructor(seen: Follows) {
    super('only looked at')
    this.seen = seen
  }
}

/** What would follow, by doing it and taking it back. Undefined: nothing of it is in force. */
export async function previewAsOperator(owner: Db, consents: readonly ConsentId[]): Promise<Follows | undefined> {
  try {
    return await owner.transaction(async (tx): Promise<Follows | undefined> => {
      const follows = await tx.rows<Omit<Consequence, 'at'> & { digest: Buffer }>(sql`with done as materialized (
          select consent.in_order(array(select e from consent.end_use(${[...consents]}::uuid[], 'revoked', null) e)) as all)
        select consent.digest(d.all) as digest, r.consent, r.code, r.thing, r.detail from done d cross join unnest(d.all) r`)
      const [first] = follows
      if (!first) return undefined
      throw new LookedAt({ digest: first.digest, follows: follows.map(({ digest: _, ...one }) => one) })
    })
  } catch (error) {
    if (error instanceof LookedAt) return error.seen
    throw error
  }
}

/** Takes consents of one child back on an operator's word, such as a letter that came on paper. The receipt's number, or why not. */
export async function revokeAsOperator(
  owner: Db,
  consents: readonly ConsentId[],
): Promise<Readonly<{ receipt: string }> | Readonly<{ refused: 'not-there' | 'changed' }>> {
  const seen = await previewAsOperator(owner, consents)
  if (!seen) return { refused: 'not-there' }
  return owner.transaction(async (tx) => {
    const child = await childOf(tx, consents)
    if (child === undefined) return { refused: 'not-there' }
    const receipt = randomUUID()
    const row = await tx.row<{
      outcome: 'done' | 'changed'
    }>(sql`select outcome from consent.revoke_as(${[...consents]}::uuid[],
      ${seen.digest}, ${receipt}, ${child}, 'operator', null, null, null)`)
    return row?.outcome === 'done' ? { receipt } : { refused: 'changed' }
  })
}

/** The one child whose consents these are, all of them in force or waiting. */
async function childOf(tx: Tx, consents: readonly ConsentId[]): Promise<string | undefined> {
  const rows = await tx.rows<{
    child: string
    count: number
  }>(sql`select child, count(*)::int as count from consent.consent
    where id = any (${[...consents]}::uuid[]) and state in ('given', 'in-force', 'frozen', 'passed') group by child`)
  const [only] = rows
  return rows.length === 1 && only?.count === new Set(consents).size ? only.child : undefined
}

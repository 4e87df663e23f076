import { createHash } from 'node:crypto'
import { sql, type Reader } from '../../../plumbing/index.ts'
import { openCheckpoint, type Verifier } from '../../../trust/ledger/index.ts'
import type { Draw, DrawnTicket } from './read-draw.ts'

/** What is wrong with a drawing. */
export type DrawFault =
  'statement' | 'not-in-ledger' | 'checkpoint' | 'not-the-first-checkpoint' | 'tickets' | 'seed' | 'order'

const sha256 = (...parts: readonly (Buffer | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()

/** The order in which tickets are drawn from a seed, worked out from the rule and from nothing that was kept. */
export function drawnFrom(seed: Buffer, tickets: readonly Pick<DrawnTicket, 'ticket' | 'drawnWith'>[]): string[] {
  const keyed = tickets.map(({ ticket, drawnWith }) => ({ ticket, key: sha256(seed, drawnWith) }))
  return keyed
    .sort((a, b) => Buffer.compare(a.key, b.key) || Buffer.compare(Buffer.from(a.ticket), Buffer.from(b.ticket)))
    .map(({ ticket }) => ticket)
}

/** Who is offered a place: in the drawn order, brothers and sisters all of them or none, as long as there are places. */
export function offeredOf(tickets: readonly Omit<DrawnTicket, 'rank'>[], places: number): ReadonlySet<string> {
  const offered = new Set<string>()
  const together = new Map<string, string[]>()
  for (const { ticket, drawnWith } of tickets) together.set(drawnWith, [...(together.get(drawnWith) ?? []), ticket])
  for (const its of together.values())
    if (offered.size + its.length <= places) for (const ticket of its) offered.add(ticket)
  return offered
}

/**
 * Computes a drawing anew from what is public: the entry that fixed the tickets is in the tree, and says their number and
 * digest; the checkpoint is signed, and is the first that holds the entry; the seed is SHA-256 of its root and the session's
 * name; the order follows from the seed. An empty list: all of it holds.
 */
export async function checkDraw(reader: Reader, draw: Draw, verifier: Verifier): Promise<readonly DrawFault[]> {
  const { session, statement, salt, seq, digest, size, root, note, seed, tickets } = draw
  const says = `session=${session} tickets=${String(tickets.length)} digest=${digest.toString('hex')}`
  const lines = statement.split('\n')
  const leaf = await reader.row<{ commitment: Buffer }>(sql`select commitment from ledger.leaf where seq = ${seq}`)
  const signed = openCheckpoint(note, verifier)
  const earlier = await reader.row<{ size: number }>(
    sql`select size from ledger.checkpoint where size > ${seq} and size < ${size} limit 1`,
  )
  const list = tickets.map(({ ticket, drawnWith }) => `${ticket} ${drawnWith}\n`).sort().join('') // prettier-ignore
  const order = drawnFrom(seed, tickets)
  const holds: Readonly<Record<DrawFault, boolean>> = {
    statement: lines.includes('lottery.closed') && lines.at(-1) === says,
    'not-in-ledger': leaf !== undefined && sha256(salt, statement).equals(leaf.commitment) && seq < size,
    checkpoint: !('refused' in signed) && signed.size === size && signed.root.equals(root),
    'not-the-first-checkpoint': earlier === undefined,
    tickets: sha256(list).equals(digest),
    seed: sha256(root, session).equals(seed),
    order: tickets.every(({ rank, ticket }, at) => rank === at + 1 && order[at] === ticket),
  }
  return (Object.keys(holds) as DrawFault[]).filter((fault) => !holds[fault])
}

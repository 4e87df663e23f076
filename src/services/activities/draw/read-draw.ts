import type { Temporal } from 'temporal-polyfill'
import type { SessionId } from '../../../city/index.ts'
import { sql, type Reader } from '../../../plumbing/index.ts'

/** One ticket of a drawing, in the order in which it was drawn. Brothers and sisters are drawn with the first of them. */
export type DrawnTicket = Readonly<{ rank: number; ticket: string; drawnWith: string }>

/** A drawing as it is published: what fixed who takes part, what it was drawn from, and what came of it. */
export type Draw = Readonly<{
  session: SessionId
  closedAt: Temporal.Instant
  /** The entry of the ledger that fixed who takes part: its words, its salt, and its place in the tree. */
  statement: string
  salt: Buffer
  seq: number
  /** SHA-256 of the tickets, a line each, in their own order. */
  digest: Buffer
  /** The checkpoint whose root it was drawn from. */
  size: number
  root: Buffer
  note: string
  seed: Buffer
  drawnAt: Temporal.Instant
  tickets: readonly DrawnTicket[]
}>

type Row = {
  closed_at: Temporal.Instant
  statement: string
  salt: Buffer
  seq: number | null
  digest: Buffer
  size: number | null
  root: Buffer | null
  note: string | null
  seed: Buffer | null
  drawn_at: Temporal.Instant | null
}
type TicketRow = { rank: number; ticket: string; drawn_with: string }

/** Undefined where nothing is drawn yet. */
export async function readDraw(reader: Reader, session: SessionId): Promise<Draw | undefined> {
  const row = await reader.row<Row>(sql`select * from activities.draw_of(${session})`)
  if (!row?.drawn_at || row.seq === null || row.size === null || !row.root || row.note === null || !row.seed)
    return undefined
  const tickets = await reader.rows<TicketRow>(sql`select * from activities.drawn_tickets(${session})`)
  const { closed_at: closedAt, drawn_at: drawnAt, statement, salt, seq, digest, size, root, note, seed } = row
  return {
    ...{ session, closedAt, drawnAt, statement, salt, seq, digest, size, root, note, seed },
    tickets: tickets.map(({ rank, ticket, drawn_with: drawnWith }) => ({ rank, ticket, drawnWith })),
  }
}

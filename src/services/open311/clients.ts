import { createHash, randomBytes } from 'node:crypto'
import type { Temporal } from 'temporal-polyfill'
import { sql, type Tx } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'

/** A program that may report for people. */
export type Client = Readonly<{
  id: number
  name: string
  perMinute: number
  perDay: number
  mayPost: boolean
  mayUpdate: boolean
  revokedAt?: Temporal.Instant
}>

/** What is presented to the database, which keeps its SHA-256. Without the city's key no API key leads to it. */
export function secretOfKey(keys: Keys, key: string): Buffer {
  return keys.mac('open311', `key|${key}`)
}

/** Adds a program, as the owner. Its key (190 bits) is told this once. Refusal: the name is empty or too long. */
export async function addClient(
  tx: Tx,
  keys: Keys,
  client: Omit<Client, 'id' | 'revokedAt'>,
): Promise<Readonly<{ id: number; key: string }> | Readonly<{ refused: 'bad-name' | 'bad-limit' }>> {
  const name = client.name.trim()
  if (name === '' || [...name].length > 80) return { refused: 'bad-name' }
  const whole = (limit: number, most: number) => Number.isInteger(limit) && limit >= 1 && limit <= most
  if (!whole(client.perMinute, 10_000) || !whole(client.perDay, 1_000_000)) return { refused: 'bad-limit' }
  const key = randomBytes(24).toString('base64url')
  const hash = createHash('sha256').update(secretOfKey(keys, key)).digest()
  const row = await tx.row<{ id: number }>(sql`
    insert into open311.client (name, key_hash, per_minute, per_day, may_post, may_update)
    values (${name}, ${hash}, ${client.perMinute}, ${client.perDay}, ${client.mayPost}, ${client.mayUpdate}) returning id`)
  if (!row) throw new Error('adding a client gave no number')
  await tx.rows(sql`select ledger.write('client.added', 'operator', p_detail => ${`client=${row.id}`})`)
  return { id: row.id, key }
}

/** Everybody who ever had a key, also those whose key was taken back. */
export async function listClients(tx: Tx): Promise<readonly Client[]> {
  type Row = { id: number; name: string; per_minute: number; per_day: number; may_post: boolean; may_update: boolean }
  const rows = await tx.rows<Row & { revoked_at: Temporal.Instant | null }>(
    sql`select id, name, per_minute, per_day, may_post, may_update, revoked_at from open311.client order by id`,
  )
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    perMinute: row.per_minute,
    perDay: row.per_day,
    mayPost: row.may_post,
    mayUpdate: row.may_update,
    ...(row.revoked_at && { revokedAt: row.revoked_at }),
  }))
}

/** Takes a key back: its next request is refused. What the program brought stays. */
export async function revokeClient(tx: Tx, id: number): Promise<Readonly<{ done: true } | { refused: 'not-there' }>> {
  const row = await tx.row(
    sql`update open311.client set revoked_at = now() where id = ${id} and revoked_at is null returning id`,
  )
  if (!row) return { refused: 'not-there' }
  await tx.rows(sql`select ledger.write('client.revoked', 'operator', p_detail => ${`client=${id}`})`)
  return { done: true }
}

import { createHmac, type KeyObject } from 'node:crypto'
import { sql, type Db } from '../../../plumbing/index.ts'

/** Proves to the database that this process saw what it says (need_to_know.is_proof): a MAC that is good for a minute. */
export function proofOf(authority: KeyObject, message: string, at: string): Buffer {
  return createHmac('sha256', authority).update(`${message}|${at}`).digest()
}

/** The database's clock in microseconds, as text: it judges how old a proof is, so it dates it. */
export async function databaseClock(db: Db): Promise<string> {
  const [row] = await db.once<{ clock: string }>(sql`select need_to_know.clock()::text as clock`)
  return row?.clock ?? '0'
}

export const hex = (bytes: Buffer | undefined) => bytes?.toString('hex') ?? '-'

import { sql, type Reader } from '../../../plumbing/index.ts'
import type { TopicId } from '../../../city/index.ts'
import { enterStaff, type StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../house.ts'
import { mailDomain } from '../reply-address.ts'

/** What may be told: what happened, and what a working day's reminders say (routing). */
export const newsKinds = ['fresh', 'assigned', 'answered', 'unassigned', 'due-soon', 'overdue', 'escalated'] as const
export type NewsKind = (typeof newsKinds)[number]
/** What an employee chooses a pace for; `reminded` is of three kinds. */
export const wishes = ['fresh', 'assigned', 'answered', 'reminded', 'escalated'] as const
export type Wished = (typeof wishes)[number]
export const paces = ['none', 'at-once', 'daily'] as const
export type Pace = (typeof paces)[number]

/** What an employee wishes to hear of. Without an address she reads it on the desk only. */
export type Wish = Readonly<Record<Wished, Pace> & { due: 'none' | 'daily'; address?: string; hour: number }>
/** What happened since she was told: how many, on which topic; never of whom. */
export type NewsItem = Readonly<{ kind: NewsKind; topic: TopicId; count: number }>

const unwished: Wish = {
  fresh: 'none',
  assigned: 'none',
  answered: 'none',
  reminded: 'none',
  escalated: 'none',
  due: 'none',
  hour: 8,
}

/** The acting employee's wishes; nothing until she says so. */
export async function ownWish(tx: Reader): Promise<Wish> {
  const row = await tx.row<Omit<Wish, 'address'> & { address: string | null }>(
    sql`select fresh, assigned, answered, reminded, escalated, due, address, hour from correspondence.own_wish()`,
  )
  if (!row) return unwished
  const { address, ...wish } = row
  return { ...wish, ...(address !== null && { address }) }
}

export function ownNews(tx: Reader): Promise<NewsItem[]> {
  return tx.rows<NewsItem>(sql`select kind, topic, count from correspondence.own_news()`)
}

/**
 * Says what an employee wishes to hear of. Mail goes only to an address of the city's own domain: what counts of work say is
 * the city's. Refusal: elsewhere (another domain, or no address that could be one).
 */
export async function wishNews(
  house: House,
  actor: StaffActor,
  wish: Wish,
): Promise<Readonly<{ done: true }> | Readonly<{ refused: 'not-there' | 'elsewhere' }>> {
  const { fresh, assigned, answered, reminded, escalated, due, address, hour } = wish
  if (address !== undefined && !isWorkAddress(house, address)) return { refused: 'elsewhere' }
  return house.db.transaction(async (tx) => {
    if (!(await enterStaff(tx, actor))) return { refused: 'not-there' }
    await tx.rows(
      sql`select correspondence.wish_news(${fresh}, ${assigned}, ${answered}, ${reminded}, ${escalated}, ${due},
        ${address ?? null}, ${hour}::int)`,
    )
    return { done: true }
  })
}

function isWorkAddress({ city }: Pick<House, 'city'>, address: string): boolean {
  const [, domain] = /^[a-z0-9._+-]{1,64}@([a-z0-9.-]+)$/i.exec(address) ?? []
  return domain?.toLowerCase() === mailDomain(city).toLowerCase()
}

/** What stands in her news has been read. */
export async function endNews(house: House, actor: StaffActor): Promise<void> {
  await house.db.transaction(async (tx) => {
    if (await enterStaff(tx, actor)) await tx.rows(sql`select correspondence.end_news()`)
  })
}

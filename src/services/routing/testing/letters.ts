import type { TestHouse } from '../../../../test/support/house.ts'
import type { CaseId, FormId, PlaceId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { issueToken, readReceipt, receive, type ReceiptCode } from '../../correspondence/index.ts'

export type Written = { code: ReceiptCode; caseId: CaseId; version: number }

/** A letter through the same door as any. */
export async function write(
  house: TestHouse,
  topic: string,
  { place, words = 'Something is broken here.' }: { place?: string; words?: string } = {},
): Promise<Written> {
  const received = await receive(
    house,
    {
      channel: 'form',
      form: 'contact-the-city' as FormId,
      formVersion: 1,
      topic: topic as TopicId,
      ...(place !== undefined && { place: place as PlaceId }),
      language: 'en',
      answers: [{ field: 'message', label: 'Your letter', value: words }],
      contact: {},
    },
    issueToken(house.keys),
  )
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { code: received.code, caseId: receipt.line.id, version: receipt.line.version }
}

export async function actsOf(house: TestHouse, caseId: CaseId): Promise<readonly string[]> {
  const rows = await house.database.owner.once<{ act: string; detail: string | null }>(
    sql`select act, detail from ledger.entry where case_id = ${caseId} order by subject_count`,
  )
  return rows.map(({ act, detail }) => (detail === null ? act : `${act} ${detail}`))
}

/** Makes a case as old as is wanted: as the owner, for arranging only. */
export async function age(house: TestHouse, caseId: CaseId, set: { due: string; since?: string }): Promise<void> {
  await house.database.owner.once(sql`update correspondence.casefile set due_on = ${set.due}::date,
    state_since = coalesce(${set.since ?? null}::timestamptz, state_since),
    received_at = coalesce(${set.since ?? null}::timestamptz, received_at) where id = ${caseId}`)
}

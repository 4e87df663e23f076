import { sql, type Reader } from '../../plumbing/index.ts'
import type { CaseId, TopicId } from '../../city/index.ts'
import { mailLine, type MailLine } from './read-case.ts'

export type OutboxLine = MailLine & Readonly<{ caseId: CaseId; number: number; topic: TopicId }>

/** The last hundred mails about cases on the acting employee's desk: which, and how they fared; to whom stays sealed. */
export async function outbox(tx: Reader): Promise<readonly OutboxLine[]> {
  const rows = await tx.rows<Parameters<typeof mailLine>[0] & { case_id: CaseId; number: number; topic: TopicId }>(
    sql`select m.id, m.kind, m.message_id, m.state, m.created_at, m.settled_at, m.failure, m.state <> 'waiting' as copied, m.case_id, c.number, m.topic
      from unnest((select need_to_know.topics())) as t (topic) cross join lateral (
        select * from correspondence.posted m where m.topic = t.topic order by m.created_at desc limit 100
      ) m join correspondence.visible c on c.id = m.case_id
      order by m.created_at desc limit 100`,
  )
  return rows.map((row) => ({ ...mailLine(row), caseId: row.case_id, number: row.number, topic: row.topic }))
}

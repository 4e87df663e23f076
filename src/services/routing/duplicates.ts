import { sql, type Tx } from '../../plumbing/index.ts'
import { caseColumns, caseLine, type CaseLine } from '../correspondence/index.ts'

const days = 30
const mostShown = 5

/**
 * Other reports on the same desk that may be of the same thing: same topic, same neighborhood, within a month of each
 * other, nearest in time first. Only of problems that have a place. It looks at the two hundred waiting cases that are
 * due last and the hundred last answered, by their indexes.
 */
export async function possibleDuplicates(tx: Tx, line: CaseLine): Promise<readonly CaseLine[]> {
  if (line.place === undefined) return []
  const near = sql`c.place = ${line.place} and c.id <> ${line.id}
    and c.received_at between ${line.receivedAt}::timestamptz - make_interval(days => ${days})
      and ${line.receivedAt}::timestamptz + make_interval(days => ${days})`
  const rows = await tx.rows(sql`select ${caseColumns} from (
      (select * from (select * from correspondence.visible v where v.topic = ${line.topic} and v.state in ('new', 'open')
        order by v.due_on desc, v.id desc limit 200) c where ${near})
      union all
      (select * from (select * from correspondence.visible v where v.topic = ${line.topic} and v.state = 'answered'
        and v.state in ('answered', 'closed') order by v.state_since desc, v.id limit 100) c where ${near})
    ) c order by abs(extract(epoch from c.received_at - ${line.receivedAt}::timestamptz)), c.id limit ${mostShown}`)
  return rows.map(caseLine)
}

import { sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { blindToken, type TokenKind } from '../../trust/vault/index.ts'
import type { House } from './house.ts'
import { caseColumns, caseLine, type CaseLine } from './tables.ts'

/**
 * Finds cases on the clerk's own desk by case number, or by a person's whole e-mail address, telephone number or name.
 * A search by person is a look: each case that it brings up says so in the ledger, where the person reads it.
 */
export async function search(house: House, actor: StaffActor, question: string): Promise<readonly CaseLine[]> {
  const asked = question.normalize('NFC').trim().slice(0, 200)
  return house.db.transaction(async (tx) => {
    if (asked === '' || !(await enterStaff(tx, actor))) return []
    const number = /^#?\s*(\d{1,12})$/.exec(asked)?.[1]
    const byNumber = number === undefined ? [] : await numbered(tx, Number(number))
    return byNumber.length > 0 ? byNumber : byPerson(tx, house, asked)
  })
}

async function numbered(tx: Tx, number: number): Promise<readonly CaseLine[]> {
  const rows = await tx.rows(sql`select ${caseColumns} from correspondence.visible c where c.number = ${number}`)
  return rows.map(caseLine)
}

async function byPerson(tx: Tx, house: House, asked: string): Promise<readonly CaseLine[]> {
  const kind = kindOf(asked)
  const rows = await tx.rows(
    sql`select ${caseColumns} from correspondence.search(${kind}, ${blindToken(house.keys, kind, asked)}) as found (id)
      join correspondence.visible c on c.id = found.id order by c.received_at desc`,
  )
  return rows.map(caseLine)
}

function kindOf(asked: string): TokenKind {
  if (asked.includes('@')) return 'email'
  return asked.replace(/[\s()+.\-]/g, '').match(/^\d{7,15}$/) ? 'telephone' : 'name'
}

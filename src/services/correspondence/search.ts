import { sql, type Tx } from '../../plumbing/index.ts'
import { enterStaff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { blindToken, wordTokens, type TokenKind } from '../../trust/vault/index.ts'
import type { House } from './house.ts'
import { caseColumns, caseLine, type CaseLine } from './tables.ts'

/**
 * Finds cases on the clerk's own desk by case number, or by a person's whole e-mail address, telephone number or name;
 * and, where nobody is called so, by words of letters, however they came, and of scans (two words: both).
 * A search by person or words is a look: each case that it brings up says so in the ledger, where the person reads it.
 */
export async function search(house: House, actor: StaffActor, question: string): Promise<readonly CaseLine[]> {
  const asked = question.normalize('NFC').trim().slice(0, 200)
  return house.db.transaction(async (tx) => {
    if (asked === '' || !(await enterStaff(tx, actor))) return []
    const number = /^#?\s*(\d{1,12})$/.exec(asked)?.[1]
    const byNumber = number === undefined ? [] : await numbered(tx, Number(number))
    if (byNumber.length > 0) return byNumber
    const byPerson = await ofPerson(tx, house, asked)
    return byPerson.length > 0 ? byPerson : withWords(tx, house, asked)
  })
}

async function numbered(tx: Tx, number: number): Promise<readonly CaseLine[]> {
  const rows = await tx.rows(sql`select ${caseColumns} from correspondence.visible c where c.number = ${number}`)
  return rows.map(caseLine)
}

async function ofPerson(tx: Tx, house: House, asked: string): Promise<readonly CaseLine[]> {
  const kind = kindOf(asked)
  const rows = await tx.rows(
    sql`select ${caseColumns} from correspondence.search(${kind}, ${blindToken(house.keys, kind, asked)}) as found (id)
      join correspondence.visible c on c.id = found.id order by c.received_at desc`,
  )
  return rows.map(caseLine)
}

/** At most eight words are asked for; of more, the first eight. */
async function withWords(tx: Tx, house: House, asked: string): Promise<readonly CaseLine[]> {
  const words = wordTokens(house.keys, asked).slice(0, 8)
  if (words.length === 0 || kindOf(asked) !== 'name') return []
  const rows = await tx.rows(
    sql`select ${caseColumns} from correspondence.search_words(${words}::bytea[]) as found (id)
      join correspondence.visible c on c.id = found.id order by c.received_at desc`,
  )
  return rows.map(caseLine)
}

function kindOf(asked: string): TokenKind {
  if (asked.includes('@')) return 'email'
  return asked.replace(/[\s()+.\-]/g, '').match(/^\d{7,15}$/) ? 'telephone' : 'name'
}

import { sql, statement } from '../../src/plumbing/index.ts'
import { atMost, informs, median, whole, type Figure } from '../figures.ts'
import { cpuOf, since } from '../processes.ts'
import type { Inside } from '../with-program.ts'
import { onlyAccepted, stormOf } from './submit.ts'

const part = 'submit'
const rounds = 9
const seconds = 2

type Cost = Readonly<{ node: number; postgres: number; letters: number; ownCost: number }>

/**
 * What of a letter's cost is the ledger's: CPU time of the program and its PostgreSQL for one letter, with the entry
 * written and without, in turns. The machine's mood changes what the same work takes by half; the sender does the same
 * for every letter, so both are counted in what it took. The database is spoilt by it (letters without entries), so this
 * comes last.
 */
export async function ledgerShare(inside: Inside): Promise<Figure[]> {
  const written = await definition(inside)
  await leaveWords(inside)
  const withEntry: Cost[] = []
  const without: Cost[] = []
  for (let round = 0; round < rounds; round++) {
    withEntry.push(await costOfLetters(inside))
    await replace(inside, emptied(written))
    without.push(await costOfLetters(inside))
    await replace(inside, written)
  }
  const cpu = (costs: readonly Cost[]) => median(costs.map(({ node, postgres }) => node + postgres))
  const inSenders = (costs: readonly Cost[]) =>
    median(costs.map(({ node, postgres, ownCost }) => (node + postgres) / ownCost))
  const share = 1 - inSenders(without) / inSenders(withEntry)
  const split = (key: 'node' | 'postgres') => whole(median(withEntry.map((cost) => cost[key])))
  const slower = 1 - median(withEntry.map(({ letters }) => letters)) / median(without.map(({ letters }) => letters))
  return [
    informs(
      part,
      'CPU a letter',
      `${whole(cpu(withEntry))} µs (node ${split('node')}, PostgreSQL ${split('postgres')})`,
    ),
    atMost(part, 'the ledger’s share of that CPU, its tree included', share * 100, 15, '%'),
    informs(part, 'letters a second lost to the ledger', `${(slower * 100).toFixed(1)} %`),
  ]
}

/** Microseconds for one letter. The pause lets the keeper finish, so that its work is counted where it belongs. */
async function costOfLetters({ program, nextPost }: Inside): Promise<Cost> {
  const before = cpuOf(program.pid)
  const storming = await stormOf(program.port, seconds, nextPost)
  const letters = onlyAccepted(storming)
  await new Promise((resolve) => setTimeout(resolve, 700))
  const spent = since(before, cpuOf(program.pid))
  const each = (ms: number): number => (ms * 1000) / letters
  return {
    node: each(spent.node),
    postgres: each(spent.postgres),
    letters: letters / storming.seconds,
    ownCost: storming.ownCost,
  }
}

/** The reader of words learns from the ledger what came: without entries it would rest, and its work be called the ledger's. */
async function leaveWords({ db }: Inside): Promise<void> {
  await db.once(sql`update correspondence.word_reading set ends_at = now() + interval '1 hour'`)
}

async function definition({ db }: Inside): Promise<string> {
  const [row] = await db.once<{ text: string }>(
    sql`select pg_get_functiondef(p.oid) as text from pg_proc p where p.oid = 'ledger.write_first'::regproc`,
  )
  if (!row) throw new Error('ledger.write_first is not there')
  return row.text
}

function emptied(text: string): string {
  return text.replace(/\$function\$[^]*\$function\$/, '$$function$$ begin end $$function$$')
}

async function replace({ db }: Inside, text: string): Promise<void> {
  await db.once(statement(text, []))
}

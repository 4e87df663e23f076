import { createHash } from 'node:crypto'
import { sql, type Tx } from '../../plumbing/index.ts'
import type { Forms } from './define.ts'

/** What became of the forms in the city's files that the database had not seen so. */
export type FilesTaken = Readonly<{
  published: readonly string[]
  drafted: readonly string[]
  waiting: readonly string[]
}>

/**
 * Takes the forms of the city's files into the database, as the owner, where their wording is another than last time. A
 * new form, and one that nobody at the desk has changed since, is published. Where the desk has published its own, the
 * file's wording becomes a draft there: nothing that a clerk made is overwritten, and files and desk never differ unseen.
 */
export async function takeForms(tx: Tx, forms: Forms): Promise<FilesTaken> {
  const taken = { published: [] as string[], drafted: [] as string[], waiting: [] as string[] }
  const files = [...forms.values()].map(({ id, source }) => ({ id, text: JSON.stringify(source) }))
  // Asked at once, answered one after the other: a transaction has one connection.
  const rows = await Promise.all(
    files.map(({ id, text }) =>
      tx.row<{ outcome: 'known' | 'published' | 'drafted' | 'waits' }>(
        sql`select forms.take_file(${id}, ${createHash('sha256').update(text).digest()}, ${text}::json) as outcome`,
      ),
    ),
  )
  for (const [at, { id }] of files.entries()) {
    const row = rows[at]
    if (row?.outcome === 'published') taken.published.push(id)
    if (row?.outcome === 'drafted') taken.drafted.push(id)
    if (row?.outcome === 'waits') taken.waiting.push(id)
  }
  return taken
}

import { createHash } from 'node:crypto'
import sqlTag, { Sql, join, raw as rawSql } from 'sql-template-tag'

/** Text and values apart, always: a value never becomes part of the text. */
export const sql = sqlTag
export type { Sql }

/** `a, b, c` as parameters (for `in (...)` lists and `values` rows). Refuses an empty list by throwing. */
export const list = join

/** A statement from numbered text (`$1`), for libraries that bring their own, such as the job queue. */
export function statement(text: string, values: readonly unknown[]): Sql {
  const used: unknown[] = []
  const strings: string[] = []
  let from = 0
  for (const found of text.matchAll(/\$(\d+)/g)) {
    strings.push(text.slice(from, found.index))
    used.push(values[Number(found[1]) - 1])
    from = found.index + found[0].length
  }
  return new Sql([...strings, text.slice(from)], used)
}

/** Text that is part of the program, such as an identifier from a constant. Never anything a person typed. */
export const fixedText = rawSql

const names = new Map<string, string>()
const manyStatements = 1000

/**
 * The name under which a text is prepared, once per connection. Texts past the first thousand go unnamed: a program
 * that builds texts would otherwise fill every connection's memory with plans.
 */
export function preparedName(text: string): string | undefined {
  const known = names.get(text)
  if (known !== undefined || names.size >= manyStatements) return known
  const name = `s${createHash('sha256').update(text).digest('base64url').slice(0, 20)}`
  names.set(text, name)
  return name
}

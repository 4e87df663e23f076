import type { Reckoning } from '../../answering/reckon.ts'
import type { Placed } from '../importing/draft-form.ts'

/**
 * `value = data.adults * 12.5 + data.children * 5` as terms: sums of products of numbers and answers, nothing else. It is
 * taken apart, never run. Undefined where anything else stands in it.
 */
export function reckoningOf(program: string, find: (key: string) => Placed | undefined): Reckoning | undefined {
  if (program.length > 1000) return undefined
  const [, sum] = /^\s*value\s*=\s*([^;=]+?)\s*;?\s*$/.exec(program) ?? []
  if (sum === undefined) return undefined
  const pieces = sum
    .replace(/\s+/g, '')
    .replace(/^-/, '0-')
    .split(/(?=[+-])/)
  const terms = pieces.map((piece) => termOf(piece, find))
  if (terms.length === 0 || terms.length > 20 || terms.some((term) => term === undefined)) return undefined
  return { terms: terms.filter((term) => term !== undefined) }
}

function termOf(piece: string, find: (key: string) => Placed | undefined): Reckoning['terms'][number] | undefined {
  const sign = piece.startsWith('-') ? -1 : 1
  const factors = piece.replace(/^[+-]/, '').split('*')
  let each = sign
  const times: string[] = []
  for (const factor of factors) {
    const [, key] = /^data\.([A-Za-z_][\w.]*)$/.exec(factor) ?? []
    const question = key === undefined ? undefined : find(key)
    if (/^\d{1,9}(\.\d{1,6})?$/.test(factor)) each *= Number(factor)
    else if (question && ['number', 'yes-no', 'reckoned'].includes(question.field.kind)) times.push(question.name)
    else return undefined
  }
  if (times.length > 4) return undefined
  return { each, ...(times.length > 0 && { times }) }
}

// @ts-check
// What the generated check of a form's schema calls by name.

/** Characters as people count them. @param {string} text */
export const ucs2length = (text) => Array.from(text).length

/** Whether two answers are the same. @param {unknown} a @param {unknown} b @returns {boolean} */
export function equal(a, b) {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => equal(Reflect.get(a, key), Reflect.get(b, key)))
}

/**
 * What is wrong at a posted name, in the very words of the server.
 * @typedef {{ field: string, code: string, params: Record<string, string | number> }} Wrong
 * @typedef {{ label: string, missing?: string, wrong?: string }} Own
 * @typedef {{ own: Record<string, Own>, codes: Record<string, string>, inRow: string, locale: string }} Words
 * @param {Words} words @param {Wrong} error
 */
export function errorInWords(words, { field, code, params }) {
  const [root = '', ...inside] = field.split('.')
  const part = inside.length > 0 ? words.own[`${root}.${inside.at(-1)}`] : undefined
  const own = part ?? words.own[root] ?? { label: field }
  const template =
    (code === 'missing' ? own.missing : own.wrong) ??
    words.codes[`${code}:${params['limit']}`] ??
    words.codes[code] ??
    code
  const length = new Intl.NumberFormat(words.locale).format(Number(params['length'] ?? 0))
  const says = template
    .replace('{length}', length)
    .replace('{street}', () => String(params['street'] ?? ''))
    .replace('{label}', () => own.label)
  if (!part || inside.length !== 2) return says
  return words.inRow.replace('{row}', String(Number(inside[0]) + 1)).replace('{says}', () => says)
}

/** What an answer is made of, before it becomes XML or JSON. `null` is an element that is there and empty. */
export type Leaf = string | number | boolean | null
export type Value = Leaf | Thing | List
export type Thing = Readonly<{ [name: string]: Value | undefined }>
/** In XML each thing stands in an element of the item's name. */
export type List = Readonly<{ item: string; things: readonly (Leaf | Thing)[] }>

/** `root` names the outermost element of XML; JSON has none. */
export type Answer = Readonly<{ root: string; inside: Thing | List }>

export type Format = 'xml' | 'json'
export const typeOf = { xml: 'text/xml; charset=utf-8', json: 'application/json; charset=utf-8' } as const

export function written(answer: Answer, format: Format): string {
  return format === 'json'
    ? JSON.stringify(plain(answer.inside))
    : `<?xml version="1.0" encoding="utf-8"?>\n${element(answer.root, answer.inside)}\n`
}

function plain(value: Value): unknown {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.things.map(plain)
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, plain(inner)]])),
  )
}

function element(name: string, value: Value): string {
  if (value === null || value === '') return `<${name}/>`
  if (typeof value !== 'object') return `<${name}>${escaped(String(value))}</${name}>`
  let inside = ''
  if (isList(value)) for (const thing of value.things) inside += element(value.item, thing)
  else for (const [inner, of] of Object.entries(value)) if (of !== undefined) inside += element(inner, of)
  return `<${name}>${inside}</${name}>`
}

const isList = (value: Thing | List): value is List => Array.isArray(value.things)

/** XML 1.0 knows no control characters and no halves of a character, not even escaped: they are left out, in JSON too. */
const unknownToXml = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu
const needsEscape = /[&<>"'\r]/
const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
}

const wellFormed = (text: string): string => text.replace(unknownToXml, '')

function escaped(text: string): string {
  const known = wellFormed(text)
  return needsEscape.test(known) ? known.replace(/[&<>"'\r]/g, (sign) => escapes[sign] ?? '') : known
}

import { createRequire } from 'node:module'
import type * as Library from 'fast-xml-parser'
import type { Said } from './ask.ts'

/** One thing in an answer, by the names of the specification; what it holds is a stranger's. */
export type Item = Readonly<Record<string, unknown>>

// Every text stays a text: `007` is not 7. Open311 has no document type, so none is read and no entity can be declared.
function makeParser(): Library.XMLParser {
  const { XMLParser } = createRequire(import.meta.url)('fast-xml-parser') as typeof Library
  return new XMLParser({ parseTagValue: false, ignoreAttributes: true, htmlEntities: true, maxNestedTags: 20 })
}
/** Made when the first answer comes: most cities never ask another server. */
let parser: Library.XMLParser | undefined

/** The things of an answer, from XML (`<requests><request>…`) or JSON (`[{…}]`); undefined where it is neither. */
export function itemsIn(said: Said, item: string): readonly Item[] | undefined {
  const text = textOf(said)
  const root = /^\s*[[{]/.test(text) ? fromJson(text) : fromXml(text)
  if (root === undefined) return undefined
  const inside: readonly unknown[] = Array.isArray(root) ? root : isItem(root) ? inner(root, item) : []
  return inside.filter(isItem)
}

function inner(root: Item, item: string): readonly unknown[] {
  const named = root[item]
  if (Array.isArray(named)) return named as unknown[]
  if (isItem(named)) return [named]
  const [only, ...more] = Object.values(root)
  if (Array.isArray(only) && more.length === 0) return only as unknown[]
  return named === undefined && only !== undefined ? [root] : []
}

/** One text of a thing, trimmed and shortened; undefined where it is absent or empty. */
export function textIn(item: Item, name: string, most = 4_000): string | undefined {
  const value = item[name]
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
  return text.trim().slice(0, most) || undefined
}

/** What the other side says is wrong: at most five sentences. */
export function faultsSaid(said: Said): readonly string[] {
  const errors = itemsIn(said, 'error') ?? []
  return errors.flatMap((error) => textIn(error, 'description', 300) ?? []).slice(0, 5)
}

function textOf({ body, type }: Said): string {
  const label = /charset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(label).decode(body)
  } catch {
    return body.toString('utf8')
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The parser forgives much; an answer that was cut off must not pass for a whole one, so its last tag is looked at. */
function fromXml(text: string): unknown {
  if (/<!DOCTYPE/i.test(text)) return undefined
  try {
    parser ??= makeParser()
    const document = parser.parse(text) as Item
    const [name, root] = Object.entries(document).find(([name]) => !name.startsWith('?')) ?? []
    const end = text.trimEnd()
    if (name === undefined || !(end.endsWith(`</${name}>`) || (root === '' && end.endsWith('/>')))) return undefined
    return isItem(root) ? root : root === '' ? {} : undefined
  } catch {
    return undefined
  }
}

const isItem = (value: unknown): value is Item => typeof value === 'object' && value !== null && !Array.isArray(value)

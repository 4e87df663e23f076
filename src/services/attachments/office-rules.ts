/**
 * What makes an office document do something when it is opened, or fetch something from elsewhere. Searching can find too
 * much, and then a harmless document is refused; that is the side to err on.
 */

/** Parts that are programs, or carry other files. */
const activePart =
  /(^|\/)(vbaproject|vbadata|activex|embeddings|macrosheets|dialogsheets|externallinks|customui|attachedtoolbars|webextensions|basic|scripts)(\/|[^/]*\.|$)|(^|\/)connections\.xml$/i
const activeType = /macroenabled|vbaproject|activex|oleobject|macrosheet|ms-office\.(?!word|excel|powerpoint|drawing)/i

export const isActivePart = (name: string): boolean => activePart.test(name)
export const isActiveType = (types: string): boolean => activeType.test(types) || types.includes('&#')

/** A file of markup as text; undefined where it is written in a way that cannot be searched, or defines entities. */
export function markupOf(bytes: Buffer): string | undefined {
  const [first, second] = [bytes[0], bytes[1]]
  const wide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  const text = wide ? new TextDecoder(first === 0xff ? 'utf-16le' : 'utf-16be').decode(bytes) : bytes.toString('utf8')
  if (text.includes('\0') || /<!(DOCTYPE|ENTITY)/i.test(text)) return undefined
  const [, encoding] = /^\W*\?xml[^>]*\bencoding\s*=\s*["']([\w-]+)/i.exec(text) ?? []
  return encoding === undefined || /^(utf-?8|utf-?16(le|be)?|us-ascii)$/i.test(encoding) ? text : undefined
}

const anyRelationship = /<(?:\w+:)?Relationship(?=[\s/>])/g
const relationship = /<(?:\w+:)?Relationship((?:\s+[\w:]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g

/** Whether a part of an Office Open XML document points anywhere outside, except as a link that a reader may follow. */
export function pointsOutside(relationships: string): boolean {
  const found = [...relationships.matchAll(relationship)].map(([, attributes = '']) => attributes)
  // One that is written in another way than every program writes it was perhaps written so that nobody finds it.
  if (found.length !== [...relationships.matchAll(anyRelationship)].length) return true
  return found.some((attributes) => {
    const of = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)`).exec(attributes)?.[1]
    if (/\/aFChunk$/.test(of('Type') ?? '')) return true
    if ((of('TargetMode') ?? 'Internal') === 'Internal') return false
    return (
      !/\/relationships\/hyperlink$/.test(of('Type') ?? '') || !/^(https?:|mailto:|tel:|#)/i.test(of('Target') ?? '')
    )
  })
}

/** Fields of a text that fetch or start something; actions of a slide that do. */
export function hasActiveFields(markup: string): boolean {
  if (/ppaction:\/\/(program|macro|ole|file)/i.test(markup)) return true
  if (!markup.includes('instr')) return false
  const split = [...markup.matchAll(/<(?:\w+:)?instrText(?:\s[^>]*)?>([^<]*)</g)].map(([, text = '']) => text).join('')
  const whole = [...markup.matchAll(/\sw?:?instr\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((all) => all[1] ?? all[2] ?? '')
  return [split, ...whole].some((field) =>
    /&#|\b(DDE(AUTO)?|INCLUDETEXT|INCLUDEPICTURE|LINK\s+\w+\.\w+)\b/i.test(field),
  )
}

const activeElement =
  /<(?:[\w-]+:)?(dde-source|dde-connection|dde-connection-decls|section-source|table-source|cell-range-source|connection-resource|template|auto-reload|script|libraries|applet|plugin|floating-frame|object-ole|event-listener)(?=[\s/>])/
const reference = /<(?:[\w-]+:)?([\w.-]+)\s[^<]*?:href\s*=\s*["']([^"']*)/g

/** Whether a part of an OpenDocument runs or fetches something, except as a link that a reader may follow. */
export function isActiveOpenDocument(markup: string): boolean {
  if (activeElement.test(markup)) return true
  return [...markup.matchAll(reference)].some(
    ([, element = '', target = '']) =>
      element !== 'a' && (/^\s*([a-z][a-z0-9+.-]*:|[/\\]|\.\.)/i.test(target) || target.includes('&#')),
  )
}

import { html as tag, isSafeHtml, type SafeHtml } from '@remix-run/html-template'

/** Markup that is safe to send: made by `html`, or vouched for with `raw`. Turn it into text with `String(markup)`. */
export type Html = SafeHtml

/** What may stand in a template. `undefined`, `null` and `false` leave nothing, so `${late && html`...`}` reads well. */
export type Piece = Html | string | number | false | null | undefined | readonly Piece[]

type TagValue = Html | string | number | null | TagValue[]

/**
 * Markup in which every interpolated text is escaped for both element content and double-quoted attributes.
 * An attribute that may be absent is written with `attributes`, never unquoted.
 */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  return tag(strings, ...pieces.map(toTagValue))
}

/** Vouches for markup that we made ourselves, such as rendered Markdown. Never for anything that a person typed. */
export function raw(markup: string): Html {
  return tag.raw`${markup}`
}

export function isHtml(value: unknown): value is Html {
  return isSafeHtml(value)
}

/** Joins pieces with a separator, as `Array.join` does for text. */
export function join(pieces: readonly Piece[], separator: Piece): Html {
  return html`${pieces.map((piece, at) => (at === 0 ? piece : [separator, piece]))}`
}

/**
 * Attributes with a leading space each: `html`<input${attributes({ id, required: true })}>``.
 * `true` writes the bare name; `false` and `undefined` leave the attribute out; anything else is escaped and quoted.
 */
export function attributes(pairs: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  let text = ''
  for (const [name, value] of Object.entries(pairs)) {
    if (value === undefined || value === false) continue
    text += value === true ? ` ${name}` : ` ${name}="${String(tag`${value}`)}"`
  }
  return raw(text)
}

function toTagValue(piece: Piece): TagValue {
  if (piece === false || piece === null || piece === undefined) return null
  if (isSafeHtml(piece) || typeof piece === 'string' || typeof piece === 'number') return piece
  return piece.map(toTagValue)
}

/** What may stand in a template. `undefined`, `null` and `false` leave nothing, so `${late && html`...`}` reads well. */
export type Piece = Html | string | number | false | null | undefined | readonly Piece[]

/** Markup that is safe to send: made by `html`, or vouched for with `raw`. Turn it into text with `String(markup)`. */
export type Html = Markup

/** Made in this file only: whatever else looks like it is text, and escaped. */
class Markup {
  declare private readonly vouched: true
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/**
 * Markup in which every interpolated text is escaped for both element content and double-quoted attributes.
 * An attribute that may be absent is written with `attributes`, never unquoted.
 */
export function html(strings: TemplateStringsArray, ...pieces: Piece[]): Html {
  let text = strings[0] ?? ''
  for (let at = 0; at < pieces.length; at++) text += written(pieces[at]) + (strings[at + 1] ?? '')
  return new Markup(text)
}

/** Vouches for markup that we made ourselves, such as rendered Markdown. Never for anything that a person typed. */
export function raw(markup: string): Html {
  return new Markup(markup)
}

export function isHtml(value: unknown): value is Html {
  return value instanceof Markup
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
  for (const name in pairs) {
    const value = pairs[name]
    if (value === undefined || value === false) continue
    text += value === true ? ` ${name}` : ` ${name}="${written(value)}"`
  }
  return raw(text)
}

function written(piece: Piece): string {
  if (typeof piece === 'string') return escaped(piece)
  if (piece === false || piece === null || piece === undefined) return ''
  if (typeof piece === 'number') return String(piece)
  if (piece instanceof Markup) return piece.text
  let all = ''
  for (const one of piece) all += written(one)
  return all
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Most texts need nothing, and looking is cheaper than writing anew. */
function escaped(text: string): string {
  return /[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (one) => entities[one] ?? one) : text
}

import { convert } from 'html-to-text'

// `token` is posted by every page of ours; `constructor` is what a thing without own names has anyway.
const taken = ['token', 'constructor']

/** Names as our files have them, each once: small letters, digits and hyphens. */
export function createNames(): (wanted: string, otherwise: string) => string {
  const used = new Set(taken)
  return (wanted, otherwise) => {
    const base = slug(wanted) || otherwise
    let name = base
    for (let count = 2; used.has(name); count += 1) name = `${base.slice(0, 50)}-${String(count)}`
    used.add(name)
    return name
  }
}

export function slug(text: string): string {
  const words = text
    .slice(0, 500)
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 50)
  return words.replace(/-+$/, '')
}

/** Plain words of what may be markup: scripts, styles and links' addresses are gone. Undefined where no word is left. */
export function plainWords(text: string | undefined, most = 2000): string | undefined {
  if (text === undefined) return undefined
  const plain = /[<&]/.test(text)
    ? convert(text.slice(0, 100_000), {
        wordwrap: false,
        limits: { maxDepth: 30, maxChildNodes: 500, maxInputLength: 100_000 },
        selectors: [
          { selector: 'a', options: { ignoreHref: true } },
          { selector: 'img', format: 'skip' },
          ...['h1', 'h2', 'h3', 'h4'].map((selector) => ({ selector, options: { uppercase: false } })),
        ],
      })
    : text
  const clean = plain
    .replace(/[^\P{C}\n]/gu, ' ')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
    .slice(0, most)
  return /\S/.test(clean) ? clean : undefined
}

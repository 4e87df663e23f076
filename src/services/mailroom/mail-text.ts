import { longestWords } from '../correspondence/index.ts'

/** HTML longer than this is cut: it is read on one thread. */
const longestHtml = 512 * 1024

/** What a browser would show as words: no pictures, no scripts; an address stands beside the words that lead to it. */
export async function textOfHtml(html: string): Promise<string> {
  const { convert } = await import('html-to-text')
  return convert(html.slice(0, longestHtml), {
    wordwrap: false,
    limits: { maxInputLength: longestHtml, maxDepth: 40, maxBaseElements: 5, maxChildNodes: 2000, ellipsis: '…' },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false } },
      ...['script', 'style', 'head', 'noscript', 'template', 'iframe', 'object', 'svg'].map((selector) => ({
        selector,
        format: 'skip',
      })),
    ],
  })
}

/**
 * Words as they are kept and shown: LF, NFC, no control signs, none that turn the writing direction (what is read must be
 * what is there). Cut after as many code points as a letter may have.
 */
export function asWords(text: string): { words: string; cut: boolean } {
  const plain = text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, '')
    .normalize('NFC')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()
  // A code point is one or two units: what is short in units is short in code points.
  if (plain.length <= longestWords) return { words: plain, cut: false }
  const points = [...plain.slice(0, 2 * longestWords + 2)]
  if (points.length <= longestWords && plain.length <= 2 * longestWords) return { words: plain, cut: false }
  return { words: points.slice(0, longestWords).join('').trimEnd(), cut: true }
}

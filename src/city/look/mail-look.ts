import { html, raw, type Html, type Language } from '../../plumbing/index.ts'
import type { City } from '../city.ts'
import { paragraphs } from './letters.ts'

/** A part of a mail: the city's words, in which one address may be followed, or words that are quoted. */
export type MailPart = Readonly<{ words: string; link?: string }> | Readonly<{ quoted: string }>

export type MailWords = Readonly<{
  /** Who writes, as it stands above. */
  from: string
  title: string
  subject: string
  parts: readonly MailPart[]
}>

/**
 * A mail as text and as a page, from the same words. The page fetches nothing: no picture, no letter shapes, no trace that
 * it was read. Its few rules stand in the head; a program that takes them away leaves a plain page that reads well.
 */
export function mailLook(city: City, language: Language, { from, title, subject, parts }: MailWords) {
  const text = [from, title, ...parts.map((part) => ('quoted' in part ? part.quoted : part.words).trim())].join('\n\n')
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${subject}</title>
        <style>
          ${raw(rules(city.accent))}
        </style>
      </head>
      <body>
        <main>
          <p class="from">${from}</p>
          <h1>${title}</h1>
          ${parts.map(partOf)}
        </main>
      </body>
    </html>`
  return { text: `${text}\n`, html: String(page).replace(/\n\s+/g, '\n') }
}

function partOf(part: MailPart): Html {
  if ('quoted' in part) return html`<blockquote>${paragraphs(part.quoted)}</blockquote>`
  const { words, link } = part
  const at = link === undefined ? -1 : words.indexOf(link)
  if (link === undefined || at < 0) return paragraphs(words)
  return html`${words.split(/\n\s*\n/).map((paragraph) => {
    const [before = '', after] = paragraph.split(link)
    if (after === undefined) return html`<p>${paragraph}</p>`
    return html`<p>${before}<a href="${link}">${link}</a>${after}</p>`
  })}`
}

/** Color comes from the accent and the reader's own scheme; words and links are as dark or light as the rest. */
const rules = (accent: string) => `
:root{color-scheme:light dark}
body{margin:0;padding:1.5rem 1rem;font:1.125rem/1.6 Georgia,'Times New Roman',serif;color:#1b1b1b;background:#fff}
main{max-width:36rem;margin:0 auto}
.from{margin:0;padding:.75rem 1rem;background:${accent};color:#fff;font:700 1rem/1.4 system-ui,Arial,sans-serif}
h1{font-size:1.5rem;line-height:1.3}
blockquote{margin:1.5rem 0;padding:.25rem 1rem;border-left:4px solid ${accent};background:#f4f4f0}
p,blockquote{overflow-wrap:anywhere}
a{color:inherit}
@media (prefers-color-scheme:dark){body{color:#eee;background:#17191a}blockquote{background:#24282a}}
`

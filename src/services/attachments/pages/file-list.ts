import { html, type Html, type Language } from '../../../plumbing/index.ts'
import { isPicture } from '../kinds.ts'
import { say } from '../messages.ts'
import type { Attachment } from '../read-attachments.ts'

/** The files under a message. `pictures`: shown small, where looking at them costs no further look. */
export function fileList(
  language: Language,
  files: readonly Attachment[],
  addressOf: (file: Attachment) => string,
  pictures: 'pictures' | 'names',
): Html | undefined {
  if (files.length === 0) return undefined
  const item = (file: Attachment) => {
    const facts = html`<span class="soft">${say(language, `kind-${file.kind}`)}, ${sizeOf(language, file.bytes)}</span>`
    if (file.state !== 'ready')
      return html`<li class="${file.state}">
        <span class="name">${file.name}</span> ${facts}<span class="soft">${say(language, file.state)}</span>
      </li> `
    const address = addressOf(file)
    const small =
      pictures === 'pictures' &&
      isPicture(file.kind) &&
      html`<img src="${address}" alt="" loading="lazy" decoding="async" />`
    return html`<li>
      <a href="${address}">${small}<span class="name">${file.name}</span></a> ${facts}
    </li> `
  }
  return html`<ul class="files" aria-label="${say(language, 'files')}">
    ${files.map(item)}
  </ul>`
}

export function sizeOf(language: Language, bytes: number): string {
  if (bytes < 1000) return say(language, 'bytes', { bytes })
  if (bytes < 1_000_000) return say(language, 'kilobytes', { count: Math.round(bytes / 1000) })
  return say(language, 'megabytes', { count: Math.round(bytes / 100_000) / 10 })
}

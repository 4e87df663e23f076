import type { City } from '../../../city/index.ts'
import { dateWords, deskPage, paragraphs, type DeskModule } from '../../../city/look/index.ts'
import { html, join, raw, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say } from '../messages.ts'
import type { OnPaper } from '../print-reply.ts'
import { sayOnSlip } from '../slip-messages.ts'

export type PaperView = Readonly<{
  city: City
  staff: Staff
  publicUrl: string
  back: string
  paper: OnPaper
  modules?: readonly DeskModule[]
}>

/** An answer as a letter: the sender above, the person's address where a window envelope shows it, then the words. */
export function paperPage(view: PaperView): Html {
  const { city, staff, paper, modules } = view
  const main = html`<div class="recorded">
    <div class="unprinted">
      <h1>${say('en', 'paperTitle')}</h1>
      ${paper.contact.address === undefined && html`<p>${say('en', 'paperNoAddress')}</p>`}
      <p class="row">
        <button class="button" type="button" data-print hidden autofocus>${say('en', 'paperPrint')}</button>
        <a class="button outline" href="${view.back}" data-key="u">${say('en', 'toCase')}</a>
        <span class="soft">${say('en', 'printHint')}</span>
      </p>
    </div>
    ${letterOf(view)}
  </div>`
  return deskPage({ city, staff, here: 'inbox', title: say('en', 'paperTitle'), main, ...(modules && { modules }) })
}

function letterOf({ city, publicUrl, paper }: PaperView): Html {
  const { language, contact, number } = paper
  const topic = city.topics.get(paper.topic)
  const id = paper.department ?? topic?.department
  const department = id === undefined ? undefined : city.departments.get(id)
  const day = dateWords(language, paper.writtenAt.toZonedDateTimeISO(city.timeZone).toPlainDate())
  const address = `${new URL(publicUrl).host}${language === 'es' ? '/es' : ''}/receipt`
  const to = [contact.name, ...(contact.address ?? '').split('\n')].filter((line) => line !== undefined && line !== '')
  return html`<article class="paper" lang="${language}">
    <header>
      <span class="wordmark" role="img" aria-label="${city.name[language]}"
        >${city.wordmark.kind === 'svg' ? raw(city.wordmark.svg) : city.wordmark.text}</span
      >
      <address>
        ${department?.name[language] ?? city.name[language]}<br />${department?.address ?? city.contact.address}<br />${
          department?.phone ?? city.contact.phone
        }
      </address>
    </header>
    <p class="window">${join(to, html`<br />`)}</p>
    <p>${day}</p>
    <p><strong>${sayOnSlip(language, 'paperSubject', { number: String(number) })}</strong></p>
    ${paragraphs(paper.words)}
    <p>${department?.name[language] ?? city.name[language]}</p>
    <p class="soft">${sayOnSlip(language, 'paperFollow', { address })}</p>
  </article>`
}

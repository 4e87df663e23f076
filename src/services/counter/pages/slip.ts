import { dateWords, deskPage, weekdayWords, type DeskModule } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import { html, raw, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { inGroups, type ContactDetails } from '../../correspondence/index.ts'
import { departmentName } from '../find-topic.ts'
import type { RecordedChannel } from '../house.ts'
import { say } from '../messages.ts'
import type { Slip } from '../record.ts'
import { sayOnSlip } from '../slip-messages.ts'

export type SlipView = Readonly<{
  city: City
  staff: Staff
  publicUrl: string
  slip: Slip
  channel: RecordedChannel
  contact: ContactDetails
  /** Of a letter with which something else was done: what it was, what comes next, and where the clerk goes on. */
  about?: Readonly<{
    facts: readonly (readonly [term: string, says: string])[]
    next: string
    onward: Readonly<{ href: string; says: string }>
  }>
  modules?: readonly DeskModule[]
}>

/** The page after recording, the only one on which the code ever stands at a desk: the slip, and how to print it. */
export function slipPage(view: SlipView): Html {
  const { city, staff, contact, modules, about } = view
  const onward = about?.onward ?? { href: '/desk/intake', says: say('en', 'next') }
  const main = html`<div class="recorded">
    <div class="unprinted">
      <h1>${say('en', 'doneTitle')}</h1>
      <p role="status">${say('en', 'doneLead')}</p>
      ${contact.email !== undefined && html`<p>${say('en', 'doneMail')}</p>`}
      <p class="row">
        <button class="button" type="button" data-print hidden autofocus>${say('en', 'print')}</button>
        <a class="button outline" href="${onward.href}" data-key="n">${onward.says}</a>
        <span class="soft">${say('en', 'printHint')}</span>
      </p>
    </div>
    <label class="large-print unprinted"><input type="checkbox" id="large" /> ${say('en', 'largePrint')}</label>
    ${slipOf(view)}
  </div>`
  return deskPage({ city, staff, here: 'intake', title: say('en', 'doneTitle'), main, ...(modules && { modules }) })
}

/** Half a page of paper, in the person's language: enough to find the answer without the clerk, and no word of hers. */
function slipOf({ city, publicUrl, slip, channel, contact, about }: SlipView): Html {
  const { language, code, number, topic, dueOn } = slip
  const known = city.topics.get(topic)
  const department = known ? departmentName(city, known.department, language) : city.name[language]
  const day = dateWords(language, slip.receivedAt.toZonedDateTimeISO(city.timeZone).toPlainDate())
  const address = `${new URL(publicUrl).host}${language === 'es' ? '/es' : ''}/receipt`
  const line = (term: string, says: string) =>
    html`<div>
      <dt>${term}</dt>
      <dd>${says}</dd>
    </div> `
  const fact = (word: 'number' | 'about' | 'with', says: string) => line(sayOnSlip(language, word), says)
  return html`<article class="slip" lang="${language}" aria-labelledby="slip-title">
    <header>
      <span class="wordmark" role="img" aria-label="${city.name[language]}"
        >${city.wordmark.kind === 'svg' ? raw(city.wordmark.svg) : city.wordmark.text}</span
      >
      <div>
        <h2 id="slip-title">${sayOnSlip(language, 'title')}</h2>
        <p>${sayOnSlip(language, `came-${channel}`, { day })}</p>
      </div>
    </header>
    <section class="slip-code">
      <h3>${sayOnSlip(language, 'code')}</h3>
      <p class="digits">${inGroups(code)
        .split(' ')
        .map((group) => html`<span>${group}</span> `)}</p>
      <p>${sayOnSlip(language, 'where', { address })}</p>
    </section>
    <dl>
      ${fact('number', String(number))} ${about?.facts.map(([term, says]) => line(term, says))}
      ${!about && fact('about', known?.name[language] ?? topic)} ${fact('with', department)}
    </dl>
    <h3>${sayOnSlip(language, 'next')}</h3>
    <p>
      ${about?.next ?? sayOnSlip(language, 'nextSays', { department, due: weekdayWords(language, dueOn) })}
      ${!about && contact.email !== undefined && sayOnSlip(language, 'nextMail')}
      ${!about && contact.email === undefined && contact.address !== undefined && sayOnSlip(language, 'nextPost')}
    </p>
    <p>${sayOnSlip(language, 'keep')}</p>
    <p class="soft">${sayOnSlip(language, 'call', { phone: city.contact.phone })}</p>
  </article>`
}

import { deskPage, empty, moment, seal, type DeskPageParts } from '../../../city/look/index.ts'
import type { City } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { chosenMail, type ChosenMail } from './chosen-mail.ts'
import { say } from './messages.ts'
import { topicInList, whyWords } from './mail-words.ts'
import { mostShown, shelves, type Shelf, type UndecidedLine } from './undecided.ts'

export type QuarantineView = Readonly<{
  city: City
  staff: DeskPageParts['staff']
  shelf: Shelf
  /** What stands on each shelf for this clerk. */
  on: Readonly<Record<Shelf, readonly UndecidedLine[]>>
  chosen?: ChosenMail
  said?: string
  wrong?: string
}>

/** The mail that waits for a decision: shelves, a list by topic and age, and the mail that was chosen. */
export function quarantinePage(view: QuarantineView): Html {
  const { city, staff, chosen, said, wrong } = view
  const told = html`${said && html`<p class="said" role="status">${said}</p>`}`
  return deskPage({
    city,
    staff,
    here: 'mail',
    title: say('en', chosen ? 'mail' : 'title'),
    wrong: wrong !== undefined,
    queues: rail(view),
    list: { label: say('en', 'list'), inside: html`${!chosen && told}${list(view)}` },
    front: chosen ? 'main' : 'list',
    mainLabel: say('en', 'mail'),
    main: chosen ? html`${told}${chosenMail(city, view.shelf, chosen, wrong)}` : choose(view),
  })
}

function rail({ shelf, on }: QuarantineView): Html {
  return html`<div>
    <h2 id="shelves">${say('en', 'title')}</h2>
    <ul class="shelves" aria-labelledby="shelves">
      ${shelves.map((one) => {
        const given = attributes({
          href: `/desk/mail?shelf=${one}`,
          'aria-current': one === shelf ? 'true' : undefined,
        })
        const count = on[one].length >= mostShown ? say('en', 'many', { count: mostShown }) : String(on[one].length)
        return html`<li class="${on[one].length === 0 && 'none'}">
          <a ${given}>${say('en', one)} <span class="count">${count}</span></a>
        </li> `
      })}
      <li><a href="/desk" data-key="i">${say('en', 'inbox')}</a></li>
    </ul>
  </div>`
}

const leads = { quarantined: 'lead', aside: 'leadAside', junk: 'leadJunk' } as const
const empties = {
  quarantined: ['none', 'noneSays'],
  aside: ['noneAside', 'noneAsideSays'],
  junk: ['noneJunk', 'noneJunkSays'],
} as const

function list(view: QuarantineView): Html {
  const { city, shelf, on, chosen } = view
  const lines = on[shelf]
  const title = say('en', shelf)
  const [none, noneSays] = empties[shelf]
  return html`<header>${chosen ? html`<h2>${title}</h2>` : html`<h1>${title}</h1>`}</header>
    ${
      lines.length === 0
        ? empty(say('en', none), html`<p>${say('en', noneSays)}</p>`)
        : html`<p class="soft list-lead">${say('en', leads[shelf])}</p>
            <ol class="lines">
              ${lines.map((line) => html`<li>${lineOf(city, line, shelf, chosen?.line.id)}</li> `)}
            </ol>`
    }`
}

function lineOf(city: City, line: UndecidedLine, shelf: Shelf, shown: string | undefined): Html {
  const { words, sensitive } = topicInList(city, line)
  const given = attributes({
    class: `line${shelf === 'quarantined' ? ' new' : ''}`,
    href: `/desk/mail/${line.id}?shelf=${shelf}`,
    'aria-current': line.id === shown ? 'page' : undefined,
    'data-line': true,
  })
  return html`<a ${given}
    ><span class="about">${words}</span> <span class="due">${moment('en', line.receivedAt, city.timeZone)}</span>
    <span class="facts"
      ><span>${whyWords(line)}</span>${line.number !== undefined && html`<span>${say('en', 'forCase', { number: String(line.number) })}</span>`}${
        sensitive && html`<span>${say('en', 'sensitive')}</span>`
      }</span
    ></a
  >`
}

function choose({ said }: QuarantineView): Html {
  return html`<div class="empty choose">
    ${seal}
    <h2>${said ?? say('en', 'choose')}</h2>
    <p>${say('en', 'chooseLead')}</p>
  </div>`
}

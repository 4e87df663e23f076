import type { City, TopicId } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { countedTo, type Inbox, type InboxQuestion } from '../inbox.ts'
import { channels } from '../letter.ts'
import { say as sayOfDesk } from '../messages.ts'
import { placeName, queryOf } from '../pages/desk-list.ts'
import { channelWord, topicName } from '../pages/desk-words.ts'
import type { KeptFilter } from './filter.ts'
import { longestName } from './keep-filter.ts'
import { say } from './messages.ts'
import { isNarrowed } from './narrow.ts'

/** The filters in the rail, each with its count. */
export function filterRail(filters: readonly KeptFilter[], question: InboxQuestion): Html | undefined {
  if (filters.length === 0) return undefined
  const here = queryOf(question)
  return html`<div>
    <h2 id="filters">${say('en', 'filters')}</h2>
    <ul class="topics" aria-labelledby="filters">
      ${filters.map((filter) => {
        const given = attributes({
          href: `/desk${filter.query}`,
          'aria-current': filter.query === here ? 'true' : undefined,
        })
        return html`<li class="${filter.count === 0 && 'none'}">
          <a ${given}>${filter.name} <span class="count">${counted(filter)}</span></a>
        </li> `
      })}
    </ul>
  </div>`
}

const counted = ({ count, more }: KeptFilter): string =>
  count >= countedTo ? sayOfDesk('en', 'manyCount') : `${String(count)}${more ? '+' : ''}`

type Option = readonly [value: string, words: string]

/** Narrowing the list down, by an address that can be handed on; and keeping that under a name. */
export function narrowForm(
  city: City,
  { inbox, question, refused }: { inbox: Inbox; question: InboxQuestion; refused?: string | undefined },
): Html {
  const { shelf, topic, place, channel, assignee, overdue } = question
  const isLate = shelf === 'waiting' || shelf === 'mine'
  const filter = inbox.filters?.find(({ query }) => query === queryOf(question))
  const topics: Option[] = inbox.topics.map((one) => [one.topic, topicName(city, one.topic)])
  const places: Option[] = [...city.places.keys()].map((id) => [id, placeName(city, id)])
  const people: Option[] = [
    ['nobody', say('en', 'nobody')],
    ...(inbox.colleagues ?? []).map(({ id, name }): Option => [String(id), name]),
  ]
  const isOpen = isNarrowed(question) || refused !== undefined
  return html`<details ${attributes({ class: 'narrow', open: isOpen })}>
    <summary>${say('en', 'narrow')}</summary>
    <form method="get" action="/desk">
      ${shelf !== 'waiting' && html`<input type="hidden" name="shelf" value="${shelf}" />`}
      ${choice('topic', say('en', 'anyTopic'), topics, topic)} ${choice('place', say('en', 'anyPlace'), places, place)}
      ${choice(
        'channel',
        say('en', 'anyChannel'),
        channels.map((one): Option => [one, channelWord(one)]),
        channel,
      )}
      ${shelf !== 'mine' && choice('assignee', say('en', 'anyone'), people, assignee === undefined ? undefined : String(assignee))}
      ${
        isLate &&
        html`<label class="tick"
          ><input ${attributes({ type: 'checkbox', name: 'overdue', value: 'yes', checked: overdue === true })} />
          ${say('en', 'overdue')}</label
        >`
      }
      <div class="row">
        <button class="button outline" type="submit">${say('en', 'show')}</button>
        ${isNarrowed(question) && html`<a class="onward" href="/desk${queryOf({ shelf })}">${say('en', 'all')}</a>`}
      </div>
    </form>
    ${filter ? dropForm(filter) : isOpen && keepForm(question, refused)}
  </details>`
}

function choice(
  name: 'topic' | 'place' | 'channel' | 'assignee',
  any: string,
  options: readonly Option[],
  now?: TopicId | string,
): Html {
  return html`<label for="by-${name}">${say('en', name)}</label>
    <select id="by-${name}" name="${name}">
      <option value="">${any}</option>
      ${options.map(([value, words]) => html`<option ${attributes({ value, selected: value === now })}>${words}</option>`)}
    </select>`
}

function keepForm(question: InboxQuestion, refused: string | undefined): Html {
  const given = attributes({
    id: 'filter-name',
    name: 'name',
    maxlength: longestName,
    autocomplete: 'off',
    'aria-describedby': refused === undefined ? 'filter-hint' : 'filter-error filter-hint',
    'aria-invalid': refused === undefined ? undefined : 'true',
  })
  return html`<form method="post" action="/desk/filters${queryOf(question)}">
    <label for="filter-name">${say('en', 'name')}</label>
    <p class="hint small soft" id="filter-hint">${say('en', 'nameHint')}</p>
    ${refused !== undefined && html`<p class="error" id="filter-error">${refused}</p>`}
    <input ${given} />
    <div class="row"><button class="button outline" type="submit">${say('en', 'keep')}</button></div>
  </form>`
}

const dropForm = ({ id, query }: KeptFilter) =>
  html`<form method="post" action="/desk/filter-endings${query}">
    <input type="hidden" name="filter" value="${id}" />
    <button class="quiet" type="submit">${say('en', 'drop')}</button>
  </form>`

/** What the list is narrowed to, in words, for the page of a case too. */
export function narrowedTo(city: City, question: InboxQuestion): Html | undefined {
  const { place, channel, assignee, overdue } = question
  if (!isNarrowed(question)) return undefined
  const parts = [
    place && placeName(city, place),
    channel && channelWord(channel),
    assignee !== undefined && say('en', assignee === 'nobody' ? 'part_nobody' : 'part_colleague'),
    overdue && say('en', 'part_late'),
  ].filter(Boolean)
  return html`<p class="small narrowed">
    ${say('en', 'showing', { parts: parts.join(', ') })}
    <a class="onward" href="/desk${queryOf({ shelf: question.shelf, ...(question.topic && { topic: question.topic }) })}">${say('en', 'all')}</a>
  </p>`
}

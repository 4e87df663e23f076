import type { City } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { CaseOnDesk } from '../case-on-desk.ts'
import { closings, type Closing } from '../close.ts'
import { say } from '../messages.ts'
import type { CasePaneParts } from './desk-case.ts'

/** Assign, move, close, take up again: what this clerk's duties let her do with the case besides answering. */
export function caseBar(city: City, { onDesk, query, employee }: CasePaneParts): Html | undefined {
  const { powers, line } = onDesk
  const form = (noun: string, inside: Html, button: Html) =>
    html`<form method="post" action="/desk/cases/${line.id}/${noun}${query}">
      <input type="hidden" name="version" value="${line.version}" />${inside}${button}
    </form>`
  const folds = [
    powers.includes('assign') &&
      line.assignee !== employee &&
      line.state !== 'closed' &&
      form('assignments', mine(employee), take),
    powers.includes('assign') && fold(say('en', 'assign'), form('assignments', assignees(onDesk), submit('assignDo'))),
    powers.includes('move') && fold(say('en', 'move'), form('moves', topicChoice(city, onDesk), submit('moveDo'))),
    powers.includes('close') &&
      line.state !== 'closed' &&
      fold(say('en', 'close'), form('closures', reasons(city), submit('closeDo'))),
    powers.includes('close') &&
      line.state === 'closed' &&
      form('reopenings', html``, html`<button class="button outline" type="submit">${say('en', 'reopen')}</button>`),
  ].filter((part) => part !== false)
  return folds.length > 0 ? html`<div class="case-bar">${folds}</div>` : undefined
}

function fold(name: string, inside: Html): Html {
  return html`<details name="act">
    <summary>${name}</summary>
    <div class="fold">${inside}</div>
  </details> `
}

const submit = (word: 'assignDo' | 'moveDo' | 'closeDo') =>
  html`<button class="button" type="submit">${say('en', word)}</button>`

const take = html`<button class="button outline" type="submit">${say('en', 'take')}</button>`
const mine = (employee: number) => html`<input type="hidden" name="assignee" value="${employee}" />`

function assignees({ line, colleagues }: CaseOnDesk): Html {
  return html`<label for="assignee">${say('en', 'assignTo')}</label>
    <select id="assignee" name="assignee">
      <option value="">${say('en', 'nobody')}</option>
      ${colleagues.map(
        ({ id, name }) => html`<option ${attributes({ value: id, selected: id === line.assignee })}>${name}</option>`,
      )}
    </select>
    <p>${say('en', 'assignLead')}</p>`
}

function topicChoice(city: City, { line }: CaseOnDesk): Html {
  const topics = [...city.topics.values()].filter((topic) => topic.id !== line.topic)
  const groups = [...city.departments.values()].map(({ id, name }) => {
    const own = topics.filter((topic) => topic.department === id)
    return (
      own.length > 0 &&
      html`<optgroup label="${name.en}">
        ${own.map((topic) => html`<option value="${topic.id}">${topic.name.en}</option>`)}
      </optgroup>`
    )
  })
  return html`<label for="topic">${say('en', 'moveTo')}</label>
    <select id="topic" name="topic" data-key="m">
      <option value="">${say('en', 'chooseTopic')}</option>
      ${groups}
    </select>
    <p>${say('en', 'moveLead')}</p>`
}

function reasons(city: City): Html {
  return html`<label for="because">${say('en', 'closeBecause')}</label>
    <select id="because" name="because">
      ${closings.map((because) => html`<option value="${because}">${closingWords(because)}</option>`)}
    </select>
    <label for="agency">${say('en', 'closeAgency')}</label>
    <select id="agency" name="agency">
      <option value="">${say('en', 'closeAgencyNone')}</option>
      ${[...city.agencies.values()].map(({ id, name }) => html`<option value="${id}">${name.en}</option>`)}
    </select>
    <p>${say('en', 'closeLead')}</p>`
}

const closingKeys = {
  done: 'because_done',
  'no-answer-needed': 'because_no_answer_needed',
  'not-ours': 'because_not_ours',
  duplicate: 'because_duplicate',
  withdrawn: 'because_withdrawn',
} as const

export function closingWords(because: Closing): string {
  return say('en', closingKeys[because])
}

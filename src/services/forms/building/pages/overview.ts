import type { City, Topic } from '../../../../city/index.ts'
import { deskPage, notice } from '../../../../city/look/index.ts'
import { html, type Html } from '../../../../plumbing/index.ts'
import type { DeskModule } from '../../../../city/look/index.ts'
import type { Staff } from '../../../../trust/need-to-know/index.ts'
import type { Change } from '../changes.ts'
import { say } from '../messages.ts'
import type { VersionOnDesk } from '../on-desk.ts'
import { changesList } from './changes.ts'
import { formFields } from './form-fields.ts'
import { questionRows } from './question-rows.ts'
import { saidAbove } from './said.ts'
import type { Told } from './told.ts'

export type OverviewView = Readonly<{
  city: City
  staff: Staff
  topics: readonly Topic[]
  /** All versions of the form, the newest first. */
  versions: readonly VersionOnDesk[]
  /** The one before her: the draft where there is one, else what is published. */
  shown: VersionOnDesk
  told: Told
  changes?: readonly Change[]
  modules: readonly DeskModule[]
  letters?: number
  /** Where the keyboard goes on: the button or question of the last edit. */
  focus?: string
  typed?: Readonly<Record<string, string>>
  done?: string
  wrong?: string
}>

/** A form on the desk: what it says and asks, in order, what stands in the way of publishing, and its versions. */
export function overviewPage(view: OverviewView): Html {
  const { city, staff, shown, modules } = view
  const { draft } = shown
  const editing = isOpen(shown) && shown.builds
  const title = draft.title.en || draft.id
  const main = html`<article class="builder">
    <p><a class="onward" href="/desk/forms" data-key="u">${say('en', 'allForms')}</a></p>
    <h1>${title}</h1>
    <p>
      <span class="mark ${shown.state.is}">${say('en', `state-${shown.state.is}`)}</span>
      ${say('en', 'versionIs', { version: shown.version })} <code>/forms/${draft.id}</code>
      ${view.letters !== undefined && say('en', 'lettersInYear', { count: view.letters })}
    </p>
    ${saidAbove(view)} ${inTheWay(view)} ${actions(view)} ${reviewPart(view)}
    ${editing ? formFields(view) : html`<p class="lead">${draft.intro.en}</p>`} ${questionRows(view, editing)}
    ${
      view.changes !== undefined &&
      html`<section id="changes">
        <h2>${say('en', 'changes')}</h2>
        ${changesList(view.changes)}
      </section>`
    }
    ${versionsPart(view)}
  </article>`
  return deskPage({ city, staff, here: 'forms', title, wrong: view.wrong !== undefined, main, modules })
}

export const isOpen = ({ state }: VersionOnDesk): boolean => state.is === 'draft' || state.is === 'in-review'

function inTheWay({ told, shown }: OverviewView): Html | undefined {
  if (!isOpen(shown) || told.size === 0) return undefined
  const count = [...told.values()].flat().length
  const form = [...told].filter(([place]) => !/^(fields|schema)\//.test(place)).flatMap(([, says]) => says)
  return notice(
    'note',
    html`<p><b>${say('en', 'inTheWay', { count })}</b> ${say('en', 'inTheWayLead')}</p>
      ${form.length > 0 && html`<ul>${form.map((says) => html`<li>${says}</li>`)}</ul>`}`,
  )
}

/** An act is a form of its own, with the revision that she has before her. */
function act(
  shown: VersionOnDesk,
  noun: string,
  label: string,
  strong = false,
  more: Readonly<Record<string, string>> = {},
): Html {
  const sent = { version: String(shown.version), revision: String(shown.revision), ...more }
  return html`<form method="post" action="/desk/forms/${shown.form}/${noun}">
    ${Object.entries(sent).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    <button class="${strong ? 'button' : 'button outline'}" type="submit">${label}</button>
  </form>`
}

function actions(view: OverviewView): Html {
  const { shown } = view
  const open = isOpen(shown)
  return html`<div class="acts">
    <a class="button outline" href="/desk/forms/${shown.form}/preview" data-key="p">${say('en', 'preview')}</a>
    ${shown.builds && shown.state.is === 'draft' && act(shown, 'publications', say('en', 'publish'), true)}
    ${shown.builds && open && html`<a class="button outline" href="/desk/forms/${shown.form}/money">${say('en', 'money')}</a>`}
    ${shown.builds && !open && act(shown, 'drafts', say('en', 'newVersion'), true)}
    ${shown.builds && shown.state.is === 'published' && act(shown, 'retirements', say('en', 'retire'))}
    ${shown.builds && open && act(shown, 'discards', say('en', 'discard'))}
  </div>`
}

function reviewPart({ shown }: OverviewView): Html | undefined {
  if (shown.state.is !== 'in-review') return undefined
  if (!shown.approves) return notice('note', html`<p>${say('en', 'waitsForSecond')}</p>`)
  return notice(
    'note',
    html`<p><b>${say('en', 'reviewTitle')}</b> ${say('en', 'reviewLead')}</p>
      <div class="acts">
        ${act(shown, 'approvals', say('en', 'approve'), true, { yes: 'yes' })}
        ${act(shown, 'approvals', say('en', 'sendBack'), false, { yes: 'no' })}
      </div>`,
  )
}

function versionsPart({ versions, city }: OverviewView): Html {
  const day = (instant: VersionOnDesk['changedAt']) =>
    instant.toZonedDateTimeISO(city.timeZone).toPlainDate().toLocaleString('en-US', { dateStyle: 'medium' })
  return html`<section>
    <h2>${say('en', 'versions')}</h2>
    <ul class="rows">
      ${versions.map(
        ({ form, version, state, changedAt, origin }) =>
          html`<li>
            <a href="/desk/forms/${form}/versions/${version}">${say('en', 'versionIs', { version })}</a>
            <span class="mark ${state.is}">${say('en', `state-${state.is}`)}</span>
            <span class="soft small">
              ${state.is === 'published' || state.is === 'retired' ? say('en', 'publishedOn', { day: day(state.publishedAt) }) : say('en', 'changedOn', { day: day(changedAt) })}${state.is === 'retired' && html`, ${say('en', 'retiredOn', { day: day(state.retiredAt) })}`}${origin !== 'desk' && html`, ${say('en', `origin-${origin}`)}`}
            </span>
          </li> `,
      )}
    </ul>
  </section>`
}

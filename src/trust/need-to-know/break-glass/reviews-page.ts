import { dateWords, deskPage, empty, moment, notice, paragraphs } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../actor.ts'
import type { DeskDoor } from '../desk.ts'
import { say } from './messages.ts'
import type { GlassToReview } from './read-glass.ts'
import type { Reviewed } from './review-glass.ts'

/** An emergency with its words opened for the reviewer. */
export type Judged = Omit<GlassToReview, 'words' | 'note'> & Readonly<{ words?: string; note?: string }>

export type ReviewsView = Readonly<{
  staff: Staff
  emergencies: readonly Judged[]
  done?: boolean
  wrong?: Readonly<{
    id: string
    why: Exclude<Extract<Reviewed, { refused: unknown }>['refused'], 'not-there'>
    note: string
  }>
}>

/** What a second person has to judge, the oldest of other departments first, and what was judged of late. */
export function reviewsPage(door: DeskDoor, view: ReviewsView): Html {
  const { staff, emergencies, done, wrong } = view
  const waiting = emergencies.filter(({ verdict }) => verdict === null)
  const judged = emergencies.filter(({ verdict }) => verdict !== null)
  const main = html`<article class="emergency">
    <h1>${say('en', 'reviews')}</h1>
    <p>${say('en', 'reviewsLead')}</p>
    ${done && html`<div role="status">${notice('done', html`<p>${say('en', 'done')}</p>`)}</div>`}
    ${wrong?.why === 'reviewed-already' && html`<div role="alert">${notice('wrong', html`<p>${say('en', 'wrong-reviewed-already')}</p>`)}</div>`}
    <section>
      <h2>${say('en', 'waiting')}</h2>
      ${
        waiting.length === 0
          ? empty(say('en', 'reviewsNone'), html``, 3)
          : html`<ol class="reviews">
              ${waiting.map((one) => html`<li>${about(door, one)}${form(one, wrong?.id === one.id ? wrong : undefined)}</li> `)}
            </ol>`
      }
    </section>
    ${
      judged.length > 0 &&
      html`<section>
        <h2>${say('en', 'judged')}</h2>
        <ol class="reviews">
          ${judged.map((one) => html`<li>${about(door, one)}${judgement(door, one)}</li> `)}
        </ol>
      </section>`
    }
  </article>`
  return deskPage({
    city: door.city,
    staff,
    here: 'reviews',
    title: say('en', 'reviews'),
    wrong: wrong !== undefined,
    main,
  })
}

function about({ city }: DeskDoor, one: Judged): Html {
  const duty = city.duties.get(one.duty)?.title.en ?? one.duty
  const department = city.departments.get(one.department)?.name.en ?? one.department
  const topic = one.topic === null ? undefined : (city.topics.get(one.topic)?.name.en ?? one.topic)
  const at = moment('en', one.at, city.timeZone)
  const { number } = one
  return html`<h3>${topic ? say('en', 'about', { number, topic }) : say('en', 'numberOnly', { number })}</h3>
    <p>
      <strong>${say('en', one.because)}</strong><br />
      ${say('en', 'by', { name: one.name, duty, department })}<br />
      <span class="soft">${say.rich('en', one.found ? 'opened' : 'tried', { date: at })}</span>
    </p>
    <blockquote>
      ${one.words === undefined ? html`<p class="soft">${say('en', 'wordsGone')}</p>` : paragraphs(one.words)}
    </blockquote>`
}

function form(one: Judged, wrong: ReviewsView['wrong']): Html {
  const { id } = one
  const date = dateWords('en', one.reviewBy)
  const error = wrong && wrong.why !== 'reviewed-already' ? say('en', `wrong-${wrong.why}`) : undefined
  const told = error && `wrong-${id}`
  return html`<p class="${one.overdue ? 'late' : 'soft'}">${say('en', one.overdue ? 'overdue' : 'due', { date })}</p>
    ${one.near && html`<p class="soft">${say('en', 'near')}</p>`}
    <form method="post" action="/desk/reviews/${id}">
      ${error && html`<p class="error" id="wrong-${id}" role="alert">${error}</p>`}
      <fieldset class="ask choices">
        <legend>${say('en', 'verdict')}</legend>
        <label><input type="radio" name="verdict" value="proper" /> ${say('en', 'verdictProper')}</label>
        <label
          ><input ${attributes({ type: 'radio', name: 'verdict', value: 'not-proper', checked: wrong?.why === 'no-note' })} />
          ${say('en', 'verdictNotProper')}</label
        >
      </fieldset>
      <div class="ask">
        <label for="note-${id}">${say('en', 'note')}</label>
        <p class="hint" id="hint-${id}">${say('en', 'noteHint')}</p>
        <textarea ${attributes({ id: `note-${id}`, name: 'note', rows: 3, maxlength: 2000, 'aria-describedby': [told, `hint-${id}`].filter(Boolean).join(' ') })}>
${wrong?.note ?? ''}</textarea>
      </div>
      <button class="button" type="submit">${say('en', 'judge')}</button>
    </form>`
}

function judgement({ city }: DeskDoor, { verdict, reviewer, reviewedAt, note }: Judged): Html {
  const date = reviewedAt ? moment('en', reviewedAt, city.timeZone) : ''
  return html`<p>
      <strong>${say('en', verdict === 'proper' ? 'verdictProper' : 'verdictNotProper')}</strong><br />
      <span class="soft">${say.rich('en', 'judgedBy', { name: reviewer ?? '', date })}</span>
    </p>
    ${note && html`<blockquote>${paragraphs(note)}</blockquote>`}`
}

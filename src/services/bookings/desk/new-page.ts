import type { City, Facility } from '../../../city/index.ts'
import { deskPage } from '../../../city/look/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { rowWords } from '../pages/words.ts'
import { slotValue, type SlotWish } from '../slot.ts'
import { dateOf } from '../week.ts'
import { clockWords, dayWords } from '../when.ts'
import { say } from './messages.ts'
import { hrefOf, input, said, select } from './parts.ts'
import { dutiesToRecord, type Typed } from './read-new.ts'

export type NewView = Readonly<{
  city: City
  staff: Staff
  facility: Facility
  wish: SlotWish
  typed: Typed
  token: string
  wrong: readonly ('email' | 'words' | 'duty')[]
  refused?: string
}>

/** Where a clerk books for somebody, the time already chosen. */
export function newPage(view: NewView): Html {
  const { city, staff, facility, wish, typed, refused } = view
  const wrong = refused !== undefined || view.wrong.length > 0
  const day = dateOf(city, wish.start)
  const main = html`<p class="back-line"><a href="${hrefOf({ facility, day, view: 'day' })}" data-key="u">${say('en', 'back')}</a></p>
    <h1>${say('en', 'newTitle')}</h1>
    <p class="soft">${say('en', 'newLead')}</p>
    ${said(wrong ? `${refused ?? ''} ${say('en', 'newWrong')}`.trim() : undefined, true)}
    <p><strong>${facility.name.en}</strong>, ${dayWords('en', day)}, ${clockWords('en', city.timeZone, wish.start)}</p>
    <form class="intake" method="post" action="/desk/bookings" data-send novalidate>
      <input type="hidden" name="token" value="${view.token}" />
      <input type="hidden" name="slot" value="${slotValue(facility.id, wish.start)}" />
      <div class="part">
        <fieldset class="ask">
          <legend>${say('en', 'channel')}</legend>
          ${(['counter', 'telephone'] as const).map((value) => {
            const its = attributes({ type: 'radio', name: 'channel', value, checked: typed.channel === value })
            return html`<label><input ${its} /> ${say('en', `channel_${value}`)}</label> `
          })}
        </fieldset>
        ${counts(view)}
        <div class="ask${view.wrong.includes('words') && ' wrong'}">
          <label for="words">${say('en', 'words')}</label>
          <p class="hint" id="words-hint">${say('en', 'wordsHint')}</p>
          ${view.wrong.includes('words') && html`<p class="error">${say('en', 'wrong_words')}</p>`}
          <textarea id="words" name="words" rows="3" maxlength="1000" aria-describedby="words-hint">
${typed.words}</textarea>
        </div>
      </div>
      <div class="part">${person(view)}</div>
      <div class="send"><button class="button" type="submit">${say('en', 'recordDo')}</button></div>
    </form>`
  return deskPage({ city, staff, here: 'bookings', title: say('en', 'newTitle'), wrong, main })
}

function counts({ facility, wish }: NewView): Html {
  const numbers = (most: number) => Array.from({ length: most }, (_, n) => n + 1)
  const { mostSlots, mostPlaces, unit } = facility
  return html`${
    mostSlots > 1 &&
    select(
      'slot-slots',
      say('en', 'howLong'),
      numbers(mostSlots).map((n) => [String(n), rowWords('en', facility, n)] as const),
      String(wish.slots),
    )
  }${
    mostPlaces > 1 &&
    select(
      'slot-places',
      say('en', 'howMany'),
      numbers(mostPlaces).map((n) => [String(n), `${String(n)} × ${unit?.en ?? ''}`] as const),
      String(wish.places),
    )
  }`
}

function person({ city, staff, typed, wrong }: NewView): Html {
  const error = wrong.includes('email') ? say('en', 'wrong_email') : undefined
  return html`${input('name', say('en', 'name'), { type: 'text', value: typed.name, maxlength: 120, autofocus: true }, { hint: say('en', 'nameHint') })}
    ${input('email', say('en', 'email'), { type: 'email', value: typed.email, maxlength: 254 }, { hint: say('en', 'emailHint'), error })}
    ${input('telephone', say('en', 'telephone'), { type: 'tel', value: typed.telephone, maxlength: 40 }, { hint: say('en', 'telephoneHint') })}
    ${select(
      'language',
      say('en', 'language'),
      [
        ['en', say('en', 'english')],
        ['es', say('en', 'spanish')],
      ],
      typed.language,
    )}
    ${select(
      'duty',
      say('en', 'duty'),
      dutiesToRecord(city, staff).map(({ id, title }) => [id, title.en] as const),
      typed.duty,
    )}`
}

import { field, notice } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import { say } from '../desk-messages.ts'
import type { DeskSurveyView } from './desk-survey.ts'

const errorAt = ({ wrong }: DeskSurveyView, at: string) => (wrong?.at === at ? { error: wrong.says } : {})

/** Addresses, pasted or as a file. */
export function invitePart(view: DeskSurveyView): Html {
  const { onDesk, typed = {}, mails } = view
  return html`<section class="record">
    <h2>${say('en', 'inviteTitle')}</h2>
    ${!mails && notice('wrong', html`<p>${say('en', 'noMail', { count: onDesk.invited })}</p>`)}
    <p class="soft">${say('en', 'inviteLead')}</p>
    <form
      class="write"
      method="post"
      action="/desk/surveys/${onDesk.survey.id}/invitations"
      enctype="multipart/form-data"
    >
      ${field('en', {
        name: 'addresses',
        label: say('en', 'addresses'),
        control: { kind: 'lines', rows: 5 },
        needed: false,
        value: typed['addresses'] ?? '',
        autocomplete: 'off',
        ...errorAt(view, 'addresses'),
      })}
      <p>
        <label for="list">${say('en', 'file')}</label>
        <input id="list" type="file" name="list" accept=".csv,.txt,text/csv,text/plain" />
      </p>
      <p class="row"><button class="button" type="submit">${say('en', 'inviteThem')}</button></p>
    </form>
  </section>`
}

export function slipsPart(view: DeskSurveyView): Html {
  return html`<section class="record">
    <h2>${say('en', 'slipsTitle')}</h2>
    <p class="soft">${say('en', 'slipsLead')}</p>
    <form class="write" method="post" action="/desk/surveys/${view.onDesk.survey.id}/slips">
      ${field('en', {
        name: 'count',
        label: say('en', 'slipsCount'),
        control: { kind: 'digits', short: true },
        needed: true,
        value: view.typed?.['count'] ?? '20',
        ...errorAt(view, 'count'),
      })}
      <p class="row"><button class="button outline" type="submit">${say('en', 'slipsPrint')}</button></p>
    </form>
  </section>`
}

export function tradePart(view: DeskSurveyView): Html {
  return html`<section class="record">
    <h2>${say('en', 'tradeTitle')}</h2>
    <p class="soft">${say('en', 'tradeLead')}</p>
    <form class="write" method="post" action="/desk/surveys/${view.onDesk.survey.id}/exchanges">
      ${field('en', {
        name: 'code',
        label: say('en', 'tradeCode'),
        control: { kind: 'text', short: true },
        needed: true,
        value: view.typed?.['code'] ?? '',
        autocomplete: 'off',
        ...errorAt(view, 'code'),
      })}
      <p class="row"><button class="button outline" type="submit">${say('en', 'trade')}</button></p>
    </form>
  </section>`
}

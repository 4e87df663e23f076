import type { City, RefundReasonId } from '../../../city/index.ts'
import { deskPage, empty } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import { say as sayPublic } from '../messages.ts'
import { rulesOf } from '../house.ts'
import { moneyOf, sayMoney, type Money } from '../money.ts'
import { mayAtCashOffice } from '../on-charge.ts'
import { inGroups, type PaymentReference } from '../reference.ts'
import { line } from './ask.ts'
import { say } from './messages.ts'

export type AskedRefund = Readonly<{
  reference: PaymentReference
  amount: Money
  reason: RefundReasonId
  own: boolean
}>
export type Trouble = Readonly<{ reference: PaymentReference; what: 'mismatched' | 'refund-failed'; amount: Money }>
export type FindError = 'not-a-reference' | 'slip' | 'card' | 'nothing'

export type FrontView = Readonly<{
  city: City
  staff: Staff
  asked: readonly AskedRefund[]
  troubles: readonly Trouble[]
  typed?: string
  wrong?: FindError
}>

/** Where the cash office begins: a reference to find, refunds that wait for a second person, what needs a look. */
export function frontPage(view: FrontView): Html {
  const { city, staff, typed = '', wrong, troubles } = view
  const main = html`<h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${wrong && html`<p class="refused" role="alert">${say('en', `wrong-${wrong}`)}</p>`}
    <form class="intake" method="post" action="/desk/payments">
      <div>
        ${line({
          id: 'reference',
          name: 'reference',
          label: say('en', 'find'),
          hint: say('en', 'findHint'),
          value: typed,
          more: {
            inputmode: 'numeric',
            maxlength: 40,
            autofocus: true,
            'data-key': 'n',
            'aria-invalid': wrong ? 'true' : undefined,
          },
        })}
        <p><button class="button" type="submit">${say('en', 'findDo')}</button></p>
      </div>
    </form>
    ${troubles.length > 0 && troublePart(troubles)} ${mayAtCashOffice(city, staff, 'refund') && askedPart(view)}
    <p><a class="onward" href="/desk/payments/takings">${say('en', 'takingsLink')}</a></p>`
  return deskPage({ city, staff, here: 'payments', title: say('en', 'title'), wrong: wrong !== undefined, main })
}

function troublePart(troubles: readonly Trouble[]): Html {
  return html`<section class="record" aria-labelledby="troubles">
    <h2 id="troubles">${say('en', 'troubleTitle')}</h2>
    <ul>
      ${troubles.map(
        ({ reference, what, amount }) =>
          html`<li>
            <a href="/desk/payments/${reference}"
              >${say('en', `trouble-${what}`, { reference: inGroups(reference), amount: sayMoney('en', amount) })}</a
            >
          </li> `,
      )}
    </ul>
  </section>`
}

function askedPart({ city, asked }: FrontView): Html {
  const { refunds } = rulesOf(city)
  const limit = sayMoney('en', moneyOf(refunds.secondPersonAbove))
  return html`<section class="record" aria-labelledby="asked">
    <h2 id="asked">${say('en', 'askedTitle')}</h2>
    ${
      asked.length === 0
        ? empty(say('en', 'askedNone'), html`<p>${say('en', 'askedNoneSays', { limit })}</p>`, 3)
        : html`<ul class="rows">
            ${asked.map(
              ({ reference, amount, reason, own }) =>
                html`<li>
                  <a href="/desk/payments/${reference}" data-line
                    >${say('en', 'askedLine', {
                      amount: sayMoney('en', amount),
                      reference: inGroups(reference),
                      reason:
                        refunds.reasons.get(reason)?.en ??
                        sayPublic('en', reason === 'by-rule' ? 'refund-by-rule' : 'refund-not-owed'),
                    })}</a
                  >
                  ${own && html`<span class="soft">${say('en', 'askedOwn')}</span>`}
                </li> `,
            )}
          </ul>`
    }
  </section>`
}

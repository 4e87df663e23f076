import { html, type Html } from '../../../plumbing/index.ts'
import { deskSheet, notice } from '../../../city/look/index.ts'
import type { DeskDoor } from '../desk.ts'
import { comingAlong } from '../pages/sign-in.ts'
import type { NotFinished } from './finish.ts'
import type { NotLinked } from './link.ts'
import { say } from './messages.ts'

type Along = Readonly<{ then: string; kept?: string }>

/** Leads on to the provider or back from it: by a page of ours, since the policy of our pages lets no form lead elsewhere. */
export function onwardPage({ city }: DeskDoor, address: string, out = false): Html {
  const title = say('en', out ? 'outTitle' : 'onwardTitle')
  const main = html`<h1>${title}</h1>
    <p><a class="onward" href="${address}">${say('en', out ? 'outLead' : 'onward')}</a></p>`
  return deskSheet({ city, title, main })
}

/** Why a sign-in was not finished, and what to do: with all that came along. */
export function notFinishedPage({ city }: DeskDoor, why: NotFinished | 'busy', along: Along): Html {
  const title = say('en', `${why}Title`)
  const main = html`<h1>${title}</h1>
    <div role="alert">${notice('wrong', html`<p>${say('en', why)}</p>`)}</div>
    <form class="sign-in" method="post" action="/desk/sign-in/city">
      ${comingAlong(along)}<button class="button wide" type="submit" autofocus>${say('en', 'again')}</button>
    </form>
    <p><a class="onward" href="/desk/sign-in">${say('en', 'otherWay')}</a></p>`
  return deskSheet({ city, title, wrong: true, main })
}

/** How linking an account ended, and the way back: by a link, since the browser comes from another site. */
export function linkedPage({ city }: DeskDoor, refused?: NotLinked): Html {
  const title = say('en', refused ? 'notLinkedTitle' : 'linkedTitle')
  const words = html`<p>${say('en', refused ?? 'linked')}</p>`
  const main = html`<h1>${title}</h1>
    <div role="${refused ? 'alert' : 'status'}">${notice(refused ? 'wrong' : 'done', words)}</div>
    <p><a class="button wide" href="/desk/account">${say('en', 'toAccount')}</a></p>`
  return deskSheet({ city, title, wrong: refused !== undefined, main })
}

/** The provider gives no answer in the middle of the work. */
export function heldPage({ city }: DeskDoor, { then, kept }: Along): Html {
  const title = say('en', 'heldTitle')
  const main = html`<h1>${title}</h1>
    <p>${say('en', 'heldLead')}</p>
    ${
      kept === undefined
        ? html`<p><a class="button wide" href="${then}">${say('en', 'again')}</a></p>`
        : html`${notice('note', html`<p>${say('en', 'heldKept')}</p>`)}
            <form class="sign-in" method="post" action="/desk/goings-on">
              ${comingAlong({ then, kept })}<button class="button wide" type="submit" autofocus>${say('en', 'again')}</button>
            </form>`
    }
    <p class="soft small">${say('en', 'heldHelp')}</p>`
  return deskSheet({ city, title, wrong: true, main })
}

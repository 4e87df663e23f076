import type { FastifyReply, FastifyRequest } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { ask, bandOn, readChildCode, type Band } from '../../../people/consent/index.ts'
import { issueToken, today, tokenOf, type House } from '../../correspondence/index.ts'
import { cleanText, readDate } from '../answering/read-typed.ts'
import type { FormDefinition, Forms } from '../define.ts'
import { childName, passName, textOf, type Posted } from '../filling/posted-walk.ts'
import { showPage } from '../filling/show.ts'
import { ageCookies, ageInCookie, agePass, readAgePass } from './age-pass.ts'
import { standingOf, type Ready } from './going-on.ts'
import { noticeOf } from './notice-of.ts'
import { agePage, bornName, type AgeState } from './pages/age.ts'
import { adultPage, askedPage, askNames, askPage, type AskState, type Way } from './pages/ask-parent.ts'
import { standingPage } from './pages/go-on.ts'

/** `publicUrl`: where the link in a letter to a parent leads, and whether cookies are for HTTPS alone. */
export type MinorsHouse = House & Readonly<{ forms: Forms; publicUrl?: string }>
type At = Readonly<{ house: MinorsHouse; form: FormDefinition; request: FastifyRequest; reply: FastifyReply }>

/** Who may go on with a form that is open to minors; or what was answered, and nothing of the post was looked at. */
export type Gate =
  | Readonly<{ who: 'adult'; pass: string }>
  | Readonly<{ who: 'child'; ready: Ready }>
  | Readonly<{ answered: FastifyReply }>

/** The page that stands before the form: the question of age, or for a minor who answered it in this browser, her way on. */
export function showBefore({ house, form, request, reply }: At, state: AgeState = {}, status = 200): FastifyReply {
  const before = { city: house.city, language: request.language, form }
  const band = ageInCookie(house.keys, form.id, request.headers.cookie)
  const markup = band ? askPage(before, freshAsk(house, form, band)) : agePage(before, state)
  return reply.page(markup, status)
}

const freshAsk = ({ keys }: MinorsHouse, form: FormDefinition, band: Band): AskState => ({
  pass: agePass(keys, form.id, band),
  token: issueToken(keys),
})

/**
 * Age comes before everything else a form may take. A post that has no sign of it leads to the question, and nothing of it is
 * kept, shown again or written down.
 */
export async function ageGate(at: At, posted: Posted): Promise<Gate> {
  const { house, form, request } = at
  const code = readChildCode(textOf(posted[childName]))
  if (code) {
    const stands = await standingOf(house, code)
    if (!stands || stands.going.thing !== `form:${form.id}`) return { answered: showBefore(at, { refused: true }, 422) }
    if ('stands' in stands) return { answered: showStanding(at, stands) }
    return { who: 'child', ready: stands }
  }
  const pass = readAgePass(house.keys, form.id, posted[passName])
  if (textOf(posted['_go']) === 'ask' && pass !== undefined && pass !== 'adult')
    return { answered: await askParent(at, pass, posted) }
  const known = ageInCookie(house.keys, form.id, request.headers.cookie)
  if (known) return { answered: showBefore(at) }
  if (pass === 'adult') return adult(at)
  return posted[bornName] === undefined ? { answered: showBefore(at, { refused: true }, 422) } : byBirth(at, posted)
}

async function byBirth(at: At, posted: Posted): Promise<Gate> {
  const { house, form, request, reply } = at
  const typed = cleanText(textOf(posted[bornName]), false) ?? ''
  const wrong = (error: AgeState['error']) => ({ answered: showBefore(at, { typed, ...(error && { error }) }, 422) })
  if (typed === '') return wrong('missing')
  const read = readDate(typed)
  const age = read === undefined ? undefined : bandOn(today(house), Temporal.PlainDate.from(read))
  if (age === undefined) return wrong('wrong')
  if (age === 'not-born') return wrong('future')
  if (age !== 'adult') {
    void reply.header('set-cookie', ageCookies(house.keys, form.id, age, house.publicUrl ?? ''))
    const before = { city: house.city, language: request.language, form }
    return { answered: reply.page(askPage(before, freshAsk(house, form, age))) }
  }
  if (textOf(posted['_go']) !== 'age') return adult(at)
  const gate = adult(at)
  if ('answered' in gate || gate.who !== 'adult') return gate
  return { answered: await showPage(at, { token: issueToken(house.keys), pass: gate.pass }) }
}

function adult({ house, form, request, reply }: At): Gate {
  const before = { city: house.city, language: request.language, form }
  if (form.minors === 'only') return { answered: reply.page(adultPage(before)) }
  return { who: 'adult', pass: agePass(house.keys, form.id, 'adult') }
}

async function askParent(at: At, band: Band, posted: Posted): Promise<FastifyReply> {
  const { house, form, request, reply } = at
  const before = { city: house.city, language: request.language, form }
  const typed = (name: string, lines = false) => cleanText(textOf(posted[name]), lines) ?? ''
  const way: Way = posted[askNames.way] === 'post' ? 'post' : 'email'
  const reach = way === 'post' ? { address: typed(askNames.address, true) } : { email: typed(askNames.email) }
  const firstName = typed(askNames.firstName)
  const token = tokenOf(house.keys, posted)
  const asking = { ...reach, band, firstName, language: request.language, token }
  const publicUrl = house.publicUrl ?? 'http://localhost'
  const asked = await ask({ ...house, publicUrl }, { notice: noticeOf(house.city, form), ...asking })
  if ('asked' in asked) {
    const until = today(house).add({ days: house.city.consent?.answerDays ?? 0 })
    return reply.page(askedPage(before, asked.code, until, way))
  }
  const pass = agePass(house.keys, form.id, band)
  const again: AskState = { pass, token, way, reach: reach.address ?? reach.email, firstName }
  return reply.page(askPage(before, { ...again, error: asked.refused }), 422)
}

/** Where she stands, where she cannot fill it in now. */
export function showStanding(
  { house, request, reply }: Pick<At, 'house' | 'request' | 'reply'>,
  { stands, going }: Exclude<Awaited<ReturnType<typeof standingOf>>, Ready | undefined>,
): FastifyReply {
  return reply.page(standingPage({ city: house.city, language: request.language }, stands, going))
}

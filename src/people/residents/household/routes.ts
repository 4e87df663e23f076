import { inLanguage, type Tx } from '../../../plumbing/index.ts'
import { readEmail } from '../contact.ts'
import type { ResidentsHouse } from '../house.ts'
import { openPage, type Household } from '../open-page.ts'
import type { OwnPage } from '../own-page.ts'
import { contactPage, newAddressPage } from '../pages/contact.ts'
import { homePage } from '../pages/home.ts'
import { copyPage, invitationPage, leavingPage } from '../pages/leaving.ts'
import { recordPage } from '../pages/record.ts'
import { askCode } from '../sign-in/ask-code.ts'
import { shownBy, type SeenAtHome } from '../panel.ts'
import { answerInvitation, standingFor } from './child-acts.ts'
import { childRoutes } from './child-routes.ts'
import { changeAddress, correctContact, leave } from './contact-acts.ts'
import { copyOf } from './copy.ts'
import { proveToResident, recordOfHers } from './record.ts'

const doneWords = ['saved', 'email', 'joined', 'declined', 'ended'] as const
const isId = (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** `/me` and what hangs on it. Each page is opened, written down, and shown to nobody but the resident. */
export function householdRoutes(own: OwnPage, house: ResidentsHouse): void {
  const { city } = house
  own.get('/me', async ({ actor, language, request, reply }) => {
    const { done } = request.query as { done?: unknown }
    const said = doneWords.find((one) => one === done)
    const view = await openPage(house, actor, async (tx, household) => ({
      household,
      ...(await panelsOf(house, tx, { household, language })),
    }))
    return view ? reply.page(homePage(house, language, { ...view, ...(said && { done: said }) })) : reply.problem(404)
  })
  contactRoutes(own, house)
  childRoutes(own, house)
  recordRoutes(own, house)
  invitationRoutes(own, house)

  own.get('/me/leaving', async ({ actor, resident, language, reply }) => {
    const alone = (await openPage(house, actor, aloneIn)) ?? 0
    return reply.page(leavingPage(city, language, { fresh: resident.fresh, alone }))
  })
  own.post('/me/leaving', async ({ actor, resident, language, reply }) => {
    const left = await leave(house.db, actor)
    if ('refused' in left) {
      const view = { fresh: resident.fresh, alone: 0, ...(left.refused !== 'not-fresh' && { refused: left.refused }) }
      return reply.page(leavingPage(city, language, view), 422)
    }
    reply.headers({ 'set-cookie': house.cookie.clear(), 'clear-site-data': '"cache"' })
    return reply.redirect(inLanguage(language, '/me/sign-in') + '?ended=left', 303)
  })
}

/** How many children nobody else stands for. */
async function aloneIn(tx: Tx, { children }: Household): Promise<number> {
  const standing = await Promise.all(children.map(({ id }) => standingFor(tx, id)))
  return standing.filter(({ guardians }) => guardians.length === 1).length
}

async function panelsOf({ panels = [] }: ResidentsHouse, tx: Tx, seen: SeenAtHome) {
  const [top, sections, ofChild] = await Promise.all([
    shownBy(panels.map(({ atTop }) => atTop?.(tx, seen))),
    shownBy(panels.map(({ atHome }) => atHome?.(tx, seen))),
    Promise.all(
      seen.household.children.map((child) => shownBy(panels.map((panel) => panel.ofChild?.(tx, { ...seen, child })))),
    ),
  ])
  return { top, sections, ofChild }
}

function contactRoutes(own: OwnPage, house: ResidentsHouse): void {
  const { city } = house
  own.get('/me/contact', async ({ actor, language, reply }) => {
    const page = await openPage(house, actor, (_tx, household) => contactPage(city, language, { household }))
    return page ? reply.page(page) : reply.problem(404)
  })
  own.post('/me/contact', async ({ actor, posted, language, reply }) => {
    const { name = '', telephone = '', language: tongue } = posted
    const typed = { name, telephone, language: tongue === 'es' ? 'es' : 'en' } as const
    const done = await correctContact(house, actor, typed)
    if (done && 'done' in done) return reply.redirect(inLanguage(language, '/me') + '?done=saved', 303)
    const wrong = done?.wrong ?? {}
    const page = await openPage(house, actor, (_tx, household) =>
      contactPage(city, language, { household, typed, wrong }),
    )
    return page ? reply.page(page, 422) : reply.problem(404)
  })
  own.post('/me/contact/codes', async ({ actor, resident, posted, language, reply, request }) => {
    const typed = posted['email'] ?? ''
    const email = readEmail(typed)
    const admitted = resident.fresh && email !== undefined && house.gate.admits('codes', request.ip)
    if (!admitted) {
      const page = await openPage(house, actor, (_tx, household) =>
        contactPage(city, language, { household, email: { typed: typed.slice(0, 254), wrong: email === undefined } }),
      )
      return page ? reply.page(page, 422) : reply.problem(404)
    }
    await askCode(house, email, language, { resident: resident.id })
    return reply.page(newAddressPage(city, language, { email }))
  })
  own.post('/me/contact/addresses', async ({ actor, posted, language, reply }) => {
    const email = readEmail(posted['email'] ?? '')
    if (email === undefined) return reply.redirect(inLanguage(language, '/me/contact'), 303)
    const changed = await changeAddress(house, actor, { email, code: posted['code'] ?? '' })
    if (changed && 'done' in changed) return reply.redirect(inLanguage(language, '/me') + '?done=email', 303)
    if (!changed || changed.refused === 'not-fresh') return reply.redirect(inLanguage(language, '/me/contact'), 303)
    return reply.page(newAddressPage(city, language, { email, wrong: changed.refused }), 422)
  })
}

function recordRoutes(own: OwnPage, house: ResidentsHouse): void {
  const { city } = house
  own.get('/me/record', async ({ actor, language, reply }) => {
    const page = await openPage(house, actor, async (tx, household) =>
      recordPage(city, language, household, await recordOfHers(tx)),
    )
    return page ? reply.page(page) : reply.problem(404)
  })
  own.get('/me/record/:entry', async ({ actor, request, reply }) => {
    const { entry } = request.params as { entry: string }
    const proof = isId(entry) ? await proveToResident(house.db, actor, entry) : undefined
    if (typeof proof !== 'string') return reply.problem(404)
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="${entry}.tlog-proof"`)
      .type('text/plain; charset=utf-8')
      .send(proof)
  })
  own.get('/me/copy', ({ language, reply }) => reply.page(copyPage(city, language)))
  own.post('/me/copy', async ({ actor, language, reply }) => {
    const copy = await copyOf(house, actor, language)
    if (!copy) return reply.problem(404)
    return reply
      .header('cache-control', 'no-store')
      .header('content-disposition', 'attachment; filename="my-page.json"')
      .type('application/json; charset=utf-8')
      .send(copy)
  })
}

function invitationRoutes(own: OwnPage, house: ResidentsHouse): void {
  const { city } = house
  const lettersIn = (params: unknown) => {
    const { letters = '' } = params as { letters?: string }
    return /^[\w-]{22}$/.test(letters) ? letters : undefined
  }
  own.get('/me/invitations/:letters', async ({ actor, request, language, reply }) => {
    const letters = lettersIn(request.params)
    const email = letters && (await openPage(house, actor, (_tx, { contact }) => contact.email))
    return letters && email ? reply.page(invitationPage(city, language, { letters, email })) : reply.problem(404)
  })
  own.post('/me/invitations/:letters', async ({ actor, request, posted, language, reply }) => {
    const letters = lettersIn(request.params)
    if (!letters || !['yes', 'no'].includes(posted['answer'] ?? '')) return reply.problem(404)
    const join = posted['answer'] === 'yes'
    const answered = await answerInvitation(house, actor, letters, join)
    if (answered) return reply.redirect(inLanguage(language, '/me') + `?done=${join ? 'joined' : 'declined'}`, 303)
    const email = (await openPage(house, actor, (_tx, { contact }) => contact.email)) ?? ''
    return reply.page(invitationPage(city, language, { letters, email, over: true }), 422)
  })
}

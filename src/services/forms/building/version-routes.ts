import type { FastifyReply } from 'fastify'
import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { builderModule } from './browser/module.ts'
import { changesBetween } from './changes.ts'
import { openDraft } from './edit-draft.ts'
import { say } from './messages.ts'
import { draftsOnDesk, type VersionOnDesk } from './on-desk.ts'
import { isOpen, overviewPage, type OverviewView } from './pages/overview.ts'
import { toldBy } from './pages/told.ts'
import { approve, discardDraft, inTheWay, publish, retire, type BuildersHouse } from './publish.ts'
import { lettersIn, topicsOf } from './routes.ts'
import { saveDraft } from './save-draft.ts'

type Asked = { id: string; version?: string }
const ask = ({ request }: Visit) => request.params as Asked

/** A form's page, its versions, and what is done with a version: begun, published, approved, retired, thrown away. */
export function versionRoutes(desk: Desk, house: BuildersHouse): void {
  desk.get('/desk/forms/:id', (visit) => showForm(house, visit, saidIn(visit)))
  desk.get('/desk/forms/:id/versions/:version', (visit) => showForm(house, visit, {}, 200, Number(ask(visit).version)))
  desk.post('/desk/forms/:id/drafts', (visit) => beginVersion(house, visit))
  const asked = (visit: Visit) => ({
    form: ask(visit).id,
    version: wholeOf(visit, 'version'),
    revision: wholeOf(visit, 'revision'),
  })
  desk.post('/desk/forms/:id/publications', async (visit) => {
    const done = await publish(house, visit.actor, asked(visit))
    return 'done' in done ? on(visit, done.done) : refused(house, visit, done.refused)
  })
  desk.post('/desk/forms/:id/approvals', async (visit) => {
    const done = await approve(house, visit.actor, { ...asked(visit), yes: visit.posted['yes'] === 'yes' })
    return 'done' in done ? on(visit, done.done) : refused(house, visit, done.refused)
  })
  desk.post('/desk/forms/:id/retirements', async (visit) => {
    const done = await retire(house, visit.actor, asked(visit))
    return 'done' in done ? on(visit, 'retired') : refused(house, visit, done.refused)
  })
  desk.post('/desk/forms/:id/discards', async (visit) => {
    const done = await discardDraft(house, visit.actor, asked(visit))
    if ('refused' in done) return refused(house, visit, done.refused)
    const left = await draftsOnDesk(house, visit.actor, ask(visit).id)
    return left.length > 0 ? on(visit, 'discarded') : visit.reply.redirect('/desk/forms', 303)
  })
}

const wholeOf = ({ posted }: Visit, name: string) => (/^\d{1,9}$/.test(posted[name] ?? '') ? Number(posted[name]) : -1)

const on = (visit: Visit, done: string, at?: string) =>
  visit.reply.redirect(
    `/desk/forms/${ask(visit).id}?done=${done}${at === undefined ? '' : `&at=${encodeURIComponent(at)}`}`,
    303,
  )

export const doneCodes = ['begun', 'kept', 'published', 'in-review', 'sent-back', 'retired', 'discarded'] as const

export function saidIn({ request }: Visit): Readonly<{ done?: string; focus?: string }> {
  const { done, at } = request.query as { done?: string; at?: string }
  const code = doneCodes.find((one) => one === done)
  return { ...(code && { done: say('en', `done-${code}`) }), ...(typeof at === 'string' && { focus: at }) }
}

async function refused(house: BuildersHouse, visit: Visit, code: 'not-there' | 'changed' | 'own' | 'in-the-way') {
  const status = code === 'not-there' ? 404 : code === 'in-the-way' ? 422 : 409
  return showForm(house, visit, { wrong: say('en', `refused-${code}`) }, status)
}

/** The form's page: of the version asked for, else of its draft, else of what is published or was last. */
export async function showForm(
  house: BuildersHouse,
  visit: Visit,
  said: Partial<OverviewView> = {},
  status = 200,
  version?: number,
): Promise<FastifyReply> {
  const versions = await draftsOnDesk(house, visit.actor, ask(visit).id)
  const published = versions.find(({ state }) => state.is === 'published')
  const shown =
    version === undefined
      ? (versions.find(isOpen) ?? published ?? versions[0])
      : versions.find((one) => one.version === version)
  if (!shown) return visit.reply.problem(404)
  const letters = (await lettersIn(house, visit)).get(shown.form)
  const view: OverviewView = {
    city: house.city,
    staff: visit.staff,
    topics: topicsOf(house, visit),
    versions,
    shown,
    told: isOpen(shown) ? toldBy(inTheWay(shown.draft, house), shown.draft) : new Map(),
    modules: [builderModule],
    ...(letters !== undefined && { letters }),
    ...(isOpen(shown) && published && { changes: changesBetween(published.draft, shown.draft) }),
    ...said,
  }
  return visit.reply.page(overviewPage(view), status)
}

/** The next version begins as what people are asked now, or were last. */
async function beginVersion(house: BuildersHouse, visit: Visit) {
  const versions = await draftsOnDesk(house, visit.actor, ask(visit).id)
  if (openDraft(versions)) return on(visit, 'begun')
  const from: VersionOnDesk | undefined = versions.find(({ state }) => state.is === 'published') ?? versions[0]
  if (!from) return refused(house, visit, 'not-there')
  const saved = await saveDraft(house, visit.actor, { draft: from.draft, revision: 0 })
  return 'done' in saved ? on(visit, 'begun') : refused(house, visit, saved.refused)
}

import type { FastifyReply } from 'fastify'
import type { City, Department, DepartmentId } from '../../../city/index.ts'
import { caseAsked, enterStaff, type Desk, type Staff, type Visit } from '../../../trust/need-to-know/index.ts'
import { wholeNumber } from '../desk-posted.ts'
import { notHere, showCase } from '../desk-show.ts'
import type { House } from '../house.ts'
import { newId } from '../new-id.ts'
import { insertTemplate } from './insert-template.ts'
import { say } from './messages.ts'
import { deskTemplates } from './offered.ts'
import { templatePage, templatesPage } from './page.ts'
import { concernsIn, removeTemplate, reviseTemplate, type Revised, type TemplateWritten } from './revise-template.ts'

/** The pages of the templates, and putting one into an answer. */
export function templateRoutes(desk: Desk, house: House, publicUrl: string): void {
  const { city } = house
  desk.get('/desk/templates', (visit) => list(house, visit))
  desk.get('/desk/templates/:id', async (visit) => {
    const { id } = visit.request.params as { id: string }
    if (id === 'new') {
      const { department } = visit.request.query as { department?: unknown }
      const kept = departmentsOf(city, visit.staff).find((one) => one.may && one.id === department)
      if (!kept) return list(house, visit, { wrong: say('en', 'refusedNotThere') }, 404)
      const fresh = { id: newId(), version: 0, department: kept.id, title: '', en: '', es: '' }
      return visit.reply.page(templatePage(city, visit.staff, fresh))
    }
    const found = (await templatesOf(house, visit)).find((one) => one.id === id)
    if (!found?.desk?.may || found.department === 'all')
      return list(house, visit, { wrong: say('en', 'refusedNotThere') }, 404)
    const { title, department, words } = found
    const now = { id, version: found.desk.version, department, title, en: words.en, es: words.es ?? '' }
    return visit.reply.page(templatePage(city, visit.staff, now))
  })

  const act = (noun: string, work: typeof reviseTemplate, done: (written: TemplateWritten) => string) =>
    desk.post(`/desk/templates/${noun}`, async (visit) => {
      const written = writtenIn(visit)
      if (!written) return list(house, visit, { wrong: say('en', 'refusedNotThere') }, 404)
      const revised = await work(house, visit.actor, written)
      if ('done' in revised) return list(house, visit, { done: done(written) })
      const status = revised.refused === 'changed' ? 409 : revised.refused === 'not-there' ? 404 : 422
      return visit.reply.page(templatePage(city, visit.staff, written, refusal(revised)), status)
    })
  act('revisions', reviseTemplate, savedWords)
  act('removals', removeTemplate, () => say('en', 'doneRemoved'))

  desk.post('/desk/cases/:id/insertions', async (visit) => {
    const caseId = caseAsked(visit)
    if (caseId === undefined) return notHere(house, visit)
    const { template = '', words = '' } = visit.posted
    const inserted = await insertTemplate(house, visit.actor, { caseId, template, publicUrl })
    if (visit.request.headers.accept === 'application/json') {
      const answer = 'refused' in inserted ? { says: refusedWords(inserted.refused) } : inserted
      return visit.reply.header('cache-control', 'no-store').send(answer)
    }
    if (!('refused' in inserted)) {
      const both = [words.trimEnd(), inserted.words].filter(Boolean).join('\n\n')
      return showCase(house, visit, { draft: { kind: 'reply', words: both } })
    }
    if (inserted.refused === 'not-there') return notHere(house, visit)
    const wrong = { says: refusedWords(inserted.refused), beside: inserted.refused === 'no-such-template' }
    return showCase(house, visit, { draft: { kind: 'reply', words }, wrong }, 409)
  })
}

const refusedWords = (refused: 'not-there' | 'closed-envelope' | 'no-such-template') =>
  say('en', refused === 'closed-envelope' ? 'closed' : 'noneSuch')

async function list(
  house: House,
  visit: Visit,
  said: { done?: string; wrong?: string } = {},
  status = 200,
): Promise<FastifyReply> {
  const { city } = house
  const departments = departmentsOf(city, visit.staff)
  const templates = await templatesOf(house, visit)
  return visit.reply.page(templatesPage(city, visit.staff, { departments, templates, ...said }), status)
}

const templatesOf = (house: House, { actor }: Visit) =>
  house.db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? deskTemplates(tx) : []))

/** The departments of her duties, and whether one of those duties keeps its templates. */
function departmentsOf(city: City, staff: Staff): readonly (Department & { may: boolean })[] {
  const duties = staff.duties.map((id) => city.duties.get(id)).filter((duty) => duty !== undefined)
  return [...city.departments.values()]
    .filter(({ id }) => duties.some((duty) => duty.department === id))
    .map((one) => ({
      ...one,
      may: duties.some((duty) => duty.department === one.id && duty.may.includes('templates')),
    }))
}

function writtenIn({ posted }: Visit): TemplateWritten | undefined {
  const { id = '', department = '', title = '', en = '', es = '' } = posted
  const version = wholeNumber(posted['version'])
  if (version === undefined || !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return undefined
  return { id, version, department: department as DepartmentId, title, en, es }
}

function refusal(revised: Exclude<Revised, { done: true }>) {
  if (revised.refused === 'mistakes') return { mistakes: revised.mistakes }
  const words = { changed: 'refusedChanged', 'not-there': 'refusedNotThere', 'too-many': 'refusedMany' } as const
  return { wrong: say('en', words[revised.refused]) }
}

function savedWords({ en, es }: TemplateWritten): string {
  const concerns = concernsIn(`${en}\n${es}`).map((concern) => say('en', `concern_${concern}`, { name: '{name}' }))
  return [
    say('en', 'doneSaved'),
    ...(concerns.length > 0 ? [say('en', 'concern', { what: concerns.join(' ') })] : []),
  ].join(' ')
}

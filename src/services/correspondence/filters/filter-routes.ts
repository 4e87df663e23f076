import type { Desk } from '../../../trust/need-to-know/index.ts'
import { dayOf, inboxOf, questionAsked } from '../desk-show.ts'
import type { House } from '../house.ts'
import { queryOf } from '../pages/desk-list.ts'
import { inboxPage } from '../pages/desk-pages.ts'
import { dropFilter, keepFilter, type FilterRefusal } from './keep-filter.ts'
import { say } from './messages.ts'

/** Keeping and dropping a filter. The list it stands for is in the address. */
export function filterRoutes(desk: Desk, house: House): void {
  desk.post('/desk/filters', async (visit) => {
    const { actor, staff, posted, reply } = visit
    const question = questionAsked(house, visit)
    const kept = await keepFilter(house, actor, { name: posted['name'] ?? '', question })
    if ('done' in kept) return reply.redirect(`/desk${queryOf(question)}`, 303)
    const inbox = await inboxOf(house, visit, question, true)
    const refused = refusedWords(kept.refused)
    return reply.page(inboxPage(dayOf(house), { staff, inbox, question, refused }), 422)
  })
  desk.post('/desk/filter-endings', async (visit) => {
    const { actor, staff, posted, reply } = visit
    const question = questionAsked(house, visit)
    const filter = posted['filter'] ?? ''
    const isOne = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(filter)
    const dropped = isOne ? await dropFilter(house, actor, filter) : ({ refused: 'not-there' } as const)
    const inbox = await inboxOf(house, visit, question, true)
    const said = 'done' in dropped ? { done: say('en', 'doneDropped') } : { wrong: say('en', 'refused_gone') }
    return reply.page(inboxPage(dayOf(house), { staff, inbox, question, ...said }), 'done' in dropped ? 200 : 404)
  })
}

function refusedWords(refused: FilterRefusal): string {
  const words = {
    empty: 'refused_empty',
    'too-long': 'refused_long',
    personal: 'refused_personal',
    'too-many': 'refused_many',
    'not-there': 'refused_gone',
  } as const
  return say('en', words[refused])
}

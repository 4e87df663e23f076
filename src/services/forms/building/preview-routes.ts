import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import { asIfWhole } from './as-if-whole.ts'
import { draftsOnDesk } from './on-desk.ts'
import { isOpen } from './pages/overview.ts'
import { notYetPage, previewPage, type PreviewView } from './pages/preview.ts'
import type { BuildersHouse } from './publish.ts'

/** Looking at a form as a resident does, and filling it in to see what would come of it. Nothing is kept of either. */
export function previewRoutes(desk: Desk, house: BuildersHouse): void {
  desk.get('/desk/forms/:id/preview', (visit) => {
    const { language } = visit.request.query as { language?: string }
    return preview(house, visit, language === 'es' ? 'es' : 'en', () => ({}))
  })
  desk.post('/desk/forms/:id/trials', (visit) => {
    const posted = (visit.request.body ?? {}) as Record<string, unknown>
    return preview(house, visit, visit.posted['language'] === 'es' ? 'es' : 'en', (form) => {
      const read = form.read(posted)
      return {
        values: posted as NonNullable<PreviewView['values']>,
        ...('refused' in read ? { errors: read.errors } : { tried: read }),
      }
    })
  })
}

async function preview(
  house: BuildersHouse,
  visit: Visit,
  language: Language,
  more: (form: PreviewView['form']) => Partial<PreviewView>,
) {
  const { id } = visit.request.params as { id: string }
  const versions = await draftsOnDesk(house, visit.actor, id)
  const shown = versions.find(isOpen) ?? versions.find(({ state }) => state.is === 'published') ?? versions[0]
  if (!shown) return visit.reply.problem(404)
  const form = asIfWhole(shown.draft, house.city)
  if ('mistakes' in form) return visit.reply.page(notYetPage(house.city, id, form.mistakes))
  const parts = more(form)
  return visit.reply.page(previewPage({ city: house.city, language, form, ...parts }), parts.errors ? 422 : 200)
}

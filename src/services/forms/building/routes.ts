import type { FormId, Topic } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { beginDraft, copyDraft } from './begin.ts'
import { nameFrom, mayBeNamed } from './edits/questions.ts'
import { editRoutes } from './edit-routes.ts'
import { say } from './messages.ts'
import { draftsOnDesk } from './on-desk.ts'
import { listPage, type ListView } from './pages/list.ts'
import { textOf } from './posted-question.ts'
import { previewRoutes } from './preview-routes.ts'
import type { BuildersHouse } from './publish.ts'
import { saveDraft } from './save-draft.ts'
import { versionRoutes } from './version-routes.ts'

/** The builder of forms, on the desk: `/desk/forms`. */
export function builderRoutes(desk: Desk, house: BuildersHouse): void {
  desk.get('/desk/forms', (visit) => list(house, visit))
  desk.post('/desk/forms', (visit) => begin(house, visit))
  versionRoutes(desk, house)
  previewRoutes(desk, house)
  editRoutes(desk, house)
}

/** The topics of the departments whose forms she builds. */
export function topicsOf({ city }: Pick<BuildersHouse, 'city'>, { staff }: Visit): readonly Topic[] {
  const departments = new Set(
    staff.duties.flatMap((id) => {
      const duty = city.duties.get(id)
      return duty?.may.includes('build-forms') ? [duty.department] : []
    }),
  )
  return [...city.topics.values()].filter(({ department }) => departments.has(department))
}

export async function lettersIn({ db }: BuildersHouse, { actor }: Visit): Promise<ReadonlyMap<string, number>> {
  const rows = await db.transaction(async (tx) =>
    (await enterStaff(tx, actor))
      ? tx.rows<{ form: string; letters: number }>(sql`select form, letters from forms.letters_on_desk()`)
      : [],
  )
  return new Map(rows.map(({ form, letters }) => [form, letters]))
}

async function list(house: BuildersHouse, visit: Visit, said: Partial<ListView> = {}, status = 200) {
  const view = {
    city: house.city,
    staff: visit.staff,
    versions: await draftsOnDesk(house, visit.actor),
    letters: await lettersIn(house, visit),
    topics: topicsOf(house, visit),
    ...said,
  }
  return visit.reply.page(listPage(view), status)
}

async function begin(house: BuildersHouse, visit: Visit) {
  const { posted } = visit
  const title = textOf(posted, 'title')
  const topic = topicsOf(house, visit).find(({ id }) => id === posted['topic'])
  const again = (said: Partial<ListView>, status: number) => list(house, visit, { typed: posted, ...said }, status)
  if (!topic) return again({ wrong: say('en', 'refused-not-there') }, 404)
  if (title.en === '') return again({ wrong: say('en', 'titleMissing'), missing: true }, 422)
  const versions = await draftsOnDesk(house, visit.actor)
  const taken = Object.fromEntries(versions.map(({ form }) => [form, true]))
  const wish = posted['id']?.trim()
  const id = wish ? wish : nameFrom(title.en, taken)
  if (!mayBeNamed(id) || id in taken) return again({ wrong: say('en', 'addressTaken', { id }) }, 422)
  const source = versions.find(({ form }) => form === posted['from'])
  const draft = source ? { ...copyDraft(source.draft, id, title), topic: topic.id } : beginDraft(id, topic.id, title)
  const saved = await saveDraft(house, visit.actor, { draft, revision: 0 })
  if ('refused' in saved) return again({ wrong: say('en', 'addressTaken', { id }) }, 409)
  return visit.reply.redirect(`/desk/forms/${id as FormId}?done=begun`, 303)
}

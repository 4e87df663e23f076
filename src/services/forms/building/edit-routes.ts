import type { Desk, Visit } from '../../../trust/need-to-know/index.ts'
import { builderModule } from './browser/module.ts'
import { conditionOf, rowsOf } from './condition-rows.ts'
import type { DraftFile } from './draft.ts'
import { editDraft, markOf, openDraft, type Edited } from './edit-draft.ts'
import type { Edit, FormWritten } from './edits/edit.ts'
import { insideOf } from './edits/parts.ts'
import { nameFrom } from './edits/questions.ts'
import { say } from './messages.ts'
import { draftsOnDesk } from './on-desk.ts'
import { moneyPage } from './pages/money.ts'
import { labelOf } from './pages/condition-fields.ts'
import { questionPage, type QuestionView } from './pages/question.ts'
import { toldBy } from './pages/told.ts'
import {
  chargesIn,
  conditionRowsIn,
  kindIn,
  partIn,
  questionIn,
  someText,
  textOf,
  type PostedFields,
} from './posted-question.ts'
import { inTheWay, type BuildersHouse } from './publish.ts'
import { isSimple } from './kind-shape.ts'
import { saidIn, showForm } from './version-routes.ts'

type Asked = { id: string; question?: string }
const ask = ({ request }: Visit) => request.params as Asked

/** Each edit of a draft is an ordinary form; after it the page comes back with the keyboard where it was. */
export function editRoutes(desk: Desk, house: BuildersHouse): void {
  desk.post('/desk/forms/:id/edits', (visit) => edit(house, visit))
  desk.get('/desk/forms/:id/money', (visit) => money(house, visit))
  desk.get('/desk/forms/:id/questions/:question', (visit) => question(house, visit, saidIn(visit)))
  desk.post('/desk/forms/:id/questions/:question', (visit) => keepQuestion(house, visit))
}

const draftBefore = async (house: BuildersHouse, visit: Visit) =>
  openDraft(await draftsOnDesk(house, visit.actor, ask(visit).id))?.draft

async function edit(house: BuildersHouse, visit: Visit) {
  const { posted } = visit
  const draft = await draftBefore(house, visit)
  const wished = draft && editIn(posted, draft)
  if (!draft || !wished) return showForm(house, visit, { wrong: say('en', 'refused-not-there') }, 404)
  const done = await editDraft(house, visit.actor, { form: draft.id, edit: wished.edit, seen: wished.seen })
  const at = encodeURIComponent(wished.at)
  const home = wished.on === undefined ? '' : `/${wished.on}`
  if ('done' in done) return visit.reply.redirect(`/desk/forms/${draft.id}${home}?done=kept&at=${at}`, 303)
  const wrong = refusalOf(done, draft)
  const status = done.refused === 'changed' ? 409 : done.refused === 'not-there' ? 404 : 422
  if (wished.on === 'money') return money(house, visit, wrong, chargesIn(posted, draft))
  return showForm(house, visit, { wrong, typed: posted, focus: wished.at }, status)
}

type Wished = Readonly<{ edit: Edit; seen?: string | undefined; at: string; on?: string }>

/** What a form of the overview, of the parts or of the fees wishes. */
function editIn(posted: PostedFields, draft: DraftFile): Wished | undefined {
  const [act = '', name = ''] = (posted['do'] ?? '').split(' ')
  const seen = posted['seen']
  const question = posted['question'] ?? ''
  switch (posted['edit']) {
    case 'describe':
      return { edit: { edit: 'describe', written: formIn(posted, draft) }, seen, at: '' }
    case 'add-question': {
      const label = textOf(posted, 'label')
      const fresh = nameFrom(label.en || label.es, draft.fields)
      const after = posted['after']
      return {
        edit: { edit: 'add-question', name: fresh, kind: kindIn(posted), label, ...(after && { after }) },
        at: fresh,
      }
    }
    case 'arrange':
      return arranging(draft, act, name, seen)
    case 'change-page':
      return pageEdit(posted, draft, act === 'join')
    case 'add-part': {
      const kind = kindIn({ kind: posted['part-kind'] ?? '' })
      const label = textOf(posted, 'part-label')
      const fresh = nameFrom(label.en || label.es, insideOf(draft, question)?.parts ?? {})
      const adding: Edit = { edit: 'add-part', question, name: fresh, kind: isSimple(kind) ? kind : 'text', label }
      return { edit: adding, at: fresh, on: `questions/${question}` }
    }
    case 'arrange-part': {
      const on = `questions/${question}`
      if (act === 'remove') return { edit: { edit: 'remove-part', question, name }, at: '', on }
      return { edit: { edit: 'move-part', question, name, by: act === 'up' ? -1 : 1 }, at: `${act} ${name}`, on }
    }
    case 'charge':
      return { edit: { edit: 'charge', ...chargesIn(posted, draft) }, seen, at: '', on: 'money' }
    default:
      return undefined
  }
}

function arranging(draft: DraftFile, act: string, name: string, seen: string | undefined): Wished | undefined {
  const at = `${act} ${name}`
  if (act === 'up' || act === 'down') return { edit: { edit: 'move-question', name, by: act === 'up' ? -1 : 1 }, at }
  if (act === 'remove') return { edit: { edit: 'remove-question', name }, seen, at: 'add' }
  if (act !== 'page') return undefined
  const title = { en: '', es: '' }
  return { edit: { edit: 'start-page', at: name, page: nameFrom(`page ${name}`, draft.pages ?? {}), title }, at: name }
}

function pageEdit(posted: PostedFields, draft: DraftFile, join: boolean): Wished {
  const page = posted['page'] ?? ''
  const seen = posted['seen']
  if (join) return { edit: { edit: 'join-page', page }, seen, at: '' }
  const when = conditionOf(conditionRowsIn(posted, 'when', rowsOf(draft.pages?.[page]?.when)), draft)
  const intro = someText(posted, 'page-intro')
  const written = { title: textOf(posted, 'page-title'), ...(intro && { intro }), ...(when && { when }) }
  return { edit: { edit: 'change-page', page, written }, seen, at: draft.pages?.[page]?.fields[0] ?? '' }
}

function formIn(posted: PostedFields, draft: DraftFile): FormWritten {
  const [earlier, later] = [posted['earlier'] ?? '', posted['later'] ?? '']
  const rest = (draft['in-order'] ?? []).slice(1)
  const pairs =
    earlier !== '' && later !== '' ? [[earlier, later], ...rest] : earlier in posted ? rest : (draft['in-order'] ?? [])
  const from = (name: 'topic-from' | 'place-from') => posted[name] || undefined
  const [topicFrom, placeFrom] = [from('topic-from'), from('place-from')]
  return {
    title: textOf(posted, 'title'),
    intro: textOf(posted, 'intro'),
    topic: posted['topic'] ?? draft.topic,
    ...(topicFrom && { 'topic-from': topicFrom }),
    ...(placeFrom && { 'place-from': placeFrom }),
    ...(posted['duplicates'] === 'yes' && { duplicates: 'warn' as const }),
    ...(posted['minors'] === 'yes' && { minors: draft.minors ?? ('with-consent' as const) }),
    ...(posted['layout'] === 'pages' && { layout: 'pages' as const }),
    ...(pairs.length > 0 && { 'in-order': pairs }),
  }
}

function refusalOf(done: Exclude<Edited, { done: true }>, draft: DraftFile): string {
  const by = 'by' in done ? labelOf(draft, done.by) : ''
  return say('en', `refused-${done.refused}`, { by })
}

async function money(house: BuildersHouse, visit: Visit, wrong?: string, typed?: Pick<DraftFile, 'fees' | 'waivers'>) {
  const kept = await draftBefore(house, visit)
  if (!kept) return visit.reply.problem(404)
  const draft = { ...kept, ...typed }
  const seen = wrong === undefined ? markOf(kept, { edit: 'charge' }) : (visit.posted['seen'] ?? '')
  const told = toldBy(inTheWay(draft, house), draft)
  const done = wrong === undefined ? saidIn(visit).done : undefined
  const parts = { ...(done && { done }), ...(wrong && { wrong }) }
  return visit.reply.page(
    moneyPage({ city: house.city, staff: visit.staff, draft, seen, told, modules: [builderModule], ...parts }),
    wrong === undefined ? 200 : 409,
  )
}

/** `applicant--name` is the part `name` of the question `applicant`. */
const namesIn = (visit: Visit): { name: string; part?: string } => {
  const [name = '', part] = (ask(visit).question ?? '').split('--')
  return { name, ...(part !== undefined && { part }) }
}

async function question(house: BuildersHouse, visit: Visit, said: Partial<QuestionView> = {}, status = 200) {
  const draft = await draftBefore(house, visit)
  const { name, part } = namesIn(visit)
  const there = draft && (part === undefined ? name in draft.fields : insideOf(draft, name)?.parts[part])
  if (!draft || !there) return visit.reply.problem(404)
  const seen = markOf(
    draft,
    part === undefined ? { edit: 'remove-question', name } : { edit: 'remove-part', question: name, name: part },
  )
  const told = toldBy(inTheWay(draft, house), draft)
  const view = {
    city: house.city,
    staff: visit.staff,
    draft,
    name,
    seen,
    told,
    modules: [builderModule],
    ...(part !== undefined && { part }),
  }
  return visit.reply.page(questionPage({ ...view, ...said }), status)
}

async function keepQuestion(house: BuildersHouse, visit: Visit) {
  const { posted } = visit
  const draft = await draftBefore(house, visit)
  const { name, part } = namesIn(visit)
  if (!draft) return visit.reply.problem(404)
  const before = rowsOf(draft.fields[name]?.when)
  const written = part === undefined ? questionIn(posted, draft, before) : partIn(posted)
  const wished = (
    part === undefined
      ? { edit: 'change-question', name, written }
      : { edit: 'change-part', question: name, name: part, written }
  ) as Edit
  const done = await editDraft(house, visit.actor, { form: draft.id, edit: wished, seen: posted['seen'] ?? '' })
  if ('done' in done) {
    const focus = /^choice-(up|down)/.test(posted['do'] ?? '')
      ? '&at=choices'
      : posted['do'] === 'choice-add'
        ? `&at=choice.${String(Object.keys(written.field.choices ?? {}).length)}`
        : ''
    return visit.reply.redirect(`/desk/forms/${draft.id}/questions/${ask(visit).question ?? ''}?done=kept${focus}`, 303)
  }
  // What she typed stands in the page, not kept: a colleague was first, or another question speaks of this one.
  const typed = { ...written, when: conditionRowsIn(posted, 'when', before) } as NonNullable<QuestionView['typed']>
  const status = done.refused === 'changed' ? 409 : done.refused === 'not-there' ? 404 : 422
  const seen = done.refused === 'changed' ? {} : { seen: posted['seen'] ?? '' }
  return question(house, visit, { typed, wrong: refusalOf(done, draft), ...seen }, status)
}

import { both, fits } from '../importing/combine.ts'
import {
  createDraft,
  needsAll,
  needsMost,
  type DraftForm,
  type NewQuestion,
  type Placed,
} from '../importing/draft-form.ts'
import { maybePart, tableOf } from '../importing/kinds.ts'
import { createNames, plainWords } from '../importing/names.ts'
import { reading, type Reading } from '../importing/reading.ts'
import { createReport, type Report } from '../importing/report.ts'
import type { Condition } from '../../answering/condition.ts'
import { isThing, type Thing } from '../thing.ts'
import { reckoningOf } from './calculate.ts'
import { becomes } from './components.ts'
import { shownWhen } from './conditions.ts'
import { innerOf, isHolder, isTable } from './holders.ts'

type Work = Readonly<{ draft: DraftForm; report: Report; byKey: Map<string, Placed> }>
type Place = Readonly<{ at: string; page: string; path: string; when?: Condition | undefined; depth: number }>

/** A form of form.io: one page, or a wizard whose panels are pages. */
export function importFormio(form: Thing): Pick<Work, 'draft' | 'report'> & { title: string } {
  const work: Work = { draft: createDraft(), report: createReport(), byKey: new Map() }
  const read = reading(form)
  const title = plainWords(read.text('title') ?? read.text('name'), 300) ?? 'Imported form'
  const wizard = read.text('display') === 'wizard'
  read.pass('components', 'type', 'display', 'name', 'path')
  const usual = work.draft.page(title)
  for (const [index, component] of (form.components as readonly unknown[]).entries())
    if (isThing(component))
      takeTop(work, component, { at: `/components/${String(index)}`, page: usual, path: '', depth: 0 }, wizard)
  const left = read.left()
  work.report.add({ at: '', what: 'form', outcome: left.length > 0 ? 'changed' : 'mapped', needs: ['spanish'], says: ['It needs a topic, which decides who reads what is sent, and a sentence of introduction.'], left }) // prettier-ignore
  return { draft: work.draft, report: work.report, title }
}

function takeTop(work: Work, component: Thing, place: Place, wizard: boolean): void {
  if (!wizard || component.type !== 'panel') {
    take(work, component, place)
    return
  }
  const says: string[] = []
  const when = whenShown(work, component, says)
  const read = reading(component)
  const title = plainWords(read.text('title'), 300) ?? plainWords(read.text('label'), 300) ?? 'Page'
  const page = work.draft.page(title, when)
  for (const inner of innerOf(component)) take(work, inner.thing, { ...place, at: place.at + inner.at, page, depth: 1 })
  read.pass('components', 'type', 'key', 'conditional', 'customConditional', 'input', 'label')
  work.report.add({ at: place.at, what: `panel “${title}”`, outcome: says.length > 0 ? 'changed' : 'mapped', to: page, needs: ['spanish'], says, left: read.left() }) // prettier-ignore
}

const deepest = 30

function take(work: Work, component: Thing, place: Place): void {
  const read = reading(component)
  const type = read.text('type') ?? ''
  const key = read.text('key') ?? type
  const what = `${type || 'component'} “${(read.text('label') ?? key).slice(0, 80)}”`
  const says: string[] = []
  if (place.depth > deepest) {
    notTaken(work, component, place.at, what)
    return
  }
  const own = whenShown(work, component, says, place.page)
  read.pass('conditional', 'customConditional', 'input', 'id')
  if (isHolder(type, component)) {
    hold(work, component, read, { ...place, when: both(place.when, own) }, what, says)
    return
  }
  if (isTable(type)) {
    takeTable(work, component, read, { ...place, when: both(place.when, own) }, what, says)
    return
  }
  const became = becomes(type, read)
  const tell = (outcome: 'changed' | 'not-mapped' | 'not-needed', said: string, left = read.left()) => {
    work.report.add({ at: place.at, what, outcome, says: [...says, said], left })
  }
  if ('not' in became) tell('not-mapped', became.not, [])
  else if ('unneeded' in became) tell('not-needed', became.unneeded, [])
  else if ('content' in became) {
    if (became.content === undefined) tell('not-mapped', 'There are no words in it.')
    else {
      work.draft.intro(place.page, became.content)
      tell('changed', 'Its words stand at the top of the page, as plain text.')
    }
  } else ask(work, became, { ...place, when: both(place.when, own) }, { read, key, what, says })
  notTakenIn(work, component, place.at)
}

type Asking = Readonly<{ read: Reading; key: string; what: string; says: string[] }>

function ask(
  work: Work,
  became: Readonly<{ questions: readonly NewQuestion[]; says: readonly string[]; changed?: boolean }>,
  place: Place,
  { read, key, what, says }: Asking,
): void {
  const lost = says.length > 0
  const program = read.text('calculateValue')
  const reckon = program === undefined ? undefined : reckoningOf(program, (name) => findIn(work, name))
  if (program !== undefined && !reckon)
    says.push('How it is calculated is a program, which is not run here: it is asked instead.')
  const asked = became.questions.flatMap((question, index): Placed[] => {
    if (question.field.kind === 'files' && work.draft.has('files')) return []
    const known = new Set(work.draft.questions.map(({ name }) => name))
    const when = place.when && fits(place.when, known) ? place.when : undefined
    if (place.when && !when) says.push('When it is asked goes deeper than a condition may here: it is always asked.')
    const whole = reckon ? reckoned(question, reckon) : question
    const free = lost || (place.when && !when) ? { ...whole, required: false } : whole
    const name = work.draft.add(index === 0 ? key : `${key}-${String(index + 1)}`, { ...free, when }, place.page)
    return work.draft.questions.filter((one) => one.name === name)
  })
  const [first] = asked
  if (!first) {
    work.report.add({ at: place.at, what, outcome: 'not-mapped', says: ['A form asks for files once.'] })
    return
  }
  for (const name of [key, place.path + key]) work.byKey.set(name, first)
  const needs = reckon ? (['spanish'] as const) : first.category === undefined ? needsAll : needsMost
  const changed = became.changed === true || says.length > 0 || reckon !== undefined
  work.report.add({ at: place.at, what, outcome: changed ? 'changed' : 'mapped', to: asked.map(({ name }) => name).join(', '), needs, says: [...became.says, ...says], left: read.left() }) // prettier-ignore
}

const reckoned = (question: NewQuestion, reckon: NonNullable<ReturnType<typeof reckoningOf>>): NewQuestion => ({
  field: { label: question.field.label, kind: 'reckoned', reckon },
  property: { type: 'number' },
  required: false,
})

function hold(work: Work, component: Thing, read: Reading, place: Place, what: string, says: readonly string[]): void {
  const title = plainWords(read.text('legend') ?? read.text('title'), 300)
  read.pass('components', 'columns', 'rows', 'key', 'label', 'numRows', 'numCols', 'theme')
  if (title !== undefined) work.draft.intro(place.page, title)
  const path = read.text('type') === 'container' ? `${place.path}${read.text('key') ?? ''}.` : place.path
  for (const inner of innerOf(component))
    take(work, inner.thing, { ...place, at: place.at + inner.at, path, depth: place.depth + 1 })
  work.report.add({ at: place.at, what, outcome: 'changed', says: ['What it holds is asked one below the other.', ...says], left: read.left() }) // prettier-ignore
}

function takeTable(work: Work, component: Thing, read: Reading, place: Place, what: string, says: string[]): void {
  const nameOf = createNames()
  read.pass('components', 'key', 'label', 'input', 'templates')
  const parts = innerOf(component).flatMap(({ at, thing }) => {
    const inner = reading(thing)
    const type = inner.text('type') ?? ''
    const key = inner.text('key') ?? type
    inner.pass('input', 'id', 'conditional', 'customConditional')
    const said = `${type || 'component'} “${(inner.text('label') ?? key).slice(0, 80)}”`
    const became = becomes(type, inner)
    const [question] = 'questions' in became ? became.questions : []
    const whole = question && maybePart(question) && 'questions' in became && became.questions.length === 1
    if (!whole) {
      notTaken(work, thing, place.at + at, said)
      return []
    }
    notTakenIn(work, thing, place.at + at)
    const part = nameOf(key, 'part')
    work.report.add({ at: place.at + at, what: said, outcome: 'changed', to: part, needs: ['spanish'], says: ['It is a column of a table.'], left: inner.left() }) // prettier-ignore
    return [{ name: part, question }]
  })
  const validate = read.inside('validate')
  const known = new Set(work.draft.questions.map(({ name }) => name))
  const when = place.when && fits(place.when, known) ? place.when : undefined
  const label = plainWords(read.text('label'), 300) ?? 'Table'
  if (parts.length === 0) {
    work.report.add({
      at: place.at,
      what,
      outcome: 'not-mapped',
      says: [...says, 'None of its columns can be asked here.'],
    })
    return
  }
  const min = validate.yes('required') === true ? Math.max(1, validate.number('minLength') ?? 1) : validate.number('minLength') // prettier-ignore
  const table = tableOf(label, parts, { min, max: validate.number('maxLength') })
  const to = work.draft.add(read.text('key') ?? 'table', { ...table, required: table.required && says.length === 0 && when === place.when, when }, place.page) // prettier-ignore
  work.report.add({ at: place.at, what, outcome: says.length > 0 || when !== place.when ? 'changed' : 'mapped', to, needs: needsAll, says, left: read.left() }) // prettier-ignore
}

/** Whatever stands in what could not be taken is told as well, each by its own line; without recursion, so no depth can hurt. */
function notTaken(work: Work, component: Thing, at: string, what: string): void {
  work.report.add({ at, what, outcome: 'not-mapped', says: ['It stands where nothing can be asked here.'] })
  notTakenIn(work, component, at)
}

function notTakenIn(work: Work, component: Thing, at: string): void {
  const waiting = innerOf(component).map((inner) => ({ ...inner, at: at + inner.at }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { thing, at: here } = next
    const what = typeof thing.type === 'string' ? thing.type.slice(0, 60) : 'component'
    work.report.add({ at: here, what, outcome: 'not-mapped', says: ['It stands in what is asked in another way, or not at all.'] }) // prettier-ignore
    waiting.push(...innerOf(thing).map((inner) => ({ ...inner, at: here + inner.at })))
  }
}

function whenShown(work: Work, component: Thing, says: string[], page?: string): Condition | undefined {
  const condition = shownWhen(component, (key) => {
    const found = findIn(work, key)
    return found && page !== undefined && !work.draft.isBefore(found, page) ? undefined : found
  })
  if (typeof condition !== 'string') return condition
  says.push(`When it is shown is not taken over, so it is always asked and never required. ${condition}`)
  return undefined
}

const findIn = ({ byKey }: Work, key: string) => byKey.get(key) ?? byKey.get(key.split('.').at(-1) ?? '')

import { both, allOf, anyOf, fits, opposite } from '../importing/combine.ts'
import {
  createDraft,
  needsAll,
  needsMost,
  words,
  type Choices,
  type DraftForm,
  type NewQuestion,
  type Placed,
} from '../importing/draft-form.ts'
import { choicesFrom } from '../importing/kinds.ts'
import { plainWords } from '../importing/names.ts'
import { reading } from '../importing/reading.ts'
import { createReport, type Report } from '../importing/report.ts'
import type { Condition } from '../../answering/condition.ts'
import { isThing, type Thing } from '../thing.ts'
import { becomes, itemsIn } from './components.ts'
import { conditionOf, textAt, type Known } from './conditions.ts'
import { flowOf, type Step } from './flow.ts'
import { takeRows } from './rows.ts'
import { takeFees, takePayment } from './fees.ts'

export type Work = Readonly<{
  draft: DraftForm
  report: Report
  lists: Map<string, Choices>
  known: Known
  byName: Map<string, Placed>
  conditions: Map<string, Thing>
}>

const ends = ['SummaryPageController', 'SummaryPageWithConfirmationEmailController', 'StatusPageController', 'ConfirmationPageController'] // prettier-ignore

/** A form of the GOV.UK, DEFRA or XGov form builder, in version 1 or 2 of its engine. */
export function importDigitalForm(form: Thing): Pick<Work, 'draft' | 'report'> & { title: string } {
  const work = begin(form)
  const read = reading(form)
  for (const step of flowOf(form)) takePage(work, step)
  takeFees(work, form)
  const declaration = plainWords(read.text('declaration'))
  if (declaration !== undefined) {
    const page = work.draft.page('Declaration')
    const to = work.draft.add('declaration', { field: { label: words('Declaration'), kind: 'declaration', statement: words(declaration) }, property: { type: 'boolean' }, required: true }, page) // prettier-ignore
    work.report.add({ at: '/declaration', what: 'declaration', outcome: 'mapped', to, needs: needsAll })
  }
  read.pass('pages', 'lists', 'conditions', 'sections', 'fees', 'startPage', 'engine', 'schema', 'version')
  const title = plainWords(read.text('name'), 300) ?? 'Imported form'
  const left = read.left()
  work.report.add({
    at: '',
    what: 'form',
    outcome: left.length > 0 ? 'changed' : 'mapped',
    needs: ['spanish'],
    says: ['It needs a topic, which decides who reads what is sent, and a sentence of introduction.', ...(left.length > 0 ? ['Where answers go is decided by the topic; nothing is sent anywhere else.'] : [])], // prettier-ignore
    left,
  })
  return { draft: work.draft, report: work.report, title }
}

function begin(form: Thing): Work {
  const [draft, report] = [createDraft(), createReport()]
  const [lists, items] = [new Map<string, Choices>(), new Map<string, string>()]
  const [conditions, byName] = [new Map<string, Thing>(), new Map<string, Placed>()]
  for (const [at, list] of things(form.lists)) {
    const all = Array.isArray(list.items) ? (list.items as unknown[]) : []
    const choices = choicesFrom(itemsIn(all))
    const names = [textAt(list, 'name'), textAt(list, 'id')].flatMap((name) => name ?? [])
    if (choices) for (const name of names) lists.set(name, choices)
    for (const item of all)
      if (isThing(item) && textAt(item, 'id')) items.set(textAt(item, 'id') ?? '', String(item.value))
    const extra = all.some(
      (item) => isThing(item) && (item.hint ?? item.description ?? item.condition ?? item.conditional),
    )
    const read = reading(list)
    read.pass('items', 'name', 'id', 'title', 'type')
    report.add({ at: `/lists/${String(at)}`, what: `list ${names[0] ?? ''}`, outcome: choices ? (extra ? 'changed' : 'mapped') : 'not-mapped', says: [...(choices ? [] : ['It has nothing to choose from.']), ...(extra ? ['Hints and conditions of single answers are left out.'] : [])], left: read.left() }) // prettier-ignore
  }
  for (const [, condition] of things(form.conditions))
    for (const name of [textAt(condition, 'name'), textAt(condition, 'id')])
      if (name !== undefined) conditions.set(name, condition)
  const known: Known = {
    question: (name) => byName.get(name) ?? byName.get(name.split('.').at(-1) ?? ''),
    condition: (name) => conditions.get(name),
    item: (id) => items.get(id),
  }
  for (const [at, condition] of things(form.conditions))
    report.add({ at: `/conditions/${String(at)}`, what: `condition ${textAt(condition, 'displayName') ?? textAt(condition, 'name') ?? ''}`, outcome: 'mapped', says: ['It stands where it is used.'] }) // prettier-ignore
  for (const [at, section] of things(form.sections))
    report.add({ at: `/sections/${String(at)}`, what: `section ${textAt(section, 'title') ?? ''}`, outcome: 'changed', says: ['Pages are not gathered in sections here.'] }) // prettier-ignore
  return { draft, report, lists, known, byName, conditions }
}

export function things(list: unknown): readonly (readonly [number, Thing])[] {
  return Array.isArray(list) ? (list as unknown[]).flatMap((one, at) => (isThing(one) ? [[at, one] as const] : [])) : []
}

function takePage(work: Work, { page, at, reach, says: unsaid }: Step): void {
  const read = reading(page)
  const where = `/pages/${String(at)}`
  const title = plainWords(read.text('title'), 300) ?? read.text('path') ?? 'Page'
  const controller = (read.text('controller') ?? '').split('/').at(-1)?.replace(/\.js$/, '') ?? ''
  read.pass('components', 'path', 'next', 'condition', 'id', 'section')
  const says = unsaid === undefined ? [] : [unsaid]
  const when = reach && whenReached(work, reach, says)
  if (ends.includes(controller) && things(page.components).length === 0) {
    work.report.add({ at: where, what: `page “${title}”`, outcome: 'not-needed', says: ['Every form here ends with its own page.'], left: read.left() }) // prettier-ignore
    return
  }
  const id = work.draft.page(title, when)
  const repeat = isThing(page.repeat) && controller.startsWith('Repeat') ? read.inside('repeat') : undefined
  if (repeat) takeRows(work, page, where, id, repeat, title)
  else if (controller.startsWith('Repeat')) takeRows(work, page, where, id, read.inside('options'), title)
  else for (const [index, component] of things(page.components)) takeComponent(work, component, `${where}/components/${String(index)}`, id) // prettier-ignore
  if (says.length > 0) work.draft.free(id)
  work.report.add({ at: where, what: `page “${title}”`, outcome: says.length > 0 ? 'changed' : 'mapped', to: id, says, needs: ['spanish'], left: read.left() }) // prettier-ignore
}

function whenReached(work: Work, reach: readonly (readonly string[])[], says: string[]): Condition | undefined {
  if (reach.some((term) => term.length === 0)) return undefined
  const terms = reach.map((term) =>
    term.map((literal) => {
      const wrapper = work.conditions.get(literal.slice(1))
      const condition = wrapper ? conditionOf(wrapper, work.known) : 'The condition is not there.'
      return typeof condition === 'string' ? condition : literal.startsWith('+') ? condition : opposite(condition)
    }),
  )
  const why = terms.flat().find((one) => typeof one === 'string')
  const whole = why === undefined ? anyOf(terms.flatMap((term) => allOf(term as Condition[]) ?? [])) : undefined
  if (whole && fits(whole, new Set(work.draft.questions.map(({ name }) => name)))) return whole
  says.push(`Its condition is not taken over, so the page is always asked, and nothing on it required. ${why ?? 'It goes deeper than a condition may here, or speaks of later questions.'}`) // prettier-ignore
  return undefined
}

export function takeComponent(
  work: Work,
  component: Thing,
  at: string,
  page: string,
  when?: Condition,
  depth = 0,
): void {
  const read = reading(component)
  const type = read.text('type') ?? ''
  const name = read.text('name') ?? type
  const what = `${type || 'component'} “${(read.text('title') ?? name).slice(0, 80)}”`
  read.pass('id', 'shortDescription')
  const became = becomes(type, read, work.lists)
  const left = () => read.left()
  if ('payment' in became) takePayment(work, read, at, what)
  else if ('not' in became) work.report.add({ at, what, outcome: 'not-mapped', says: [became.not], left: [] })
  else if ('content' in became) {
    if (became.content !== undefined) work.draft.intro(page, became.content)
    const says =
      became.content === undefined
        ? ['There are no words in it.']
        : ['Its words stand at the top of the page, as plain text.']
    work.report.add({ at, what, outcome: became.content === undefined ? 'not-mapped' : 'changed', says, left: left() })
  } else {
    const asked = became.questions.map((question, index) => place(work, question, index === 0 ? name : `${name}-time`, page, when)) // prettier-ignore
    const [first] = asked
    if (!first)
      work.report.add({ at, what, outcome: 'not-mapped', says: ['A form asks for files once.'], left: left() })
    else {
      for (const key of [name, textAt(component, 'id')]) if (key !== undefined) work.byName.set(key, first)
      work.report.add({ at, what, outcome: became.changed ? 'changed' : 'mapped', to: asked.map((one) => one?.name).join(', '), needs: first.category === undefined ? needsAll : needsMost, says: became.says, left: left() }) // prettier-ignore
    }
  }
  if (depth < 5) takeInner(work, component, at, page, name, depth)
  else
    for (const inner of innerIn(component, at))
      work.report.add({
        at: inner.at,
        what: inner.what,
        outcome: 'not-mapped',
        says: ['It stands too deep in others.'],
      })
}

/** Components that hang on single answers, however deep. */
export function innerIn(component: Thing, at: string): readonly { at: string; what: string }[] {
  const found: { at: string; what: string }[] = []
  const waiting = [{ component, at }]
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const [index, item] of things(next.component.items))
      for (const [place, one] of isThing(item.conditional) ? things(item.conditional.components) : []) {
        const here = `${next.at}/items/${String(index)}/conditional/components/${String(place)}`
        found.push({ at: here, what: textAt(one, 'type') ?? 'component' })
        waiting.push({ component: one, at: here })
      }
  return found
}

function place(work: Work, question: NewQuestion, name: string, page: string, when?: Condition): Placed | undefined {
  if (question.field.kind === 'files' && work.draft.has('files')) return undefined
  const to = work.draft.add(name, { ...question, when: both(question.when, when) }, page)
  return work.draft.questions.find((one) => one.name === to)
}

/** Version 1: an answer of a list may bring questions of its own. */
function takeInner(work: Work, component: Thing, at: string, page: string, name: string, depth: number): void {
  const asked = work.byName.get(name)
  for (const [index, item] of things(component.items)) {
    const inner = isThing(item.conditional) ? things(item.conditional.components) : []
    const is = asked?.choices?.byValue.get(String(item.value))
    const when = asked && is !== undefined ? { field: asked.name, is } : undefined
    for (const [place, one] of inner)
      takeComponent(work, one, `${at}/items/${String(index)}/conditional/components/${String(place)}`, page, when, depth + 1) // prettier-ignore
  }
}

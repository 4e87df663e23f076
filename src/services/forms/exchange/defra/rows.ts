import { needsAll } from '../importing/draft-form.ts'
import { maybePart, tableOf } from '../importing/kinds.ts'
import { createNames, plainWords } from '../importing/names.ts'
import { reading, type Reading } from '../importing/reading.ts'
import type { Thing } from '../thing.ts'
import { becomes } from './components.ts'
import { innerIn, things, type Work } from './import-form.ts'

/** A page that is filled in again and again is a table: its questions are the columns. */
export function takeRows(work: Work, page: Thing, where: string, id: string, repeat: Reading, title: string): void {
  const nameOf = createNames()
  const parts = things(page.components).flatMap(([index, component]) => {
    const at = `${where}/components/${String(index)}`
    const read = reading(component)
    const type = read.text('type') ?? ''
    const name = read.text('name') ?? type
    const what = `${type || 'component'} “${(read.text('title') ?? name).slice(0, 80)}”`
    read.pass('id', 'shortDescription')
    const became = becomes(type, read, work.lists)
    const [question] = 'questions' in became ? became.questions : []
    for (const inner of innerIn(component, at))
      work.report.add({
        at: inner.at,
        what: inner.what,
        outcome: 'not-mapped',
        says: ['It cannot be asked in a row of a table.'],
      })
    if (!question || !maybePart(question)) {
      work.report.add({ at, what, outcome: 'not-mapped', says: ['It cannot be asked in a row of a table.'], left: [] })
      return []
    }
    const part = nameOf(name, 'part')
    work.report.add({ at, what, outcome: 'changed', to: part, needs: ['spanish'], says: ['It is a column of a table.'], left: read.left() }) // prettier-ignore
    return [{ name: part, question }]
  })
  if (parts.length === 0) return
  const [options, schema] = [repeat.inside('options'), repeat.inside('schema')]
  const label = plainWords(options.text('title'), 300) ?? title
  const table = tableOf(label, parts, { min: schema.number('min'), max: schema.number('max') })
  const to = work.draft.add(options.text('name') ?? title, table, id)
  work.report.add({ at: `${where}/repeat`, what: `repeated page “${label}”`, outcome: 'mapped', to, needs: needsAll, says: ['It is one table, with a row for each.'] }) // prettier-ignore
}

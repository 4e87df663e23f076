import type { Mistake, Yaml } from '../../plumbing/index.ts'
import type { FormFile } from './define-file.ts'

/** Where a form has pages, every question stands on one of them, in the order of the questions. */
export function checkPages(file: Yaml<FormFile>): Mistake[] {
  const { pages, fields, layout } = file.value
  const asked = Object.keys(fields)
  if (pages === undefined) {
    if (layout !== 'pages') return []
    return [
      file.mistake(['layout'], 'This form has no pages.', 'pages: with the questions of each, or layout: one-page'),
    ]
  }
  const mistakes: Mistake[] = []
  const placed: string[] = []
  for (const [id, { fields: names }] of Object.entries(pages))
    names.forEach((name, index) => {
      const at = ['pages', id, 'fields', index]
      if (!asked.includes(name))
        mistakes.push(file.mistake(at, `“${name}” is not a question of this form.`, asked.join(', ')))
      else if (placed.includes(name))
        mistakes.push(file.mistake(at, `“${name}” stands on two pages.`, 'one page for it'))
      placed.push(name)
    })
  for (const name of asked.filter((name) => !placed.includes(name)))
    mistakes.push(file.mistake(['pages'], `“${name}” stands on no page.`, `${name} under fields: of one page`, 'key'))
  const order = placed.filter((name) => asked.includes(name))
  const wrong = mistakes.length === 0 && order.find((name, index) => name !== asked[index])
  if (wrong)
    mistakes.push(file.mistake(['pages'], `“${wrong}” is out of order.`, 'questions in the order of fields:', 'key'))
  return mistakes
}

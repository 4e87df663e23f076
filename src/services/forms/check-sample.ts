import { join } from 'node:path'
import { mustBeKnown, type City, type SampleCase } from '../../city/index.ts'
import { isMistaken, readYaml, Type, type Mistake } from '../../plumbing/index.ts'
import type { Forms } from './define.ts'
import { errorWords } from './pages/error-words.ts'

const casesFile = Type.Object({ cases: Type.Array(Type.Object({})) })

/**
 * Where `sample/cases.yaml` and the forms do not agree: a letter of a form that there is not, an answer that its form does not
 * take, or one to a question that it does not ask. Asked before the first letter comes in, so that none of them do.
 */
export function mistakesInSample(folder: string, city: City, forms: Forms): readonly Mistake[] {
  if (!city.sample) return []
  const file = readYaml(join(folder, 'sample', 'cases.yaml'), casesFile)
  if (isMistaken(file)) return file.mistakes
  const known = Object.fromEntries([...forms.values()].map(({ id }) => [id, true]))
  return city.sample.cases.flatMap((told, n) => [
    ...mustBeKnown(file, ['cases', n, 'form'], told.form, known, 'a form'),
    ...wrongAnswers(told, forms).map(({ name, says, allowed, part }) => {
      const at = name in told.answers ? ['cases', n, 'answers', name] : ['cases', n, 'answers']
      return file.mistake(at, says, allowed, part)
    }),
  ])
}

type Wrong = Readonly<{ name: string; says: string; allowed: string; part: 'key' | 'value' }>

function wrongAnswers({ form: id, answers }: SampleCase, forms: Forms): readonly Wrong[] {
  const form = forms.get(id)
  if (!form) return []
  const asked = form.fields.map(({ name }) => name)
  const strange = Object.keys(answers).filter((name) => !asked.includes(name.split('.')[0] ?? ''))
  return [
    ...strange.map((name) => {
      const says = `The form “${id}” does not ask “${name}”.`
      return { name, says, allowed: asked.join(', '), part: 'key' as const }
    }),
    ...errorWords('en', form, form.look(answers).errors).map(({ name, says }) => {
      return { name, says, allowed: `what ${id} takes for “${name}”`, part: 'value' as const }
    }),
  ]
}

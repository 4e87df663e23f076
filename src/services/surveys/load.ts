import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { mustBeKnown } from '../../city/index.ts'
import type { City, DepartmentId, FormId, Refusal } from '../../city/index.ts'
import { inOrder, isMistaken, readYaml, type Mistake, type Mistaken, type Yaml } from '../../plumbing/index.ts'
import { loadForm, type Field, type FormDefinition } from '../forms/index.ts'
import { surveysFile, type SurveysFile } from './survey-file.ts'

export type Way = 'open' | 'invited'

/** A questionnaire and how the city lets it be asked. */
export type Questionnaire = Readonly<{
  form: FormDefinition
  department: DepartmentId
  way: Way
  results: 'while-open' | 'after-closing'
  freeText: 'never' | 'after-approval'
  smallest: number
  days: number
  opens?: Temporal.PlainDate
  closes?: Temporal.PlainDate
}>

/** Every questionnaire of the city, by its form. */
export type Questionnaires = ReadonlyMap<FormId, Questionnaire>

export type SurveyFilesRefused = Refusal<'survey-files', { mistakes: readonly Mistake[] }>

/**
 * Reads `surveys.yaml` and the folder `surveys`. A question that would tell who answers is refused with file and line, and
 * so is a questionnaire without rules. A city without `surveys.yaml` asks nothing.
 */
export function loadSurveys(folder: string, city: City): Questionnaires | SurveyFilesRefused {
  const path = join(folder, 'surveys.yaml')
  if (!existsSync(path)) return new Map()
  const file = readYaml(path, surveysFile)
  const forms = formsIn(join(folder, 'surveys'), city)
  const mistakes = [...(isMistaken(file) ? file.mistakes : []), ...(isMistaken(forms) ? forms.mistakes : [])]
  if (isMistaken(file) || isMistaken(forms)) return refuse(mistakes)
  const wrong = check(file, forms, city)
  if (wrong.length > 0) return refuse(wrong)
  return new Map(
    [...forms].flatMap(([id, form]) => {
      const rules = file.value.surveys[id]
      return rules ? [[id, questionnaire(form, rules)] as const] : []
    }),
  )
}

const refuse = (mistakes: readonly Mistake[]): SurveyFilesRefused => ({
  refused: 'survey-files',
  mistakes: inOrder(mistakes),
})

function formsIn(folder: string, city: City): ReadonlyMap<FormId, FormDefinition> | Mistaken {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : []
  const read = names.sort().map((name) => {
    const path = join(folder, name)
    const form = loadForm(path, city)
    if (isMistaken(form)) return form
    const mistakes = form.fields.flatMap((field) => tellsWho(path, field))
    return mistakes.length > 0 ? { mistakes } : form
  })
  const mistakes = read.flatMap((form) => (isMistaken(form) ? form.mistakes : []))
  if (mistakes.length > 0) return { mistakes }
  return new Map(read.flatMap((form) => (isMistaken(form) ? [] : [[form.id, form] as const])))
}

const fitting = ['choice', 'several', 'yes-no', 'place-choice', 'text', 'long-text']
const categories = ['location', 'age', 'interest', 'opinion', 'family', 'health', 'language']

/** A survey asks nothing that leads to whoever answers: no contact, no file, no number or date that few share. */
function tellsWho(file: string, { name, kind, privacy }: Field): Mistake[] {
  const at = { file, line: 1, column: 1 }
  if (!fitting.includes(kind))
    return [{ ...at, says: `“${name}” is asked as ${kind}, by which people are found.`, allowed: fitting.join(', ') }]
  if (privacy && !categories.includes(privacy.category))
    return [
      { ...at, says: `“${name}” asks for ${privacy.category}: a survey does not.`, allowed: categories.join(', ') },
    ]
  return []
}

function check(file: Yaml<SurveysFile>, forms: ReadonlyMap<FormId, FormDefinition>, city: City): Mistake[] {
  const entries = Object.entries(file.value.surveys)
  const departments = Object.fromEntries(city.departments)
  const missing = [...forms.keys()]
    .filter((id) => !Object.hasOwn(file.value.surveys, id))
    .map((id) => file.mistake(['surveys'], `“${id}” has no rules.`, `a block ${id}: under surveys`, 'key'))
  const wrong = entries.flatMap(([id, { department, opens, closes }]) => [
    ...mustBeKnown(file, ['surveys', id, 'department'], department, departments, 'a department'),
    ...(forms.has(id as FormId)
      ? []
      : [file.mistake(['surveys', id], `There are no questions for “${id}”.`, `a file surveys/${id}.yaml`, 'key')]),
    ...(opens !== undefined && closes !== undefined && closes < opens
      ? [file.mistake(['surveys', id, 'closes'], 'It closes before it opens.', 'a day after opens:')]
      : []),
  ])
  return [...missing, ...wrong]
}

function questionnaire(form: FormDefinition, rules: SurveysFile['surveys'][string]): Questionnaire {
  const { department, way, results, days, opens, closes } = rules
  return Object.freeze({
    form,
    department: department as DepartmentId,
    way,
    results,
    freeText: rules['free-text'],
    smallest: rules['smallest-cell'],
    days,
    ...(opens !== undefined && { opens: Temporal.PlainDate.from(opens) }),
    ...(closes !== undefined && { closes: Temporal.PlainDate.from(closes) }),
  })
}

import { stringify } from 'yaml'
import type { City } from '../../../city/index.ts'
import type { FormDefinition } from '../define.ts'
import type { Field } from '../define-field.ts'
import type { Kind } from '../define-file.ts'
import { bases, categories, purposes, type Privacy } from '../define-privacy.ts'
import { personalQuestions, type PersonalQuestion } from './personal-questions.ts'

const subject = { fides_key: 'resident', name: 'Resident', description: 'Whoever turns to the city.' }

/**
 * A form as a fideslang 3 manifest: a system with one privacy declaration for each purpose, legal basis and time of keeping,
 * and the dataset of its answers. Sorted by name, as fideslang itself sorts what it reads.
 */
export function asFideslang(form: FormDefinition, city: City, publicUrl: string): string {
  const key = `form_${form.id.replaceAll('-', '_')}`
  const manifest = {
    data_subject: [subject],
    system: [
      {
        fides_key: key,
        name: form.title.en,
        description: form.intro.en,
        meta: { version: form.version, address: `${publicUrl}/forms/${form.id}` },
        system_type: 'Service',
        administrating_department: departmentOf(form, city),
        legal_name: city.name.en,
        responsibility: ['Controller'],
        privacy_policy: `${publicUrl}/privacy`,
        processes_personal_data: personalQuestions(form).length > 0,
        dataset_references: [`${key}_answers`],
        privacy_declarations: declarations(form, city, `${key}_answers`),
      },
    ],
    dataset: [
      {
        fides_key: `${key}_answers`,
        name: `Answers to “${form.title.en}”`,
        description: 'Sealed under a key of each person; every look is written in the city’s ledger.',
        collections: [
          {
            name: 'answers',
            description: 'One for each letter.',
            fields: byName(form.fields.map((field) => fieldOf(field, city))),
          },
        ],
      },
    ],
  }
  return stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 118 })
}

function departmentOf({ topic }: FormDefinition, city: City): string {
  const department = city.topics.get(topic)?.department
  return (department && city.departments.get(department)?.name.en) ?? 'Not defined'
}

function declarations(form: FormDefinition, city: City, dataset: string) {
  const groups = Map.groupBy(personalQuestions(form), ({ privacy: { purpose, basis, retention } }) =>
    [purpose, basis, retention].join(', '),
  )
  return byName([...groups].map(([name, questions]) => ({ name, ...declaration(questions, city, dataset) })))
}

function declaration(questions: readonly PersonalQuestion[], city: City, dataset: string) {
  const [{ privacy } = { privacy: undefined }] = questions
  if (!privacy) throw new Error('A declaration is about at least one question')
  const kept = keptFor(privacy, city)
  return {
    data_categories: [...new Set(questions.map(({ privacy: { category } }) => categories[category].fides))].sort(),
    data_use: purposes[privacy.purpose].fides,
    data_subjects: [subject.fides_key],
    dataset_references: [dataset],
    legal_basis_for_processing: bases[privacy.basis].fides,
    ...(kept && { retention_period: kept }),
    data_shared_with_third_parties: false,
  }
}

/** How many kinds of JSON there are is not what fideslang names: only its own types. */
const types: Partial<Record<Kind, string>> = {
  number: 'float',
  money: 'integer',
  reckoned: 'float',
  'yes-no': 'boolean',
  declaration: 'boolean',
  several: 'string[]',
  files: 'string[]',
  table: 'object[]',
  person: 'object',
  child: 'object',
}

type DatasetField = Readonly<{ name: string; fields?: readonly DatasetField[] }> & Readonly<Record<string, unknown>>

/** An object says no category of its own: its parts do (fideslang refuses both at once). */
function fieldOf({ name, label, kind, privacy, parts }: Field, city: City): DatasetField {
  const kept = privacy && keptFor(privacy, city)
  return {
    name,
    description: label.en,
    ...(privacy && !parts && { data_categories: [categories[privacy.category].fides] }),
    ...(kept && { retention: kept }),
    fides_meta: { data_type: types[kind] ?? 'string' },
    ...(parts && { fields: byName(parts.map((part) => fieldOf(part, city))) }),
  }
}

const keptFor = ({ retention }: Privacy, city: City) => city.retention.get(retention)?.text.en

const byName = <Named extends { name: string }>(all: readonly Named[]) =>
  [...all].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

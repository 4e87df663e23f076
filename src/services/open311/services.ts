import type { City, Topic, TopicId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { Field, FormDefinition } from '../forms/index.ts'
import type { Answer, Thing } from './answer.ts'
import { say } from './messages.ts'
import { refuse, type Refused } from './refused.ts'

/** What may be reported: the topics that the form “Report a problem” offers. */
export function serviceOf(city: City, code: string): Topic | undefined {
  const topic = city.topics.get(code as TopicId)
  return topic?.problem ? topic : undefined
}

export function servicesAnswer(city: City, form: FormDefinition, language: Language): Answer {
  const asksMore = attributesOf(form).length > 0
  const things = [...city.topics.values()]
    .filter(({ problem }) => problem)
    .map((topic): Thing => ({
      service_code: topic.id,
      service_name: topic.name[language],
      description: city.departments.get(topic.department)?.does[language] ?? '',
      metadata: asksMore,
      type: 'realtime',
      keywords: topic.keywords?.[language] ?? '',
      group: city.departments.get(topic.department)?.name[language] ?? '',
    }))
  return { root: 'services', inside: { item: 'service', things } }
}

/** The questions that Open311 has no parameter of its own for. */
export function attributesOf(form: FormDefinition): readonly Field[] {
  const known = new Set([...Object.values(parametersOf(form)), ...Object.values(form.contact)])
  return form.fields.filter(({ name, kind }) => kind !== 'files' && name !== form.topicFrom && !known.has(name))
}

/** The questions that answer to `description` and `address_string`: the form's own words about what it asks say which. */
export function parametersOf(form: FormDefinition): Readonly<{ description?: string; address?: string }> {
  const asking = (category: string) => form.fields.find(({ privacy }) => privacy?.category === category)?.name
  const [description, address] = [asking('message'), asking('location')]
  return { ...(description !== undefined && { description }), ...(address !== undefined && { address }) }
}

export function definitionAnswer(city: City, form: FormDefinition, code: string, language: Language): Answer | Refused {
  const topic = serviceOf(city, code)
  if (!topic) return refuse(404, say(language, 'errService'))
  const things = attributesOf(form).map((field, at): Thing => {
    const { datatype, words } = datatypes[field.kind] ?? text
    return {
      variable: true,
      code: field.name,
      datatype,
      required: field.required,
      datatype_description: say(language, words),
      order: at + 1,
      description: field.label[language],
      ...(field.choices && {
        values: {
          item: 'value',
          things: field.choices.map(({ value, label }) => ({ key: value, name: label[language] })),
        },
      }),
    }
  })
  const inside = { service_code: topic.id, attributes: { item: 'attribute', things } }
  return { root: 'service_definition', inside }
}

const text = { datatype: 'string', words: 'typeText' } as const
const list = { datatype: 'singlevaluelist', words: 'typeList' } as const
type Datatype = Readonly<{ datatype: string; words: Parameters<typeof say>[1] }>
const datatypes: Readonly<Partial<Record<string, Datatype>>> = {
  'long-text': { datatype: 'text', words: 'typeLongText' },
  choice: list,
  'place-choice': list,
  'topic-choice': list,
  'yes-no': list,
  several: { datatype: 'multivaluelist', words: 'typeSeveral' },
  number: { datatype: 'number', words: 'typeNumber' },
  date: { datatype: 'datetime', words: 'typeDate' },
}

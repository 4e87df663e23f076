import type { City, FormId, Topic } from '../../city/index.ts'
import type { FormDefinition, Forms } from '../forms/index.ts'

/** What the published site is made from: the city's own facts and its forms. No database: it holds nothing of anybody. */
export type House = Readonly<{ city: City; forms: Forms }>

/** The forms in the order in which people come for them; a city's own forms follow the well-known ones. */
export function formsByUse({ forms }: House): FormDefinition[] {
  const wellKnown = ['report-a-problem', 'contact-the-city', 'records-request']
  const place = ({ id }: FormDefinition) => (wellKnown.indexOf(id) + wellKnown.length + 1) % (wellKnown.length + 1)
  return [...forms.values()].sort((a, b) => place(a) - place(b))
}

/**
 * Where a form is begun. What can be booked, or taken part in, is chosen from what is free, and leads to its form with that
 * chosen.
 */
export function pathToForm({ city }: Pick<House, 'city'>, form: FormId): string {
  if ([...city.bookings.values()].some((facility) => facility.form === form)) return '/bookings'
  return [...city.activities.programmes.values()].some((one) => one.form === form) ? '/activities' : `/forms/${form}`
}

/**
 * Where a letter about a topic is written: the form that is for this topic alone, else the one that offers it among the
 * fewest, with the topic chosen already. Undefined where no form takes it.
 */
export function formPathFor(house: House, topic: Topic): string | undefined {
  const own = [...house.forms.values()].find((form) => form.topic === topic.id && form.topicFrom === undefined)
  if (own) return pathToForm(house, own.id)
  const offering = [...house.forms.values()]
    .map((form) => ({ form, choices: choicesOfTopic(form) }))
    .filter(({ choices }) => choices.includes(topic.id))
    .sort((a, b) => a.choices.length - b.choices.length)[0]?.form
  return offering && `/forms/${offering.id}?${offering.topicFrom}=${topic.id}`
}

function choicesOfTopic({ topicFrom, fields }: FormDefinition): string[] {
  const question = fields.find(({ name }) => name === topicFrom)
  return question?.choices?.map(({ value }) => value) ?? []
}

import type { City } from '../../../../city/index.ts'
import type { DraftFile } from '../draft.ts'

/** What people have to say before an imported form can be published, said for all of it at once. */
export function fillIn(draft: DraftFile, city: City): unknown {
  const [retention] = city.retention.keys()
  const [topic] = city.topics.keys()
  const seen = new Set<string>()
  const properties = Object.entries(draft.schema.properties).map(([name, property]) => {
    const { category = 'message' } = typeof property.privacy === 'object' ? property.privacy : {}
    const once = seen.has(category) ? 'message' : category
    seen.add(category)
    const necessity = { en: 'To do what you ask.', es: 'Para hacer lo que pide.' }
    return [name, { ...property, privacy: { purpose: 'answer', category: once, necessity, retention, needed: true } }]
  })
  const filled = { ...draft, topic, schema: { ...draft.schema, properties: Object.fromEntries(properties) as unknown } }
  return JSON.parse(JSON.stringify(filled), (_key, value: unknown) =>
    typeof value === 'object' && value !== null && 'en' in value && 'es' in value
      ? { en: value.en === '' ? 'Words' : value.en, es: value.es === '' ? 'Palabras' : value.es }
      : value,
  ) as unknown
}

import type { City } from '../../../city/index.ts'
import { isMistaken, type Mistake } from '../../../plumbing/index.ts'
import { checkedForm, type FormDefinition } from '../define.ts'
import { wholeForm, type DraftFile, type DraftPrivacy, type DraftProperty } from './draft.ts'

const notYet = { en: '(not written yet)', es: '(falta escribirlo)' }

/**
 * A draft as people would see it, with something in place of what is not written yet; or the mistakes for which it cannot be
 * shown at all. For looking and trying out: what is made here is never published.
 */
export function asIfWhole(draft: DraftFile, city: City): FormDefinition | Readonly<{ mistakes: readonly Mistake[] }> {
  const whole = wholeForm(filledUp(draft, city))
  return isMistaken(whole) ? whole : checkedForm(whole, city)
}

function filledUp(draft: DraftFile, city: City): DraftFile {
  const retention = [...city.retention.keys()][0] ?? ''
  const withReason = (property: DraftProperty, name: string): DraftProperty => ({
    ...property,
    privacy: reasonFor(property.privacy, retention, draft.schema.required?.includes(name) ?? false),
  })
  const properties = Object.fromEntries(
    Object.entries(draft.schema.properties).map(([name, property]) => [name, withReason(property, name)]),
  )
  return worded({ ...draft, schema: { ...draft.schema, properties } }) as DraftFile
}

function reasonFor(privacy: DraftPrivacy | undefined, retention: string, required: boolean): DraftPrivacy {
  if (typeof privacy === 'string') return privacy
  const said = {
    purpose: 'answer',
    category: 'message',
    necessity: notYet,
    retention,
    needed: required,
    ...privacy,
  } as const
  return { ...said, needed: required || said.needed }
}

/** Words in place of every empty pair of words. */
function worded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(worded)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
  if (
    keys.length === 2 &&
    'en' in value &&
    'es' in value &&
    typeof value.en === 'string' &&
    typeof value.es === 'string'
  )
    return { en: /\S/.test(value.en) ? value.en : notYet.en, es: /\S/.test(value.es) ? value.es : notYet.es }
  return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, worded(inside)]))
}

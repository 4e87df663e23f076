import type { City } from '../../../city/index.ts'
import { isMistaken } from '../../../plumbing/index.ts'
import { wholeForm } from '../building/draft.ts'
import { checkedForm, type FormDefinition } from '../define.ts'
import type { FormFile } from '../define-file.ts'

const made = new WeakMap<FormDefinition, Map<string, FormDefinition>>()

/**
 * The form as far as a parent consented: questions about a person only for those purposes, and what is about nobody. What
 * is not in it does not exist on the page, and is not read from what is posted. Undefined where nothing is left to ask.
 */
export function childsForm(city: City, form: FormDefinition, purposes: readonly string[]): FormDefinition | undefined {
  const known = made.get(form) ?? new Map<string, FormDefinition>()
  made.set(form, known)
  const key = [...purposes].sort().join(' ')
  const before = known.get(key)
  if (before) return before
  const left = form.fields.flatMap(({ name, privacy }) =>
    !privacy || purposes.includes(privacy.purpose) ? [name] : [],
  )
  if (left.length === 0) return undefined
  const whole = wholeForm(only(form.source, new Set(left)))
  const limited = isMistaken(whole) ? whole : checkedForm(whole, city)
  if (isMistaken(limited)) return undefined
  known.set(key, limited)
  return limited
}

/** A form's source with these questions alone; a question whose condition asks for another goes with that one. */
function only(source: FormFile, names: ReadonlySet<string>): FormFile {
  const kept = new Set([...names].filter((name) => !asksFor(source.fields[name]?.when, names)))
  if (kept.size < names.size) return only(source, kept)
  const { fields, pages, schema, 'in-order': pairs, 'topic-from': topic, 'place-from': place, ...rest } = source
  const pick = <T>(of: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(of).filter(([name]) => kept.has(name)))
  const pagesLeft = Object.entries(pages ?? {}).flatMap(([id, page]) => {
    const here = page.fields.filter((name) => kept.has(name))
    return here.length === 0 || asksFor(page.when, kept) ? [] : [[id, { ...page, fields: here }] as const]
  })
  const inOrder = (pairs ?? []).filter((pair) => pair.every((name) => kept.has(name)))
  return {
    ...rest,
    ...(inOrder.length > 0 && { 'in-order': inOrder }),
    ...(topic !== undefined && kept.has(topic) && { 'topic-from': topic }),
    ...(place !== undefined && kept.has(place) && { 'place-from': place }),
    fields: pick(fields),
    ...(pages && { pages: Object.fromEntries(pagesLeft) }),
    schema: {
      ...schema,
      properties: pick(schema.properties),
      required: (schema.required ?? []).filter((name) => kept.has(name)),
    },
  }
}

/** Whether a condition speaks of a question that is not among these. */
function asksFor(when: unknown, names: ReadonlySet<string>): boolean {
  if (typeof when !== 'object' || when === null) return false
  if ('field' in when && typeof when.field === 'string' && !names.has(when.field.split('.')[0] ?? '')) return true
  return Object.values(when).some((part) => (Array.isArray(part) ? part.some((one) => asksFor(one, names)) : asksFor(part, names))) // prettier-ignore
}

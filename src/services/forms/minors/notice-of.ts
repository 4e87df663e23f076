import type { City, Text } from '../../../city/index.ts'
import { languages, type Language } from '../../../plumbing/index.ts'
import { makeNotice, type Notice, type PurposeDraft, type Sensitivity } from '../../../people/consent/index.ts'
import type { Field } from '../define-field.ts'
import type { FormDefinition } from '../define.ts'
import type { Privacy, Purpose } from '../define-privacy.ts'
import { say } from './messages.ts'

/** How long a consent to a form lasts: it is asked again after a year. */
const lasts = { days: 365 } as const

type Personal = Readonly<{ field: Field; privacy: Privacy }>

/**
 * What a parent is told and asked about a form: one purpose for all questions that are asked for it, in the words that stand
 * beside them. Any answer may one day be asked for as a public record, so e-mail alone is never enough.
 */
export function noticeOf(city: City, form: FormDefinition): Notice {
  const personal = form.fields.flatMap((field) => (field.privacy ? [{ field, privacy: field.privacy }] : []))
  const purposes = [...new Set(personal.map(({ privacy }) => privacy.purpose))]
  return makeNotice(city, {
    thing: `form:${form.id}`,
    title: form.title,
    purposes: purposes.map((purpose) => {
      const its = personal.filter(({ privacy }) => privacy.purpose === purpose)
      return purposeOf(city, form, purpose, its)
    }),
  })
}

function purposeOf(city: City, form: FormDefinition, purpose: Purpose, its: readonly Personal[]): PurposeDraft {
  const [first] = its
  if (!first) throw new Error('a purpose without a question')
  const kept = its.map(({ privacy }) => privacy.retention)
  const longest = [...kept].sort((a, b) => yearsOf(city, b) - yearsOf(city, a))[0] ?? first.privacy.retention
  const department = city.topics.get(form.topic)?.department
  const office = department && city.departments.get(department)?.name
  const words = (text: (language: Language) => string): Text =>
    Object.fromEntries(languages.map((language) => [language, text(language)])) as Text
  const sensitivity: Sensitivity = its.some(({ privacy }) => privacy.sensitivity === 'sensitive')
    ? 'sensitive'
    : 'private'
  return {
    id: purpose,
    title: words((language) => say(language, `purpose-${purpose}`)),
    why: words((language) => [...new Set(its.map(({ privacy }) => privacy.necessity[language]))].join(' ')),
    asks: its.map(({ field }) => ({ field: field.name, label: field.label })),
    sees: words((language) => say(language, 'sees', { office: office?.[language] ?? '' })),
    kept: words((language) => city.retention.get(longest)?.text[language] ?? ''),
    needed: its.some(({ privacy }) => privacy.needed),
    record: true,
    retention: longest,
    topic: form.topic,
    sight: 'topic',
    sensitivity,
    disclosed: true,
    lasts,
  }
}

const yearsOf = (city: City, id: Privacy['retention']): number => city.retention.get(id)?.years ?? 0

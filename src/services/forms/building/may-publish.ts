import type { Text } from '../../../city/index.ts'
import type { FieldEntry, Kind } from '../define-file.ts'
import type { Category, Purpose } from '../define-privacy.ts'
import type { DraftFile, DraftPrivacy } from './draft.ts'
import { insideOf } from './edits/parts.ts'
import { kindShapes } from './kind-shape.ts'
import { plainWords, type Minimisation, type TooMuch } from './minimisation.ts'

/** Why a form may not be published, and at which question; `question` is empty where it is the form as a whole. */
export type PublishRefusal = Readonly<{ question: string; part?: string }> &
  (
    | Readonly<{ code: 'no-question' | 'no-purpose' | 'no-category' | 'no-necessity' | 'no-retention' | 'no-needed' }>
    | Readonly<{ code: 'not-personal' | 'child-without-consent' }>
    | Readonly<{ code: 'too-much'; rule: string; because: Text; instead: Text }>
    | Readonly<{ code: 'on-file'; category: Category; where: Text }>
  )

type Asked = Readonly<{
  question: string
  part?: string
  kind: Kind
  entry: Omit<FieldEntry, 'kind'>
  privacy: DraftPrivacy | undefined
}>

/**
 * What stands in the way of publishing a form, by question: what the privacy vocabulary lacks, what the city has already,
 * what its purpose does not need, and children without a parent's consent. Nothing in the way: an empty list.
 */
export function mayPublish(draft: DraftFile, rules: Minimisation): readonly PublishRefusal[] {
  const all = Object.keys(draft.fields).flatMap((name) => askedIn(draft, name))
  return [
    ...(all.length === 0 ? [{ question: '', code: 'no-question' } as const] : []),
    ...all.flatMap((asked) => [
      ...lacking(asked),
      ...(draft.minors === undefined && isOfChild(asked)
        ? [at(asked, { code: 'child-without-consent' as const })]
        : []),
      ...rules.tooMuch.flatMap((rule) => tooMuch(asked, rule)),
      ...onFile(asked, rules),
    ]),
  ]
}

/** A question and, of one in parts, each part; a part that says nothing of its own is asked for the reason of the whole. */
function askedIn(draft: DraftFile, question: string): Asked[] {
  const entry = draft.fields[question]
  if (!entry) return []
  const privacy = draft.schema.properties[question]?.privacy
  const inside = insideOf(draft, question)
  const parts = Object.entries(inside?.parts ?? {}).map(([part, field]) => ({
    question,
    part,
    kind: field.kind,
    entry: field,
    privacy: inside?.answers[part]?.privacy ?? privacy,
  }))
  return [{ question, kind: entry.kind, entry, privacy }, ...parts]
}

const at = <Why extends object>({ question, part }: Asked, why: Why) => ({
  question,
  ...(part !== undefined && { part }),
  ...why,
})

function lacking(asked: Asked): PublishRefusal[] {
  const { privacy, kind, part } = asked
  if (typeof privacy === 'string') {
    const personal = !(privacy === 'not-personal' && (part !== undefined || kindShapes[kind].chosen))
    return personal ? [at(asked, { code: 'not-personal' as const })] : []
  }
  const { purpose, category, necessity, retention, needed } = privacy ?? {}
  return [
    ...(purpose === undefined ? [at(asked, { code: 'no-purpose' as const })] : []),
    ...(category === undefined ? [at(asked, { code: 'no-category' as const })] : []),
    ...(said(necessity) ? [] : [at(asked, { code: 'no-necessity' as const })]),
    ...(retention === undefined || retention === '' ? [at(asked, { code: 'no-retention' as const })] : []),
    ...(needed === undefined ? [at(asked, { code: 'no-needed' as const })] : []),
  ]
}

const said = (words: Text | undefined) => words !== undefined && /\S/.test(words.en) && /\S/.test(words.es)

const isOfChild = ({ kind, privacy }: Asked) =>
  kind === 'child' || (typeof privacy === 'object' && privacy.category === 'child')

function tooMuch(asked: Asked, rule: TooMuch): PublishRefusal[] {
  const { privacy, kind } = asked
  const { category, purpose }: { category?: Category; purpose?: Purpose } = typeof privacy === 'object' ? privacy : {}
  const meant =
    (rule.category !== undefined && rule.category === category) ||
    (rule.kind !== undefined && rule.kind === kind) ||
    (rule.words.length > 0 && speaksOf(asked, rule.words))
  if (!meant || (purpose !== undefined && rule.onlyFor?.includes(purpose))) return []
  const { id, because, instead } = rule
  return [at(asked, { code: 'too-much' as const, rule: id, because, instead })]
}

/** Whether one of these words stands in what the question says, in either language, or in its name. */
function speaksOf({ entry, question, part }: Asked, words: readonly string[]): boolean {
  const texts = [entry.label, entry.help, entry.hint, entry.statement, ...Object.values(entry.choices ?? {})]
  const said = [part ?? question, ...texts.flatMap((text) => (text ? [text.en, text.es] : []))]
  const plain = said.map((one) => ` ${plainWords(one)} `)
  return words.some((word) => plain.some((one) => one.includes(` ${word} `)))
}

function onFile(asked: Asked, { onFile }: Minimisation): PublishRefusal[] {
  const { privacy } = asked
  const category = typeof privacy === 'object' ? privacy.category : undefined
  const where = category && onFile.get(category)
  return category && where ? [at(asked, { code: 'on-file' as const, category, where })] : []
}

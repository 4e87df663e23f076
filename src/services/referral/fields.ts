import type { Agency, City, Need } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import { kinds, type Kind } from '../attachments/index.ts'
import type { CaseLine, ContactDetails, Letter } from '../correspondence/index.ts'
import type { Forms } from '../forms/index.ts'
import { say } from './messages.ts'

/** One thing that a case holds and that could leave. `category`: what an agency must need to be given it. */
export type Field = Readonly<{
  /** `category:code`: what the ledger and the database are told of it. */
  code: string
  category: Need | 'case'
  label: string
  value: string
  /** Of a file: what is sent, under a name that tells nothing. */
  file?: LeavingFile
}>

/** A file as it is looked over before it leaves. `name`: under which it leaves; its own stays here. */
export type LeavingFile = Readonly<{ code: string; id: string; name: string; kind: Kind; bytes: number }>

/**
 * Everything the person wrote or gave, field by field, in her language. The city's answers, notes and their files are not
 * among it and never leave. What it is about and when it came always goes along: without it nothing can be done.
 */
export function fieldsOf(
  { city, forms }: { city: City; forms: Forms },
  line: CaseLine,
  contact: ContactDetails,
  letters: readonly Letter[],
): readonly Field[] {
  const { language } = line
  const topic = city.topics.get(line.topic)?.name[language] ?? line.topic
  const place = line.place === undefined ? undefined : city.places.get(line.place)?.name[language]
  const own = (name: 'name' | 'email' | 'telephone') => {
    const value = contact[name]
    if (value === undefined) return []
    return [field(name === 'name' ? 'name' : 'contact', name, say(language, `field-${name}`), value)]
  }
  return [
    field('case', 'topic', say(language, 'field-topic'), topic),
    ...(place === undefined ? [] : [field('place', 'neighborhood', say(language, 'field-place'), place)]),
    ...letters.flatMap((letter) => written(forms, line, language, letter)),
    ...letters.flatMap((letter) => filesOf(line, language, letter)),
    ...own('name'),
    ...own('email'),
    ...own('telephone'),
  ]
}

function written(forms: Forms, { form }: CaseLine, language: Language, letter: Letter): readonly Field[] {
  if (!isHers(letter)) return []
  const questions = forms.get(form)?.fields ?? []
  const answers = (letter.answers ?? []).map((answer) => {
    const asked = questions.find(({ name }) => name === answer.field)
    return field(
      needOf(asked?.privacy?.category ?? 'message'),
      codeOf(letter, answer.field),
      answer.label,
      answer.value,
    )
  })
  if (letter.words === undefined) return answers
  return [...answers, field('words', codeOf(letter, 'words'), say(language, 'field-words'), letter.words)]
}

const isHers = ({ kind }: Letter): boolean => kind === 'letter' || kind === 'addition'

/** Only what was looked at and made anew: a mail as it came, and what waits for the scanner, stay. */
function filesOf({ number }: CaseLine, language: Language, letter: Letter): readonly Field[] {
  if (!isHers(letter)) return []
  return (letter.files ?? []).flatMap(({ id, name, kind, bytes, state }, index) => {
    if (state !== 'ready' || kind === 'mail') return []
    const place = `${String(letter.seq)}.${String(index + 1)}`
    const one = field('files', place, say(language, 'field-file'), name)
    const leavesAs = `case-${String(number)}-file-${place.replace('.', '-')}.${kinds[kind].extension}`
    return [{ ...one, file: { code: one.code, id, name: leavesAs, kind, bytes } }]
  })
}

function needOf(category: string): Need {
  if (category === 'message') return 'words'
  return category === 'location' || category === 'address' ? 'place' : 'answers'
}

/** The letter's number and the question's name, in the ledger's alphabet. */
const codeOf = ({ seq }: Letter, name: string): string =>
  `${String(seq)}.${name
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .slice(0, 50)}`

const field = (category: Field['category'], code: string, label: string, value: string): Field => ({
  code: `${category}:${code}`,
  category,
  label,
  value,
})

/**
 * Whether a field may leave for an agency: what it does not need cannot be sent to it. A file is part of what she wrote: it
 * may go, by mail, to whoever needs her words.
 */
export function mayLeave({ needs, takes }: Agency, { category }: Field): boolean {
  if (category === 'files') return takes?.way === 'email' && (needs.includes('files') || needs.includes('words'))
  return isNeeded(needs, category)
}

/** Whether an agency needs it without anybody choosing. */
export const isNeeded = (needs: readonly Need[], category: Field['category']): boolean =>
  category === 'case' || needs.includes(category)

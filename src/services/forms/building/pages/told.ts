import type { Mistake } from '../../../../plumbing/index.ts'
import type { DraftFile } from '../draft.ts'
import type { PublishRefusal } from '../may-publish.ts'
import { say } from '../messages.ts'
import type { InTheWay } from '../publish.ts'

/** What is wrong, in words, by place: `fields/name/label/en`, `schema/properties/name/privacy/purpose`. */
export type Told = ReadonlyMap<string, readonly string[]>

const placeInPrivacy: Partial<Record<PublishRefusal['code'], string>> = {
  'no-purpose': '/purpose',
  'no-category': '/category',
  'no-necessity': '/necessity',
  'no-retention': '/retention',
  'no-needed': '/needed',
}

/** Everything in the way of publishing, each at its place and with the way out. */
export function toldBy({ mistakes, refusals }: InTheWay, draft: DraftFile): Told {
  const told = new Map<string, string[]>()
  const tell = (place: string, says: string) => told.set(place, [...(told.get(place) ?? []), says])
  for (const mistake of mistakes) {
    const words = mistakeWords(mistake, draft)
    if (words !== undefined) tell(mistake.file, words)
  }
  for (const refusal of refusals) tell(placeOfRefusal(refusal, draft), refusalWords(refusal))
  return told
}

/** A mistake in a clerk's words; undefined where a refusal tells it already. */
function mistakeWords({ file, says, allowed }: Mistake, draft: DraftFile): string | undefined {
  const isEmpty = says.includes('cannot be “”')
  if (isEmpty && /\/en$/.test(file)) return say('en', 'writeEnglish')
  if (isEmpty && /\/es$/.test(file)) return say('en', 'writeSpanish')
  if (/\/choices$/.test(file)) return say('en', 'writeChoice')
  if (/\/terms$/.test(file)) return say('en', 'writeRow')
  if (Object.keys(draft.fields).length === 0 && /^(fields|schema)/.test(file)) return undefined
  return say('en', 'mistakeAllowed', { says, allowed })
}

function placeOfRefusal({ question, part, code }: PublishRefusal, draft: DraftFile): string {
  if (question === '') return 'fields'
  const inside = draft.fields[question]?.kind === 'table' ? '/items' : ''
  const at = part === undefined ? question : `${question}${inside}/properties/${part}`
  return `schema/properties/${at}/privacy${placeInPrivacy[code] ?? ''}`
}

export function refusalWords(refusal: PublishRefusal): string {
  switch (refusal.code) {
    case 'too-much':
      return `${refusal.because.en} ${refusal.instead.en}`
    case 'on-file':
      return say('en', 'refusal-on-file', { where: refusal.where.en })
    default:
      return say('en', `refusal-${refusal.code}`)
  }
}

/** What is told at a place itself, and below it where nothing finer shows it. */
export const at = (told: Told, place: string): readonly string[] => told.get(place) ?? []

export function under(told: Told, place: string): readonly string[] {
  return [...told].flatMap(([key, says]) => (key === place || key.startsWith(`${place}/`) ? says : []))
}

/** Everything that is told about one question, and about its parts. */
export const aboutQuestion = (told: Told, name: string): readonly string[] => [
  ...under(told, `fields/${name}`),
  ...under(told, `schema/properties/${name}`),
]

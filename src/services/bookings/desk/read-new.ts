import type { City, Duty } from '../../../city/index.ts'
import type { Staff } from '../../../trust/need-to-know/index.ts'
import type { SlotWish } from '../slot.ts'
import type { ToRecord } from './record-booking.ts'

export const newFields = ['channel', 'words', 'name', 'email', 'telephone', 'language', 'duty'] as const
export type NewField = (typeof newFields)[number]
export type Typed = Readonly<Record<NewField, string>>

const longest = { words: 1000, name: 120, telephone: 40 } as const

export function typedOf(posted: Readonly<Record<string, string>>): Typed {
  return Object.fromEntries(newFields.map((name) => [name, (posted[name] ?? '').normalize('NFC').trim()])) as Typed
}

/** The duties of hers on which she may record; the database asks again. */
export function dutiesToRecord(city: City, { duties }: Pick<Staff, 'duties'>): readonly Duty[] {
  return duties.flatMap((id) => city.duties.get(id) ?? []).filter(({ may }) => may.includes('record'))
}

/** What was typed, understood; `wrong` names the questions to be put right. */
export function readNew(
  city: City,
  staff: Staff,
  wish: SlotWish,
  typed: Typed,
): ToRecord | Readonly<{ wrong: readonly ('email' | 'words' | 'duty')[] }> {
  const duty = dutiesToRecord(city, staff).find(({ id }) => id === typed.duty)
  const wrong = [
    typed.email !== '' && !isAddress(typed.email) && ('email' as const),
    Array.from(typed.words).length > longest.words && ('words' as const),
    !duty && ('duty' as const),
  ].filter((one) => one !== false)
  if (!duty || wrong.length > 0) return { wrong }
  const contact = Object.fromEntries(
    (['name', 'email', 'telephone'] as const).flatMap((name) =>
      typed[name] === '' ? [] : [[name, cut(name, typed[name])]],
    ),
  )
  return {
    wish,
    duty: duty.id,
    channel: typed.channel === 'telephone' ? 'telephone' : 'counter',
    language: typed.language === 'es' ? 'es' : 'en',
    words: typed.words,
    contact,
  }
}

const cut = (name: 'name' | 'email' | 'telephone', value: string) =>
  name === 'email' ? value : value.slice(0, longest[name])

function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/.test(text)
}

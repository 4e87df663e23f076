import { Temporal } from 'temporal-polyfill'
import type { DutyId, PlaceId, Topic, TopicId } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { Staff } from '../../trust/need-to-know/index.ts'
import { checkWords, today, type ContactDetails } from '../correspondence/index.ts'
import { findTopic } from './find-topic.ts'
import { daysBack, recordedChannels, type CounterHouse, type RecordedChannel } from './house.ts'
import { dutiesToRecord } from './recording-duties.ts'

/** The questions of the intake page, in the order in which the keyboard comes by them. */
export const intakeFields = [
  'channel',
  'day',
  'topic',
  'words',
  'name',
  'email',
  'telephone',
  'address',
  'language',
  'place',
  'existing',
  'duty',
] as const
export type IntakeField = (typeof intakeFields)[number]

/** As it was typed; a question that was not on the page is an empty text. */
export type Typed = Readonly<Record<IntakeField, string>>

/** What a clerk wrote down, understood. */
export type Intake = Readonly<{
  channel: RecordedChannel
  day: Temporal.PlainDate
  words: string
  language: Language
  contact: ContactDetails
  duty: DutyId
}> &
  (Readonly<{ topic: TopicId; place?: PlaceId }> | Readonly<{ existing: string }>)

export type IntakeWrong =
  | 'channel'
  | 'day'
  | 'day-ahead'
  | 'day-long-ago'
  | 'topic-missing'
  | 'topic-unknown'
  | 'topic-several'
  | 'words'
  | 'too-long'
  | 'email'
  | 'duty'
  | 'not-there'

/** What is to be put right, each beside its question; `could` are the topics of which one is to be chosen. */
export type IntakeErrors = Readonly<{
  wrong: Readonly<Partial<Record<IntakeField, IntakeWrong>>>
  could?: readonly Topic[]
}>

const longest = { name: 120, email: 254, telephone: 40, address: 400 } as const

export function typedOf(posted: Readonly<Record<string, string>>): Typed {
  return Object.fromEntries(intakeFields.map((name) => [name, (posted[name] ?? '').trim()])) as Typed
}

/** Reads the intake page. `hasPages`: scans came along, so that words may be left out. */
export function readIntake(
  house: CounterHouse,
  staff: Staff,
  typed: Typed,
  hasPages: boolean,
): Intake | (IntakeErrors & { refused: 'answers' }) {
  const wrong: Partial<Record<IntakeField, IntakeWrong>> = {}
  const channel = recordedChannels.find((one) => one === typed.channel)
  if (!channel) wrong.channel = 'channel'
  const day = readDay(house, typed.day)
  if (typeof day === 'string') wrong.day = day
  const meant = findTopic(house.city, typed.topic)
  const isNew = typed.existing === ''
  if (isNew && !('topic' in meant)) wrong.topic = topicWrong(typed.topic, meant.could)
  const words = checkWords(typed.words)
  if ('refused' in words && (words.refused === 'too-long' || !hasPages)) wrong.words = wordsWrong(words.refused)
  if (typed.email !== '' && !isAddress(typed.email)) wrong.email = 'email'
  const duty = dutiesToRecord(house.city, staff).find(({ id }) => id === typed.duty)
  if (!duty) wrong.duty = 'duty'
  if (!channel || typeof day === 'string' || !duty || Object.keys(wrong).length > 0)
    return { refused: 'answers', wrong, ...('could' in meant && { could: meant.could }) }
  const place = [...house.city.places.keys()].find((id) => id === typed.place)
  const known = {
    channel,
    day,
    words: 'words' in words ? words.words : '',
    language: typed.language === 'es' ? 'es' : 'en',
    contact: contactOf(typed),
    duty: duty.id,
  } as const
  if (!('topic' in meant)) return { ...known, existing: typed.existing }
  return isNew ? { ...known, topic: meant.topic, ...(place && { place }) } : { ...known, existing: typed.existing }
}

const wordsWrong = (refused: 'empty' | 'too-long') => (refused === 'empty' ? 'words' : 'too-long')

function topicWrong(typed: string, could: readonly Topic[]): IntakeWrong {
  if (typed === '') return 'topic-missing'
  return could.length === 0 ? 'topic-unknown' : 'topic-several'
}

/** The day it came to City Hall: today where nothing is said, never ahead, sixty days back at most. */
function readDay(house: CounterHouse, typed: string): Temporal.PlainDate | 'day' | 'day-ahead' | 'day-long-ago' {
  const now = today(house)
  if (typed === '') return now
  if (!/^\d{4}-\d{2}-\d{2}$/.test(typed)) return 'day'
  try {
    const day = Temporal.PlainDate.from(typed, { overflow: 'reject' })
    const ago = day.until(now, { largestUnit: 'day' }).days
    if (ago < 0) return 'day-ahead'
    return ago > daysBack ? 'day-long-ago' : day
  } catch {
    return 'day'
  }
}

function contactOf(typed: Typed): ContactDetails {
  const given = (['name', 'email', 'telephone', 'address'] as const).flatMap((name) => {
    const value = typed[name].normalize('NFC').slice(0, longest[name]).trim()
    return value === '' ? [] : [[name, value] as const]
  })
  return Object.fromEntries(given)
}

function isAddress(text: string): boolean {
  return text.length <= longest.email && /^[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:".]+$/.test(text)
}

import type { City, Facility } from '../../../city/index.ts'
import { phoneLink } from '../../../city/look/index.ts'
import type { Html, Language } from '../../../plumbing/index.ts'
import { say } from '../messages.ts'

/** 1 hour 30 minutes. */
export function lengthWords(language: Language, minutes: number): string {
  const values = { hours: Math.floor(minutes / 60), minutes: minutes % 60 }
  const both = values.hours > 0 && values.minutes > 0 ? 'yes' : 'no'
  return say(language, 'minutes', { ...values, both })
}

/** So many slots in a row, with what lies between them. */
export function rowWords(language: Language, { slot, buffer }: Facility, slots: number): string {
  return lengthWords(language, slots * slot + (slots - 1) * buffer)
}

/** Whom to call about a facility. */
export function deskOf(city: City, language: Language, facility: Facility | undefined) {
  const topic = facility && city.topics.get(facility.topic)
  const department = topic && city.departments.get(topic.department)
  return {
    department: department?.name[language] ?? city.name[language],
    phone: department?.phone ?? city.contact.phone,
  }
}

export function deskLinks(city: City, language: Language, facility: Facility | undefined) {
  const { department, phone } = deskOf(city, language, facility)
  return { department, phone: phoneLink(phone) } satisfies Record<string, string | Html>
}

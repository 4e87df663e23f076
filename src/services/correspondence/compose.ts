import { mailLook, type MailPart } from '../../city/look/index.ts'
import type { AgencyId, City, TopicId } from '../../city/index.ts'
import { localeOf, type Language, type OutgoingMail } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Temporal } from 'temporal-polyfill'
import { bounceAddress } from './bounce-address.ts'
import type { Channel } from './letter.ts'
import { sayInMail } from './mail-messages.ts'
import { mailDomain, replyAddress } from './reply-address.ts'

export type MailKind = 'acknowledgement' | 'reply' | 'referral' | 'agency' | 'not-ours' | 'booking'

/** What another room has to say in a mail of its own, in the person’s language. */
export type Notice = Readonly<{ subject: string; title: string; words: string }>

export type ToWrite = Readonly<{
  kind: MailKind
  number: number
  topic: TopicId
  language: Language
  channel: Channel
  due_on: Temporal.PlainDate
  /** Mails of the case before this one, latest first. */
  earlier: readonly string[]
  email?: string
  words?: string
  /** How many files came with those words; they are never in the mail. */
  files: number
  notice?: Notice
  /** Whose it is, where it was closed as not the city's. */
  closed_agency: AgencyId | null
}>

type Office = Readonly<{ city: City; keys: Keys; publicUrl: string }>

/**
 * A mail in its parts; undefined without an address. It tells a topic, the reply and where to read on. A sensitive topic is
 * named by its department only. The answer goes to the case's own address, a failure to the mail's own.
 */
export function compose(
  office: Office,
  mailId: string,
  at: Temporal.Instant,
  about: ToWrite,
): OutgoingMail | undefined {
  const { city } = office
  const { language, email, kind } = about
  const topic = city.topics.get(about.topic)
  const department = topic && city.departments.get(topic.department)
  if (email === undefined || !department) return undefined
  const facts = {
    city: city.name[language],
    number: String(about.number),
    department: department.name[language],
    topic: (topic.sensitive ? department : topic).name[language],
    due: about.due_on.toLocaleString(localeOf(language), { dateStyle: 'long' }),
    ...agencyOf(city, language, about.closed_agency),
    link: `${office.publicUrl}${language === 'es' ? '/es' : ''}/receipt`,
  }
  const subject = about.notice?.subject ?? sayInMail(language, `${kind}Subject`, facts)
  const page = mailLook(city, language, {
    from: sayInMail(language, 'sender', facts),
    title: about.notice?.title ?? sayInMail(language, `${kind}Title`),
    subject,
    parts: partsOf(about, facts),
  })
  return {
    to: email,
    from: { name: sayInMail(language, 'sender', facts), address: senderOf(city, department.email) },
    replyTo: replyAddress(office, about.number),
    returnTo: bounceAddress(office, mailId),
    subject,
    ...page,
    language,
    date: at.toString({ smallestUnit: 'second' }),
    messageId: messageIdOf(city, mailId),
    references: about.earlier.toReversed().map((id) => messageIdOf(city, id)),
    ...((kind === 'acknowledgement' || kind === 'agency' || kind === 'booking') && {
      automatic: about.channel === 'email' ? 'auto-replied' : 'auto-generated',
    }),
  }
}

function agencyOf(city: City, language: Language, id: AgencyId | null) {
  const agency = id === null ? undefined : city.agencies.get(id)
  const does = agency?.responsibleFor[language] ?? ''
  return { agency: agency?.name[language] ?? '', does, phone: agency?.phone ?? '', url: agency?.url ?? '' }
}

/** What came by mail has no receipt to enter: its way back is the mail. */
function partsOf(
  { kind, channel, language, words, notice, files }: ToWrite,
  facts: Record<string, string>,
): MailPart[] {
  const byMail = channel === 'email'
  return [
    { words: notice?.words ?? sayInMail(language, kind, facts) },
    ...(words === undefined ? [] : [{ quoted: words }]),
    ...(files === 0 ? [] : [filesPart(language, files, facts, byMail)]),
    ...(byMail ? [] : [{ words: sayInMail(language, 'follow', facts), link: facts['link'] ?? '' }]),
    { words: sayInMail(language, byMail ? 'answerOnly' : 'answer') },
    { words: sayInMail(language, 'open') },
  ]
}

/** Names of files tell of a person, and mail travels open: how many there are, and where they can be had. */
function filesPart(language: Language, count: number, facts: Record<string, string>, byMail: boolean): MailPart {
  if (byMail) return { words: sayInMail(language, 'filesAsked', { count }) }
  const { link = '' } = facts
  return { words: sayInMail(language, 'files', { count, link }), link }
}

/** The department's own address where it is of the city's domain, for which alone the signature speaks; else the city's. */
function senderOf(city: City, own: string): string {
  return own.toLowerCase().endsWith(`@${mailDomain(city).toLowerCase()}`) ? own : city.contact.email
}

/** The same for every try. */
const messageIdOf = (city: City, mailId: string): string => `${mailId}@${mailDomain(city)}`

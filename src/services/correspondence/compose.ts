import { mailLook, type MailPart } from '../../city/look/index.ts'
import type { AgencyId, City, TopicId } from '../../city/index.ts'
import { inLanguage, localeOf, type Language, type OutgoingMail } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Temporal } from 'temporal-polyfill'
import { bounceAddress } from './bounce-address.ts'
import type { Channel } from './letter.ts'
import { linkPath, type LinkLetters } from './mailed-receipt/receipt-link.ts'
import { sayInMail } from './mail-messages.ts'
import { mailDomain, replyAddress } from './reply-address.ts'

export type MailKind = 'acknowledgement' | 'reply' | 'referral' | 'agency' | 'not-ours' | 'booking' | 'enrolment'

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
  /** Where the person has no receipt yet: the link of this mail, at which she makes one. */
  receiptLink?: LinkLetters
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
    link: office.publicUrl + receiptPath(about),
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
    ...((kind === 'acknowledgement' || kind === 'agency' || kind === 'booking' || kind === 'enrolment') && {
      automatic: about.channel === 'email' ? 'auto-replied' : 'auto-generated',
    }),
  }
}

function agencyOf(city: City, language: Language, id: AgencyId | null) {
  const agency = id === null ? undefined : city.agencies.get(id)
  const does = agency?.responsibleFor[language] ?? ''
  return { agency: agency?.name[language] ?? '', does, phone: agency?.phone ?? '', url: agency?.url ?? '' }
}

/** Whoever has no receipt is led to where she makes one; whoever has, to where its code is typed. */
const receiptPath = ({ language, receiptLink }: ToWrite): string =>
  receiptLink === undefined ? inLanguage(language, '/receipt') : linkPath(language, receiptLink)

function partsOf(
  { kind, channel, language, words, notice, files, receiptLink }: ToWrite,
  facts: Record<string, string>,
): MailPart[] {
  const { link = '' } = facts
  const follow = receiptLink !== undefined ? 'makeReceipt' : channel === 'email' ? 'followMade' : 'follow'
  return [
    { words: notice?.words ?? sayInMail(language, kind, facts) },
    ...(words === undefined ? [] : [{ quoted: words }]),
    // Names of files tell of a person, and mail travels open: how many there are, and where they can be had.
    ...(files === 0 ? [] : [{ words: sayInMail(language, 'files', { count: files }) }]),
    { words: sayInMail(language, follow, { link }), link },
    { words: sayInMail(language, 'answer') },
    { words: sayInMail(language, 'open') },
  ]
}

/** The department's own address where it is of the city's domain, for which alone the signature speaks; else the city's. */
function senderOf(city: City, own: string): string {
  return own.toLowerCase().endsWith(`@${mailDomain(city).toLowerCase()}`) ? own : city.contact.email
}

/** The same for every try. */
const messageIdOf = (city: City, mailId: string): string => `${mailId}@${mailDomain(city)}`

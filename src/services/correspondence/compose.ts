import type { Temporal } from 'temporal-polyfill'
import { localeOf, type Language, type OutgoingMail } from '../../plumbing/index.ts'
import type { City, TopicId } from '../../city/index.ts'
import { sayInMail } from './mail-messages.ts'

type ToWrite = Readonly<{
  kind: 'acknowledgement' | 'reply'
  number: number
  topic: TopicId
  language: Language
  due_on: Temporal.PlainDate
  email?: string
  words?: string
}>

/** A mail's words; undefined without an address. A sensitive topic is named by its department only. */
export function compose(
  office: { city: City; publicUrl: string },
  mailId: string,
  about: ToWrite,
): OutgoingMail | undefined {
  const { language, email } = about
  const topic = office.city.topics.get(about.topic)
  const department = topic && office.city.departments.get(topic.department)
  if (email === undefined || !department) return undefined
  const facts = {
    city: office.city.name[language],
    number: String(about.number),
    department: department.name[language],
    topic: (topic.sensitive ? department : topic).name[language],
    due: about.due_on.toLocaleString(localeOf(language), { dateStyle: 'long' }),
    link: `${office.publicUrl}${language === 'es' ? '/es' : ''}/receipt`,
  }
  const opening =
    about.kind === 'reply'
      ? `${sayInMail(language, 'reply', facts)}\n\n${about.words ?? ''}`
      : sayInMail(language, 'acknowledgement', facts)
  return {
    to: email,
    from: `${JSON.stringify(facts.city)} <${office.city.contact.email}>`,
    subject: sayInMail(language, about.kind === 'reply' ? 'replySubject' : 'acknowledgementSubject', facts),
    text: [opening, sayInMail(language, 'follow', facts), sayInMail(language, 'noReply')].join('\n\n'),
    messageId: `${mailId}@${new URL(office.publicUrl).hostname}`,
  }
}

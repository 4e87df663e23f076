import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { mailLook, type MailPart } from '../../../city/look/index.ts'
import type { OutgoingMail } from '../../../plumbing/index.ts'
import { mailDomain } from '../reply-address.ts'
import { say } from './messages.ts'
import { newsKinds, type NewsItem, type NewsKind } from './wish.ts'

export type ToTell = NewsItem | Readonly<{ kind: 'due'; count: number }>

/** News in words: counts and topics. What is on a sensitive topic is counted and not named. */
export function newsWords(city: City, items: readonly ToTell[]): readonly string[] {
  const of = (kind: NewsKind | 'due') => items.filter((item) => item.kind === kind)
  const sum = (some: readonly ToTell[]) => some.reduce((all, { count }) => all + count, 0)
  const named = (some: readonly ToTell[]) =>
    some.flatMap((item) => {
      const topic = 'topic' in item ? city.topics.get(item.topic) : undefined
      return topic && !topic.sensitive ? [say('en', 'ofTopic', { topic: topic.name.en, count: item.count })] : []
    })
  return [...newsKinds, 'due' as const].flatMap((kind) => {
    const some = of(kind)
    const count = sum(some)
    if (count === 0) return []
    const topics = named(some)
    return [[say('en', `news_${kind}`, { count }), ...(topics.length > 0 ? [topics.join('; ')] : [])].join(' ')]
  })
}

/** A mail of news to an employee: counts, topics that are not sensitive, and a link. Nobody is named, nothing is quoted. */
export function newsMail(
  office: Readonly<{ city: City; publicUrl: string }>,
  mail: Readonly<{ id: string; address: string; items: readonly ToTell[]; made_at: Temporal.Instant }>,
): OutgoingMail {
  const { city, publicUrl } = office
  const count = mail.items.reduce((all, one) => all + one.count, 0)
  const subject = say('en', 'subject', { count })
  const from = say('en', 'sender', { city: city.name.en })
  const parts: MailPart[] = [
    ...newsWords(city, mail.items).map((words) => ({ words })),
    linked('read', `${publicUrl}/desk`),
    linked('change', `${publicUrl}/desk/news`),
  ]
  return {
    to: mail.address,
    from: { name: from, address: city.contact.email },
    replyTo: city.contact.email,
    returnTo: city.contact.email,
    subject,
    ...mailLook(city, 'en', { from, title: say('en', 'mailTitle'), subject, parts }),
    language: 'en',
    date: mail.made_at.toString({ smallestUnit: 'second' }),
    messageId: `${mail.id}@${mailDomain(city)}`,
    references: [],
    automatic: 'auto-generated',
  }
}

const linked = (key: 'read' | 'change', link: string): MailPart => ({ words: say('en', key, { link }), link })

import { momentWords } from '../../../city/look/index.ts'
import type { Language } from '../../../plumbing/index.ts'
import type { MailLine } from '../read-case.ts'
import { say } from './mail-state-messages.ts'

/** How a mail fared, in a sentence for whoever reads the letter it is about. */
export function mailStateWords(language: Language, timeZone: string, mail: MailLine): string {
  const { state, failure, settledAt, createdAt } = mail
  switch (state) {
    case 'waiting':
      return failure === undefined
        ? say(language, 'waiting')
        : say(language, 'tried', { why: whyWords(language, failure) })
    case 'sent':
      return say(language, 'sent', { when: momentWords(language, settledAt ?? createdAt, timeZone) })
    case 'kept':
      return say(language, 'kept')
    case 'failed':
    case 'bounced':
      return say(language, 'failed', { why: whyWords(language, failure ?? state) })
    default:
      return state satisfies never
  }
}

/** Why it was not taken, from the server's code (RFC 5321, RFC 3463) or the system's word; never the server's sentence. */
export function whyWords(language: Language, code: string): string {
  if (code === 'no-address') return say(language, 'why-no-address')
  if (/^5\.2\.2$|^[45]52$/.test(code)) return say(language, 'why-full')
  if (/^5\.1\.|^55[0134]$|^EENVELOPE$/.test(code)) return say(language, 'why-no-mailbox')
  if (/^E(CONN|SOCKET|TIMEDOUT|DNS)/.test(code)) return say(language, 'why-unreachable')
  return say(language, 'why-other', { code })
}

/** The latest mail of a message; of the letter itself, the acknowledgement. */
export function mailOf(mails: readonly MailLine[], message: { id: string; kind: string }): MailLine | undefined {
  return mails.findLast((mail) =>
    message.kind === 'letter' ? mail.kind === 'acknowledgement' : mail.messageId === message.id,
  )
}

/** What stands below a message that was, or was to be, mailed. */
export function mailedWords(
  language: Language,
  timeZone: string,
  mails: readonly MailLine[],
  message: { id: string; kind: string },
): string | undefined {
  const mail = mailOf(mails, message)
  if (!mail) return undefined
  const state = mailStateWords(language, timeZone, mail)
  return message.kind === 'letter' ? say(language, 'confirmation', { state }) : state
}

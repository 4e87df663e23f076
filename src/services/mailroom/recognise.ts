import type { Mail } from './read-mail.ts'

/** What a mail is by how it was made. Only a letter is answered. */
export type MailKind = 'letter' | 'bounce' | 'automatic' | 'list' | 'loop'

type Facts = Readonly<{
  /** MAIL FROM; empty for a bounce, absent where nobody said. */
  envelopeFrom?: string
  /** The domain in the Message-IDs of the city's own mail. */
  ownHost: string
  isOurs: (address: string) => boolean
}>

/** Recognises what a program wrote (RFC 3834, RFC 3464, RFC 2919) by its header, and a city's own mail that came back. */
export function recognise(mail: Mail, { envelopeFrom, ownHost, isOurs }: Facts): MailKind {
  const of = (name: string): string => (mail.header.get(name) ?? '').trim().toLowerCase()
  const type = of('content-type')
  const from = mail.from?.address.toLowerCase() ?? ''
  if (mail.messageId?.toLowerCase().endsWith(`@${ownHost.toLowerCase()}`) || isOurs(from)) return 'loop'
  const report = /^multipart\/report/.test(type)
  if (report && /report-type\s*=\s*"?delivery-status/.test(type)) return 'bounce'
  if (report) return 'automatic'
  const daemon = /^(mailer-daemon|mail-daemon|postmaster)@/.test(from)
  if (
    daemon &&
    (envelopeFrom === '' ||
      of('auto-submitted') !== '' ||
      /undeliver|returned|failure|delivery/.test(mail.subject.toLowerCase()))
  )
    return 'bounce'
  if (of('list-id') !== '' || of('list-post') !== '' || /^(bulk|list|junk)\b/.test(of('precedence'))) return 'list'
  const submitted = of('auto-submitted')
  if (submitted !== '' && !/^no\b/.test(submitted)) return 'automatic'
  if (['x-autoreply', 'x-autorespond', 'x-autorespond-from', 'x-mail-autoreply'].some((name) => of(name) !== ''))
    return 'automatic'
  if (/^auto_reply\b/.test(of('precedence')) || envelopeFrom === '' || daemon) return 'automatic'
  if (
    /^(out of office|automatic reply|auto(matic)?[ -]?(response|reply)|fuera de (la )?oficina|respuesta autom[aá]tica)\b/i.test(
      mail.subject,
    )
  )
    return 'automatic'
  return 'letter'
}

/** Numbers of cases that a mail's subject speaks of, as the city's own mails name them. */
export function quotedNumbers(subject: string): readonly number[] {
  const found = subject.matchAll(/\b(?:case|caso)\s*(?:number|no\.?|n[uú]m(?:ero|\.)?|nº|#)?\s*[#:]?\s*(\d{1,12})\b/gi)
  return [...new Set([...found].map(([, number]) => Number(number)))]
}

/** The identifiers of the city's own mails among Message-IDs: `{uuid}@{host}`. */
export function ownMails(ids: readonly string[], ownHost: string): readonly string[] {
  const host = ownHost.toLowerCase()
  return ids.flatMap((id) => {
    const [, uuid, at] = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@(.+)$/i.exec(id.trim()) ?? []
    return uuid !== undefined && at?.toLowerCase() === host ? [uuid.toLowerCase()] : []
  })
}

/** What a bounce says: of which mails of ours, and whether for good (RFC 3464). */
export function readBounce(
  raw: Buffer,
  ownHost: string,
): Readonly<{ of: readonly string[]; forGood: boolean; code: string }> {
  const text = raw.subarray(0, 512 * 1024).toString('latin1')
  const ids = [
    ...text.matchAll(
      /^(?:x-failed-message-id|message-id|in-reply-to|references|original-envelope-id)\s*:((?:.*)(?:\r?\n[ \t].*)*)/gim,
    ),
  ]
  const named = ids.flatMap(([, value = '']) => value.match(/[0-9a-f-]{36}@[\w.:-]+/gi) ?? [])
  const actions = [...text.matchAll(/^action\s*:\s*(\w+)/gim)].map(([, action = '']) => action.toLowerCase())
  return {
    code: /^status\s*:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(text)?.[1] ?? 'bounced',
    of: ownMails([...new Set(named)].slice(0, 20), ownHost),
    forGood: actions.length === 0 ? /^status\s*:\s*5\.|\b55\d\b/im.test(text) : actions.includes('failed'),
  }
}

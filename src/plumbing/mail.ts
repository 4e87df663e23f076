import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Transporter } from 'nodemailer'
import type { DkimKey } from './dkim-key.ts'
import type { Language } from './messages.ts'

/** A mail in its parts: from the same parts always comes the same mail, byte for byte. */
export type OutgoingMail = Readonly<{
  to: string
  from: Readonly<{ name: string; address: string }>
  /** Where an answer goes. */
  replyTo: string
  /** Where a receiving server tells that it could not deliver: the envelope's sender. */
  returnTo: string
  subject: string
  text: string
  /** The same words as a page. */
  html: string
  language: Language
  /** RFC 3339. */
  date: string
  /** Without the angle brackets; the same for every try, so that a receiver can tell a repeat. */
  messageId: string
  /** The mails before it in the same conversation, oldest first, without brackets. */
  references: readonly string[]
  /** Absent: a person wrote it. Marked, so that nobody's answering machine replies to it (RFC 3834). */
  automatic?: 'auto-generated' | 'auto-replied'
}>

/** A file that goes along with a mail, read as it is sent. */
export type MailedFile = Readonly<{ name: string; type: string; content: AsyncIterable<Buffer> }>

/** How a try to send ended. `code` is the server's reply code or a word of the system's; never an address. */
export type Sending = Readonly<{ sent: true }> | Readonly<{ refused: 'for-now' | 'for-good'; code: string }>

export type Mailer = Readonly<{
  send(mail: OutgoingMail, files?: readonly MailedFile[]): Promise<Sending>
  close(): void
}>

/** A mailer over SMTP, which signs with DKIM where it has a key. Nothing is fetched from a file or an address. */
export function createMailer(smtpUrl: string, dkim?: DkimKey): Mailer {
  let transport: Promise<Transporter> | undefined
  return {
    async send(mail, files = []) {
      try {
        transport ??= transportTo(smtpUrl)
        await (
          await transport
        ).sendMail({
          ...partsOf(mail),
          attachments: files.map(attached),
          ...(dkim && {
            dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey },
          }),
        })
        return { sent: true }
      } catch (error) {
        return refusalOf(error)
      }
    },
    close: () => {
      void transport?.then((open) => {
        open.close()
      })
    },
  }
}

async function transportTo(url: string): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  return createTransport({ url, connectionTimeout: 10_000, socketTimeout: 30_000 })
}

function partsOf(mail: OutgoingMail) {
  const bracketed = mail.references.map((id) => `<${id}>`)
  const last = bracketed.at(-1)
  return {
    to: mail.to,
    from: mail.from,
    replyTo: mail.replyTo,
    envelope: { from: mail.returnTo, to: mail.to },
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    date: new Date(mail.date),
    messageId: `<${mail.messageId}>`,
    ...(last !== undefined && { inReplyTo: last, references: bracketed }),
    headers: {
      'Content-Language': mail.language,
      ...(mail.automatic && { 'Auto-Submitted': mail.automatic, 'X-Auto-Response-Suppress': 'All' }),
    },
    baseBoundary: createHash('sha256').update(mail.messageId).digest('hex').slice(0, 24),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

const attached = ({ name, type, content }: MailedFile) => ({
  filename: name,
  contentType: type,
  contentDisposition: 'attachment' as const,
  content: Readable.from(content, { objectMode: false }),
})

function refusalOf(error: unknown): Sending {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  // Without a reply of the server's, an envelope error is an address that cannot be written down.
  const forGood = responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500
  return { refused: forGood ? 'for-good' : 'for-now', code: String(responseCode ?? code ?? 'unknown') }
}

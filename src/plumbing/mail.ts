import { createTransport } from 'nodemailer'

export type OutgoingMail = Readonly<{
  to: string
  from: string
  subject: string
  text: string
  /** Without the angle brackets; the same for every try, so that a receiver can tell a repeat. */
  messageId: string
}>

/** How a try to send ended. `code` is the server's reply code or a word of the system's; never an address. */
export type Sending = Readonly<{ sent: true }> | Readonly<{ refused: 'for-now' | 'for-good'; code: string }>

export type Mailer = Readonly<{ send(mail: OutgoingMail): Promise<Sending>; close(): void }>

/** A mailer over SMTP. Mail is marked as automatic, so that nobody's answering machine replies to it (RFC 3834). */
export function createMailer(smtpUrl: string): Mailer {
  const transport = createTransport({ url: smtpUrl, connectionTimeout: 10_000, socketTimeout: 30_000 })
  return {
    async send(mail) {
      try {
        await transport.sendMail({
          to: mail.to,
          from: mail.from,
          subject: mail.subject,
          text: mail.text,
          messageId: `<${mail.messageId}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
          disableFileAccess: true,
          disableUrlAccess: true,
        })
        return { sent: true }
      } catch (error) {
        return refusalOf(error)
      }
    },
    close: () => {
      transport.close()
    },
  }
}

function refusalOf(error: unknown): Sending {
  const { responseCode, code } = error as { responseCode?: number; code?: string }
  // Without a reply of the server's, an envelope error is an address that cannot be written down.
  const forGood = responseCode === undefined ? code === 'EENVELOPE' : responseCode >= 500
  return { refused: forGood ? 'for-good' : 'for-now', code: String(responseCode ?? code ?? 'unknown') }
}

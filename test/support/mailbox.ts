import { once } from 'node:events'
import { SMTPServer } from 'smtp-server'

/** What a receiving server took, as it came: the envelope and the source. */
export type Taken = { from: string; to: string; source: string }

/** A server that mail is handed over to, on a port of its own. */
export type Mailbox = {
  url: string
  taken: Taken[]
  /** The source of each mail taken, oldest first. */
  readonly sources: string[]
  /** What it answers to an address instead of taking mail for it; undefined: it takes. */
  refuses: number | undefined
  /** What it answers after the whole mail has come. */
  refusesData: number | undefined
  /** Told when a whole mail has come, before it is acknowledged. */
  onTaken: ((mail: Taken) => Promise<void> | void) | undefined
  empty(): void
  close(): Promise<void>
}

export async function openMailbox(): Promise<Mailbox> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, _session, done) => {
      done(box.refuses === undefined ? null : refusal(box.refuses))
    },
    onData: (stream, { envelope }, done) => {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const mail = { from, to: envelope.rcptTo[0]?.address ?? '', source: Buffer.concat(parts).toString('latin1') }
        box.taken.push(mail)
        void Promise.resolve(box.onTaken?.(mail)).then(() => {
          done(box.refusesData === undefined ? null : refusal(box.refusesData))
        })
      })
    },
  })
  // Whoever is killed in the middle of a mail leaves a broken connection, which is no fault of the test.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  const box: Mailbox = {
    url: `smtp://127.0.0.1:${String(typeof address === 'object' ? address?.port : 0)}`,
    taken: [],
    get sources() {
      return box.taken.map(({ source }) => source)
    },
    refuses: undefined,
    refusesData: undefined,
    onTaken: undefined,
    empty: () => {
      box.taken.length = 0
      box.refuses = box.refusesData = box.onTaken = undefined
    },
    close: () =>
      new Promise((resolve) =>
        server.close(() => {
          resolve()
        }),
      ),
  }
  return box
}

const refusal = (responseCode: number) => Object.assign(new Error('not now'), { responseCode })

/** Quoted-printable and line folding undone, as a mail program shows it. */
export const plain = (mail = '') =>
  Buffer.from(
    mail
      .replace(/=\r?\n/g, '')
      .replace(/\r\n /g, ' ')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8')

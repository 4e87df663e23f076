import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { DNSResolver } from 'mailauth'
import type * as Library from 'smtp-server'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { mailDomain } from '../correspondence/index.ts'
import { accept } from './accept.ts'
import { callers, type Limits } from './callers.ts'
import { checkSender } from './check-sender.ts'
import type { Certificate } from './certificate.ts'
import type { ContentTrouble } from './content-trouble.ts'
import { destinationOf } from './destination.ts'
import { hold } from './hold.ts'
import type { MailHouse } from './house.ts'
import { longestMessage } from './sizes.ts'

// As CommonJS: imported, it would import node:http, of which some names load a whole client (undici) for nobody.
const { SMTPServer } = createRequire(import.meta.url)('smtp-server') as typeof Library

export type Listening = Readonly<{ port: number; close: () => Promise<void> }>

export type ListenOptions = Readonly<{
  port: number
  host: string
  certificate: Certificate
  ask: DNSResolver
  /** Addresses of the city's own relays, whose trace is believed and whose mail is not limited. */
  relays?: readonly string[]
  limits?: Limits
  onFault: (error: unknown) => void
}>

/** Connections at once, and minutes that one may last. */
const lines = 100
const longestCallMs = 30 * 60_000

/** A reply of the protocol: a code, and a sentence that helps whoever reads the bounce. */
class Reply extends Error {
  readonly responseCode: number
  constructor(responseCode: number, says: string) {
    super(says)
    this.responseCode = responseCode
  }
}

/**
 * The city's own SMTP listener. It takes mail for addresses of the city's files and of cases, says no during the
 * conversation or not at all (a bounce to a forged sender would hit somebody else), and says 250 when the mail is durable.
 * A fault of ours is 451: the sender keeps the mail and comes again.
 */
export async function listen(house: MailHouse, options: ListenOptions): Promise<Listening> {
  const { certificate, relays = ['127.0.0.1', '::1'], onFault } = options
  const guard = callers(options.limits)
  const name = new URL(house.publicUrl).hostname
  const isRelay = ({ remoteAddress }: SMTPServerSession) => relays.includes(remoteAddress)
  const calls = new Map<string, NodeJS.Timeout>()
  const server = new SMTPServer({
    name,
    size: longestMessage,
    key: certificate.key,
    cert: certificate.cert,
    disabledCommands: ['AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    hideENHANCEDSTATUSCODES: true,
    hideDSN: true,
    maxClients: lines,
    maxRecipients: 50,
    maxCommandLength: 2048,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    logger: false,
    onConnect: settle(async (session: SMTPServerSession) => {
      calls.set(session.id, setTimeout(hangUp, longestCallMs, session.id).unref())
      if (!isRelay(session) && !(await guard.mayCall(session.remoteAddress)))
        throw new Reply(421, '4.7.0 Too many connections from your address. Please try again in some minutes.')
    }),
    onClose: (session) => {
      clearTimeout(calls.get(session.id))
      calls.delete(session.id)
      if (!isRelay(session)) guard.hangUp(session.remoteAddress)
    },
    onMailFrom: (_address, session, done) => {
      settle(async () => {
        if (!isRelay(session) && !(await guard.mayWrite(session.remoteAddress)))
          throw new Reply(450, '4.7.0 Too many messages from your address. Please try again in some minutes.')
      })(session, done)
    },
    onRcptTo: ({ address }, session, done) => {
      settle(async () => {
        if (destinationOf(house, address)) return
        if (!isRelay(session) && !(await guard.mayGuess(session.remoteAddress)))
          throw new Reply(421, '4.7.0 Too many unknown recipients. Please try again later.')
        throw new Reply(550, unknownRecipient(house, address))
      })(session, done)
    },
    onData: (stream, session, done) => {
      takeMail(house, options, stream, session, isRelay(session), name).then(
        () => {
          done(null, '2.0.0 The city has your mail')
        },
        (error: unknown) => {
          if (!(error instanceof Reply)) onFault(error)
          done(
            error instanceof Reply
              ? error
              : new Reply(451, '4.3.0 The city cannot keep mail just now. Please try again.'),
          )
        },
      )
    },
  })
  // A connection that breaks is the other side's affair; its address must not reach a log.
  server.on('error', () => undefined)
  function hangUp(id: string): void {
    for (const connection of server.connections)
      if (connection.id === id) connection.send(421, '4.4.2 This connection has lasted too long')
  }
  await begin(server, options)
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
      }),
  }
}

function begin(server: Library.SMTPServer, { port, host }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => {
      server.server.off('error', reject)
      resolve()
    })
  })
}

/** Takes one message, to its end whatever becomes of it, and keeps it. Throws the reply where it is refused. */
async function takeMail(
  house: MailHouse,
  { ask }: ListenOptions,
  stream: SMTPServerDataStream,
  { envelope, remoteAddress, hostNameAppearsAs }: SMTPServerSession,
  relayed: boolean,
  name: string,
): Promise<void> {
  const held = await hold(house.keys, stream)
  if ('refused' in held) throw new Reply(held.refused === 'too-long' ? 552 : 554, troubleWords[held.refused])
  try {
    const from = envelope.mailFrom ? envelope.mailFrom.address : ''
    const to = envelope.rcptTo.map(({ address }) => address)
    const verdict = await checkSender(held, { ip: remoteAddress, helo: hostNameAppearsAs, from, relayed }, ask, name)
    // Behind a relay it is too late to say no: the relay would send a bounce to whoever was pretended.
    if (verdict.policy === 'reject' && !relayed)
      throw new Reply(
        550,
        '5.7.1 The domain in From asks us to reject mail that fails its check (DMARC). It was not kept.',
      )
    const destinations = to.flatMap((address) => destinationOf(house, address) ?? [])
    const accepted = await accept(house, 'smtp', held, { from, to, verdict }, destinations)
    if ('refused' in accepted)
      throw new Reply(554, '5.3.4 Too long for so many departments at once. Please write to fewer, or attach less.')
  } finally {
    await held.release()
  }
}

const troubleWords: Record<ContentTrouble, string> = {
  'too-long': '5.3.4 The message is longer than 35 MB. Please attach less, or send it in parts.',
  nul: '5.6.0 The message holds NUL signs, which mail must not (RFC 5322). It was not kept.',
  'false-end': '5.6.0 The message holds line ends that are not CRLF around a dot. It was not kept.',
  'header-too-long': '5.6.0 The header of the message is longer than 256 kB. It was not kept.',
  loop: '5.4.6 The message has passed too many hands: it goes in a circle. It was not kept.',
}

function unknownRecipient({ city }: MailHouse, address: string): string {
  const domain = mailDomain(city)
  if (!address.toLowerCase().endsWith(`@${domain}`)) return `5.7.1 This server takes mail for ${domain} only.`
  return /^(reply|referral)\+/i.test(address)
    ? `5.1.1 This reply address is not complete. Please write to ${city.contact.email} instead.`
    : `5.1.1 Nobody at ${domain} has this address. Please write to ${city.contact.email} instead.`
}

type Done = (error?: Error | null) => void

/** A callback from a promise: what is thrown is the reply; a fault of ours is 451. */
function settle<Session>(work: (session: Session) => Promise<void>): (session: Session, done: Done) => void {
  return (session, done) => {
    work(session).then(
      () => {
        done()
      },
      (error: unknown) => {
        done(error instanceof Reply ? error : new Reply(451, '4.3.0 Please try again in some minutes.'))
      },
    )
  }
}

import { Readable } from 'node:stream'
import type { AuthenticateResult, DNSResolver } from 'mailauth'
import type { Held } from './hold.ts'

/**
 * What is known of a sender's address. `verified`: the domain in From vouches for it (DMARC, or an aligned DKIM or SPF
 * where it publishes no policy). `failed`: the domain says that this is not its mail. `unverified`: nobody says anything,
 * or DNS could not be asked.
 */
export type Verdict = Readonly<{
  sender: 'verified' | 'unverified' | 'failed'
  spf: string
  dkim: string
  dmarc: string
  /** What the domain asks to be done with mail that fails. */
  policy: 'none' | 'quarantine' | 'reject'
}>

/** From whom a mail came, as the connection knows it. Behind a relay of the city's own, the relay's trace is believed. */
export type Connection = Readonly<{ ip?: string; helo?: string; from?: string; relayed: boolean }>

export const unknownSender: Verdict = {
  sender: 'unverified',
  spf: 'none',
  dkim: 'none',
  dmarc: 'none',
  policy: 'none',
}

/** Checks SPF, DKIM and DMARC. It never throws: what cannot be checked is unverified. */
export async function checkSender(held: Held, by: Connection, ask: DNSResolver, name: string): Promise<Verdict> {
  try {
    const message = held.count === 0 ? held.head : Readable.from(held.pieces())
    // Loaded with the first mail: a city that takes none in by SMTP need not hold it.
    const { authenticate } = await import('mailauth')
    const result = await authenticate(message, {
      ...(by.relayed ? { trustReceived: true } : { ip: by.ip ?? '', helo: by.helo ?? '', sender: by.from ?? '' }),
      mta: name,
      resolver: ask,
      disableArc: true,
      disableBimi: true,
    })
    return verdictOf(result)
  } catch {
    return unknownSender
  }
}

/** Checks a signature alone: of a mail that lies in a mailbox nobody knows any more which machine sent it. */
export async function checkSignature(held: Held, ask: DNSResolver, name: string): Promise<Verdict> {
  const { dkim, sender } = await checkSender(held, { relayed: false }, ask, name)
  return dkim === 'pass' && sender === 'verified' ? { ...unknownSender, sender, dkim } : unknownSender
}

export function verdictOf({ dkim, spf, dmarc }: AuthenticateResult): Verdict {
  const [headerFrom] = [dkim.headerFrom].flat()
  const from = headerFrom?.split('@').at(-1) ?? ''
  const signed = dkim.results.some(({ status }) => status.result === 'pass' && Boolean(status.aligned))
  const spfResult = spf ? spf.status.result : 'none'
  const aligned = spf ? isWithin(from, spf.domain) : false
  const dmarcResult = dmarc ? dmarc.status.result : 'none'
  const policy = dmarc && dmarcResult === 'fail' ? dmarc.policy : 'none'
  const judged = {
    spf: spfResult,
    dkim:
      dkim.results.find(({ status }) => status.result === 'pass')?.status.result ??
      dkim.results[0]?.status.result ??
      'none',
    dmarc: dmarcResult,
    policy: policy === 'reject' || policy === 'quarantine' ? policy : 'none',
  } as const
  if (dmarcResult === 'pass') return { sender: 'verified', ...judged }
  if (dmarcResult === 'fail') return { sender: 'failed', ...judged }
  if (signed || (spfResult === 'pass' && aligned)) return { sender: 'verified', ...judged }
  return { sender: spfResult === 'fail' && aligned ? 'failed' : 'unverified', ...judged }
}

/** One domain is the other or lies inside it. */
function isWithin(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  return a !== '' && b !== '' && (a === b || a.endsWith(`.${b}`) || b.endsWith(`.${a}`))
}

import { Resolver } from 'node:dns/promises'
import type { DNSResolver } from 'mailauth'

const keptMs = 5 * 60_000
const troubleMs = 30_000
const mostKept = 5000

type Answer = Readonly<{ until: number; answer: Promise<string[] | string[][]> }>

/**
 * Asks DNS about senders' domains, with little patience, and remembers the answer for five minutes, trouble for half a
 * one: a name server that is away must not make every sender wait. Only domains are asked for and kept, in memory.
 */
export function nameServer(ask: DNSResolver = overTheNetwork()): DNSResolver {
  const known = new Map<string, Answer>()
  return (domain, type) => {
    const name = `${type} ${domain.toLowerCase()}`
    const before = known.get(name)
    if (before && before.until > Date.now()) return before.answer
    const answer = ask(domain, type)
    if (known.size >= mostKept) known.clear()
    known.set(name, { until: Date.now() + keptMs, answer })
    answer.catch((error: unknown) => {
      if (!isNo(error)) known.set(name, { until: Date.now() + troubleMs, answer })
    })
    return answer
  }
}

/** The name server's own answer that there is nothing; anything else is trouble. */
function isNo(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes((error as { code?: string }).code ?? '')
}

/** The machine's own name servers, or these. */
export function overTheNetwork(servers?: readonly string[]): DNSResolver {
  const resolver = new Resolver({ timeout: 1500, tries: 2 })
  if (servers) resolver.setServers(servers)
  return (domain, type) => resolver.resolve(domain, type) as Promise<string[] | string[][]>
}

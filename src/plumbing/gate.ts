import { createHmac, randomBytes } from 'node:crypto'
import { isIPv6 } from 'node:net'

/**
 * Keeps programs from flooding what anybody may use (an open survey, the asking for a code), without knowing anybody: how
 * often a network asked in this hour is counted in this process's memory, under a hash whose key is made anew each hour. Nothing
 * is written anywhere; with the hour, key and counts are gone. A household or a library shares a network, so the limit is
 * wide. Behind a proxy on the same machine every visitor has its address: then only the wider limit of the process holds.
 */
export type Gate = Readonly<{ admits(what: string, address: string): boolean }>

const hourMs = 3_600_000

export function createGate(
  now: () => number = Date.now,
  most: Readonly<{ network: number; all: number }> = { network: 40, all: 4_000 },
): Gate {
  let key = randomBytes(32)
  let ends = 0
  let all = 0
  const counts = new Map<string, number>()
  return {
    admits(what, address) {
      const at = now()
      if (at >= ends) {
        key = randomBytes(32)
        ends = at + hourMs
        all = 0
        counts.clear()
      }
      all += 1
      if (all > most.all) return false
      if (isLoopback(address)) return true
      const hash = createHmac('sha256', key)
        .update(`${what}|${networkOf(address)}`)
        .digest('base64url')
      const count = (counts.get(hash) ?? 0) + 1
      counts.set(hash, count)
      return count <= most.network
    },
  }
}

const isLoopback = (address: string) => /^(::1|(::ffff:)?127\.)/.test(address)

/** An IPv6 household has 64 bits for itself: what they say is one network. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:/, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail = ''] = plain.split('::')
  const front = head === '' ? [] : head.split(':')
  const back = tail === '' ? [] : tail.split(':')
  const groups = plain.includes('::')
    ? [...front, ...Array<string>(8 - front.length - back.length).fill('0'), ...back]
    : front
  return groups.slice(0, 4).join(':')
}

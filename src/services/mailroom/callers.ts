import type { RateLimiterMemory } from 'rate-limiter-flexible'
import { createLimiter } from '../../plumbing/index.ts'

/**
 * How much one address may send. Addresses are in memory only, for as long as the limit runs; none is logged or stored.
 * A relay of the city's own speaks for many and is not limited.
 */
export type Callers = Readonly<{
  /** False where this address has called too often, or has too many lines open. */
  mayCall: (address: string) => Promise<boolean>
  hangUp: (address: string) => void
  mayWrite: (address: string) => Promise<boolean>
  /** Notes a recipient who is not there; false where that was one too many. */
  mayGuess: (address: string) => Promise<boolean>
}>

export type Limits = Readonly<{ calls: number; lines: number; mails: number; guesses: number }>
/** Calls and mails a minute, lines at once, wrong recipients in ten minutes. */
export const usualLimits: Limits = { calls: 60, lines: 12, mails: 120, guesses: 30 }

export function callers(limits: Limits = usualLimits): Callers {
  const calls = createLimiter({ points: limits.calls, duration: 60 })
  const mails = createLimiter({ points: limits.mails, duration: 60 })
  const guesses = createLimiter({ points: limits.guesses, duration: 600 })
  const open = new Map<string, number>()
  const within = (limiter: RateLimiterMemory, address: string) =>
    limiter.consume(networkOf(address)).then(
      () => true,
      () => false,
    )
  return {
    async mayCall(address) {
      const lines = (open.get(address) ?? 0) + 1
      open.set(address, lines)
      return lines <= limits.lines && (await within(calls, address))
    },
    hangUp(address) {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    },
    mayWrite: (address) => within(mails, address),
    mayGuess: (address) => within(guesses, address),
  }
}

/** One household has one IPv6 network of 64 bits and all addresses in it. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::', 2)
  const [start, end] = [head.split(':').filter(Boolean), tail.split(':').filter(Boolean)]
  return [...start, ...Array.from({ length: Math.max(0, 8 - start.length - end.length) }, () => '0'), ...end]
    .slice(0, 4)
    .join(':')
}

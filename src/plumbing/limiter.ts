import { createRequire } from 'node:module'
import type { IRateLimiterOptions, RateLimiterMemory } from 'rate-limiter-flexible'

const load = createRequire(import.meta.url)

/** Counts in this process's memory. The library's front door would open its thirty other places to count in as well. */
export function createLimiter(options: IRateLimiterOptions): RateLimiterMemory {
  const Limiter = load('rate-limiter-flexible/lib/RateLimiterMemory.js') as typeof RateLimiterMemory
  return new Limiter(options)
}

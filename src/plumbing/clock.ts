import { Temporal } from 'temporal-polyfill'

/** Where acts read the time, so that a test can say what time it is. */
export interface Clock {
  now(): Temporal.Instant
}

export const systemClock: Clock = { now: () => Temporal.Now.instant() }

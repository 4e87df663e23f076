import { setTimeout as pause } from 'node:timers/promises'
import type { FormDefinition } from './define.ts'

/** Between one form and the next, in milliseconds: whoever comes meanwhile waits for one compilation at most. */
const usualPause = 250

/**
 * Reads nothing with each form, one after the other while nobody waits for the start any more: then a form's schema is
 * compiled before the first person opens it. Ends when `signal` aborts.
 */
export async function readAhead(
  forms: Iterable<Pick<FormDefinition, 'look'>>,
  signal: AbortSignal,
  pauseMs = usualPause,
): Promise<void> {
  for (const form of forms) {
    await pause(pauseMs, undefined, { ref: false, signal }).catch(() => undefined)
    if (signal.aborted) return
    form.look({})
  }
}

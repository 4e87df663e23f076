import type { Language } from '../../plumbing/index.ts'
import { say } from './messages.ts'
import { refuse, type Refused } from './refused.ts'

/**
 * What was asked or sent, by name, each with all its values in the order in which they came. Parameters mean the same in
 * any order; one that may stand once and came with two values means nothing, and is refused.
 */
export type Parameters = ReadonlyMap<string, readonly string[]>

const mostParameters = 500

/** Address and body together; what is empty counts as not given. */
export function parametersIn(...sources: readonly unknown[]): Parameters {
  const found = new Map<string, string[]>()
  let read = 0
  for (const source of sources) {
    if (typeof source !== 'object' || source === null) continue
    for (const [name, given] of Object.entries(source)) {
      for (const value of Array.isArray(given) ? (given as unknown[]) : [given]) {
        if (typeof value !== 'string' || (read += 1) > mostParameters) continue
        const clean = value.toWellFormed().replaceAll('\0', '').replaceAll('\r\n', '\n').trim()
        if (clean !== '') found.set(name, [...(found.get(name) ?? []), clean])
      }
    }
  }
  return found
}

/** The value of a parameter that may stand once; the same value twice is one. */
export function only(parameters: Parameters, name: string, language: Language): string | undefined | Refused {
  const [first, ...others] = parameters.get(name) ?? []
  return others.every((other) => other === first) ? first : refuse(400, say(language, 'errTwice', { name }))
}

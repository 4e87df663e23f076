import { say } from './messages.ts'

/** “Mei Tanaka is writing an answer.”; empty where nobody is. */
export function writingWords(names: readonly string[]): string {
  if (names.length === 0) return ''
  const [last = '', ...before] = names.toReversed()
  const listed = before.length === 0 ? last : `${before.toReversed().join(', ')} ${say('en', 'and')} ${last}`
  return say('en', 'writing', { names: listed, count: names.length })
}

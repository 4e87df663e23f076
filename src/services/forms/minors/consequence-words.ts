import type { Language } from '../../../plumbing/index.ts'
import { say } from './messages.ts'

/** In a guardian's words, what the end of a consent does to a letter that was sent under it (`consent.follow_forms`). */
export function consequenceWords(code: string, language: Language): string | undefined {
  return code === 'letter-ends' || code === 'letter-goes-on' ? say(language, code) : undefined
}

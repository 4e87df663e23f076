import type { Answer } from './answer.ts'

/** Why a question or a report is refused; several at once where a report has several mistakes. */
export type Refused = Readonly<{
  refused: 'open311'
  status: 400 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503
  says: readonly string[]
  /** Seconds after which to ask again. */
  after?: number
}>

export function refuse(status: Refused['status'], ...says: readonly string[]): Refused {
  return { refused: 'open311', status, says }
}

export const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'refused' in value && value.refused === 'open311'

/** What was sent is never repeated in an error: it could be somebody's words, and errors are logged far away. */
export function errorsAnswer({ status, says }: Refused): Answer {
  return {
    root: 'errors',
    inside: { item: 'error', things: says.map((description) => ({ code: status, description })) },
  }
}

import type { Visit } from '../../trust/need-to-know/index.ts'
import { newId } from './new-id.ts'

/** The identifier under which a form's message is posted, so that a repeat is not a second one. */
export function messageOf({ posted }: Visit): string {
  const { message } = posted
  return message !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(message) ? message : newId()
}

export function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

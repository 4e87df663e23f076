import { notice } from '../../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../../plumbing/index.ts'
import { say } from '../messages.ts'

/** Above a form that a minor fills in: that her parent agreed, and what that means. */
export const agreedNotice = (language: Language): Html => notice('note', html`<p>${say(language, 'agreed')}</p>`)

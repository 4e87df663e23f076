import { notice } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import { say } from '../filling/messages.ts'

/** What she had kept for later is gone. */
export const droppedNotice = (language: Language): Html =>
  notice('done', html`<p role="status">${say(language, 'savedDropped')}</p>`)

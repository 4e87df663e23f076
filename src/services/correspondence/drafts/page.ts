import { html, type Html } from '../../../plumbing/index.ts'
import type { CaseId } from '../../../city/index.ts'
import type { CaseOnDesk } from '../case-on-desk.ts'
import { shortMoment, type Day } from '../pages/desk-words.ts'
import type { CaseLine } from '../tables.ts'
import type { KeptDraft } from './draft.ts'
import { say } from './messages.ts'
import { writingWords } from './writing-words.ts'

/** Colleagues who are writing, above the box; the page's module looks again every twenty seconds and says it here. */
export function whoIsWriting({ line, writers, powers }: CaseOnDesk): Html | undefined {
  if (!powers.includes('answer')) return undefined
  const words = writingWords(writers)
  return html`<p
    class="writing"
    role="status"
    data-writing
    data-case="/desk/cases/${line.id}"
    data-version="${line.version}"
    data-changed="${say('en', 'changedLive')}"
    ${words === '' && 'hidden'}
  >
    ${words}
  </p>`
}

/** Above the box: since when its words are kept, and whether the case went on without them. */
export function beginning(day: Day, line: CaseLine, kept: KeptDraft | undefined): Html {
  return html`${
    kept?.words !== undefined &&
    html`<p class="kept-since small">${say.rich('en', 'keptAt', { when: shortMoment(day, kept.savedAt) })}</p>`
  }
    ${
      kept?.words !== undefined &&
      kept.version < line.version &&
      html`<p class="kept-since"><strong>${say('en', 'changedSince')}</strong></p>`
    }`
}

/** Keeping without sending, and dropping what is kept. The attachments of the form stay behind: only words are kept. */
export function draftButtons(caseId: CaseId, query: string, kept: KeptDraft | undefined): Html {
  const button = (noun: string, words: string) =>
    html`<button
      class="quiet"
      type="submit"
      formaction="/desk/cases/${caseId}/${noun}${query}"
      formenctype="application/x-www-form-urlencoded"
    >
      ${words}
    </button>`
  return html`<span class="keeping"
    >${button('drafts', say('en', 'keep'))} ${kept && button('draft-endings', say('en', 'drop'))}
    <span class="soft small" role="status" data-kept="${say('en', 'notKept', { why: say('en', 'notKeptOther') })}"></span
  ></span>`
}

/** On a letter that is sealed: that something of hers waits inside. */
export function draftWaits({ drafts }: CaseOnDesk): Html {
  return html`${drafts.map(
    ({ kind }) => html`<p><strong>${say('en', kind === 'reply' ? 'waitsSealed' : 'noteWaitsSealed')}</strong></p>`,
  )}`
}

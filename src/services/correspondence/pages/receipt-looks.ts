import type { City } from '../../../city/index.ts'
import { empty, evidenceList, type Evidence } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import type { EntryLine } from '../read-case.ts'
import { emergencies, stakeWords, verdictWords } from './glass-words.ts'
import { paymentActWords } from './payment-messages.ts'
import { say } from './receipt-messages.ts'

/**
 * Everybody who opened the letter or acted on it, each by duty and reason, never by name; the person's own entries
 * folded below, so that the count has no gap.
 */
export function receiptLooks(
  city: City,
  language: Language,
  history: readonly EntryLine[],
  proofPath: (entry: string) => string,
): Html {
  const own = history.filter(({ actorKind }) => actorKind === 'person')
  const others = history.filter(({ actorKind }) => actorKind !== 'person')
  const rows = (entries: readonly EntryLine[]) =>
    evidenceList(
      language,
      city.timeZone,
      entries.map((entry) => evidenceOf(city, language, entry, proofPath)),
    )
  return html`<p>${say(language, 'lookedLead')}</p>
    ${emergencies(city, language, others)}
    ${
      others.length > 0
        ? rows(others)
        : empty(say(language, 'lookedNobody'), html`<p>${say(language, 'lookedNobodySays')}</p>`, 3)
    }
    <p class="soft">${say(language, 'lookedCount', { count: history.length, own: own.length, city: others.length })}</p>
    <details>
      <summary>${say(language, 'ownTitle', { count: own.length })}</summary>
      ${rows(own)}
    </details>`
}

function evidenceOf(city: City, language: Language, entry: EntryLine, proofPath: (entry: string) => string): Evidence {
  const duty = entry.duty && city.duties.get(entry.duty)
  const department = entry.department ?? (duty ? duty.department : undefined)
  const reason = duty && duty.reasons.find(({ id }) => id === entry.reason)
  const because = [
    duty ? duty.title[language] : entry.actorKind === 'system' && say(language, 'program'),
    department && city.departments.get(department)?.name[language],
    reason && reason.text[language],
    entry.reason === 'break-glass' && entry.act === 'letter.opened' && say(language, 'glassReason'),
    entry.act === 'glass.broken' && stakeWords(language, entry),
    entry.act === 'glass.reviewed' && verdictWords(language, entry),
  ]
  return {
    did: did(language, entry),
    at: entry.at,
    because: because.filter((part) => typeof part === 'string' && part !== ''),
    entry: entry.subjectCount,
    alarm: entry.act.startsWith('glass.'),
    proof: entry.sequenced ? { href: proofPath(entry.id) } : say(language, 'proofSoon'),
  }
}

const acts = [
  'letter.received',
  'letter.added',
  'letter.recorded',
  'receipt.printed',
  'receipt.renewed',
  'reply.printed',
  'scan.read',
  'scan.unread',
  'enrolment.made',
  'enrolment.offered',
  'enrolment.accepted',
  'enrolment.confirmed',
  'enrolment.drawn',
  'enrolment.cancelled',
  'enrolment.called-off',
  'enrolment.lapsed',
  'enrolment.completed',
  'enrolment.attended',
  'enrolment.roster-opened',
  'enrolment.messaged',
  'enrolment.moved',
  'enrolment.seated',
  'enrolment.split',
  'enrolment.kept-given',
  'enrolment.shown',
  'booking.made',
  'booking.held',
  'booking.confirmed',
  'booking.cancelled',
  'booking.called-off',
  'booking.let-go',
  'booking.taken-place',
  'booking.missed',
  'letter.opened',
  'answers.exported',
  'glass.broken',
  'glass.reviewed',
  'files.attached',
  'file.ready',
  'file.refused',
  'reply.sent',
  'note.written',
  'case.assigned',
  'case.moved',
  'case.closed',
  'case.reopened',
  'case.joined',
  'case.separated',
  'case.reminded',
  'case.escalated',
  'person.searched',
  'case.referred',
  'referral.sent',
  'referral.kept',
  'referral.failed',
  'referral.bounced',
  'referral.resent',
  'referral.answered',
  'mail.filed',
  'mail.joined',
  'mail.separated',
  'mail.sent',
  'mail.kept',
  'mail.failed',
  'mail.bounced',
  'mail.resent',
  'draft.begun',
  'draft.dropped',
  'draft.swept',
  'key.used',
  'description.published',
  'description.withdrawn',
] as const

function did(language: Language, { act, actorKind, purpose }: EntryLine): string {
  if (act === 'letter.opened' && actorKind === 'person') return say(language, 'did-letter.opened-person')
  if (act === 'letter.opened' && purpose === 'scan') return say(language, 'did-letter.opened-scan')
  if (act === 'letter.opened' && purpose === 'reading') return say(language, 'did-letter.opened-reading')
  if (act === 'letter.opened' && purpose === 'finding') return say(language, 'did-letter.opened-finding')
  if (act === 'letter.opened' && purpose === 'referral') return say(language, 'did-letter.opened-referral')
  if (act === 'letter.opened' && actorKind === 'system')
    return say(language, purpose === 'mail' ? 'did-letter.opened-filing' : 'did-letter.opened-system')
  const known = acts.find((one) => one === act)
  return known ? say(language, `did-${known}`) : (paymentActWords(language, act) ?? say(language, 'did-other', { act }))
}

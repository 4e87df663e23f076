import type { AgencyId, City, DutyId } from '../../../city/index.ts'
import { evidenceList, type Evidence } from '../../../city/look/index.ts'
import { html, type Html } from '../../../plumbing/index.ts'
import { say as sayOfMails } from '../mails/desk-mail-messages.ts'
import { say } from '../messages.ts'
import type { EntryLine, MailLine } from '../read-case.ts'
import { closingWords } from './desk-bar.ts'
import { dutyWords, topicName } from './desk-words.ts'
import { paymentActWords } from './payment-messages.ts'

/** Who looked and what was done, as the person reads it too: duty and reason, no names. */
export function record(city: City, history: readonly EntryLine[]): Html {
  return html`<section class="record" aria-labelledby="history">
      <h2 id="history">${say('en', 'history')}</h2>
      <p class="soft small">${say('en', 'historyLead', { count: history.length })}</p>
      ${entries(city, history.slice(0, newest))}
      ${
        history.length > newest &&
        html`<details>
          <summary>${say('en', 'olderEntries', { count: history.length - newest })}</summary>
          ${entries(city, history.slice(newest))}
        </details>`
      }
    </section>`
}

type Stake = 'danger-to-life' | 'danger-to-a-child' | 'danger-to-the-public' | 'right-at-risk'

/** So many entries stand open; the rest is folded below them. */
const newest = 20

const entries = (city: City, some: readonly EntryLine[]) =>
  evidenceList(
    'en',
    city.timeZone,
    some.map((entry) => evidenceOf(city, entry)),
  )

function evidenceOf(city: City, entry: EntryLine): Evidence {
  const { act, detail } = entry
  return {
    did: actWords(act, detail),
    at: entry.at,
    alarm: act.startsWith('glass.'),
    because: [whose(city, entry), reasonWords(city, entry), detail && detailWords(city, act, detail)].filter(
      (part): part is string => Boolean(part),
    ),
  }
}

const acts = {
  'letter.received': 'act_letter_received',
  'letter.added': 'act_letter_added',
  'letter.recorded': 'act_letter_recorded',
  'receipt.printed': 'act_receipt_printed',
  'receipt.renewed': 'act_receipt_renewed',
  'reply.printed': 'act_reply_printed',
  'scan.read': 'act_scan_read',
  'scan.unread': 'act_scan_unread',
  'enrolment.made': 'act_enrolment_made',
  'enrolment.offered': 'act_enrolment_offered',
  'enrolment.accepted': 'act_enrolment_accepted',
  'enrolment.confirmed': 'act_enrolment_confirmed',
  'enrolment.drawn': 'act_enrolment_drawn',
  'enrolment.cancelled': 'act_enrolment_cancelled',
  'enrolment.called-off': 'act_enrolment_called_off',
  'enrolment.lapsed': 'act_enrolment_lapsed',
  'enrolment.completed': 'act_enrolment_completed',
  'enrolment.attended': 'act_enrolment_attended',
  'enrolment.roster-opened': 'act_enrolment_roster_opened',
  'enrolment.messaged': 'act_enrolment_messaged',
  'enrolment.moved': 'act_enrolment_moved',
  'enrolment.seated': 'act_enrolment_seated',
  'enrolment.split': 'act_enrolment_split',
  'enrolment.kept-given': 'act_enrolment_kept_given',
  'enrolment.shown': 'act_enrolment_shown',
  'booking.made': 'act_booking_made',
  'booking.held': 'act_booking_held',
  'booking.confirmed': 'act_booking_confirmed',
  'booking.cancelled': 'act_booking_cancelled',
  'booking.called-off': 'act_booking_called_off',
  'booking.let-go': 'act_booking_let_go',
  'booking.taken-place': 'act_booking_taken_place',
  'booking.missed': 'act_booking_missed',
  'letter.opened': 'act_letter_opened',
  'answers.exported': 'act_answers_exported',
  'glass.broken': 'act_glass_broken',
  'glass.reviewed': 'act_glass_reviewed',
  'files.attached': 'act_files_attached',
  'file.ready': 'act_file_ready',
  'file.refused': 'act_file_refused',
  'reply.sent': 'act_reply_sent',
  'note.written': 'act_note_written',
  'case.assigned': 'act_case_assigned',
  'case.moved': 'act_case_moved',
  'case.closed': 'act_case_closed',
  'case.referred': 'act_case_referred',
  'referral.sent': 'act_referral_sent',
  'referral.kept': 'act_referral_kept',
  'referral.failed': 'act_referral_failed',
  'referral.bounced': 'act_referral_bounced',
  'referral.resent': 'act_referral_resent',
  'referral.answered': 'act_referral_answered',
  'case.reopened': 'act_case_reopened',
  'case.joined': 'act_case_joined',
  'case.separated': 'act_case_separated',
  'case.reminded': 'act_case_reminded',
  'case.escalated': 'act_case_escalated',
  'person.searched': 'act_person_searched',
  'mail.filed': 'act_mail_filed',
  'mail.joined': 'act_mail_joined',
  'mail.separated': 'act_mail_separated',
  'mail.sent': 'act_mail_sent',
  'mail.kept': 'act_mail_kept',
  'mail.failed': 'act_mail_failed',
  'mail.bounced': 'act_mail_bounced',
  'mail.resent': 'act_mail_resent',
  'key.used': 'act_key_used',
  'description.published': 'act_description_published',
  'description.withdrawn': 'act_description_withdrawn',
  'draft.begun': 'act_draft_begun',
  'draft.dropped': 'act_draft_dropped',
  'draft.swept': 'act_draft_swept',
} as const

function actWords(act: string, detail: string | undefined): string {
  if (act === 'case.assigned' && detail === 'to=nobody') return say('en', 'act_case_unassigned')
  const ofPayment = paymentActWords('en', act)
  if (ofPayment !== undefined) return ofPayment
  return act in acts ? say('en', acts[act as keyof typeof acts]) : say('en', 'act_other', { act })
}

/** Which of the city's programs it was, by what it opened the letter for. */
const programs: Readonly<Record<string, 'historyScanner' | 'historyReader' | 'historyFinder' | 'historyProgram'>> = {
  scan: 'historyScanner',
  reading: 'historyReader',
  finding: 'historyFinder',
  open311: 'historyProgram',
}

function whose(city: City, { act, actorKind, duty, purpose }: EntryLine): string {
  switch (actorKind) {
    case 'person':
      return say('en', 'historyPerson')
    case 'system':
      if (act.startsWith('case.')) return say('en', 'historyReminders')
      return say('en', programs[purpose ?? ''] ?? 'historySystem')
    case 'operator':
      return say('en', 'historyOperator')
    case 'staff':
      return duty === undefined ? '' : dutyWords(city, duty)
    default:
      return actorKind satisfies never
  }
}

function reasonWords(city: City, { act, actorKind, duty, purpose, reason }: EntryLine): string | undefined {
  if (act === 'letter.opened' && purpose === 'scan') return say('en', 'historyScan')
  if (act === 'letter.opened' && purpose === 'reading') return say('en', 'historyReading')
  if (act === 'letter.opened' && purpose === 'finding') return say('en', 'historyFinding')
  if (act === 'letter.opened' && purpose === 'referral') return say('en', 'historyReferral')
  if (act === 'letter.opened' && actorKind === 'system')
    return say('en', purpose === 'mail' ? 'historyFiling' : 'historyPost')
  if (act === 'letter.opened' && actorKind === 'person') return say('en', 'historyReceipt')
  if (duty === undefined || reason === undefined) return undefined
  if (reason === 'break-glass') return say('en', 'reasonGlass')
  return city.duties.get(duty)?.reasons.find(({ id }) => id === reason)?.text.en
}

/** The codes of an entry's detail that say something to a clerk. */
function detailWords(city: City, act: string, detail: string): string | undefined {
  const codes = new Map(detail.split(' ').map((pair) => pair.split('=') as [string, string]))
  if (act === 'case.moved') {
    const [from, to] = [codes.get('from') ?? '', codes.get('to') ?? '']
    return say('en', 'historyTopics', { from: topicName(city, from), to: topicName(city, to) })
  }
  const agency = city.agencies.get((codes.get('agency') ?? '') as AgencyId)?.name.en
  if (agency !== undefined && act !== 'case.closed') return agency
  const because = codes.get('because')
  if (act === 'glass.broken' && because) return say('en', `glass-${because as Stake}`)
  if (act === 'glass.reviewed')
    return say('en', codes.get('verdict') === 'proper' ? 'glass-proper' : 'glass-not-proper')
  if (act === 'case.reminded') return remindedWords(because)
  if (act === 'case.escalated') return dutyWords(city, (codes.get('to') ?? '') as DutyId)
  return act === 'case.closed' && because
    ? [closingWords(because as Parameters<typeof closingWords>[0]), agency].filter(Boolean).join(': ')
    : undefined
}

function remindedWords(because: string | undefined): string | undefined {
  const words = { unassigned: 'remindedUnassigned', 'due-soon': 'remindedSoon', overdue: 'remindedOverdue' } as const
  return because !== undefined && because in words ? say('en', words[because as keyof typeof words]) : undefined
}

export function mailKind({ kind }: MailLine): string {
  return sayOfMails('en', kind)
}

export function mailState({ state }: MailLine): string {
  const words = {
    waiting: 'mailWaiting',
    sent: 'mailSent',
    kept: 'mailKept',
    failed: 'mailFailed',
    bounced: 'mailFailed',
  } as const
  return say('en', words[state])
}

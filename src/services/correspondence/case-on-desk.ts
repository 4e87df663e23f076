import type { Temporal } from 'temporal-polyfill'
import { sql, type Html, type Tx } from '../../plumbing/index.ts'
import type { CaseId, City, DutyId, Power, Reason, ReasonId, TopicId } from '../../city/index.ts'
import { enterStaff, glassInHand, type Arrival, type Staff, type StaffActor } from '../../trust/need-to-know/index.ts'
import { keyInHand, type OpenKey } from '../../trust/vault/index.ts'
import { draftsInHand, type KeptDraft } from './drafts/draft.ts'
import { writersInHand } from './drafts/writers.ts'
import type { House } from './house.ts'
import type { ContactDetails } from './letter.ts'
import { say } from './messages.ts'
import { panelsOf, type AnswersAsked, type SeenOnDesk } from './panel.ts'
import {
  readContact,
  readHistory,
  readLetters,
  readLineOnDesk,
  readMails,
  type EntryLine,
  type Letter,
  type MailLine,
} from './read-case.ts'
import type { CaseLine } from './tables.ts'
import { templatesFor, type OfferedTemplate } from './templates/offered.ts'

/** A case as it lies on a clerk's desk: what surrounds it, and its words while the envelope is open. */
export type CaseOnDesk = Readonly<{
  line: CaseLine
  /** The duty that brings this case to her desk. */
  duty: DutyId
  /** No duty covers it: she opened it in an emergency, to read only, until then. */
  glass?: Readonly<{ until: Temporal.Instant }>
  powers: readonly Power[]
  /** Why she may open it; the first is prefilled. */
  reasons: readonly Reason[]
  colleagues: readonly Colleague[]
  history: readonly EntryLine[]
  mails: readonly MailLine[]
  envelope: Envelope
  /** Answers that are shown only when asked for, by the name of their question. */
  folded: ReadonlySet<string>
  /** The questions as they were asked, where a room further up knows them. */
  asked?: AnswersAsked
  /** What she began to write here and has not sent. */
  drafts: readonly KeptDraft[]
  /** What she may put into an answer; none while the letter is sealed. */
  templates: readonly OfferedTemplate[]
  /** Colleagues who are writing an answer at this moment. */
  writers: readonly string[]
  /** What other rooms have to say about it: above its letters, and below. */
  above: readonly Html[]
  panels: readonly Html[]
}>

export type Colleague = Readonly<{ id: number; name: string }>
export type Envelope =
  | Readonly<{ state: 'sealed' }>
  | Readonly<{
      state: 'open'
      until: Temporal.Instant
      contact: ContactDetails
      letters: readonly Letter[]
      /** Names of the colleagues who wrote, by employee number. */
      names: ReadonlyMap<number, string>
    }>

/** Puts a case on the desk. Looking at the envelope tells nobody's words; they appear only after `openLetter`. */
export async function caseOnDesk(
  house: House,
  actor: StaffActor,
  caseId: CaseId,
  query = '',
): Promise<CaseOnDesk | Readonly<{ refused: 'not-there' }>> {
  return house.db.transaction((tx) => caseInHand(house, { tx, entering: enterStaff(tx, actor, caseId) }, caseId, query))
}

/**
 * The same in a transaction that is just entering as her with the case in hand: nothing waits for her to have entered, for
 * what is read of a case in hand is empty where she could not.
 */
export async function caseInHand(
  house: House,
  { tx, entering }: Pick<Arrival, 'tx' | 'entering'>,
  caseId: CaseId | undefined,
  query: string,
): Promise<CaseOnDesk | Readonly<{ refused: 'not-there' }>> {
  // Asked all at once: a page of many questions waits for the database once, not for each.
  const [staff, found, open, history, mails] = await Promise.all([
    entering,
    readLineOnDesk(tx),
    keyInHand(tx, house.keys),
    readHistory(tx),
    readMails(tx),
  ])
  if (caseId === undefined || staff?.caseId !== caseId || !found) return { refused: 'not-there' }
  const { line, beside } = found
  const record = { line, history, mails }
  const opening = envelopeOf(tx, found, open)
  const duties = dutiesFor(house.city, staff, line.topic)
  const [first] = duties
  if (!first) return underGlass(tx, record, await opening)
  const key = open && { key: open.key }
  const [envelope, colleagues, drafts, templates, writers, others] = await Promise.all([
    opening,
    colleaguesFor(tx, line.topic),
    beside.has('drafts') ? draftsInHand(tx, { caseId, employee: staff.employee, ...key }) : [],
    open ? templatesOf(tx, house.city, line.topic) : [],
    beside.has('writing') ? writersInHand(tx) : [],
    opening.then((envelope) => {
      const opened = envelope.state === 'open' && { letters: envelope.letters, contact: envelope.contact }
      return ofOthers(tx, house, { line, staff, duty: first.id, query, beside, ...key, ...opened })
    }),
  ])
  return {
    ...record,
    duty: first.id,
    powers: [...new Set(duties.flatMap((duty) => duty.may))],
    reasons: [...new Map(duties.flatMap((duty) => duty.reasons).map((reason) => [reason.id, reason])).values()],
    colleagues,
    envelope,
    folded: house.folded?.(line.form) ?? new Set(),
    drafts,
    templates,
    writers,
    ...others,
  }
}

/** What other rooms have to say of it. */
async function ofOthers(
  tx: Tx,
  house: House,
  seen: SeenOnDesk,
): Promise<Pick<CaseOnDesk, 'above' | 'panels' | 'asked'>> {
  const panels = house.panels ?? []
  const [asked, above, below] = await Promise.all([
    askedWith(tx, house, seen),
    panelsOf(
      panels.map(({ atTop }) => atTop),
      tx,
      seen,
    ),
    panelsOf(
      panels.map(({ onDesk }) => onDesk),
      tx,
      seen,
    ),
  ])
  return { ...asked, above, panels: below }
}

async function askedWith(tx: Tx, house: House, seen: SeenOnDesk): Promise<Pick<CaseOnDesk, 'asked'>> {
  for (const { asked } of house.panels ?? []) {
    const found = await asked?.(tx, seen)
    if (found) return { asked: found }
  }
  return {}
}

/** A case that no duty of hers covers, opened in an emergency: to read, and nothing else. */
async function underGlass(
  tx: Tx,
  record: Pick<CaseOnDesk, 'line' | 'history' | 'mails'>,
  envelope: Envelope,
): Promise<CaseOnDesk | Readonly<{ refused: 'not-there' }>> {
  const glass = await glassInHand(tx)
  if (!glass) return { refused: 'not-there' }
  return {
    ...record,
    duty: glass.duty,
    glass: { until: glass.until },
    powers: ['read'],
    reasons: [{ id: 'break-glass' as ReasonId, text: { en: say('en', 'reasonGlass'), es: say('en', 'reasonGlass') } }],
    colleagues: await colleaguesFor(tx, record.line.topic),
    envelope,
    folded: new Set(),
    drafts: [],
    templates: [],
    writers: [],
    above: [],
    panels: [],
  }
}

function dutiesFor(city: City, staff: Staff, topic: TopicId) {
  return staff.duties
    .map((id) => city.duties.get(id))
    .filter((duty) => duty !== undefined)
    .filter((duty) => duty.topics.includes(topic) && duty.may.includes('read'))
}

async function templatesOf(tx: Tx, city: City, topic: TopicId): Promise<readonly OfferedTemplate[]> {
  const department = city.topics.get(topic)?.department
  return department ? templatesFor(tx, city, department) : []
}

async function envelopeOf(
  tx: Tx,
  { line, sealedContact, beside }: NonNullable<Awaited<ReturnType<typeof readLineOnDesk>>>,
  open: OpenKey | undefined,
): Promise<Envelope> {
  if (!open) return { state: 'sealed' }
  const letters = await readLetters(tx, open.key, beside.has('attachments'))
  return {
    state: 'open',
    until: open.until,
    contact: readContact(open.key, line.id, sealedContact),
    letters,
    names: letters.some(({ employee }) => employee !== undefined) ? await namesOfAll(tx) : new Map<number, string>(),
  }
}

async function namesOfAll(tx: Tx): Promise<ReadonlyMap<number, string>> {
  const everybody = await tx.rows<Colleague>(sql`select id, name from need_to_know.colleagues()`)
  return new Map(everybody.map(({ id, name }) => [id, name]))
}

async function colleaguesFor(tx: Tx, topic: TopicId): Promise<readonly Colleague[]> {
  return tx.rows<Colleague>(sql`select id, name from need_to_know.colleagues(${topic})`)
}

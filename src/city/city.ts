import type { Activities } from './activities.ts'
import type { Addresses } from './addresses.ts'
import type { CityMap } from './areas.ts'
import type { Facilities } from './bookings.ts'
import type { Calendar } from './calendar.ts'
import type { ConsentRules } from './consent.ts'
import type {
  AgencyId,
  BasisId,
  DepartmentId,
  DutyId,
  Id,
  PlaceId,
  ReasonId,
  RetentionId,
  SeatId,
  TemplateId,
  TopicId,
} from './ids.ts'
import type { PaymentRules } from './payments.ts'
import type { Policy } from './policy.ts'
import type { Routing } from './routing.ts'
import type { Sample } from './sample.ts'
import type { Text } from './text.ts'

/** Everything the city says about itself, read once at start, frozen. Personal data of a real person is never in it. */
export type City = Readonly<{
  id: Id<'city'>
  name: Text
  tagline: Text
  /** `#rrggbb`, dark enough for white text on it (4.5:1) */
  accent: string
  wordmark: Wordmark
  timeZone: string
  /** How long the city keeps a form for somebody who goes on with it later. */
  draftDays: number
  contact: Contact
  departments: ReadonlyMap<DepartmentId, Department>
  topics: ReadonlyMap<TopicId, Topic>
  /** The Mayor and the Councilmembers, by seat. */
  council: ReadonlyMap<SeatId, Councilmember>
  places: ReadonlyMap<PlaceId, Place>
  duties: ReadonlyMap<DutyId, Duty>
  /** What a group at the city's identity provider brings along. */
  groups: ReadonlyMap<string, readonly DutyId[]>
  agencies: ReadonlyMap<AgencyId, Agency>
  legalBases: ReadonlyMap<BasisId, LegalBasis>
  calendar: Calendar
  retention: ReadonlyMap<RetentionId, RetentionClass>
  policy: Policy
  map: CityMap
  routing: Routing
  templates: ReadonlyMap<TemplateId, Template>
  /** What can be booked; empty in a city without `bookings.yaml`. */
  bookings: Facilities
  /** The recreation programme; empty in a city without `activities.yaml`. */
  activities: Activities
  /** Every address of the city; absent where there is no `addresses.csv`. */
  addresses?: Addresses
  /** Absent: the city takes no payments. */
  payments?: PaymentRules
  /** Absent: the city asks nothing of minors. */
  consent?: ConsentRules
  sample?: Sample
}>

/** The SVG has been checked: no script, no style attribute, nothing fetched from elsewhere. */
export type Wordmark = Readonly<{ kind: 'svg'; svg: string }> | Readonly<{ kind: 'text'; text: string }>

export type Contact = Readonly<{ address: string; phone: string; email: string; hours: Text }>

export type Department = Readonly<{
  id: DepartmentId
  name: Text
  /** One sentence: what people come to it for. */
  does: Text
  phone: string
  email: string
  address: string
  /** How its answers end, where the clerk puts it. */
  signature?: Text
}>

/** Words for an answer, with placeholders of a closed list in them. */
export type Template = Readonly<{ id: TemplateId; department: DepartmentId | 'all'; title: string; words: Text }>

/** A topic decides the department: to move a case is to give it one of the other department's topics. */
export type Topic = Readonly<{
  id: TopicId
  name: Text
  department: DepartmentId
  answerWithin: AnswerWithin
  /** Lists show a sensitive topic by its department only. */
  sensitive: boolean
  /** Something that is broken or in the way, offered by report-a-problem. */
  problem: boolean
  /** Its cases are listed for everybody through Open311, by topic, neighbourhood and state. Never where it is sensitive. */
  published: boolean
  /** Other words people search for, separated by commas. */
  keywords?: Text
}>

export type AnswerWithin = Readonly<{ days: number; count: 'working' | 'calendar' }>

/** A neighbourhood: coarse enough to stand in a list without pointing at a person. */
export type Place = Readonly<{ id: PlaceId; name: Text }>

/** Who may be written to by name; her mail is a letter on this topic. */
export type Councilmember = Readonly<{ id: SeatId; name: string; seat: Text; email: string; topic: TopicId }>

/**
 * What a duty may do with the letters of its topics; and `record` letters that come on paper or by telephone, `refer` to
 * another agency, `oversee` what waits, break the glass in an emergency, `review` who did, keep the department's `templates`,
 * keep the bookings (`book`) of what its topics lend out; run the department's surveys (`run-surveys`);
 * `run-activities` about its topics, and `lead-session`: see today's roster of the sessions that name the duty;
 * build the department's forms (`build-forms`), and approve forms of all departments that ask what is sensitive (`approve-forms`);
 * `collect` what is owed at the counter, `refund` and `waive` it;
 * `consent`: verify who consents for a child, and read the mail to people that could not go out; and `custody`: place and lift holds
 * on what nobody uses any more, and open it for a court or a records request.
 */
export const powers = [
  'read',
  'answer',
  'note',
  'assign',
  'move',
  'close',
  'record',
  'refer',
  'oversee',
  'break-glass',
  'review',
  'templates',
  'book',
  'run-surveys',
  'run-activities',
  'lead-session',
  'export-answers',
  'collect',
  'refund',
  'waive',
  'build-forms',
  'approve-forms',
  'consent',
  'custody',
] as const
/** What the cash office does with money, without ever reading a letter. */
export const cashPowers: readonly Power[] = ['collect', 'refund', 'waive']
/** A duty that has only these needs no topics: it reads no letter and sees no list of cases. */
export const letterlessPowers: readonly Power[] = [...cashPowers, 'consent', 'custody', 'lead-session']
export type Power = (typeof powers)[number]

/** What an employee's work is. What she may see is exactly the topics of her duties. */
export type Duty = Readonly<{
  id: DutyId
  title: Text
  department: DepartmentId
  topics: readonly TopicId[]
  may: readonly Power[]
  /** The closed list of reasons to open a letter, the first prefilled: nobody types a reason, so none can name a person in the ledger. */
  reasons: readonly [Reason, ...Reason[]]
}>

export type Reason = Readonly<{ id: ReasonId; text: Text }>

export const agencyKinds = [
  'city',
  'county',
  'state',
  'federal',
  'school-district',
  'special-district',
  'tribal',
] as const
export type AgencyKind = (typeof agencyKinds)[number]

/** Another government agency, to which a letter may be forwarded; the list holds governments only. */
export type Agency = Readonly<{
  id: AgencyId
  name: Text
  kind: AgencyKind
  responsibleFor: Text
  /** Topics of ours about which letters are often its business. */
  topics: readonly TopicId[]
  /** How a letter is sent there; absent: it is only named. */
  takes?: AgencyTakes
  /** What it has to know of a letter. Nothing else is ever sent. */
  needs: readonly Need[]
  phone: string
  url: string
}>

export type AgencyTakes =
  | Readonly<{ way: 'email'; address: string }>
  | Readonly<{
      way: 'open311'
      url: string
      jurisdiction?: string
      services: ReadonlyMap<TopicId, string>
      otherwise: string
    }>

/** Kinds of what a case holds about a person, as far as another agency may need it. */
export const needs = ['name', 'contact', 'words', 'place', 'answers', 'files'] as const
export type Need = (typeof needs)[number]

/** Why something may be sent to another agency, and the law it stands on. */
export type LegalBasis = Readonly<{ id: BasisId; text: Text; source: string }>

/** How long something is kept, in words that stand beside a question, and where the rule comes from. */
export type RetentionClass = Readonly<{
  id: RetentionId
  text: Text
  years: number
  from: 'closed' | 'received'
  source: string
}>

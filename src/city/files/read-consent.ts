import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  Type,
  isMistaken,
  readYaml,
  type Static,
  type Mistake,
  type Mistaken,
  type Path,
  type Yaml,
} from '../../plumbing/index.ts'
import type { Facilities } from '../bookings.ts'
import { bands, consentMethods, sensitivities, type ConsentMethod, type ConsentRules } from '../consent.ts'
import type { FacilityId } from '../ids.ts'
import type { Facts } from './assemble.ts'
import { mustBeKnown } from './check-references.ts'
import { closed, id, table, text } from './shapes.ts'

const days = (to: number) => Type.Integer({ minimum: 1, maximum: to, description: `days, 1 to ${String(to)}` })
const strength = Type.Integer({ minimum: 1, maximum: 3, description: '1 (weak), 2 or 3 (strong)' })
const method = Type.Object({ strength, how: text }, closed)
const byBand = Type.Object({ 'under-13': strength, 'under-18': strength }, closed)

const consentFile = Type.Object(
  {
    'answer-days': days(90),
    'remind-after': days(89),
    'verify-days': days(365),
    'proof-days': days(3650),
    'code-by-post-days': days(365),
    'disagreement-days': days(365),
    'of-age-days': days(365),
    // Was not there from the beginning: a city that has not written it has the days that most have.
    'ending-days': Type.Optional(days(365)),
    'back-ups-expire': days(3650),
    methods: Type.Partial(Type.Object(Object.fromEntries(consentMethods.map((name) => [name, method])), closed), {
      ...closed,
      minProperties: 1,
      description: 'ways to show who she is, each with strength: and how:',
    }),
    appointment: Type.Optional(id),
    strength: Type.Object({ plain: byBand, private: byBand, sensitive: byBand }, closed),
    'closed-to-guardians': Type.Optional(table(text)),
  },
  closed,
)
type Written = Static<typeof consentFile>

/** The rules of consent; undefined where there is no `consent.yaml`: then nothing may ask minors anything. */
export function readConsent(
  folder: string,
  city: Facts,
  bookings: Facilities | undefined,
): ConsentRules | Mistaken | undefined {
  const path = join(folder, 'consent.yaml')
  if (!existsSync(path)) return undefined
  const file = readYaml(path, consentFile)
  if (isMistaken(file)) return file
  const mistakes = [...mistakesIn(file, bookings), ...mustBeStaffed(file, city)]
  return mistakes.length > 0 ? { mistakes } : rulesOf(file.value)
}

/** Where bookings.yaml is wrong itself, what is booked for the video call is not asked. */
function mistakesIn(file: Yaml<Written>, bookings: Facilities | undefined): Mistake[] {
  const { methods, appointment, strength: needed } = file.value
  const mistakes: Mistake[] = []
  const tell = (path: Path, says: string, allowed: string) => mistakes.push(file.mistake(path, says, allowed))
  if (file.value['remind-after'] >= file.value['answer-days'])
    tell(['remind-after'], 'The reminder comes when it is over.', `1 to ${String(file.value['answer-days'] - 1)} days`)
  if (methods['email-plus'] && methods['email-plus'].strength > 1)
    tell(
      ['methods', 'email-plus', 'strength'],
      'A mailbox shows little: email-plus is the weakest.',
      '1; others may be stronger',
    )
  const strongest = Math.max(
    ...Object.values(methods as Record<string, { strength: number }>).map((one) => one.strength),
  )
  for (const sensitivity of sensitivities)
    for (const band of bands)
      if (needed[sensitivity][band] > strongest)
        tell(
          ['strength', sensitivity, band],
          'No method that the city offers is as strong as this.',
          `1 to ${String(strongest)}, or a stronger method above`,
        )
  if (appointment !== undefined && bookings)
    mistakes.push(
      ...mustBeKnown(file, ['appointment'], appointment, Object.fromEntries(bookings), 'something of bookings.yaml'),
    )
  return mistakes
}

/** Somebody must be there to look at the documents. */
function mustBeStaffed(file: Yaml<Written>, city: Facts): Mistake[] {
  if ([...city.duties.values()].some(({ may }) => may.includes('consent'))) return []
  const allowed = 'a duty in duties.yaml that may consent'
  return [file.mistake(['methods'], 'Nobody checks who consents.', allowed, 'key')]
}

function rulesOf(written: Written): ConsentRules {
  const { methods, appointment, 'closed-to-guardians': closedTo = {} } = written
  const offered = Object.entries(methods) as [ConsentMethod, Static<typeof method>][]
  return {
    answerDays: written['answer-days'],
    remindAfter: written['remind-after'],
    verifyDays: written['verify-days'],
    proofDays: written['proof-days'],
    codeByPostDays: written['code-by-post-days'],
    disagreementDays: written['disagreement-days'],
    ofAgeDays: written['of-age-days'],
    endingDays: written['ending-days'] ?? 30,
    backUpsExpire: written['back-ups-expire'],
    methods: new Map(offered),
    ...(appointment !== undefined && { appointment: appointment as FacilityId }),
    strength: written.strength,
    closedToGuardians: new Map(Object.entries(closedTo)),
  }
}

import { Type, type Static } from '../../plumbing/index.ts'
import { refundRules } from '../bookings.ts'
import { weekdays } from './calendar-file.ts'
import { closed, day, id, oneOf, table, text, words } from './shapes.ts'

const whole = (from: number, to: number, what: string) =>
  Type.Integer({ minimum: from, maximum: to, description: `${what}, ${String(from)} to ${String(to)}` })

const hours = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$',
  description: "hours such as '16:00-16:45', in quotation marks",
})
const moment = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01]) ([01]\\d|2[0-3]):[0-5]\\d$',
  description: 'a date and a time by the city’s clocks, for example 2027-01-11 09:00',
})
const cents = whole(0, 100_000_00, 'cents')

const session = Type.Object(
  {
    season: id,
    first: day,
    last: day,
    days: Type.Partial(Type.Object(Object.fromEntries(weekdays.map((name) => [name, hours])), closed), {
      ...closed,
      minProperties: 1,
      description: 'weekdays, each with its hours',
    }),
    except: Type.Optional(Type.Array(day)),
    venue: id,
    places: whole(1, 2000, 'places'),
    reserve: Type.Optional(Type.Object({ places: whole(1, 1999, 'places'), until: moment }, closed)),
    registration: Type.Object({ opens: moment, closes: moment, lottery: Type.Optional(Type.Boolean()) }, closed),
  },
  closed,
)

/** What a guardian says yes or no to. Whoever may see it runs or leads the session; nobody outside the city. */
const purpose = Type.Object(
  {
    title: text,
    why: text,
    sees: text,
    needed: Type.Boolean(),
    sensitivity: oneOf(['plain', 'private', 'sensitive']),
    retention: id,
    asks: Type.Optional(table(text)),
  },
  closed,
)

const programme = Type.Object(
  {
    name: text,
    about: text,
    topic: id,
    form: Type.Optional(id),
    ages: Type.Object({ from: whole(0, 120, 'years'), to: Type.Optional(whole(0, 120, 'years')) }, closed),
    after: Type.Optional(Type.Array(id, { minItems: 1, uniqueItems: true })),
    price: Type.Optional(
      Type.Object(
        {
          full: cents,
          groups: Type.Optional(table(Type.Object({ name: text, cents }, closed))),
          sibling: Type.Optional(whole(1, 100, 'percent')),
        },
        closed,
      ),
    ),
    cancel: Type.Object(
      {
        'free-until': whole(0, 2160, 'hours before the first time'),
        refund: oneOf(refundRules),
        'late-refund': oneOf(refundRules),
      },
      closed,
    ),
    'pay-within': Type.Optional(whole(1, 720, 'hours')),
    offer: whole(1, 720, 'hours'),
    waiver: Type.Optional(text),
    leader: id,
    purposes: Type.Optional(Type.Array(id, { minItems: 1, uniqueItems: true })),
    sessions: table(session),
  },
  closed,
)

export const activitiesFile = Type.Object(
  {
    seasons: table(Type.Object({ name: text }, closed)),
    venues: table(Type.Object({ name: text, address: words }, closed)),
    purposes: Type.Optional(table(purpose)),
    programmes: table(programme),
  },
  closed,
)
export type ProgrammeEntry = Static<typeof programme>
export type SessionEntry = Static<typeof session>
export type ActivitiesEntry = Static<typeof activitiesFile>

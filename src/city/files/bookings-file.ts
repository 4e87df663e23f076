import { Type, type Static } from '../../plumbing/index.ts'
import { refundRules } from '../bookings.ts'
import { weekdays } from './calendar-file.ts'
import { closed, day, id, oneOf, table, text, words } from './shapes.ts'

const whole = (from: number, to: number, what: string) =>
  Type.Integer({ minimum: from, maximum: to, description: `${what}, ${String(from)} to ${String(to)}` })

const hours = Type.Array(
  Type.String({
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$|^([01]\\d|2[0-3]):[0-5]\\d-24:00$',
    description: "hours such as '08:00-12:00', in quotation marks; '18:00-02:00' goes past midnight",
  }),
  { minItems: 1, description: "a list of hours such as ['08:00-12:00', '13:00-17:00']" },
)
const cents = whole(0, 100_000_00, 'cents')
const price = Type.Object(
  {
    slot: cents,
    groups: Type.Optional(table(Type.Object({ name: text, slot: cents }, closed))),
  },
  closed,
)

const facility = Type.Object(
  {
    kind: oneOf(['facility', 'appointment']),
    name: text,
    about: text,
    address: words,
    topic: id,
    form: id,
    slot: whole(5, 1440, 'minutes'),
    buffer: Type.Optional(whole(0, 1440, 'minutes')),
    'most-slots': whole(1, 24, 'slots'),
    capacity: whole(1, 200, 'how many there are'),
    'most-places': Type.Optional(whole(1, 200, 'how many one booking may take')),
    unit: Type.Optional(text),
    open: Type.Partial(Type.Object(Object.fromEntries(weekdays.map((name) => [name, hours])), closed), {
      ...closed,
      minProperties: 1,
      description: 'weekdays, each with its hours',
    }),
    holidays: oneOf(['closed', 'open']),
    closed: Type.Optional(Type.Array(Type.Object({ date: day, name: text }, closed))),
    lead: whole(0, 2160, 'hours'),
    horizon: whole(1, 730, 'days'),
    cancel: Type.Object(
      {
        until: whole(0, 2160, 'hours before the start'),
        'free-until': whole(0, 2160, 'hours before the start'),
        refund: oneOf(refundRules),
        'late-refund': oneOf(refundRules),
      },
      closed,
    ),
    'pay-within': Type.Optional(whole(1, 720, 'hours')),
    price: Type.Optional(price),
  },
  closed,
)

export const bookingsFile = Type.Object({ bookings: table(facility) }, closed)
export type FacilityEntry = Static<typeof facility>

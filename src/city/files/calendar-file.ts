import { Type } from '../../plumbing/index.ts'
import { closed, day, oneOf, text, words } from './shapes.ts'

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

const holiday = Type.Object(
  {
    name: text,
    falls: words,
    from: Type.Optional(day),
    until: Type.Optional(day),
  },
  closed,
)

export const calendarFile = Type.Object(
  {
    'closed-every': Type.Array(oneOf(weekdays), {
      maxItems: 6,
      uniqueItems: true,
      description: 'weekdays, six at most',
    }),
    'when-on-saturday': oneOf(['friday-before', 'stays']),
    'when-on-sunday': oneOf(['monday-after', 'stays']),
    holidays: Type.Array(holiday),
    closures: Type.Optional(Type.Array(Type.Object({ date: day, name: text }, closed))),
  },
  closed,
)

import { Type } from '../../plumbing/index.ts'
import { sampleClosings } from '../sample.ts'
import { closed, id, oneOf, table, words } from './shapes.ts'

const staff = Type.Object(
  { name: words, duties: Type.Array(id, { minItems: 1, uniqueItems: true }), former: Type.Optional(Type.Boolean()) },
  closed,
)
export const sampleStaffFile = Type.Object({ staff: table(staff) }, closed)

const wholeDays = Type.Integer({ minimum: 0, maximum: 2000, description: 'a whole number of days' })

const event = Type.Object(
  {
    after: wholeDays,
    does: oneOf(['look', 'reply', 'note', 'assign', 'move', 'close', 'resident-writes']),
    by: Type.Optional(id),
    reason: Type.Optional(id),
    text: Type.Optional(words),
    to: Type.Optional(id),
    because: Type.Optional(oneOf(sampleClosings)),
    agency: Type.Optional(id),
  },
  closed,
)

const answer = Type.Unsafe<string | string[]>({
  type: ['string', 'array'],
  items: { type: 'string' },
  description: 'text, or a list of texts',
})

const sampleCase = Type.Object(
  {
    form: id,
    language: oneOf(['en', 'es']),
    'days-ago': wholeDays,
    state: oneOf(['new', 'open', 'answered', 'closed']),
    answers: Type.Record(Type.String(), answer, { minProperties: 1 }),
    happened: Type.Optional(Type.Array(event)),
  },
  closed,
)
export const sampleCasesFile = Type.Object({ cases: Type.Array(sampleCase, { minItems: 1 }) }, closed)

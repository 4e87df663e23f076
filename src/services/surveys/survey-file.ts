import { Type, type Static } from '../../plumbing/index.ts'
import { shapes } from '../../city/index.ts'

const { closed, day, id, oneOf, table } = shapes

export const ways = ['open', 'invited'] as const
export const resultsRules = ['while-open', 'after-closing'] as const
export const freeTextRules = ['never', 'after-approval'] as const

const rules = Type.Object(
  {
    department: id,
    way: oneOf(ways),
    results: oneOf(resultsRules),
    'free-text': oneOf(freeTextRules),
    'smallest-cell': Type.Integer({ minimum: 3, maximum: 50, description: 'a whole number, 3 to 50' }),
    days: Type.Integer({ minimum: 1, maximum: 365, description: 'days, 1 to 365' }),
    opens: Type.Optional(day),
    closes: Type.Optional(day),
  },
  closed,
)

/** `city/surveys.yaml`: how each questionnaire may be asked. */
export const surveysFile = Type.Object({ surveys: table(rules) }, closed)
export type SurveysFile = Static<typeof surveysFile>

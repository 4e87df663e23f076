import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Type, isMistaken, readYaml, type Static, type Mistaken } from '../../plumbing/index.ts'
import { shapes, type City } from '../../city/index.ts'
import { counterWays } from './charge.ts'
import { strangersIn } from './check-sample.ts'

const { closed, id, oneOf, text, words } = shapes
const dollars = Type.String({ pattern: '^\\d{1,6}\\.\\d{2}$', description: "dollars and cents, for example '12.50'" })
const given = Type.Object({ amount: dollars, reason: id }, closed)
const by = { by: id }

const happened = Type.Union([
  Type.Object({ does: Type.Literal('pay'), ...by, way: oneOf(counterWays), till: id }, closed),
  Type.Object({ does: Type.Literal('refund'), ...by, amount: dollars, reason: id }, closed),
  Type.Object({ does: Type.Literal('agree'), ...by }, closed),
  Type.Object({ does: Type.Literal('waive'), ...by, amount: dollars, reason: id }, closed),
  Type.Object({ does: Type.Literal('cancel'), ...by }, closed),
])
const line = Type.Object({ label: text, amount: dollars, rule: id, waived: Type.Optional(given) }, closed)
const charge = Type.Object(
  {
    topic: id,
    language: oneOf(['en', 'es']),
    name: words,
    words,
    lines: Type.Array(line, { minItems: 1 }),
    happened: Type.Optional(Type.Array(happened)),
  },
  closed,
)
const chargesFile = Type.Object({ charges: Type.Array(charge, { minItems: 1 }) }, closed)

export type SampleCharges = Static<typeof chargesFile>
export type SampleCharge = Static<typeof charge>
export type SampleHappening = Static<typeof happened>

/** The invented letters with fees; none where the city's folder has no such file, or takes no payments. */
export function readSampleCharges(folder: string, city: City): readonly SampleCharge[] | Mistaken {
  const path = join(folder, 'sample', 'charges.yaml')
  if (!existsSync(path) || !city.payments) return []
  const file = readYaml(path, chargesFile)
  if (isMistaken(file)) return file
  const mistakes = strangersIn(file, city, city.payments)
  return mistakes.length > 0 ? { mistakes } : file.value.charges
}

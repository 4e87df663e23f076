import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Makes the address list of the sample city: invented numbers on invented streets, the same ones each time it is run. A
 * street runs through one neighborhood or several, each from a number to a number; some numbers are missing, as anywhere.
 */
const streets: readonly (readonly [
  street: string,
  ...stretches: (readonly [place: string, from: number, to: number, step: number])[],
])[] = [
  ['Landing Plaza', ['old-landing', 100, 140, 10]],
  ['Ferry Street', ['old-landing', 2, 60, 4], ['depot-district', 100, 148, 6]],
  ['Levee Road', ['riverbend', 2200, 2320, 12]],
  ['Levee Park Drive', ['levee-park', 3, 75, 4], ['levee-park', 12, 12, 1]],
  ['Depot Street', ['depot-district', 12, 96, 4]],
  ['Mill Street', ['cannery-quarter', 12, 72, 6]],
  ['Cannery Row', ['cannery-quarter', 201, 261, 6]],
  ['Packing House Lane', ['cannery-quarter', 1, 25, 3]],
  [
    'Willow Street',
    ['riverbend', 12, 96, 6],
    ['old-landing', 302, 350, 4],
    ['old-landing', 305, 349, 4],
    ['mission-grove', 418, 458, 4],
  ],
  ['Orchard Avenue', ['orchard-park', 206, 330, 4], ['south-meadows', 401, 449, 6]],
  ['Blossom Court', ['orchard-park', 3, 33, 6]],
  ['Almond Way', ['orchard-park', 1010, 1090, 8]],
  ['Wisteria Lane', ['mission-grove', 4, 44, 4]],
  ['Mission Street', ['mission-grove', 700, 772, 6]],
  ['Saint Francis Street', ['mission-grove', 11, 59, 6]],
  ['Manzanita Drive', ['foothill-east', 24, 96, 6]],
  ['Ridge Road', ['foothill-east', 3001, 3081, 8]],
  ['Fennel Court', ['south-meadows', 2, 20, 2]],
  ['Meadow Lane', ['south-meadows', 51, 111, 6]],
  ['Elm Street', ['northgate', 4, 84, 4]],
  ['Northgate Boulevard', ['northgate', 1500, 1620, 10]],
  ['Second Street', ['depot-district', 210, 258, 6]],
  ['West Third Street', ['depot-district', 15, 63, 6]],
  ['College Avenue', ['college-terrace', 802, 874, 6]],
  ['Terrace Circle', ['college-terrace', 1, 29, 2]],
]

/** Which of ten a number falls to; the same on every machine. */
const tenth = (text: string) => (createHash('sha256').update(text).digest()[0] ?? 0) % 10

const rows = streets.flatMap(([street, ...stretches]) =>
  stretches.flatMap(([place, from, to, step]) => {
    const numbers = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, at) => from + at * step)
    const built = numbers.filter(
      (number) => number === from || number === to || tenth(`${String(number)} ${street}`) !== 0,
    )
    return built.flatMap((number) => {
      const after = tenth(`behind ${String(number)} ${street}`)
      const behind = after === 1 ? [`${String(number)}A`] : after === 2 ? [`${String(number)} 1/2`] : []
      return [String(number), ...behind].map((one) => `${one},${street},${place}`)
    })
  }),
)
const written = ['number,street,neighborhood', ...new Set(rows), ''].join('\n')
writeFileSync(join(fileURLToPath(new URL('..', import.meta.url)), 'city/addresses.csv'), written)
process.stdout.write(`city/addresses.csv: ${String(rows.length)} addresses\n`)

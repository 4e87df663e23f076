import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Temporal } from 'temporal-polyfill'

/** The sample city, whose chess club has so many places and whose registration is open now. */
export function cityWithRush(from: string, places: number): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'cityhall-bench-city-'))
  cpSync(from, folder, { recursive: true })
  const path = join(folder, 'activities.yaml')
  const source = readFileSync(path, 'utf8')
  const begins = source.indexOf('      chess-winter:')
  const ends = source.indexOf('\n\n', begins)
  if (begins < 0) throw new Error('the sample city has no chess club')
  const today = Temporal.Now.plainDateISO()
  const [first, last] = [today.add({ days: 30 }), today.add({ days: 90 })]
  const session = [
    '      chess-winter:',
    '        season: winter-2027',
    `        first: ${first.toString()}`,
    `        last: ${last.toString()}`,
    "        days: { thursday: '17:30-19:00' }",
    '        venue: library-room',
    `        places: ${String(places)}`,
    `        registration: { opens: ${today.subtract({ days: 1 }).toString()} 09:00, closes: ${first.toString()} 17:00 }`,
  ].join('\n')
  writeFileSync(path, source.slice(0, begins) + session + source.slice(ends))
  return {
    folder,
    remove: () => {
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

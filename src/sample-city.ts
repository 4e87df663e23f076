import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, isMistaken, sql, systemClock } from './plumbing/index.ts'
import { mistakesIn, notStarted, type Files, type Ground, type NotStarted } from './cityhall.ts'
import { loadSampleEnrolments } from './services/activities/index.ts'
import { loadSampleBookings } from './services/bookings/index.ts'
import { at, loadSample, loadSampleFamilies, mistakesInSample, samplePassword } from './services/forms/index.ts'
import { loadSampleCharges, readSampleCharges, sampleReceiptCode } from './services/payments/index.ts'
import { loadSampleSurveys } from './services/surveys/index.ts'

/**
 * Fills a database that has no case with the sample city's past, as the owner. Needs CITYHALL_MIGRATE_URL on an external one.
 * A mistake in the sample's files is told before anything comes in. Whoever is killed in between is told at the next start
 * that the past is cut short: nobody goes on with it, and nothing is thrown away unasked.
 */
export async function loadSampleCity(ground: Ground): Promise<NotStarted | undefined> {
  const { database, files, keys, config } = ground
  if (database.ownerUrl === undefined) return undefined
  const db = connect({ url: database.ownerUrl, max: 2, statementTimeout: 0, name: 'cityhall sample' })
  const unfinished = join(config.data, 'sample-unfinished')
  try {
    if ((await db.once(sql`select from correspondence.casefile limit 1`)).length > 0) {
      if (existsSync(unfinished)) ground.log.warn(cutShort(config.data))
      return undefined
    }
    const charges = readSampleCharges(config.city, files.city)
    const mistakes = [
      ...mistakesInSample(config.city, files.city, files.forms),
      ...(isMistaken(charges) ? charges.mistakes : []),
    ]
    if (mistakes.length > 0) return notStarted(mistakesIn(mistakes))
    writeFileSync(unfinished, '')
    const house = { ...files, db, keys, clock: systemClock, publicUrl: config.publicUrl }
    await loadSample(house)
    await loadSampleBookings(house, at)
    await loadSampleEnrolments(house, at)
    await loadSampleCharges(house, config.city)
    await loadSampleSurveys(house)
    await loadSampleFamilies(house)
    rmSync(unfinished)
    return undefined
  } finally {
    await db.close()
  }
}

const cutShort = (data: string) =>
  `the sample city’s past was cut short when it was first made, and less of it is here: to have all of it, stop, remove ${data}, and start again`

/** The sample sign-ins, to print at start. */
export function sampleSignIns({ city }: Files): readonly string[] {
  if (!city.sample) return []
  const employed = city.sample.staff.filter(({ former }) => !former)
  const width = Math.max(...employed.map(({ handle }) => handle.length))
  return [
    `Sample sign-ins (password for all: ${samplePassword})`,
    ...employed.map(({ handle, duties }) => {
      const titles = duties.map((duty) => city.duties.get(duty)?.title.en ?? duty)
      return `  ${handle.padEnd(width)}  ${titles.join(', ')}`
    }),
  ]
}

/** Where a receipt with something to pay can be looked at; nothing where the sample has none. */
export function sampleReceipt({ keys, config, files }: Ground): readonly string[] {
  if (!config.sample || !files.city.payments || !files.city.sample) return []
  return ['', `Sample receipt with a fee: ${config.publicUrl}/receipt/${sampleReceiptCode(keys)}`]
}

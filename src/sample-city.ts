import { connect, systemClock } from './plumbing/index.ts'
import type { Files, Ground } from './cityhall.ts'
import { loadSampleEnrolments } from './services/activities/index.ts'
import { loadSampleBookings } from './services/bookings/index.ts'
import { at, loadSample, loadSampleFamilies, samplePassword } from './services/forms/index.ts'
import { loadSampleCharges, sampleReceiptCode } from './services/payments/index.ts'
import { loadSampleSurveys } from './services/surveys/index.ts'

/** Fills a database that has no case with the sample city's past, as the owner. Needs CITYHALL_MIGRATE_URL on an external one. */
export async function loadSampleCity(ground: Ground): Promise<void> {
  const { database, files, keys, config } = ground
  if (database.ownerUrl === undefined) return
  const db = connect({ url: database.ownerUrl, max: 2, statementTimeout: 0, name: 'cityhall sample' })
  try {
    const house = { ...files, db, keys, clock: systemClock, publicUrl: config.publicUrl }
    const { cases } = await loadSample(house)
    if (cases === 0) return
    await loadSampleBookings(house, at)
    await loadSampleEnrolments(house, at)
    await loadSampleCharges(house, config.city)
    await loadSampleSurveys(house)
    await loadSampleFamilies(house)
  } finally {
    await db.close()
  }
}

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

import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadCity, type City, type DutyId } from '../../src/city/index.ts'
import { folderStore, sql, systemClock, type Clock } from '../../src/plumbing/index.ts'
import type { HouseWithFiles } from '../../src/services/correspondence/index.ts'
import { loadForms, loadMinimisation, type Forms, type Minimisation } from '../../src/services/forms/index.ts'
import { importFacilities } from '../../src/services/bookings/index.ts'
import { importActivities } from '../../src/services/activities/index.ts'
import { installConsentRules } from '../../src/people/consent/index.ts'
import { installPaymentRules } from '../../src/services/payments/index.ts'
import { loadSurveys, type Questionnaires } from '../../src/services/surveys/index.ts'
import { listTopics } from '../../src/services/open311/index.ts'
import { appoint, charge, importCity, type StaffActor } from '../../src/trust/need-to-know/index.ts'
import { installKeys, openKeyFile } from '../../src/trust/vault/index.ts'
import { temporaryFolder } from './cluster.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

export const cityFolder = join(import.meta.dirname, '..', '..', 'city')

/** The sample city on a database of the test's own: everything real but the sockets. */
export type TestHouse = HouseWithFiles & {
  forms: Forms
  surveys: Questionnaires
  minimisation: Minimisation
  database: TestDatabase
  /** Where its files lie, sealed. */
  folder: string
  /** Where the city's keys are, for a process of its own. */
  keyFile: string
  /** An employee with these duties, and a session of hers. */
  hire(handle: string, ...duties: string[]): Promise<Clerk>
  close(): Promise<void>
}

export type Clerk = { actor: StaffActor; employee: number; name: string }

export async function openTestHouse(options: { clock?: Clock } = {}): Promise<TestHouse> {
  const { city, forms, surveys, minimisation } = (files ??= readFiles())
  const database = await createTestDatabase({ template: await (furnished ??= furnish(city)) })
  const folder = temporaryFolder()
  const keys = openKeyFile(join(folder.path, 'keys.json'))
  await database.owner.transaction((tx) => installKeys(tx, keys))
  return {
    db: database.app,
    keys,
    city,
    forms,
    surveys,
    minimisation,
    folder: folder.path,
    clock: options.clock ?? systemClock,
    cabinet: { store: folderStore(join(folder.path, 'files')), spool: folderStore(join(folder.path, 'spool')) },
    database,
    keyFile: join(folder.path, 'keys.json'),
    hire: (handle, ...duties) => hire(database, handle, duties as DutyId[]),
    close: async () => {
      await database.drop()
      folder.remove()
    },
  }
}

/** Read once: nobody changes what was read, and a test that wants another city makes one beside it. */
let files: ReturnType<typeof readFiles> | undefined

function readFiles() {
  const city = sampleCity()
  const forms = loadForms(join(cityFolder, 'forms'), city)
  if ('refused' in forms) throw new Error(JSON.stringify(forms.mistakes))
  const surveys = loadSurveys(cityFolder, city)
  if ('refused' in surveys) throw new Error(JSON.stringify(surveys.mistakes))
  const minimisation = loadMinimisation(join(cityFolder, 'minimisation.yaml'))
  if ('refused' in minimisation) throw new Error(JSON.stringify(minimisation.mistakes))
  return { city, forms, surveys, minimisation }
}

/** The database of a house without its keys: made by the first of this process, copied by the others. */
let furnished: Promise<string> | undefined

async function furnish(city: City): Promise<string> {
  const { owner, name, leave } = await createTestDatabase()
  await owner.transaction(async (tx) => {
    await importCity(tx, city)
    await listTopics(tx, city)
    await importFacilities(tx, city)
    await importActivities(tx, city)
    await installPaymentRules(tx, city)
    await installConsentRules(tx, city)
  })
  await leave()
  return name
}

export function sampleCity(): City {
  const city = loadCity(cityFolder)
  if ('refused' in city) throw new Error(JSON.stringify(city.mistakes))
  return city
}

async function hire({ owner }: TestDatabase, handle: string, duties: readonly DutyId[]): Promise<Clerk> {
  const secret = randomBytes(32)
  const name = `${handle[0]?.toUpperCase() ?? ''}${handle.slice(1)} Test`
  const employee = await owner.transaction(async (tx) => {
    const appointed = await appoint(tx, { handle, name })
    if ('refused' in appointed) throw new Error(appointed.refused)
    for (const duty of duties) await charge(tx, appointed.employee, duty)
    await tx.rows(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
      values (${createHash('sha256').update(secret).digest()}, ${appointed.employee}, 'password', now() + interval '1 hour')`)
    return appointed.employee
  })
  return { actor: { kind: 'staff', secret }, employee, name }
}

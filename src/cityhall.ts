import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { loadCity, type AgencyId, type City } from './city/index.ts'
import { openDoors, openMailDoor, serveMetrics } from './doors/index.ts'
import { migrations, openItsDatabase, stillDue } from './its-database.ts'
import {
  connect,
  createMailer,
  keepDoing,
  migrate,
  openDkimKey,
  openEachOnce,
  readSecretFile,
  sql,
  systemClock,
  type Config,
  type Db,
  type Log,
  type Mailer,
  type Mistake,
  type OpenedDatabase,
} from './plumbing/index.ts'
import { runOfAge, runResidentsPost } from './people/residents/index.ts'
import { checkHeldFiles, openCabinet, sweepFiles, type Cabinet } from './services/attachments/index.ts'
import { mailDomain, runNews, runPostOffice, runWordReader, type Notices } from './services/correspondence/index.ts'
import { installConsentRules, runConsents, runEndings, runStopNotices } from './people/consent/index.ts'
import { companyOf, installPaymentRules, runCompany } from './services/payments/index.ts'
import { runReminders } from './services/routing/index.ts'
import { bookingNotices, importFacilities, runBookings } from './services/bookings/index.ts'
import { enrolmentNotices, importActivities, runActivities } from './services/activities/index.ts'
import { readScans } from './services/counter/index.ts'
import {
  loadForms,
  loadMinimisation,
  openForms,
  readAhead,
  takeForms,
  type Forms,
  type Minimisation,
  type Misfit,
} from './services/forms/index.ts'
import { loadSurveys, tendSurveys, type Questionnaires } from './services/surveys/index.ts'
import { runReferrals } from './services/referral/index.ts'
import { listTopics } from './services/open311/index.ts'
import {
  lastCheckpoint,
  ledgerName,
  openCheckpoint,
  openLedgerKey,
  openWitness,
  runKeeper,
  verifierOf,
  type Signer,
} from './trust/ledger/index.ts'
import { importCity } from './trust/need-to-know/index.ts'
import { installKeys, missingKeys, openKeyFile, type Keys } from './trust/vault/index.ts'

/** What ran out is swept away when the worker starts, and then once an hour: in milliseconds. */
const sweepEvery = 3_600_000

/** Why the program did not start, in sentences to print. */
export type NotStarted = Readonly<{ refused: 'start'; says: readonly string[] }>

/** The city's files, read and agreeing with one another. */
export type Files = Readonly<{ city: City; forms: Forms; surveys: Questionnaires; minimisation: Minimisation }>

/** Everything that every role and every command needs: files, keys, and a database that fits both. */
export type Ground = Readonly<{
  config: Config
  log: Log
  files: Files
  keys: Keys
  signer: Signer
  database: OpenedDatabase
  /** Where files lie that come with letters. */
  cabinet: Cabinet
  close: () => Promise<void>
}>

export function readFiles(folder: string): Files | NotStarted {
  const open = openEachOnce()
  const city = loadCity(folder, open)
  if ('refused' in city) return notStarted(mistakesIn(city.mistakes))
  const forms = loadForms(join(folder, 'forms'), city, open)
  if ('refused' in forms) return notStarted(mistakesIn(forms.mistakes))
  const surveys = loadSurveys(folder, city)
  if ('refused' in surveys) return notStarted(mistakesIn(surveys.mistakes))
  const minimisation = loadMinimisation(join(folder, 'minimisation.yaml'))
  if ('refused' in minimisation) return notStarted(mistakesIn(minimisation.mistakes))
  return { city, forms, surveys, minimisation }
}

/** `beside`: work on the data folder that another process may serve from. `asItIs`: do not migrate, only look whether that is due. */
type How = Readonly<{ beside?: boolean; asItIs?: boolean }>

/** Opens the ground everything stands on, and migrates where this process may. Nothing is served before it stands. */
export async function prepare(config: Config, log: Log, how: How = {}): Promise<Ground | NotStarted> {
  const opening = openItsDatabase(config, log, how.beside)
  // PostgreSQL comes up while the files are read, which leaves this thread to nothing else for half a second.
  const reading = new Promise((resolve) => setImmediate(resolve)).then(() => readFiles(config.city))
  reading.catch(() => undefined)
  const database = await opening
  if ('refused' in database) {
    const files = await reading
    return 'refused' in files ? files : notStarted([database.says])
  }
  try {
    const files = await reading
    if ('refused' in files) {
      await database.stop()
      return files
    }
    const keys = openKeyFile(config.keyFile)
    keys.custody()
    const publicName = config.production ? config.publicUrl : undefined
    const signer = await openLedgerKey(join(config.data, 'secrets'), ledgerName(publicName, files.city.id))
    const trouble =
      database.ownerUrl === undefined || how.asItIs
        ? await stillDue(database.appUrl)
        : await bringUp(database.ownerUrl, database, files, keys, log)
    if (trouble.length > 0) {
      await database.stop()
      return notStarted(trouble)
    }
    const cabinet = await openCabinet(config)
    return { config, log, files, keys, signer, database, cabinet, close: database.stop }
  } catch (error) {
    await database.stop()
    throw error
  }
}

async function bringUp(
  ownerUrl: string,
  database: OpenedDatabase,
  { city, forms }: Files,
  keys: Keys,
  log: Log,
): Promise<readonly string[]> {
  const trouble: string[] = []
  await migrate({
    ownerUrl,
    folder: migrations,
    logins: database.logins,
    after: [
      async (owner) => {
        trouble.push(...keysTrouble(await owner.transaction((tx) => installKeys(tx, keys))))
        const imported = await owner.transaction((tx) => importCity(tx, city))
        if ('refused' in imported)
          for (const { kind, id, by, count } of imported.uses)
            trouble.push(`the ${kind} '${id}' is gone from the city's files but still has ${String(count)} ${by}`)
        else
          await owner.transaction(async (tx) => {
            await listTopics(tx, city)
            await importFacilities(tx, city)
            await importActivities(tx, city)
            await installPaymentRules(tx, city)
            await installConsentRules(tx, city)
            const { drafted, waiting } = await takeForms(tx, forms)
            for (const id of [...drafted, ...waiting])
              log.warn(`forms/${id}.yaml differs from what the desk published: look at /desk/forms`)
          })
      },
    ],
  })
  return trouble
}

/** `mailPort`: where mail comes in, in the roles that take it. */
export type Serving = Readonly<{ app?: FastifyInstance; mailPort?: number; stop: () => Promise<void> }>

/** Starts what the role says: the web, the worker, or both in this process. */
export async function serve(ground: Ground): Promise<Serving | NotStarted> {
  const { config, database } = ground
  const app = connect({ url: database.appUrl, role: 'cityhall_app', max: 20, name: 'cityhall web' })
  const trouble = [...keysTrouble(await missingKeys(app, ground.keys)), ...(await ledgerTrouble(app, ground.signer))]
  if (trouble.length > 0) {
    await app.close()
    return notStarted(trouble)
  }
  const worker = config.role === 'web' ? undefined : await startWorker(ground)
  if (worker && 'refused' in worker) {
    await app.close()
    return worker
  }
  const ending = new AbortController()
  const web = config.role === 'worker' ? undefined : await openSite(ground, app, ending.signal)
  let metrics: Awaited<ReturnType<typeof serveMetrics>> | undefined
  const stop = async () => {
    ending.abort()
    await web?.close()
    await metrics?.close()
    await worker?.stop()
    await app.close()
  }
  try {
    if (config.metricsPort !== undefined) metrics = await serveMetrics(config.metricsPort, config.host, app)
    await web?.listen({ port: config.port, host: config.host })
  } catch (error) {
    // Nothing may go on without its door, or the process would not end: the caller says why, and ends.
    await stop()
    throw error
  }
  return { ...(web && { app: web }), ...(worker && { mailPort: worker.mailPort }), stop }
}

/** The site with the forms that are published, now and from then on. A form that does not fit the city's files is not served. */
async function openSite(ground: Ground, db: Db, signal: AbortSignal): Promise<FastifyInstance> {
  const { files, log } = ground
  const misfit = ({ form, version, says }: Misfit) => {
    log.error(`version ${String(version)} of the form ${form} does not fit the city’s files: ${says}`)
  }
  const forms = await openForms({ db, city: files.city, clock: systemClock, read: files.forms }, misfit)
  const site = await openDoors({ ...ground, ...files, forms, db, clock: systemClock })
  void forms.follow(signal, (error) => {
    if (!signal.aborted) log.error({ err: error }, 'the published forms could not be asked for')
  })
  readAhead([...forms.values()], signal).catch((error: unknown) => {
    log.error({ err: error }, 'a form could not be read ahead')
  })
  return site
}

async function startWorker(ground: Ground): Promise<{ mailPort: number; stop: () => Promise<void> } | NotStarted> {
  const { config, files, keys, log, signer, database, cabinet } = ground
  const keeper = connect({ url: database.keeperUrl, role: 'cityhall_keeper', max: 4, name: 'cityhall keeper' })
  const ending = new AbortController()
  const trouble = (what: string) => (error: unknown) => {
    log.error({ err: error }, what)
  }
  const inside = { ...ground, ...files, db: keeper, clock: systemClock }
  const mail = await openMailDoor({ ...inside, signal: ending.signal, trouble })
  if ('refused' in mail) {
    await keeper.close()
    return notStarted([mail.says])
  }
  const witness = openWitness(join(config.data, 'ledger-checkpoint'), signer.vkey)
  const keeping = runKeeper({ db: keeper, signer, witness, signal: ending.signal, report: reportTo(log) })
  // The ledger's continuity is unknown: writing on would make it worse. The next start goes through recovery.
  keeping.catch((error: unknown) => {
    log.fatal({ err: error }, 'the ledger is broken')
    process.exitCode = 1
    process.kill(process.pid, 'SIGTERM')
  })
  const mailer = await openMailer(ground)
  const post = { keeper, keys, city: files.city, publicUrl: config.publicUrl, ...(mailer && { mailer }) }
  const office = { ...post, notices: noticesOf(files.city, keys) }
  const company = await companyOf(config)
  /** What the worker does until it is stopped, each a loop of its own. */
  const reminding = { keeper, city: files.city, clock: systemClock }
  const working = [
    runPostOffice(office, ending.signal, trouble('a mail could not be delivered')),
    runReferrals(
      { ...office, cabinet, agencyKey: agencyKeys(config.data) },
      ending.signal,
      trouble('a referral could not be sent'),
    ),
    runResidentsPost(
      { ...post, codesOnDesk: config.sample },
      ending.signal,
      trouble('a mail to a person could not be delivered'),
    ),
    runOfAge({ ...reminding, keys }, ending.signal, trouble('who came of age today could not be seen to')),
    checkHeldFiles({ keeper, keys, cabinet }, ending.signal, trouble('a held file could not be checked')),
    readScans({ keeper, keys, cabinet }, ending.signal, trouble('a scan could not be read')),
    runWordReader({ keeper, keys }, ending.signal, trouble('a letter could not be read for its words')),
    ...mail.working,
    runNews({ ...office, clock: systemClock }, ending.signal, trouble('news for the desk could not be mailed')),
    runStopNotices({ ...office, clock: systemClock }, ending.signal, trouble('a government could not be told to stop')),
    runEndings(post, ending.signal, trouble('a guardian could not be told what ends')),
    runConsents(keeper, ending.signal, trouble('the consents of the day could not be gone through')),
    runActivities(keeper, ending.signal, trouble('the activities could not be gone through')),
    runBookings(keeper, ending.signal, trouble('the bookings of the day could not be gone through')),
    ...(company
      ? [runCompany({ keeper, company }, ending.signal, trouble('the payment company could not be asked'))]
      : []),
    tendSurveys(
      { ...office, ...reminding, surveys: files.surveys },
      ending.signal,
      trouble('a survey could not be tended'),
    ),
    runReminders(reminding, ending.signal, trouble('the reminders of the day did not all go out')),
    keepDoing({
      work: () => sweepUp(keeper, cabinet),
      every: sweepEvery,
      longest: sweepEvery,
      onFault: trouble('what ran out could not be swept away'),
      signal: ending.signal,
    }),
  ]
  return {
    mailPort: mail.port,
    stop: async () => {
      await mail.close()
      ending.abort()
      await Promise.all([keeping.catch(() => undefined), ...working])
      mailer?.close()
      await keeper.close()
    },
  }
}

/** What the rooms have to say in mails of theirs: each knows its own, and finds nothing of the others'. */
function noticesOf(city: City, keys: Keys): Notices {
  const rooms = [bookingNotices(city), enrolmentNotices(city, keys)]
  return async (keeper, mails) =>
    new Map((await Promise.all(rooms.map((room) => room(keeper, mails)))).flatMap((one) => [...one]))
}

/** The key for an agency's Open311 server, where it wants one: a file that nobody else may read. */
const agencyKeys = (data: string) => (agency: AgencyId) => {
  const file = join(data, 'secrets', `agency-${agency}.key`)
  return existsSync(file) ? readSecretFile(file).trim() : undefined
}

async function openMailer({ config, files }: Ground): Promise<Mailer | undefined> {
  if (config.smtpUrl === undefined) return undefined
  const name = { domain: mailDomain(files.city), selector: config.dkimSelector }
  return createMailer(config.smtpUrl, await openDkimKey(join(config.data, 'secrets'), name))
}

/** Each of these may be done twice, also by two workers at once: what is gone is gone. */
async function sweepUp(keeper: Db, cabinet: Cabinet): Promise<boolean> {
  await keeper.once(sql`select need_to_know.sweep()`)
  await keeper.once(sql`select consent.sweep()`)
  await keeper.once(sql`select correspondence.sweep_drafts()`)
  await keeper.once(sql`select forms.sweep_drafts()`)
  await keeper.once(sql`select correspondence.sweep_news()`)
  await sweepFiles(cabinet, keeper)
  await keeper.once(sql`select need_to_know.sweep_sign_in()`)
  await keeper.once(sql`select payments.sweep()`)
  await keeper.once(sql`select residents.sweep()`)
  return false
}

const reportTo = (log: Log) => (news: { news: string; error?: unknown }) => {
  if (news.news === 'trouble') log.error({ err: news.error }, 'the keeper could not sequence')
}

export const notStarted = (says: readonly string[]): NotStarted => ({ refused: 'start', says })

export const mistakesIn = (mistakes: readonly Mistake[]) =>
  mistakes.map(
    ({ file, line, column, says, allowed }) => `${file}:${String(line)}:${String(column)}: ${says} (${allowed})`,
  )

/** Two machines of one city need the same ledger key: with another, this one would show a key that proves nothing. */
async function ledgerTrouble(db: Db, signer: Signer): Promise<readonly string[]> {
  const last = await db.transaction((tx) => lastCheckpoint(tx))
  const verifier = verifierOf(signer.vkey)
  if (!last || (verifier && !('refused' in openCheckpoint(last.note, verifier)))) return []
  return ['the ledger was signed with another key than secrets/ledger.key: put back the city’s ledger key']
}

const keysTrouble = (missing: readonly string[]) =>
  missing.map(
    (id) => `this database is sealed with key ${id}, which is not in the key file: put back the city’s key file`,
  )

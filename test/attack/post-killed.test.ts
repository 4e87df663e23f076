import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { FormId, TopicId } from '../../src/city/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import { askCode } from '../../src/people/residents/index.ts'
import { issueToken, receive } from '../../src/services/correspondence/index.ts'
import { openTestHouse, type TestHouse } from '../support/house.ts'
import { openMailbox, type Mailbox } from '../support/mailbox.ts'
import { wireTo, type Wire } from './wire.ts'

const letters = 6
let house: TestHouse
let box: Mailbox
let owner: Wire
let above: Wire
let office: ChildProcess | undefined

beforeAll(async () => {
  house = await openTestHouse()
  box = await openMailbox()
  owner = await wireTo(house.database.urls.owner)
  above = await wireTo(house.database.urls.super)
})
afterAll(async () => {
  await kill()
  await owner.end()
  await above.end()
  await box.close()
  await house.close()
})

function start(whose: 'letters' | 'people' = 'letters'): void {
  const script = join(import.meta.dirname, '..', 'support', 'post-office.ts')
  const parts = [script, house.database.urls.keeper, house.keyFile, box.url, whose]
  office = spawn(process.execPath, parts, { stdio: ['ignore', 'inherit', 'inherit'] })
}

async function kill(): Promise<void> {
  if (!office || office.exitCode !== null || office.signalCode !== null) return
  const ended = once(office, 'exit')
  office.kill('SIGKILL')
  await ended
}

async function write(): Promise<void> {
  const letter = {
    channel: 'form' as const,
    form: 'contact-the-city' as FormId,
    formVersion: 1,
    topic: 'potholes' as TopicId,
    language: 'en' as const,
    answers: [{ field: 'message', label: 'Your letter', value: 'A hole.' }],
    contact: { email: 'marisol@example.org' },
  }
  for (let n = 0; n < letters; n++) await receive(house, letter, issueToken(house.keys))
}

const states = async () =>
  (await house.database.owner.once<{ state: string }>(sql`select state from correspondence.mail`)).map(
    ({ state }) => state,
  )

/** The lease of whoever was killed runs out. */
const later = () =>
  house.database.owner.once(sql`update correspondence.mail set due_at = now() where state = 'waiting'`)

const patient = { timeout: 60_000, interval: 100 }
const settled = () => expect.poll(states, patient).toEqual(Array.from({ length: letters }, () => 'sent'))

/** Every letter's mail came, and what came twice is the same mail. */
function expectNothingLost(): number {
  const identified = box.sources.map((source) => /^Message-ID: .*$/im.exec(source)?.[0] ?? 'none')
  expect(new Set(identified).size).toBe(letters)
  expect(new Set(box.sources).size).toBe(letters)
  return box.sources.length
}

it('kill -9 after the other side has a mail and before it says so loses none, and doubles only the very same mail', async () => {
  await house.database.owner.once(sql`truncate correspondence.mail cascade`)
  box.empty()
  await write()
  let killed: Promise<void> | undefined
  box.onTaken = () => (killed ??= kill())
  start()
  await expect.poll(() => killed !== undefined, patient).toBe(true)
  await killed
  box.onTaken = undefined
  expect((await states()).filter((state) => state === 'waiting').length).toBeGreaterThan(0)
  await later()
  start()
  await settled()
  await kill()
  expect(expectNothingLost()).toBeGreaterThan(letters)
})

it('kill -9 after the other side said so and before it is recorded: the same', async () => {
  await house.database.owner.once(sql`truncate correspondence.mail cascade`)
  box.empty()
  await write()
  // Sending goes through, and recording waits for us.
  await owner.ask('begin')
  start()
  let locked: Promise<unknown> | undefined
  box.onTaken = async () => {
    await (locked ??= owner.ask('select from correspondence.mail for update'))
  }
  const recording = async () => (await house.database.owner.once(sql`select from pg_locks where not granted`)).length
  await expect.poll(recording, patient).toBeGreaterThan(0)
  await kill()
  // What the dead process had asked is still with the database, which would do it; a broken machine takes that along.
  await above.ask('select pg_terminate_backend(pid) from pg_locks where not granted')
  await expect.poll(recording, patient).toBe(0)
  await owner.ask('rollback')
  box.onTaken = undefined
  expect(await states()).toContain('waiting')
  await later()
  start()
  await settled()
  await kill()
  expect(expectNothingLost()).toBeGreaterThan(letters)
})

it('kill -9 while mail goes to people loses none, and doubles only the very same mail', async () => {
  box.empty()
  const addresses = Array.from({ length: letters }, (_, n) => `neighbour-${String(n)}@example.org`)
  for (const address of addresses) await askCode(house, address, 'en', 'sign-in')
  const waiting = () => house.database.owner.once(sql`select from residents.mail where state = 'waiting'`)
  let killed: Promise<void> | undefined
  box.onTaken = () => (killed ??= kill())
  start('people')
  await expect.poll(() => killed !== undefined, patient).toBe(true)
  await killed
  box.onTaken = undefined
  expect((await waiting()).length).toBeGreaterThan(0)
  await house.database.owner.once(sql`update residents.mail set due_at = now() where state = 'waiting'`)
  start('people')
  await expect.poll(waiting, patient).toEqual([])
  await kill()
  expect(expectNothingLost()).toBeGreaterThan(letters)
})

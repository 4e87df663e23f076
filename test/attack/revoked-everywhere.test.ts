import { createDecipheriv } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preview, revoke } from '../../src/people/consent/index.ts'
import { postToPeople } from '../../src/people/residents/index.ts'
import { sql, type OutgoingMail } from '../../src/plumbing/index.ts'
import { readWords } from '../../src/services/correspondence/index.ts'
import { unwrap, wordTokens, type SubjectId } from '../../src/trust/vault/index.ts'
import { sequenceAll } from '../support/ledger.ts'
import { routesIn } from '../support/routes.ts'
import { relations } from './reachable.ts'
import { formScene, openRevokedCity, type RevokedCity, type Scene } from './revoked-scenes.ts'
import { told, wireTo } from './wire.ts'

// After a revocation nobody meets the child's data again, whichever room took it in: not on a page, in a list, an export, the
// post, an index, or with whatever key. Each test asks it of every scene; before the revocation the same looks do find it.

let city: RevokedCity
let scenes: readonly Scene[]
let traces: readonly string[]
let before: { looks: number[]; unsealed: number }
beforeAll(async () => {
  city = await openRevokedCity()
  // One function per kind of scene.
  scenes = [await formScene(city)]
  traces = scenes.flatMap((scene) => scene.traces)
  await findableByWords()
  before = { looks: await readers(), unsealed: (await unsealedWithEveryKey()).length }
  for (const { guardian, consents } of scenes) {
    const shown = await preview(city, guardian.actor, consents)
    expect(await revoke(city, guardian.actor, consents, shown?.digest ?? '')).toHaveProperty('done')
  }
})
afterAll(() => city.end())

const holds = (text: string) => traces.filter((trace) => text.toLowerCase().includes(trace))
/** Nobody, the duty that read it, and the parents; what another duty sees is less, and asked in revoked.test.ts. */
const everybody = () => [undefined, city.coordinator, ...scenes.map(({ guardian }) => guardian)]

/** For each scene how many of those who may look were told. */
const readers = () =>
  Promise.all(scenes.map(async ({ looks }) => (await looks()).filter((text) => holds(text).length > 0).length))

async function findableByWords(): Promise<void> {
  await sequenceAll(city.test.database.owner)
  while ((await readWords({ keeper: city.test.database.keeper, keys: city.keys }, 50)).entries > 0);
}

/**
 * Every sealed value of every table, with every key that the city has: decrypted without looking at the seal, so that it does not
 * matter of what table, row and person a value says it is. The traces that came out.
 */
async function unsealedWithEveryKey(): Promise<readonly string[]> {
  const subjects = await city.rows<{ id: SubjectId; wrapped: Buffer; kek: string }>(
    sql`select id, wrapped_key as wrapped, kek from vault.subject where wrapped_key is not null`,
  )
  const keys = subjects.map(({ id, wrapped, kek }) => unwrap(city.keys, id, { wrapped, kek }).key)
  const columns = await city.rows<{
    name: string
    column: string
  }>(sql`select format('%I.%I', n.nspname, c.relname) as name,
    quote_ident(a.attname) as column from pg_attribute a join pg_class c on c.oid = a.attrelid and c.relkind = 'r'
    join pg_namespace n on n.oid = c.relnamespace where a.atttypid = 'bytea'::regtype and a.attnum > 0 and n.nspname !~ '^pg_'`)
  const wire = await wireTo(city.test.database.urls.super)
  const out: string[] = []
  for (const { name, column } of columns)
    for (const row of (
      await wire.ask(`select encode(t.${column}, 'hex') as v from ${name} t where length(t.${column}) > 29`)
    ).rows) {
      const sealed = Buffer.from((JSON.parse(row) as { v: string }).v, 'hex')
      for (const key of keys) {
        const counter = Buffer.concat([sealed.subarray(1, 13), Buffer.from([0, 0, 0, 2])])
        out.push(...holds(createDecipheriv('aes-256-ctr', key, counter).update(sealed.subarray(29)).toString('utf8')))
      }
    }
  await wire.end()
  return out
}

test('before, whoever may look is told, and the attack with every key finds it: what follows can fail', () => {
  expect(before.looks).toEqual(scenes.map(() => 3))
  expect(before.unsealed).toBeGreaterThanOrEqual(scenes.length)
})

test('sessions that stood open with it are told nothing at their next request', async () => {
  expect(await readers()).toEqual(scenes.map(() => 0))
})

test('no page, list, search or download has it, for anybody who has a session or none', async () => {
  const routes = city.site.printRoutes({ commonPrefix: false })
  expect(routes).toContain('desk')
  const known = addressesOf(city)
  expect(known.length).toBeGreaterThan(40)
  let answered = 0
  for (const who of everybody())
    for (const url of [...known, ...scenes.flatMap(({ pages }) => pages)]) {
      const said = await city.ask(who, url)
      if (said.startsWith('200')) answered++
      expect(said.slice(0, 3), url).not.toBe('500')
      expect(holds(said), `${who?.actor.kind ?? 'nobody'} at ${url}`).toEqual([])
    }
  expect(answered).toBeGreaterThan(80)
}, 120_000)

test('no export has it, taken out now by whoever may', async () => {
  const month = (days: number) =>
    city.clock
      .now()
      .subtract({ hours: 24 * days })
      .toString()
      .slice(0, 10)
  for (const purpose of ['take-part', 'keep-safe', 'plan-services']) {
    const fields = Object.fromEntries(
      ['name', 'week', 'swims', 'prepare', 'wishes'].map((name) => [`field:${name}`, 'yes']),
    )
    const typed = { purpose, from: month(30), until: month(-1), format: 'json', ...fields }
    const taken = await city.ask(city.coordinator, '/desk/forms/summer-camp/answers', typed)
    expect(taken.slice(0, 3)).toMatch(/200|422/)
    expect(holds(taken)).toEqual([])
  }
})

test('no table or view has it as text, and no sealed value opens to it with any key of the city', async () => {
  const wire = await wireTo(city.test.database.urls.super)
  for (const { name, columns } of await relations(wire))
    for (const column of columns)
      expect(
        holds(told(await wire.ask(`select t.${column} as v, t.${column}::text as t from ${name} t`))),
        `${name}.${column}`,
      ).toEqual([])
  await wire.end()
  expect(await unsealedWithEveryKey()).toEqual([])
  expect(holds(city.logged.join('\n'))).toEqual([])
})

test('no index finds it: neither its words nor its tokens are in one', async () => {
  await findableByWords()
  const tokens = wordTokens(city.keys, 'Levothyroxine Brazil nuts tortoises kayaks')
  expect(tokens.length).toBeGreaterThan(3)
  expect(await city.rows(sql`select from vault.word w where w.token = any (${[...tokens]}::bytea[])`)).toEqual([])
  const left = sql`select from vault.token t join consent.consent c on c.subject = t.subject where c.state = 'revoked'`
  expect(await city.rows(left)).toEqual([])
})

test('the post sends nothing of it, and nothing waits under a consent that ended', async () => {
  const waiting = sql`select from residents.mail m join consent.consent c on c.subject = m.subject where c.state = 'revoked' and m.sealed is not null`
  expect(await city.rows(waiting)).toEqual([])
  const sent: OutgoingMail[] = []
  const mailer = { send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)), close: () => undefined } // prettier-ignore
  const office = { keeper: city.test.database.keeper, keys: city.keys, city: city.city, codesOnDesk: false, mailer }
  const fault = (error: unknown) => {
    throw error as Error
  }
  while (await postToPeople(office, fault));
  expect(holds(JSON.stringify(sent))).toEqual([])
})

/** Every address of the city that has no identifier in it. */
function addressesOf({ site }: RevokedCity): readonly string[] {
  return routesIn(site)
    .filter(({ method, path }) => method === 'GET' && !/[:*]/.test(path) && !/events|stream/.test(path))
    .map(({ path }) => path)
}

import { createHmac, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CaseId } from '../../city/index.ts'
import { sql, type Reader } from '../../plumbing/index.ts'
import { charge, discharge } from './charge.ts'
import { enterReceipt, enterStaff, whoIs } from './enter.ts'
import { leave } from './leave.ts'
import { signOut } from './session.ts'
import { employ, openCase, settle, signedIn, type SmallTown } from './testing/small-city.ts'

let town: SmallTown
let pothole: CaseId
let book: CaseId

beforeAll(async () => {
  town = await settle()
  pothole = (await openCase(town.owner, 'potholes')) as CaseId
  book = (await openCase(town.owner, 'books')) as CaseId
})
afterAll(() => town.drop())

const casesSeen = async (tx: Reader) =>
  (await tx.rows<{ id: string }>(sql`select id from correspondence.visible order by id`)).map(({ id }) => id)
const context = sql`select current_setting('cityhall.context', true) as raw`

test('an employee who enters sees the cases of her duties and no others', async () => {
  const ana = await signedIn(town, 'ana')
  await town.app.transaction(async (tx) => {
    const staff = await enterStaff(tx, ana)
    expect(staff).toMatchObject({ handle: 'ana', name: 'Ana Ruiz', duties: ['streets-clerk'] })
    expect(staff?.topics).toEqual(['potholes', 'signs'])
    expect(await casesSeen(tx)).toEqual([pothole])
  })
})

test('a case outside her duties is as absent as one that is not there', async () => {
  const ana = await signedIn(town, 'ana')
  const inHand = (id: string) => town.app.transaction(async (tx) => (await enterStaff(tx, ana, id as CaseId))?.caseId)
  expect(await inHand(pothole)).toBe(pothole)
  expect(await inHand(book)).toBeUndefined()
  expect(await inHand('00000000-0000-4000-8000-000000000000')).toBeUndefined()
})

test('nobody who has not entered sees anything', async () => {
  await town.app.transaction(async (tx) => expect(await casesSeen(tx)).toEqual([]))
  const stranger = { secret: randomBytes(32) }
  await town.app.transaction(async (tx) => {
    expect(await enterStaff(tx, { kind: 'staff', ...stranger })).toBeUndefined()
    expect(await enterReceipt(tx, { kind: 'person', ...stranger })).toBeUndefined()
    expect(await casesSeen(tx)).toEqual([])
  })
})

test('sight ends with the transaction', async () => {
  const ana = await signedIn(town, 'ana')
  expect(await whoIs(town.app, ana)).toMatchObject({ handle: 'ana' })
  for (let again = 0; again < 8; again++) {
    await town.app.transaction(async (tx) => expect(await casesSeen(tx)).toEqual([]))
  }
})

test('a context written by hand is nobody, whatever key it is signed with', async () => {
  const payload = JSON.stringify({ kind: 'staff', employee: town.ana, topics: ['potholes', 'books'], case: book })
  const signatures = ['00'.repeat(32), createHmac('sha256', town.keys.authority.export()).update(payload).digest('hex')]
  for (const signature of signatures) {
    await town.app.transaction(async (tx) => {
      await tx.rows(sql`select set_config('cityhall.context', ${signature + payload}, true)`)
      expect(await casesSeen(tx)).toEqual([])
      expect(await tx.row(sql`select need_to_know.context() as who`)).toEqual({ who: null })
    })
  }
})

test('a context captured in one transaction is nobody in the next, on the same connection and on another', async () => {
  const ana = await signedIn(town, 'ana')
  const captured = await town.app.transaction(async (tx) => {
    await enterStaff(tx, ana)
    const own = await tx.row<{ raw: string }>(context)
    await town.app.transaction(async (other) => {
      await other.rows(sql`select set_config('cityhall.context', ${own?.raw}, true)`)
      expect(await casesSeen(other)).toEqual([])
    })
    expect(await casesSeen(tx)).toEqual([pothole])
    return own?.raw
  })
  for (let again = 0; again < 8; again++) {
    await town.app.transaction(async (tx) => {
      await tx.rows(sql`select set_config('cityhall.context', ${captured}, true)`)
      expect(await casesSeen(tx)).toEqual([])
    })
  }
})

test('a context kept for the session with set_config does not outlive its transaction', async () => {
  const ana = await signedIn(town, 'ana')
  await town.app.transaction(async (tx) => {
    await enterStaff(tx, ana)
    await tx.rows(sql`select set_config('cityhall.context', current_setting('cityhall.context'), false)`)
  })
  for (let again = 0; again < 8; again++) {
    await town.app.transaction(async (tx) => expect(await casesSeen(tx)).toEqual([]))
  }
})

test('the app can neither sign a context, nor read the keys, sessions, charges and hashes', async () => {
  const refused = [
    sql`select need_to_know.sign('{}')`,
    sql`select need_to_know.mac('context', 'x')`,
    sql`select need_to_know.mac('session', 'x')`,
    sql`select need_to_know.install_authority('session', sha256('x'))`,
    sql`select * from need_to_know.authority`,
    sql`select * from need_to_know.session`,
    sql`select * from need_to_know.charge`,
    sql`select * from need_to_know.employee`,
    sql`select * from need_to_know.passkey`,
    sql`insert into need_to_know.charge (employee, duty) values (1, 'librarian')`,
    sql`update need_to_know.duty set powers = '{read}'`,
  ]
  for (const query of refused) await expect(town.app.once(query), query.text).rejects.toMatchObject({ code: '42501' })
})

test('a discharge ends her sight at the next transaction, and a charge begins it', async () => {
  const employee = await employ(town.owner, town.keys, 'cleo', 'Cleo Park', 'streets-clerk')
  const cleo = await signedIn(town, 'cleo')
  const seen = () => town.app.transaction(async (tx) => ((await enterStaff(tx, cleo)) ? casesSeen(tx) : undefined))
  expect(await seen()).toEqual([pothole])
  await town.owner.transaction((tx) => discharge(tx, employee, 'streets-clerk'))
  expect(await seen()).toEqual([])
  await town.owner.transaction((tx) => charge(tx, employee, 'librarian'))
  expect(await seen()).toEqual([book])
})

test('who has left is nobody at the next request', async () => {
  const employee = await employ(town.owner, town.keys, 'dan', 'Dan Wu', 'streets-clerk')
  const dan = await signedIn(town, 'dan')
  expect(await whoIs(town.app, dan)).toBeDefined()
  await town.owner.transaction((tx) => leave(tx, employee))
  expect(await whoIs(town.app, dan)).toBeUndefined()
  expect(await town.signIn.withPassword(town.app, { handle: 'dan', password: 'four plain words here' })).toEqual({
    refused: 'no-match',
  })
})

test('a session that was signed out, has run out or was unused for an hour is nobody', async () => {
  const [one, two, three] = [await signedIn(town, 'ana'), await signedIn(town, 'ana'), await signedIn(town, 'ana')]
  await signOut(town.app, one, 'here')
  await town.owner.once(sql`update need_to_know.session set ends_at = now() where secret_hash = sha256(${two.secret})`)
  await town.owner.once(
    sql`update need_to_know.session set last_seen_at = now() - interval '61 minutes' where secret_hash = sha256(${three.secret})`,
  )
  for (const ended of [one, two, three]) expect(await whoIs(town.app, ended)).toBeUndefined()
})

test('signing out everywhere ends all of her sessions and nobody else’s', async () => {
  const [here, there, ben] = [await signedIn(town, 'ana'), await signedIn(town, 'ana'), await signedIn(town, 'ben')]
  await signOut(town.app, here, 'everywhere')
  expect(await whoIs(town.app, there)).toBeUndefined()
  expect(await whoIs(town.app, ben)).toMatchObject({ handle: 'ben' })
})

test('nobody ends a session of somebody else’s', async () => {
  const [ana, ben] = [await signedIn(town, 'ana'), await signedIn(town, 'ben')]
  const staff = await whoIs(town.app, ben)
  await signOut(town.app, ana, { session: staff?.session ?? '' })
  expect(await whoIs(town.app, ben)).toMatchObject({ handle: 'ben' })
})

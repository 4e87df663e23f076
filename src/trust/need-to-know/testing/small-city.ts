import { createSecretKey, randomBytes } from 'node:crypto'
import type { City } from '../../../city/index.ts'
import { sql, type Db } from '../../../plumbing/index.ts'
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.ts'
import { appoint } from '../appoint.ts'
import { charge } from '../charge.ts'
import { importCity } from '../import-city.ts'
import { setPassword } from '../set-password.ts'
import { createSignIn, type SignIn, type SignInKeys } from '../sign-in.ts'

export const password = 'four plain words here'

/** Two departments, three topics, three duties: enough to be on the wrong side of each line. */
export const smallCity = cityOf({
  topics: { potholes: 'streets', signs: 'streets', books: 'library' },
  duties: { 'streets-clerk': ['potholes', 'signs'], 'signs-painter': ['signs'], librarian: ['books'] },
})

/** What `importCity` reads of a city, and nothing else. */
export function cityOf(facts: {
  topics: Record<string, string>
  duties: Record<string, string[]>
  places?: string[]
}): City {
  const { topics, duties, places = ['riverside'] } = facts
  const table = <T extends { id: string }>(entries: T[]) => new Map(entries.map((entry) => [entry.id, entry]))
  return {
    id: 'smallville',
    departments: table([...new Set(Object.values(topics))].map((id) => ({ id }))),
    topics: table(
      Object.entries(topics).map(([id, department]) => ({ id, department, sensitive: false, problem: false })),
    ),
    agencies: new Map(),
    legalBases: new Map(),
    places: table(places.map((id) => ({ id }))),
    duties: table(
      Object.entries(duties).map(([id, covers]) => ({
        id,
        department: topics[covers[0] ?? ''],
        topics: covers,
        may: ['read', 'answer', 'note', 'assign', 'move', 'close'],
        reasons: [{ id: 'assigned-work' }],
      })),
    ),
  } as unknown as City
}

export type SmallTown = TestDatabase & { signIn: SignIn; keys: SignInKeys; ana: number; ben: number }

/** A migrated database with the small city, its keys, Ana (streets-clerk) and Ben (librarian). */
export async function settle(): Promise<SmallTown> {
  const database = await createTestDatabase()
  const keys = { pepper: createSecretKey(randomBytes(32)), authority: createSecretKey(randomBytes(32)) }
  await database.owner.once(sql`select need_to_know.install_authority('session', ${keys.authority.export()})`)
  await database.owner.transaction((tx) => importCity(tx, smallCity))
  const ana = await employ(database.owner, keys, 'ana', 'Ana Ruiz', 'streets-clerk')
  const ben = await employ(database.owner, keys, 'ben', 'Ben Okafor', 'librarian')
  return { ...database, keys, signIn: await createSignIn(keys), ana, ben }
}

export async function employ(owner: Db, keys: SignInKeys, handle: string, name: string, duty: string): Promise<number> {
  return owner.transaction(async (tx) => {
    const appointed = await appoint(tx, { handle, name })
    if ('refused' in appointed) throw new Error(appointed.refused)
    await charge(tx, appointed.employee, duty)
    await setPassword(tx, appointed.employee, password, keys.pepper)
    return appointed.employee
  })
}

/** A session of an employee's, begun with her password. */
export async function signedIn(town: SmallTown, handle: string) {
  const started = await town.signIn.withPassword(town.app, { handle, password })
  if ('refused' in started) throw new Error(started.refused)
  return { kind: 'staff', secret: started.secret } as const
}

/** A case as the database needs one, without words in it. */
export async function openCase(owner: Db, topic: string, place = 'riverside'): Promise<string> {
  const [row] = await owner.once<{ id: string }>(sql`
    with s as (insert into vault.subject (id, wrapped_key, kek) values (gen_random_uuid(), 'x', 'test') returning id)
    insert into correspondence.casefile (id, topic, place, language, channel, form, form_version, subject, received_at,
      due_on, state_since, receipt_hash)
    select gen_random_uuid(), ${topic}, ${place}, 'en', 'form', 'test', 1, s.id, now(), current_date, now(),
      sha256(uuid_send(gen_random_uuid())) from s returning id`)
  if (row === undefined) throw new Error('no case was made')
  return row.id
}

/** The acts in the ledger so far, oldest first. */
export async function acts(owner: Db): Promise<string[]> {
  const rows = await owner.once<{ act: string }>(sql`select act from ledger.entry order by at, act`)
  return rows.map((row) => row.act)
}

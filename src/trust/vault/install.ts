import { sql, type Db, type Reader, type Sql, type Tx } from '../../plumbing/index.ts'
import { custodyPrint } from './custody.ts'
import { fingerprint, type Keys } from './key-file.ts'

/**
 * Ties a database to the city's keys, as the owner, whenever it migrates: notes the fingerprints of keys it has not
 * seen, and installs the key by which the web process proves that it may start a session. Where the key file lacks a
 * key that the database was sealed with, nothing is noted and the missing identifiers are returned.
 */
export async function installKeys(tx: Tx, keys: Keys): Promise<readonly string[]> {
  const missing = await lacking(tx.rows.bind(tx), keys)
  if (missing.length > 0) return missing
  for (const [id, print] of printsOf(keys))
    await tx.rows(sql`insert into vault.kek (id, fingerprint) values (${id}, ${print}) on conflict do nothing`)
  await tx.rows(sql`select need_to_know.install_authority('session', ${keys.derive('session-authority').export()})`)
  return []
}

/** The identifiers of keys this database was sealed with and the key file lacks. Any at all: nothing may be served. */
export async function missingKeys(db: Db, keys: Keys): Promise<readonly string[]> {
  return lacking(db.once.bind(db), keys)
}

async function lacking(rows: Reader['rows'], keys: Keys): Promise<readonly string[]> {
  const [row] = await rows<{ missing: string[] }>(asking(keys))
  return row?.missing ?? []
}

function asking(keys: Keys): Sql {
  const prints = printsOf(keys)
  return sql`select vault.missing_keys(${[...prints.keys()]}::text[], ${[...prints.values()]}::bytea[]) as missing`
}

/** Every machine of a city wraps for the same custody key, so its public half is among the keys that must be there. */
function printsOf(keys: Keys): ReadonlyMap<string, Buffer> {
  const prints = new Map([...keys.wrapping].map(([id, key]) => [id, fingerprint(key)]))
  return keys.hasCustody() ? prints.set('custody', custodyPrint(keys.custody())) : prints
}

import pg from 'pg'

/** Login names by the group role they serve under. */
export type Logins = { app: readonly string[]; keeper: readonly string[] }

/** The roles that policies and grants name. Nobody signs in as them; logins are members. */
export const groups = { app: 'cityhall_app', keeper: 'cityhall_keeper' } as const

/**
 * Makes the groups where they are absent, keeps the database to them, and makes the logins members. A login that serves
 * both groups inherits from neither: it holds what it took with `set role`, no more (PostgreSQL 16 or later).
 */
export async function grantGroups(client: pg.Client, logins: Logins | undefined): Promise<void> {
  for (const group of Object.values(groups)) await makeGroup(client, group)
  await keepDatabase(client)
  for (const [kind, names] of Object.entries(logins ?? {})) {
    for (const name of names) await grantGroup(client, kind === 'app' ? groups.app : groups.keeper, name, logins)
  }
}

async function makeGroup(client: pg.Client, group: string): Promise<void> {
  const found = await client.query('select from pg_roles where rolname = $1', [group])
  if (found.rows.length > 0) return
  // Two databases of one server may be migrated at once: the other made it first.
  await client.query(`create role ${pg.escapeIdentifier(group)} nologin`).catch((error: unknown) => {
    if ((error as { code?: string }).code !== '42710') throw error
  })
}

/** No temporary tables and no connection for anybody but the groups: a temporary table can shadow a name in a query. */
export async function keepDatabase(client: pg.ClientBase): Promise<void> {
  const answer = await client.query<{ name: string }>('select current_database() as name')
  const database = pg.escapeIdentifier(answer.rows[0]?.name ?? '')
  await client.query(`revoke all on database ${database} from public`)
  await client.query(`grant connect on database ${database} to ${groups.app}, ${groups.keeper}`)
}

async function grantGroup(client: pg.Client, group: string, login: string, logins: Logins | undefined): Promise<void> {
  const member = await client.query('select from pg_auth_members where roleid = $1::regrole and member = $2::regrole', [
    group,
    pg.escapeIdentifier(login),
  ])
  if (member.rows.length > 0) return
  const both = logins?.app.includes(login) === true && logins.keeper.includes(login)
  const version = await client.query<{ number: number }>(`select current_setting('server_version_num')::int as number`)
  const apart = both && (version.rows[0]?.number ?? 0) >= 160_000 ? ' with inherit false' : ''
  await client.query(`grant ${group} to ${pg.escapeIdentifier(login)}${apart}`)
}

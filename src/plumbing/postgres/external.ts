import pg from 'pg'
import { asFault, DatabaseFault } from './fault.ts'
import type { Logins } from './logins.ts'

/** Addresses of a PostgreSQL that somebody else runs. They hold passwords: never print them. */
export type External = {
  /** DATABASE_URL: the login that answers requests. */
  url: string
  /** CITYHALL_MIGRATE_URL: the login that owns the tables; needed to migrate only. */
  migrateUrl?: string
  /** CITYHALL_KEEPER_URL: the login that keeps; the serving login keeps too when absent. */
  keeperUrl?: string
}

export type ServerRefused = { refused: 'server-too-old'; says: string } | { refused: 'login-too-strong'; says: string }

const oldest = 15

/**
 * Whether the server is new enough and its serving logins are weak enough: a superuser, or a login that passes by
 * row-level security, or the owner of the tables would make need-to-know a matter of good manners.
 */
export async function inspectExternal(external: External): Promise<ServerRefused | undefined> {
  const owner = external.migrateUrl === undefined ? undefined : loginOf(external.migrateUrl)
  for (const [variable, url] of servingUrls(external)) {
    const refused = judgeLogin(variable, { ...(await inspect(external, url, variable)), owner: loginOf(url) === owner })
    if (refused !== undefined) return refused
  }
  return undefined
}

export type Inspected = { version: number; strong: boolean; owner: boolean }

/** What is wrong with a server and the login that serves from it; `version` as PostgreSQL numbers it (150004). */
export function judgeLogin(variable: string, found: Inspected): ServerRefused | undefined {
  if (found.version < oldest * 10_000) return tooOld(found.version)
  if (found.strong) return tooStrong(variable, 'is a superuser or has BYPASSRLS')
  if (found.owner) return tooStrong(variable, 'is the login of CITYHALL_MIGRATE_URL, which owns the tables')
  return undefined
}

/** The login names to make members of the groups. */
export function loginsOf(external: External): Logins {
  return { app: [loginOf(external.url)], keeper: [loginOf(external.keeperUrl ?? external.url)] }
}

function servingUrls(external: External): [variable: string, url: string][] {
  const keeper: [string, string][] =
    external.keeperUrl === undefined ? [] : [['CITYHALL_KEEPER_URL', external.keeperUrl]]
  return [['DATABASE_URL', external.url], ...keeper]
}

function loginOf(url: string): string {
  return decodeURIComponent(new URL(url).username)
}

/** Asked of the owner where there is one: before it migrated, a new login may not yet connect to the database. */
async function inspect(external: External, url: string, variable: string): Promise<Omit<Inspected, 'owner'>> {
  const [asked, by] =
    external.migrateUrl === undefined ? [url, variable] : [external.migrateUrl, 'CITYHALL_MIGRATE_URL']
  const client = new pg.Client({ connectionString: asked, connectionTimeoutMillis: 10_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    const answer = await client.query<{ version: number; strong: boolean | null }>(
      `select current_setting('server_version_num')::int as version,
         (select rolsuper or rolbypassrls from pg_roles where rolname = $1) as strong`,
      [loginOf(url)],
    )
    const { version = 0, strong = null } = answer.rows[0] ?? {}
    if (strong === null)
      throw new DatabaseFault(`looking for the login of ${variable}, which the server does not know`, {})
    return { version, strong }
  } catch (error) {
    throw asFault(error, `connecting with ${by}`)
  } finally {
    await client.end()
  }
}

function tooOld(version: number): ServerRefused {
  const found = `${String(Math.floor(version / 10_000))}.${String(version % 10_000)}`
  return {
    refused: 'server-too-old',
    says: `DATABASE_URL leads to PostgreSQL ${found}; Cityhall needs ${String(oldest)} or later`,
  }
}

function tooStrong(variable: string, why: string): ServerRefused {
  return {
    refused: 'login-too-strong',
    says: `the login in ${variable} ${why}, so PostgreSQL would not keep need-to-know for it: make a plain login for serving`,
  }
}

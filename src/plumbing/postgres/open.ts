import { startEmbedded, type InstanceRuns, type Tell } from './embedded/index.ts'
import { joinEmbedded } from './embedded/join.ts'
import { inspectExternal, loginsOf, type External, type ServerRefused } from './external.ts'
import type { Logins } from './logins.ts'

/** A PostgreSQL ready to be connected to, ours or another's. Addresses hold passwords: never print them. */
export type OpenedDatabase = {
  kind: 'embedded' | 'external'
  /** Absent when CITYHALL_MIGRATE_URL is not set: then nothing is migrated. */
  ownerUrl?: string
  appUrl: string
  keeperUrl: string
  /** For `migrate`: the logins to make members of the groups. */
  logins: Logins
  /** Stops the embedded PostgreSQL; does nothing to an external one. */
  stop: () => Promise<void>
}

/**
 * Opens the database the configuration names: starts the embedded one in the data folder, or looks at the external one.
 * Refusals: `instance-runs`, `server-too-old`, `login-too-strong`, each with the sentence to print.
 */
export async function openDatabase(options: {
  data: string
  external?: External | undefined
  /** A command may work beside the program that serves from the same data folder; only one may serve. */
  beside?: boolean
  tell?: Tell
}): Promise<OpenedDatabase | InstanceRuns | ServerRefused> {
  if (options.external !== undefined) return openExternal(options.external)
  const embedded = await startEmbedded(options)
  if ('refused' in embedded) return options.beside === true ? joined(options.data) : embedded
  const { ownerUrl, appUrl, keeperUrl, stop } = embedded
  return { kind: 'embedded', ownerUrl, appUrl, keeperUrl, logins: { app: [], keeper: [] }, stop }
}

function joined(data: string): OpenedDatabase {
  return { kind: 'embedded', ...joinEmbedded(data), logins: { app: [], keeper: [] }, stop: () => Promise.resolve() }
}

async function openExternal(external: External): Promise<OpenedDatabase | ServerRefused> {
  const refused = await inspectExternal(external)
  if (refused !== undefined) return refused
  return {
    kind: 'external',
    ...(external.migrateUrl === undefined ? {} : { ownerUrl: external.migrateUrl }),
    appUrl: external.url,
    keeperUrl: external.keeperUrl ?? external.url,
    logins: loginsOf(external),
    stop: () => Promise.resolve(),
  }
}

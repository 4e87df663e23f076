import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { binariesFolder } from '../src/plumbing/postgres/embedded/binaries.ts'

export async function postgresVersion(): Promise<string> {
  const { stdout } = await promisify(execFile)(join(binariesFolder(), 'bin', 'postgres'), ['--version'])
  return /\d+(\.\d+)+/.exec(stdout)?.[0] ?? 'unknown'
}

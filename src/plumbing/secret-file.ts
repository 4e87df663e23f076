import { readFileSync, statSync } from 'node:fs'

/** A secret that stands alone in a file. Faults: there is none, it is empty, or others than its owner can read it. */
export function readSecretFile(path: string): string {
  const mode = statSync(path).mode & 0o777
  if ((mode & 0o077) !== 0)
    throw new Error(`the secret in ${path} can be read by others (mode ${mode.toString(8)}); run: chmod 600 ${path}`)
  const secret = readFileSync(path, 'utf8').trim()
  if (secret === '') throw new Error(`there is no secret in ${path}`)
  return secret
}

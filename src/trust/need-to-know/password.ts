import { hash, verify } from '@node-rs/argon2'

/** Argon2id, 19 MiB, two passes, one lane (RFC 9106; OWASP's minimum). The pepper is not in the database. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const shortestPassword = 15
const longestPassword = 256

export type PasswordRefusal = 'too-short' | 'too-long' | 'too-simple'

/** NIST SP 800-63B-4: at least 15 characters, no rules of composition, nothing that names the account or repeats. */
export function judgePassword(password: string, handle: string): PasswordRefusal | undefined {
  const plain = normalised(password)
  const length = [...plain].length
  if (length < shortestPassword) return 'too-short'
  if (length > longestPassword) return 'too-long'
  if (new Set(plain).size < 6 || plain.toLowerCase().includes(handle)) return 'too-simple'
  return undefined
}

export function hashPassword(password: string, pepper: Buffer): Promise<string> {
  return hash(normalised(password), { ...cost, secret: pepper })
}

/** False also where the stored hash is not one. Takes the same time whatever the answer. */
export async function isPassword(password: string, stored: string, pepper: Buffer): Promise<boolean> {
  if ([...password].length > longestPassword) return false
  try {
    return await verify(stored, normalised(password), { secret: pepper })
  } catch {
    return false
  }
}

/** The same characters typed on two keyboards are the same password. */
function normalised(password: string): string {
  return password.normalize('NFKC')
}

import { loginNames, type Passwords } from './secrets.ts'

/** The address of one login: over the unix socket in `place`, or over TCP when `place` is a port of this machine. */
export function urlOf(place: string | number, login: keyof Passwords, passwords: Passwords, database: string): string {
  const who = `${loginNames[login]}:${encodeURIComponent(passwords[login])}`
  if (typeof place === 'number') return `postgres://${who}@127.0.0.1:${String(place)}/${database}`
  return `postgres://${who}@localhost/${database}?host=${encodeURIComponent(place)}`
}

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { programPath } from './binaries.ts'

/**
 * As whom PostgreSQL runs; it refuses to run as root.
 * - self: as we do.
 * - namespace: as we do outside, as another user in its own eyes: files stay root's and no folder must be opened up.
 * - user: truly as another user, who must be able to reach binaries and data.
 */
export type Identity =
  { as: 'self' } | { as: 'namespace'; uid: number; gid: number } | { as: 'user'; uid: number; gid: number }

/** The identity that works on this machine. Containers may forbid namespaces. */
export function chooseIdentity(): Identity {
  if (process.getuid?.() !== 0) return { as: 'self' }
  const { uid, gid } = unprivilegedUser()
  const tried = spawnSync('unshare', [...namespaceArguments(uid, gid), 'true'], { stdio: 'ignore' })
  return { as: tried.status === 0 ? 'namespace' : 'user', uid, gid }
}

/** `nobody`, or else the first user of the machine who is not root: initdb insists on a user that has a name. */
function unprivilegedUser(): { uid: number; gid: number } {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter((user) => user.uid > 0 && user.gid > 0)
  const user = users.find(({ name }) => name === 'nobody') ?? users[0]
  if (user === undefined) throw new Error('PostgreSQL does not run as root, and this machine has no other user')
  return { uid: user.uid, gid: user.gid }
}

function namespaceArguments(uid: number, gid: number): string[] {
  return ['--user', `--map-user=${String(uid)}`, `--map-group=${String(gid)}`]
}

export type Command = { file: string; arguments: string[]; options: { uid?: number; gid?: number } }

/**
 * How to start a program of PostgreSQL under the identity. With `tied` the kernel tells it to stop (SIGINT, a fast and
 * orderly shutdown) when we are killed; only from the main thread, whose end is the program's end.
 */
export function commandAs(identity: Identity, file: string, args: readonly string[], tied = false): Command {
  const setpriv = tied && isMainThread && process.platform === 'linux' ? programPath('setpriv') : undefined
  const words = setpriv === undefined ? [file, ...args] : [setpriv, '--pdeathsig', 'INT', '--', file, ...args]
  const prefix = identity.as === 'namespace' ? ['unshare', ...namespaceArguments(identity.uid, identity.gid), '--'] : []
  const [first = file, ...rest] = [...prefix, ...words]
  return {
    file: first,
    arguments: rest,
    options: identity.as === 'user' ? { uid: identity.uid, gid: identity.gid } : {},
  }
}

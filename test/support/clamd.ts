import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder } from './cluster.ts'

/** What the signature of the test finds, and nothing else in the world has. */
export const harmful = 'cityhall-test-virus-1f0c5d'

/** Debian's clamd on a socket of its own, with one signature written by hand: nothing is downloaded. */
export async function startClamd(): Promise<{ path: string; stop: () => Promise<void> }> {
  if (!existsSync('/usr/sbin/clamd')) throw new Error('clamd is missing: apt-get install clamav-daemon')
  const folder = temporaryFolder()
  const [database, path] = [join(folder.path, 'db'), join(folder.path, 'clamd.socket')]
  await mkdir(database)
  writeFileSync(join(database, 'city.ndb'), `Cityhall.Test:0:*:${Buffer.from(harmful).toString('hex')}\n`)
  const settings = {
    LocalSocket: path,
    DatabaseDirectory: database,
    TemporaryDirectory: folder.path,
    Foreground: 'yes',
    StreamMaxLength: '30M',
    MaxThreads: '2',
  }
  const file = join(folder.path, 'clamd.conf')
  writeFileSync(
    file,
    Object.entries(settings)
      .map((pair) => `${pair.join(' ')}\n`)
      .join(''),
  )
  const running = spawn('/usr/sbin/clamd', ['--config-file', file], { stdio: 'ignore' })
  for (let tries = 0; !(await listens(path)); tries++) {
    if (tries > 300 || running.exitCode !== null) throw new Error('clamd did not start')
    await sleep(100)
  }
  return {
    path,
    stop: async () => {
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      await ended
      folder.remove()
    },
  }
}

function listens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => {
      resolve(false)
    })
  })
}

import { mkdirSync, statSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join } from 'node:path'

/** Held by one program on one data folder; the kernel lets go of it when the program ends, however it ends. */
export type InstanceLock = { release: () => Promise<void> }

/**
 * Takes the lock of the data folder, or answers the number of the process that holds it. A listening socket, not a file
 * with a number in it: a number outlives kill -9 and may by then be another process. On Linux the socket has no file
 * (abstract), so there is nothing to clear away and two starters cannot both clear it; it is named after the folder
 * itself (device and inode), whatever path leads there.
 */
export async function lockInstance(data: string): Promise<InstanceLock | { heldBy: number }> {
  const path = socketPath(data)
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const server = await listenOn(path)
    if (server !== undefined) return { release: () => closed(server) }
    const heldBy = await holder(path)
    if (heldBy !== undefined) return { heldBy }
    if (!path.startsWith('\0')) unlinkSync(path)
  }
  throw new Error(`the lock of ${data} could not be taken`)
}

function socketPath(data: string): string {
  if (process.platform !== 'linux') {
    mkdirSync(join(data, 'run'), { recursive: true, mode: 0o700 })
    return join(data, 'run', 'instance')
  }
  const folder = statSync(data)
  return `\0cityhall/${String(folder.dev)}/${String(folder.ino)}`
}

function listenOn(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end(`${String(process.pid)}\n`)
    })
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined)
      else reject(error)
    })
    server.listen({ path }, () => {
      server.unref()
      resolve(server)
    })
  })
}

/** The number the holder tells; undefined when nobody listens any more; 0 when it does not answer in five seconds, as one that is busy starting may not in one. */
function holder(path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    let told = ''
    const socket = connect({ path })
    socket.setTimeout(5000, () => {
      resolve(0)
      socket.destroy()
    })
    socket.on('data', (piece) => (told += piece.toString()))
    socket.on('error', () => {
      resolve(undefined)
    })
    socket.on('close', () => {
      resolve(Number(told) || 0)
    })
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}

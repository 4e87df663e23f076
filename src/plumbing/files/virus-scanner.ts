import { connect, type Socket } from 'node:net'

/** `down` is any answer but a clear one: whoever asks must treat the file as not scanned. */
export type Scanned = 'clean' | 'infected' | 'down'
export type Scanner = Readonly<{ scan(content: AsyncIterable<Uint8Array>): Promise<Scanned> }>

/** Where clamd listens: a socket's path, or host and port. */
export type ClamdPlace = Readonly<{ path: string }> | Readonly<{ host: string; port: number }>

/** clamd's answer is one short line; more is not clamd. */
const longestAnswer = 1024

/**
 * Asks clamd by its INSTREAM command (clamd(8)): pieces, each behind its length, an empty one last, then one line. The
 * file is streamed; nothing waits longer than `patience` for the other side, neither to take nor to answer.
 */
export function clamd(place: ClamdPlace, patience = 60_000): Scanner {
  return {
    async scan(content) {
      const socket = connect(place)
      socket.setTimeout(patience, () => socket.destroy(new Error('clamd is silent')))
      try {
        const answer = answerOf(socket)
        // Looked at only at the end, and by then perhaps failed: a fault meanwhile is not unhandled.
        answer.catch(() => undefined)
        await send(socket, content)
        return read(await answer)
      } catch (error) {
        if (error instanceof SourceBroken) throw error.cause
        return 'down'
      } finally {
        socket.destroy()
      }
    },
  }
}

/** What is to be scanned cannot be read: that is not clamd's fault. */
class SourceBroken extends Error {}

async function* orBroken(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* content
  } catch (cause) {
    throw new SourceBroken('what is to be scanned cannot be read', { cause })
  }
}

async function send(socket: Socket, content: AsyncIterable<Uint8Array>): Promise<void> {
  await write(socket, Buffer.from('zINSTREAM\0'))
  for await (const piece of orBroken(content)) {
    if (piece.length === 0) continue
    const length = Buffer.alloc(4)
    length.writeUInt32BE(piece.length)
    await write(socket, Buffer.concat([length, piece]))
  }
  await write(socket, Buffer.alloc(4))
}

/** Done when the system has taken it: a slow scanner slows the sender down. */
function write(socket: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const gone = () => {
      reject(new Error('clamd hung up'))
    }
    socket.once('close', gone)
    socket.write(bytes, (error) => {
      socket.off('close', gone)
      if (error) reject(error)
      else resolve()
    })
  })
}

async function answerOf(socket: Socket): Promise<string> {
  let said = ''
  for await (const bytes of socket as AsyncIterable<Buffer>) {
    said += bytes.toString('latin1')
    if (said.includes('\0')) return said
    if (said.length > longestAnswer) throw new Error('clamd says too much')
  }
  return said
}

function read(answer: string): Scanned {
  if (answer === 'stream: OK\0') return 'clean'
  return /^stream: [\w./:{}()+-]+ FOUND\0$/.test(answer) ? 'infected' : 'down'
}

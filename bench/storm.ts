import { connect, type Socket } from 'node:net'

/** Answers of one round: how many of each status, in how many seconds, how many bytes came. */
export type Storm = Readonly<{
  statuses: ReadonlyMap<number, number>
  seconds: number
  bytes: number
  /** CPU time of the sender for one answer, in microseconds: it shares the machine with what it measures. */
  ownCost: number
}>

export type Storming = Readonly<{ port: number; connections: number; seconds: number; next: () => Buffer | string }>

/**
 * Sends requests over so many kept connections for so many seconds, each connection the next one as soon as the last is
 * answered. It reads of an answer no more than its status and length, to cost as little as a sender can.
 */
export async function storm({ port, connections, seconds, next }: Storming): Promise<Storm> {
  const statuses = new Map<number, number>()
  let bytes = 0
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const until = begun + seconds * 1000
  await Promise.all(
    Array.from({ length: connections }, () =>
      oneConnection(
        port,
        () => (performance.now() < until ? next() : undefined),
        (status, length) => {
          statuses.set(status, (statuses.get(status) ?? 0) + 1)
          bytes += length
        },
      ),
    ),
  )
  const { user, system } = process.cpuUsage(cpu)
  const answers = [...statuses.values()].reduce((sum, count) => sum + count, 0)
  return { statuses, seconds: (performance.now() - begun) / 1000, bytes, ownCost: (user + system) / answers }
}

/** Answers a second with this status. */
export function rate(storm: Storm, status: number): number {
  return (storm.statuses.get(status) ?? 0) / storm.seconds
}

function oneConnection(
  port: number,
  next: () => Buffer | string | undefined,
  answered: (status: number, length: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let kept: Buffer | undefined
    const send = (): void => {
      const request = next()
      if (request === undefined) socket.end(() => resolve())
      else socket.write(request)
    }
    socket.once('connect', send)
    socket.on('data', (chunk: Buffer) => {
      const got = kept ? Buffer.concat([kept, chunk]) : chunk
      const length = lengthOf(got)
      if (length === undefined || got.length < length) {
        kept = got
        return
      }
      kept = undefined
      answered(Number(got.toString('latin1', 9, 12)), length)
      send()
    })
    failing(socket, reject)
  })
}

/** The whole length of the answer that begins here; undefined while its head is not complete. */
function lengthOf(answer: Buffer): number | undefined {
  const head = answer.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const length = /\r\ncontent-length: (\d+)/i.exec(answer.toString('latin1', 0, head))?.[1]
  const status = answer.toString('latin1', 9, 12)
  if (length === undefined && status !== '304' && status !== '204')
    throw new Error(`an answer ${status} without a length`)
  return head + 4 + Number(length ?? 0)
}

function failing(socket: Socket, reject: (error: Error) => void): void {
  socket.setTimeout(30_000, () => socket.destroy(new Error('no answer within 30 seconds')))
  socket.once('error', reject)
  socket.once('end', () => reject(new Error('the server closed a connection')))
}

import { connect, type Socket } from 'node:net'
import { sql } from '../../src/plumbing/index.ts'
import { atLeast, informs, median, spread, whole, type Figure } from '../figures.ts'
import { withProgram } from '../with-program.ts'

const part = 'mail'
const connections = 16
const rounds = 3
const seconds = 5

/** SMTP intake over 16 connections, one mail after another; each must be answered 250, and each must be there afterwards. */
export function mail(): Promise<Figure[]> {
  return withProgram(async ({ program, db }) => {
    let sent = 0
    const next = (): string => {
      sent += 1
      return `From: Ana <ana@home.invalid>\r\nTo: hello@almendra.example.org\r\nSubject: Light ${String(sent)}\r\nMessage-ID: <${String(sent)}@home.invalid>\r\n\r\n${'The light in front of my house is out. '.repeat(16)}\r\n.\r\n`
    }
    await storm(program.smtpPort, 2, next)
    const speeds: number[] = []
    for (let round = 0; round < rounds; round++) speeds.push((await storm(program.smtpPort, seconds, next)) / seconds)
    const [row] = await db.once<{ n: number }>(sql`select count(*) as n from mailroom.received`)
    if (row?.n !== sent) throw new Error(`${String(sent)} mails were acknowledged, but ${String(row?.n)} were kept`)
    return [
      atLeast(
        part,
        'mails a second, 16 connections, durable before 250',
        median(speeds),
        150,
        ` (${spread(speeds, 0)})`,
      ),
      informs(part, 'mails kept of mails acknowledged', `${whole(row.n)} of ${whole(sent)}`),
    ]
  })
}

async function storm(port: number, forSeconds: number, next: () => string): Promise<number> {
  const until = performance.now() + forSeconds * 1000
  const senders = Array.from({ length: connections }, async () => {
    const line = await converse(port)
    let accepted = 0
    while (performance.now() < until) {
      await line('MAIL FROM:<ana@home.invalid>\r\nRCPT TO:<hello@almendra.example.org>\r\nDATA\r\n', 3)
      await line(next(), 1)
      accepted += 1
    }
    await line('QUIT\r\n', 1)
    return accepted
  })
  return (await Promise.all(senders)).reduce((all, one) => all + one, 0)
}

/** A conversation: says words, and waits for so many replies, none of them a refusal. */
async function converse(port: number): Promise<(words: string, replies: number) => Promise<void>> {
  const socket: Socket = connect(port, '127.0.0.1').setEncoding('latin1').setNoDelay()
  let heard = ''
  let wake: () => void = () => undefined
  socket.on('data', (text: string) => {
    heard += text
    wake()
  })
  const hear = async (replies: number): Promise<void> => {
    for (let left = replies; left > 0; left--) {
      let reply: RegExpExecArray | null
      while (!(reply = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(heard)))
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      if (!/^[23]/.test(reply[1] ?? '')) throw new Error(`the mail door said ${reply[0].trim()}`)
      heard = heard.slice(reply[0].length)
    }
  }
  await hear(1)
  socket.write('EHLO bench.invalid\r\n')
  await hear(1)
  return async (words, replies) => {
    socket.write(words)
    await hear(replies)
  }
}

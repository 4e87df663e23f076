import { connect } from 'node:net'

/** A conversation in SMTP, sign by sign. */
export type Talk = {
  greeting: string
  say: (line: string) => Promise<string>
  /** Sends the message with its dots doubled and its end. */
  data: (raw: string | Buffer) => Promise<string>
  /** Sends bytes as they are and waits for one reply. */
  bytes: (raw: string | Buffer) => Promise<string>
  hangUp: () => void
}

export async function talk(port: number): Promise<Talk> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  let closed = false
  const waiting: ((reply: string) => void)[] = []
  const give = () => {
    for (;;) {
      const reply = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(heard)?.[0]
      if (reply === undefined && !closed) return
      const next = waiting.shift()
      if (!next) return
      heard = heard.slice(reply?.length ?? heard.length)
      next(reply?.trimEnd() ?? '')
    }
  }
  socket.setEncoding('latin1')
  socket.on('data', (text: string) => {
    heard += text
    give()
  })
  socket.on('error', () => undefined)
  socket.on('close', () => {
    closed = true
    give()
  })
  const reply = () =>
    new Promise<string>((resolve) => {
      waiting.push(resolve)
      give()
    })
  const bytes = (raw: string | Buffer) => {
    socket.write(raw)
    return reply()
  }
  const stuffed = (raw: string | Buffer) =>
    (typeof raw === 'string' ? Buffer.from(raw) : raw).toString('latin1').replace(/^\./gm, '..')
  return {
    greeting: await reply(),
    say: (line) => bytes(`${line}\r\n`),
    data: (raw) => {
      const text = stuffed(raw)
      return bytes(Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'))
    },
    bytes,
    hangUp: () => {
      socket.destroy()
    },
  }
}

/** A plain mail. */
export function plainMail(
  fields: Record<string, string> = {},
  text = 'The light in front of my house is out.',
): string {
  const all = {
    From: 'Ana Lima <ana@home.example>',
    To: 'hello@almendra.example.org',
    Subject: 'A light is out',
    'Message-ID': `<${String(Math.random()).slice(2)}@home.example>`,
    Date: 'Mon, 01 Jun 2026 10:00:00 +0000',
    ...fields,
  }
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return [...head, '', text, ''].join('\r\n')
}

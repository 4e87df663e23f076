import { createSocket } from 'node:dgram'
import { once } from 'node:events'

/** A name server of the test's own: what it was told it says, and of everything else that there is no such name. */
export type TestNameServer = {
  /** `127.0.0.1:port`, for CITYHALL_NAME_SERVERS. */
  address: string
  /** TXT records by name, in small letters. */
  texts: Map<string, string>
  close: () => void
}

export async function openNameServer(): Promise<TestNameServer> {
  const texts = new Map<string, string>()
  const socket = createSocket('udp4')
  socket.on('message', (question, { port, address }) => {
    socket.send(answerTo(question, texts), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${String(socket.address().port)}`,
    texts,
    close: () => {
      socket.close()
    },
  }
}

const textType = 16

/** RFC 1035 4.1: the question comes back with its answer, which points to the name in the question. */
function answerTo(question: Buffer, texts: ReadonlyMap<string, string>): Buffer {
  const labels: string[] = []
  let at = 12
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const end = at + 5
  const text = question.readUInt16BE(at + 1) === textType ? texts.get(labels.join('.').toLowerCase()) : undefined
  const head = Buffer.from(question.subarray(0, 12))
  head.writeUInt16BE(text === undefined ? 0x8183 : 0x8180, 2)
  head.writeUInt16BE(text === undefined ? 0 : 1, 6)
  head.fill(0, 8, 12)
  return Buffer.concat([head, question.subarray(12, end), ...(text === undefined ? [] : [record(text)])])
}

function record(text: string): Buffer {
  const pieces = text.match(/[\s\S]{1,255}/g) ?? []
  const data = Buffer.concat(
    pieces.map((piece) => Buffer.from(`${String.fromCharCode(piece.length)}${piece}`, 'latin1')),
  )
  const fixed = Buffer.alloc(12)
  fixed.writeUInt16BE(0xc00c, 0)
  fixed.writeUInt16BE(textType, 2)
  fixed.writeUInt16BE(1, 4)
  fixed.writeUInt32BE(60, 6)
  fixed.writeUInt16BE(data.length, 10)
  return Buffer.concat([fixed, data])
}

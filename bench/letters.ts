import { createHmac } from 'node:crypto'
import { issueToken } from '../src/services/correspondence/index.ts'
import type { Keys } from '../src/trust/vault/index.ts'

const sentences = [
  'The street light in front of our building has been out since the middle of last month, and the corner is dark when my daughter walks home from practice.',
  'I would like to know when the council will talk about the crossing near the elementary school, because several of us want to come and listen.',
  'Thank you for the quick work on the fallen branch; the crew was friendly and left the sidewalk cleaner than it was before.',
  'Our water bill has nearly doubled although we were away for two weeks, and I could not find anything that drips.',
  'On collection day the blue carts stay out until late in the evening because the truck comes after everybody has left for work.',
  'The pool closes at six, which is too early for families in which both parents work; would seven be possible in the summer?',
  'My father uses a wheelchair, and the ramp at the library’s side door is blocked by bicycles almost every afternoon.',
  'Señora Álvarez next door asked me to write for her: she has not received the form for the senior discount that was promised.',
  'There is a hole beside the drain on the north side of the street that grows with every rain.',
  'Could you tell me which papers I need to bring for a permit to put up a small fence behind the house?',
  'The new benches along the creek are lovely, but there is no bin anywhere near them, and it begins to show.',
  'Drivers take our lane as a short cut to the highway in the morning and go far too fast for a place where children play.',
]
const topics = [
  '',
  '',
  'street-lights',
  'potholes',
  'trash-recycling',
  'library-general',
  'parks-general',
  'water-bill',
]
const names = ['Ana', 'Ben', 'Chen', 'Dolores', 'Elif', 'Farid', 'Grace', 'Hiro', 'Inés', 'Jamal', 'Kavya', 'Luis']
const families = [
  'Alvarez',
  'Brandt',
  'Castro',
  'Diaz',
  'Egan',
  'Fong',
  'Garcia',
  'Huang',
  'Ito',
  'Jensen',
  'Kim',
  'Lopez',
]

/**
 * Letters as people write them: about 600 signs on one of several topics, a name in nine of ten, an e-mail address in
 * eight of ten, a telephone number in three of ten; no two alike. The same sequence in every run.
 */
export function letterWriter(topicsThere: ReadonlySet<string>): () => URLSearchParams {
  let written = 0
  const offered = topics.filter((topic) => topic === '' || topicsThere.has(topic))
  return () => {
    const chance = createHmac('sha256', 'letters')
      .update(String((written += 1)))
      .digest()
    const at = <T>(byte: number, list: readonly T[]): T => list[(chance[byte] ?? 0) % list.length] as T
    const one = (byte: number): string => at(byte, sentences)
    const name = `${at(10, names)} ${at(11, families)}`
    const letter = new URLSearchParams({
      topic: at(0, offered),
      message: `Hello,\r\n\r\n${one(1)} ${one(2)}\r\n\r\n${one(3)} ${one(4)} (${String(written)})\r\n\r\nThank you!`,
      name: at(12, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) === 0 ? '' : name,
      email:
        at(13, [0, 1, 2, 3, 4]) === 0
          ? ''
          : `${name
              .normalize('NFKD')
              .replace(/[^\w]+/g, '.')
              .toLowerCase()}${String(written)}@example.org`,
      telephone: at(14, [0, 1, 2]) === 0 ? `(555) 01${String(written).padStart(8, '0')}` : '',
    })
    return letter
  }
}

/** The letter as a browser posts it: with the token of a form that was shown, and the headers that Chromium sends. */
export function posting(port: number, keys: Keys, letter: URLSearchParams): Buffer {
  letter.set('token', issueToken(keys))
  return request(port, '/forms/contact-the-city', letter.toString())
}

export function request(port: number, path: string, body?: string): Buffer {
  const host = `127.0.0.1:${String(port)}`
  const lines = [
    `${body === undefined ? 'GET' : 'POST'} ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: keep-alive',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
    'Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: en-US,en;q=0.9',
    ...(body === undefined
      ? []
      : [
          'Content-Type: application/x-www-form-urlencoded',
          `Content-Length: ${String(Buffer.byteLength(body))}`,
          `Origin: http://${host}`,
        ]),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

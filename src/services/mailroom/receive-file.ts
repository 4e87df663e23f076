import { createReadStream } from 'node:fs'
import type { DNSResolver } from 'mailauth'
import PostalMime from 'postal-mime'
import { accept, type Via } from './accept.ts'
import { checkSignature, unknownSender } from './check-sender.ts'
import { fieldOf, headerOf, type ContentTrouble } from './content-trouble.ts'
import { destinationOf, type Destination } from './destination.ts'
import { hold, type Held } from './hold.ts'
import type { MailHouse } from './house.ts'

export type TakenIn =
  Readonly<{ done: true; again: boolean }> | Readonly<{ refused: ContentTrouble | 'too-long-for-so-many' }>

/**
 * Takes in a mail that did not come by SMTP: a file, or a message of a mailbox. Its header says whom it is for; what is for
 * nobody in particular is for the city. Of its sender no more can be checked than a signature, with `ask`; unsigned, it is
 * never answered by itself.
 */
export async function takeIn(
  house: MailHouse,
  via: Via,
  stream: AsyncIterable<Buffer>,
  ask?: DNSResolver,
): Promise<TakenIn> {
  const held = await hold(house.keys, stream)
  if ('refused' in held) return held
  try {
    const to = await addressees(held)
    const known = to.flatMap((address) => destinationOf(house, address) ?? [])
    const places: Destination[] = known.length > 0 ? known : [{ topic: house.contact.topic, address: 'city' }]
    const verdict = ask ? await checkSignature(held, ask, new URL(house.publicUrl).hostname) : unknownSender
    const accepted = await accept(house, via, held, { to, verdict }, places)
    return 'refused' in accepted ? accepted : { done: true, again: accepted.again }
  } finally {
    await held.release()
  }
}

export function takeInFile(house: MailHouse, path: string): Promise<TakenIn> {
  return takeIn(house, 'file', createReadStream(path))
}

/** Where the last server put it, if one said so; else To and Cc. */
async function addressees({ head }: Held): Promise<string[]> {
  const header = headerOf(head.toString('latin1'))
  const delivered = ['delivered-to', 'x-original-to', 'envelope-to'].flatMap((name) => fieldOf(header, name) ?? [])
  const parsed = await PostalMime.parse(`${header}\r\n\r\n`).catch(() => undefined)
  const written = [...(parsed?.to ?? []), ...(parsed?.cc ?? [])].flatMap((one) => one.group ?? [one])
  return [...delivered.map((one) => one.replace(/[<>]/g, '').trim()), ...written.map(({ address }) => address)].slice(
    0,
    50,
  )
}

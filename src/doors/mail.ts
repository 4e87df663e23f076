import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { City, FormId, TopicId } from '../city/index.ts'
import type { Clock, Config, Db } from '../plumbing/index.ts'
import type { Cabinet } from '../services/attachments/index.ts'
import type { Forms } from '../services/forms/index.ts'
import {
  listen,
  nameServer,
  overTheNetwork,
  ownCertificate,
  pollMailbox,
  readCertificate,
  runSorting,
  type MailHouse,
} from '../services/mailroom/index.ts'
import { agencyPost } from '../services/referral/index.ts'
import type { Keys } from '../trust/vault/index.ts'

type Behind = Readonly<{
  config: Config
  city: City
  forms: Forms
  keys: Keys
  cabinet: Cabinet
  clock: Clock
  /** As the keeper: taking mail in is the worker's. */
  db: Db
}>

/** The rooms behind the mail door, as the room of mail needs them. */
export function mailHouse({
  config,
  forms,
  ...house
}: Omit<Behind, 'config'> & { config: Pick<Config, 'publicUrl'> }): MailHouse {
  const id = 'contact-the-city' as FormId
  const form = forms.get(id)
  const [general] = [...house.city.topics.keys()].filter((topic) => topic.endsWith('-general'))
  const topic = form?.topic ?? general ?? ('city-clerk-general' as TopicId)
  const agencies = agencyPost({ ...house, keeper: house.db })
  return { ...house, agencies, publicUrl: config.publicUrl, contact: { form: id, version: form?.version ?? 1, topic } }
}

export type MailDoor = Readonly<{
  port: number
  /** The loops that run until the signal. */
  working: readonly Promise<void>[]
  close: () => Promise<void>
}>

/** Opens the door through which mail comes in, and starts to sort what came. Refusal: the port is taken. */
export async function openMailDoor(
  behind: Behind & { signal: AbortSignal; trouble: (what: string) => (error: unknown) => void },
): Promise<MailDoor | Readonly<{ refused: 'port'; says: string }>> {
  const { config, signal, trouble } = behind
  const house = mailHouse(behind)
  const certificate =
    config.smtpCertificate === undefined
      ? ownCertificate(join(config.data, 'secrets'), new URL(config.publicUrl).hostname)
      : readCertificate(readFileSync(config.smtpCertificate, 'utf8'))
  const ask = nameServer(overTheNetwork(config.nameServers))
  try {
    const listening = await listen(house, {
      port: config.smtpPort,
      host: config.smtpHost,
      certificate,
      ask,
      relays: config.mailRelays,
      onFault: trouble('a mail could not be kept; the sender was asked to come again'),
    })
    const sorting = runSorting(house, signal, trouble('a mail could not be sorted'))
    const onFault = trouble('the mailbox could not be read')
    const polling =
      config.imapUrl === undefined ? [] : [pollMailbox(house, { url: config.imapUrl, signal, onFault, ask })]
    return { ...listening, working: [sorting, ...polling] }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    return {
      refused: 'port',
      says: `port ${String(config.smtpPort)} on ${config.smtpHost}, for mail, is taken; stop what uses it, or set CITYHALL_SMTP_PORT to another number`,
    }
  }
}

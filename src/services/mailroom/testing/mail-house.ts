import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import type { FormId, TopicId } from '../../../city/index.ts'
import { sql } from '../../../plumbing/index.ts'
import { codeFor, findLines, issueToken, receive, today } from '../../correspondence/index.ts'
import { makeCertificate } from '../certificate.ts'
import type { AgencyPost, MailHouse } from '../house.ts'
import { listen, type Listening } from '../listen.ts'
import { nameServer } from '../name-server.ts'
import { sortWaiting } from '../run-sorting.ts'
import type { Limits } from '../callers.ts'
import { talk, type Talk } from './talk.ts'

export const publicUrl = 'https://city.example'

/** The sample city with its mail door open on a free port, and a DNS of the test's own. */
export type MailTest = {
  house: TestHouse
  mail: MailHouse
  listening: Listening
  dns: Map<string, string[] | string[][]>
  faults: unknown[]
  /** One conversation that sends one message; the last reply. */
  send: (raw: string | Buffer, envelope?: { from?: string; to?: string | string[] }) => Promise<string>
  talk: () => Promise<Talk>
  /** Sorts all that waits. */
  sorted: () => Promise<void>
  /** A case whose person has this address. */
  caseOf: (email: string, topic?: string) => Promise<{ number: number; id: string }>
  close: () => Promise<void>
}

type Options = { relays?: string[]; limits?: Limits; agencies?: (house: TestHouse) => AgencyPost }

/** Unless a test hands in the room of referrals, no address is a referral's. */
const noAgencies: AgencyPost = {
  referralOf: () => undefined,
  isOf: () => false,
  takeAnswer: () => Promise.resolve(false),
  cameBack: () => Promise.resolve(),
}

export async function openMailTest({ agencies, ...options }: Options = {}): Promise<MailTest> {
  const house = await openTestHouse()
  const mail: MailHouse = {
    ...house,
    db: house.database.keeper,
    publicUrl,
    agencies: agencies?.(house) ?? noAgencies,
    contact: { form: 'contact-the-city' as FormId, version: 1, topic: 'city-clerk-general' as TopicId },
  }
  const dns = new Map<string, string[] | string[][]>()
  const faults: unknown[] = []
  const ask = nameServer((domain, type) => {
    const found = dns.get(`${type} ${domain.toLowerCase()}`)
    return found ? Promise.resolve(found) : Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
  })
  const listening = await listen(mail, {
    port: 0,
    host: '127.0.0.1',
    certificate: makeCertificate('city.example'),
    ask,
    onFault: (error) => faults.push(error),
    ...options,
  })
  const begin = () => talk(listening.port)
  return {
    house,
    mail,
    listening,
    dns,
    faults,
    talk: begin,
    send: async (raw, { from = 'ana@home.example', to = 'hello@almendra.example.org' } = {}) => {
      const line = await begin()
      try {
        await line.say('EHLO home.example')
        const greeted = await line.say(`MAIL FROM:<${from}>`)
        if (!greeted.startsWith('250')) return greeted
        let last = ''
        for (const one of [to].flat()) last = await line.say(`RCPT TO:<${one}>`)
        if (!last.startsWith('250')) return last
        await line.say('DATA')
        return await line.data(raw)
      } finally {
        line.hangUp()
      }
    },
    sorted: async () => {
      while (
        await sortWaiting(mail, (error) => {
          faults.push(error)
        })
      );
    },
    caseOf: async (email, topic = 'potholes') => {
      const token = issueToken(house.keys)
      await receive(
        house,
        {
          channel: 'form',
          form: 'contact-the-city' as FormId,
          formVersion: 1,
          topic: topic as TopicId,
          language: 'en',
          answers: [{ field: 'message', label: 'Your letter', value: 'A hole' }],
          contact: { email },
        },
        token,
      )
      const [row] = await house.database.owner.once<{ number: number; id: string }>(
        sql`select number, id from correspondence.casefile order by number desc limit 1`,
      )
      if (!row) throw new Error(`no case came of ${codeFor(house.keys, token)}`)
      return row
    },
    close: async () => {
      await listening.close()
      await house.close()
    },
  }
}

/** The lines on a clerk's desk. */
export async function onDeskOf({ house }: MailTest, { actor }: Clerk): Promise<number[]> {
  const { enterStaff } = await import('../../../trust/need-to-know/index.ts')
  return house.db.transaction(async (tx) => {
    await enterStaff(tx, actor)
    return (await findLines(tx, { shelf: 'waiting' }, today(house))).lines.map(({ number }) => number)
  })
}

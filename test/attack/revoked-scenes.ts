import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { Temporal } from 'temporal-polyfill'
import { expect } from 'vitest'
import type { FormId } from '../../src/city/index.ts'
import { openDoors } from '../../src/doors/index.ts'
import { answer, noticeHash, verify, type ConsentId, type RequestId } from '../../src/people/consent/index.ts'
import { openTown, type Town } from '../../src/people/consent/testing/town.ts'
import type { ChildId } from '../../src/people/residents/index.ts'
import { createLog, readConfig, sql } from '../../src/plumbing/index.ts'
import { noticeOf } from '../../src/services/forms/minors/notice-of.ts'
import { openLedgerKey } from '../../src/trust/ledger/index.ts'
import { sessionCookie } from '../../src/trust/need-to-know/index.ts'
import type { Clerk } from '../support/house.ts'
import { paper } from '../support/paper.ts'
import type { Neighbour } from '../support/people.ts'

/** A child's data as one room took it in, and everywhere somebody could meet it. Each room that takes some has a function below. */
export type Scene = Readonly<{
  /** Parts of what was said, in small letters: where one of them stands, the data is. */
  traces: readonly string[]
  guardian: Neighbour
  child: ChildId
  consents: readonly ConsentId[]
  /** Pages with an identifier in their address, beside those that the city has for everybody. */
  pages: readonly string[]
  /** What those who may do ask for, in sessions that stay open: the answers have the data, until the consent ends. */
  looks: () => Promise<readonly string[]>
}>

/** The whole city on a database of its own: site, desk and residents' pages. */
export type RevokedCity = Town &
  Readonly<{
    site: FastifyInstance
    logged: readonly string[]
    ask: (who: Clerk | Neighbour | undefined, url: string, posted?: Readonly<Record<string, string>>) => Promise<string>
    end: () => Promise<void>
  }>

export async function openRevokedCity(): Promise<RevokedCity> {
  const publicUrl = 'http://city.test'
  const town = { ...(await openTown()), publicUrl }
  const logged: string[] = []
  const config = readConfig({ CITYHALL_DATA: town.test.folder, PUBLIC_URL: publicUrl })
  if ('refused' in config) throw new Error(JSON.stringify(config.mistakes))
  const signer = await openLedgerKey(join(town.test.folder, 'secrets'), 'city.test/ledger')
  const log = createLog({ logLevel: 'trace' }, { write: (line: string) => void logged.push(line) })
  const site = await openDoors({ ...town.test, config, log, signer })
  await site.ready()
  const own = sessionCookie(publicUrl, { name: 'cityhall-me', path: '/', sameSite: 'Lax' })
  const cookieOf = ({ actor }: Clerk | Neighbour) =>
    (actor.kind === 'resident' ? own : sessionCookie(publicUrl)).set(actor.secret).split(';')[0] ?? ''
  return {
    ...town,
    site,
    logged,
    ask: async (who, url, posted) => {
      const headers = {
        'sec-fetch-site': 'same-origin',
        ...(who && { cookie: cookieOf(who) }),
        ...(posted && { 'content-type': 'application/x-www-form-urlencoded' }),
      }
      const payload = posted && new URLSearchParams(posted).toString()
      const got = await site.inject({ method: posted ? 'POST' : 'GET', url, headers, ...(payload && { payload }) })
      return `${String(got.statusCode)} ${JSON.stringify(got.headers)}\n${got.body}`
    },
    end: async () => {
      await site.close()
      await town.test.close()
    },
  }
}

/** A form for minors, the whole way: age, a parent asked, agreed and shown, going on with the code, a letter on the desk. */
export async function formScene(city: RevokedCity): Promise<Scene> {
  const said = { prepare: 'Levothyroxine at eight, and no Brazil nuts', wishes: 'tortoises 🐢 and Kárpáthy’s kayaks' }
  const guardian = await city.neighbour('Rosa')
  const camp = '/forms/summer-camp'
  const born = Temporal.Now.plainDateISO('America/Los_Angeles').subtract({ years: 9, days: 3 })
  const pages = paper(city.site)
  const ask = await pages.post(camp, await pages.open(camp), { _born: born.toString() }, '_go=age')
  const asked = await pages.post(camp, ask, { _parent: guardian.email, '_first-name': 'Maya' }, '_go=ask')
  const code = [...asked.text.matchAll(/<span>(\d{4})<\/span>/g)].map(([, group]) => group).join(' ')
  const [request] = await city.rows<{ id: RequestId }>(
    sql`select id from consent.request where thing = 'form:summer-camp'`,
  )
  const form = city.test.forms.get('summer-camp' as FormId) ?? expect.unreachable()
  const notice = noticeOf(city.city, form)
  const given = await answer(city, guardian.actor, {
    request: request?.id ?? expect.unreachable(),
    notice: noticeHash(notice),
    child: { firstName: 'Maya', born, as: 'parent' },
    guardian: 'Rosa Vega',
    purposes: Object.fromEntries(notice.purposes.map(({ id }) => [id, true])),
  })
  if (!('done' in given)) throw new Error(JSON.stringify(given))
  await verify(city, city.clerk.actor, {
    request: request?.id ?? expect.unreachable(),
    method: 'counter',
    as: 'parent',
  })
  const going = await pages.post('/forms/go-on', await pages.open('/forms/go-on'), { code })
  const sent = await pages.post(camp, going, { name: 'Maya', week: 'june', swims: 'some', ...said })
  expect(sent.status).toBe(303)
  const [letter] = await city.rows<{ id: string; number: string }>(sql`select f.id, f.number::text as number
    from forms.minors_letter l join correspondence.casefile f on f.id = l.case_id where l.request = ${request?.id ?? ''}`)
  const onDesk = `/desk/cases/${letter?.id ?? expect.unreachable()}`
  await city.ask(city.coordinator, `${onDesk}/openings`, { reason: 'answer' })
  const child = `/me/consents/${given.child}`
  return {
    traces: [
      'levothyrox',
      'brazil nut',
      'tortois',
      '🐢',
      'rpáthy',
      'kayak',
      Buffer.from('Levothyroxine').toString('hex'),
    ],
    guardian,
    child: given.child,
    consents: [...given.consents.values()],
    pages: [
      onDesk,
      `/desk/consents/${request?.id ?? ''}`,
      sent.location ?? expect.unreachable(),
      ...['', '/held', '/copy', '/looks', '/revocation'].map((rest) => child + rest),
      `/es${child}`,
      ...['levothyroxine', 'tortoises', 'Maya', letter?.number ?? ''].map((words) => `/desk/search?q=${words}`),
    ],
    looks: async () => [
      await city.ask(city.coordinator, `${onDesk}/minors-answers`, { reason: 'answer' }),
      await city.ask(guardian, `${child}/held`),
      await city.ask(guardian, `${child}/copy`),
    ],
  }
}

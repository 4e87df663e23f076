import { afterAll, beforeAll, expect, test } from 'vitest'
import { Temporal } from 'temporal-polyfill'
import { comeOfAge, postToPeople } from '../residents/index.ts'
import { sql, type OutgoingMail } from '../../plumbing/index.ts'
import type { Neighbour } from '../../../test/support/people.ts'
import { ask } from './ask.ts'
import { answerAtCounter, questionAtCounter } from './desk/answer-at-counter.ts'
import { goOn } from './go-on.ts'
import { keepNotice } from './notice.ts'
import { revoke } from './revoke.ts'
import { tellEndings } from './tell-endings.ts'
import { openDeskSite } from './testing/desk-site.ts'
import { openOwnSite } from './testing/own-site.ts'
import { asked, given, houseAt, noticeOf, purposeOf } from './testing/scene.ts'
import { all, one, openTown, type Town } from './testing/town.ts'
import { verify } from './verify.ts'

let town: Town
let rosa: Neighbour
beforeAll(async () => {
  town = await openTown()
})
afterAll(() => town.test.close())

/** The town some days from now; only the owner's login can pretend that. */
const after = (days: number, minutes = 0): Town => ({
  ...town,
  ...houseAt(
    town.test,
    town.test.database.owner,
    town.clock
      .now()
      .add({ hours: 24 * days, minutes })
      .toString(),
  ),
})
const office = (on: Town) => ({ keeper: on.db, keys: town.keys, city: town.city, publicUrl: 'https://city.example' })
async function delivered(on: Town): Promise<readonly OutgoingMail[]> {
  const sent: OutgoingMail[] = []
  const mailer = {
    send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)),
    close: () => undefined,
  }
  const fault = (error: unknown) => {
    throw error as Error
  }
  while (await postToPeople({ ...office(on), codesOnDesk: false, mailer }, fault));
  return sent.filter(({ subject }) => /ends on|termina el/.test(subject))
}
/** Everything consented to and shown: what is asked lasts 200 days. */
async function inForce(guardian: Neighbour) {
  const notice = noticeOf(town.city)
  const done = await given(town, guardian.actor, await asked(town, guardian.email, { notice }))
  await verify(town, town.clerk.actor, { request: done.request, method: 'counter', as: 'parent' })
  return done
}

test('a month before a consent runs out its guardian gets one letter about all that ends that day, and no other', async () => {
  rosa = await town.neighbour('Rosa')
  const done = await inForce(rosa)
  await tellEndings(office(after(160)))
  expect(await delivered(after(160))).toEqual([])
  await Promise.all([tellEndings(office(after(172))), tellEndings(office(after(172)))])
  const [mail, ...more] = await delivered(after(172))
  expect(more).toEqual([])
  expect(mail?.to).toBe(rosa.email)
  const day = Temporal.Now.plainDateISO('America/Los_Angeles').add({ days: 200 })
  expect(mail?.subject).toContain(String(day.year))
  for (const words of ['To health', 'To photos', 'To take-part', `/me/consents/${done.child}`, 'you need do nothing'])
    expect(mail?.text).toContain(words)
  await tellEndings(office(after(173)))
  expect(await delivered(after(173))).toEqual([])
  for (const id of all(done)) expect((await town.actsOf(id)).at(-1)?.act).toBe('consent.ending-told')
})

test('a worker that died while it wrote tells her in the next round, once', async () => {
  const done = await inForce(await town.neighbour('Omar'))
  const dies = after(175)
  await dies.db.once(sql`select from consent.lease_endings(20)`)
  await tellEndings(office(dies))
  expect(await delivered(dies)).toEqual([])
  await tellEndings(office(after(175, 6)))
  await tellEndings(office(after(175, 12)))
  expect(await delivered(after(175, 12))).toHaveLength(1)
  expect((await town.actsOf(one(done, 'photos'))).filter(({ act }) => act === 'consent.ending-told')).toHaveLength(1)
})

test('on her page stands what ends, what has changed, and the way to renew it; renewed, nothing more is sent', async () => {
  const ana = await town.neighbour('Ana')
  const done = await inForce(ana)
  const soon = after(176)
  const site = await openOwnSite(soon)
  const page = `/me/consents/${done.child}`
  expect((await site.get(ana, page)).text).toContain('What we ask has not changed since you said yes.')
  await tellEndings(office(soon))
  const waiting = sql`select from residents.mail m join residents.resident r on r.subject = m.subject
    where r.id = ${ana.id} and m.kind = 'consent-ending' and m.state = 'waiting'`
  expect(await town.rows(waiting)).toHaveLength(1)

  const changed = noticeOf(
    town.city,
    done.notice.purposes.map(({ id, needed, record, sensitivity, disclosed }) =>
      purposeOf(id, {
        needed,
        record,
        sensitivity,
        disclosed,
        ...(id === 'photos' && { kept: { en: 'one year', es: 'un año' } }),
      }),
    ),
    done.notice.thing,
  )
  await soon.db.transaction((tx) => keepNotice(tx, town.keys, changed))
  const shown = await site.get(ana, page)
  expect(shown.text).toContain('Ends soon: Summer camp')
  expect(shown.text).toMatch(/Before: two years.*Now: one year/)
  const again = await site.post(ana, `${page}/requests`, { thing: done.notice.thing })
  expect((await site.get(ana, again.to)).text).toContain('one year')
  const notice = /name="notice" value="([^"]+)"/.exec((await site.get(ana, again.to)).body)?.[1] ?? ''
  const yes = Object.fromEntries(changed.purposes.map(({ id }) => [`purpose-${id}`, 'yes']))
  await site.post(ana, again.to, { notice, child: done.child, guardian: 'Ana', ...yes })
  expect((await site.get(ana, page)).text).not.toContain('Ends soon')
  expect(await town.rows(waiting)).toEqual([])
  await tellEndings(office(after(190)))
  expect((await delivered(after(190))).filter(({ to }) => to === ana.email)).toEqual([])
  await site.close()
})

test('what is taken back before the letter went is not told of; what still ends is told anew', async () => {
  const leo = await town.neighbour('Leo')
  const done = await inForce(leo)
  const soon = after(178)
  await tellEndings(office(soon))
  const photos = [one(done, 'photos')]
  await revoke(town, leo.actor, photos, await town.seen(leo.actor, photos))
  await tellEndings(office(soon))
  const mails = (await delivered(soon)).filter(({ to }) => to === leo.email)
  expect(mails).toHaveLength(1)
  expect(mails[0]?.text).not.toContain('To photos')
  expect(mails[0]?.text).toContain('To health')
})

test('a guardian without e-mail is told by a letter that stands on the clerk’s desk', async () => {
  const notice = noticeOf(town.city)
  const address = '7 Olive Street\nAlmendra, CA 95900'
  const put = await ask(town, { notice, band: 'under-13', address, firstName: 'Noor', language: 'es' })
  if ('refused' in put) throw new Error(put.refused)
  const desk = await openDeskSite({ ...town, ...after(176, 1) })
  const [question] = await town.rows<{
    id: string
  }>(sql`select m.id from residents.mail m join consent.request r on r.subject = m.subject
    where r.id = ${put.asked} and m.kind = 'consent-request'`)
  await desk.post(town.clerk, `/desk/consents/letters/${question?.id ?? ''}/openings`, { reason: 'verify' })
  const letter = await desk.get(town.clerk, `/desk/consents/letters/${question?.id ?? ''}`)
  const code = /Su código: ([\d ]+\d)/.exec(letter.text)?.[1] ?? ''
  const at = (await questionAtCounter(town, town.clerk.actor, code)) ?? expect.unreachable()
  const purposes = Object.fromEntries(notice.purposes.map(({ id }) => [id, true]))
  const born = Temporal.PlainDate.from('2017-05-04')
  const said = { guardian: 'Samira Haddad', address, firstName: 'Noor', born, as: 'parent', purposes } as const
  expect(await answerAtCounter(town, town.clerk.actor, code, at, said)).toEqual({ done: true })
  await tellEndings(office(after(176)))
  expect(await delivered(after(176))).toEqual([])
  expect((await desk.get(town.clerk, '/desk/consents')).text).toContain('A consent ends soon')
  const [ending] = await town.rows<{ id: string }>(sql`select id from residents.mail where kind = 'consent-ending' and by_post and state = 'waiting'`) // prettier-ignore
  await desk.post(town.clerk, `/desk/consents/letters/${ending?.id ?? ''}/openings`, { reason: 'reach' })
  const told = await desk.get(town.clerk, `/desk/consents/letters/${ending?.id ?? ''}`)
  for (const words of ['Samira Haddad', '7 Olive Street', 'termina el', 'Para renovarlo, venga a'])
    expect(told.text).toContain(words)
  await desk.close()
})

test('on the day somebody is eighteen, her own code tells her, and her guardian’s page and mail tell that she decides alone', async () => {
  const eva = await town.neighbour('Eva')
  const today = Temporal.Now.plainDateISO('America/Los_Angeles')
  const born = today.subtract({ years: 18 }).add({ days: 3 })
  const hand = await asked(town, eva.email, { notice: noticeOf(town.city), band: 'under-18' })
  const done = await given(town, eva.actor, hand, { child: { firstName: 'Lucía', born, as: 'parent' } })
  await verify(town, town.clerk.actor, { request: done.request, method: 'counter', as: 'parent' })
  const site = await openOwnSite(town)
  expect((await site.get(eva, '/me')).text).not.toContain('A child decides alone now')
  const clock = { now: () => town.clock.now().add({ hours: 72 }) }
  expect(await comeOfAge({ keeper: town.test.database.keeper, keys: town.keys, city: town.city, clock })).toBe(1)
  expect((await goOn(town, hand.code))?.passedUntil?.toString()).toBe(today.add({ days: 60 }).toString())
  const page = await site.get(eva, '/me')
  expect(page.text).toContain('A child decides alone now')
  expect(page.text).not.toContain('Lucía')
  expect((await site.get(eva, `/me/consents/${done.child}`)).status).toBe(404)
  await site.close()
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import {
  bounceAddress,
  caseOnDesk,
  linkHash,
  makeReceipt,
  openLetter,
  replyAddress,
  type LinkLetters,
} from '../correspondence/index.ts'
import type { CaseId } from '../../city/index.ts'
import type { Clerk } from '../../../test/support/house.ts'
import { onDeskOf, openMailTest, type MailTest } from './testing/mail-house.ts'
import { bounceOf } from './testing/bounce.ts'
import { plainMail } from './testing/talk.ts'

let all: MailTest
let mei: Clerk
let dan: Clerk
beforeAll(async () => {
  all = await openMailTest()
  mei = await all.house.hire('mei', 'deputy-clerk')
  dan = await all.house.hire('dan', 'works-dispatcher')
})
afterAll(() => all.close())

const owner = <T>(query: ReturnType<typeof sql>) => all.house.database.owner.once<T>(query)
const lastMail = async () =>
  (
    await owner<{ state: string; why: string; kind: string; case_id: CaseId | null; id: string }>(
      sql`select state, why, kind, case_id, id from mailroom.received order by received_at desc, id desc limit 1`,
    )
  )[0]

/** Sends and sorts; what became of it. */
async function comes(raw: string, envelope?: Parameters<MailTest['send']>[1]) {
  const reply = await all.send(raw, envelope)
  await all.sorted()
  return { reply, mail: await lastMail() }
}

async function read(clerk: Clerk, caseId: CaseId, reason = 'answer') {
  await openLetter(all.house, clerk.actor, caseId, reason)
  const shown = await caseOnDesk(all.house, clerk.actor, caseId)
  if ('refused' in shown || shown.envelope.state !== 'open') throw new Error('not open')
  return { ...shown, letters: shown.envelope.letters, contact: shown.envelope.contact }
}

test('a mail to the city is a letter on the right desk, and on no other', async () => {
  const before = await onDeskOf(all, dan)
  const { reply, mail } = await comes(plainMail())
  expect(reply).toBe('250 2.0.0 The city has your mail')
  expect(mail).toMatchObject({ state: 'filed', kind: 'letter' })
  const { letters, contact, line, history } = await read(mei, mail?.case_id as CaseId)
  expect(line).toMatchObject({ channel: 'email', topic: 'city-clerk-general', language: 'en' })
  expect(letters[0]?.answers?.map(({ value }) => value)).toEqual([
    'A light is out',
    'The light in front of my house is out.',
  ])
  expect(contact).toEqual({ name: 'Ana Lima', email: 'ana@home.example' })
  expect(history.map(({ act }) => act)).toEqual(expect.arrayContaining(['letter.received', 'mail.filed']))
  expect(await onDeskOf(all, dan)).toEqual(before)
  expect(all.faults).toEqual([])
})

test('a department’s and a Councilmember’s address lead to their own topics', async () => {
  const topic = async () =>
    (await owner<{ topic: string }>(sql`select topic from correspondence.casefile order by number desc limit 1`))[0]
      ?.topic
  await comes(plainMail(), { to: 'PublicWorks+street@almendra.example.org' })
  expect(await topic()).toBe('public-works-general')
  await comes(plainMail(), { to: 'district2@almendra.example.org' })
  expect(await topic()).toBe('city-council-general')
})

test('one mail to three Councilmembers and a department is one letter to each topic', async () => {
  const count = async () =>
    (await owner<{ n: number }>(sql`select count(*)::int as n from correspondence.casefile`))[0]?.n ?? 0
  const before = await count()
  await comes(plainMail(), {
    to: ['district1', 'district2', 'mayor', 'police'].map((one) => `${one}@almendra.example.org`),
  })
  expect((await count()) - before).toBe(2)
})

test('nobody’s address is refused during the conversation, with whom to write to', async () => {
  expect(await all.send(plainMail(), { to: 'nobody@almendra.example.org' })).toMatch(
    /^550 5\.1\.1 .*hello@almendra\.example\.org/,
  )
  expect(await all.send(plainMail(), { to: 'ana@elsewhere.example' })).toMatch(/^550/)
  expect(await all.send(plainMail(), { to: 'reply+1.aaaaaaaaaaaaaaaa@almendra.example.org' })).toMatch(
    /^550 .*reply address/,
  )
})

test('the same mail sent again, because our answer was lost, is one letter', async () => {
  const raw = plainMail({ 'Message-ID': '<twice@home.example>' })
  const { mail } = await comes(raw)
  const again = await comes(raw)
  expect(again.reply).toMatch(/^250/)
  expect(again.mail?.id).toBe(mail?.id)
})

test('an answer to the case’s own address, from the person’s own, is added to the case and wakes it', async () => {
  const { number, id } = await all.caseOf('ana@home.example')
  await owner(sql`update correspondence.casefile set state = 'answered' where id = ${id}::uuid`)
  const to = replyAddress(all.mail, number)
  const { mail } = await comes(plainMail({ Subject: `Re: case ${String(number)}` }, 'It is still there.'), { to })
  expect(mail).toMatchObject({ state: 'filed', kind: 'addition', case_id: id })
  const { letters, line } = await read(dan, id as CaseId)
  expect(letters.at(-1)).toMatchObject({ kind: 'addition', channel: 'email' })
  expect(letters.at(-1)?.words).toContain('It is still there.')
  expect(line.state).toBe('open')
})

test('a stranger who knows the address, and anybody who knows only a number, wait for a clerk', async () => {
  const { number } = await all.caseOf('ana@home.example')
  const stranger = plainMail({ From: 'Eve <eve@else.example>' })
  expect((await comes(stranger, { to: replyAddress(all.mail, number) })).mail).toMatchObject({
    state: 'quarantined',
    why: 'other-sender',
  })
  const quotes = plainMail({ Subject: `RE: City of Almendra: an answer to your letter (case ${String(number)})` })
  expect((await comes(quotes)).mail).toMatchObject({ state: 'quarantined', why: 'quoted-number' })
  const refers = plainMail({ 'In-Reply-To': '<0197a3c0-0000-7000-8000-000000000001@almendra.example.org>' })
  expect((await comes(refers)).mail).toMatchObject({ state: 'quarantined', why: 'quoted-number' })
})

test('what a program wrote is put aside and never answered', async () => {
  const posted = async () => (await owner<{ n: number }>(sql`select count(*)::int as n from correspondence.mail`))[0]?.n
  const before = await posted()
  const programmes: [Record<string, string>, string, string?][] = [
    [{ 'Auto-Submitted': 'auto-replied' }, 'automatic'],
    [{ Subject: 'Out of office: back on Monday' }, 'automatic'],
    [{ 'List-Id': '<news.example>' }, 'list'],
    [{ Precedence: 'bulk' }, 'list'],
    [{ From: 'hello@almendra.example.org' }, 'loop'],
    [{ 'Message-ID': '<0197a3c0-0000-7000-8000-000000000009@almendra.example.org>' }, 'loop'],
    [{ 'Content-Type': 'multipart/report; report-type=delivery-status; boundary=x' }, 'bounce', ''],
    [{}, 'automatic', ''],
  ]
  for (const [fields, kind, from] of programmes) {
    const { mail } = await comes(plainMail(fields), from === undefined ? {} : { from })
    expect(mail, JSON.stringify(fields)).toMatchObject({ state: 'aside', kind })
  }
  expect(await posted()).toBe(before)
})

test('a bounce settles the mail that it speaks of and lies with its case', async () => {
  const { id } = await all.caseOf('gone@home.example')
  const [sent] = await owner<{ id: string }>(
    sql`update correspondence.mail set state = 'sent', settled_at = now() where case_id = ${id}::uuid returning id`,
  )
  const { mail } = await comes(bounceOf(`${sent?.id ?? ''}@almendra.example.org`), { from: '' })
  expect(mail).toMatchObject({ state: 'filed', kind: 'bounce', case_id: id })
  const [now] = await owner<{ state: string; failure: string }>(
    sql`select state, failure from correspondence.mail where id = ${sent?.id}`,
  )
  expect(now).toEqual({ state: 'bounced', failure: '5.1.1' })
})

test('a report to a mail’s own bounce address is about that mail, whatever it says', async () => {
  const { id } = await all.caseOf('away@home.example')
  const [sent] = await owner<{ id: string }>(
    sql`update correspondence.mail set state = 'sent', settled_at = now() where case_id = ${id}::uuid returning id`,
  )
  const to = bounceAddress(all.mail, sent?.id ?? '')
  const { mail } = await comes(plainMail({ 'Auto-Submitted': 'auto-replied' }, 'I am away.'), { from: '', to })
  expect(mail).toMatchObject({ state: 'filed', kind: 'automatic', case_id: id })
  const { mail: report } = await comes(bounceOf('unknown@else.example'), { from: '', to })
  expect(report).toMatchObject({ state: 'filed', kind: 'bounce', case_id: id })
})

test('a receipt is not made while the mail is being filed, which finds the case by its first code', async () => {
  const { mail } = await comes(plainMail({ 'Message-ID': '<receipt@home.example>' }))
  const letters = 'abcdefghijklmnop' as LinkLetters
  await owner(sql`insert into correspondence.mail (case_id, topic, kind, created_at, due_at, receipt_link)
    select id, topic, 'acknowledgement', now(), now(), ${linkHash(all.house.keys, letters)}
    from correspondence.casefile where id = ${mail?.case_id}::uuid`)
  await owner(sql`update mailroom.received set state = 'waiting', case_id = null where id = ${mail?.id}`)
  expect(await makeReceipt(all.house, letters)).toEqual({ refused: 'later' })
  await owner(
    sql`update mailroom.received set state = 'filed', case_id = ${mail?.case_id}::uuid where id = ${mail?.id}`,
  )
  expect(await makeReceipt(all.house, letters)).toHaveProperty('code')
})

test('nothing of a mail stands in the database as it was written', async () => {
  await comes(plainMail({ Subject: 'xylophone' }, 'Quetzalcoatl lives here.'))
  const [found] = await owner<{ n: number }>(sql`select count(*)::int as n from mailroom.received
    where encode(sealed_raw, 'escape') ~* 'quetzalcoatl|xylophone|home.example' or encode(sealed_envelope, 'escape') ~* 'home.example'`)
  expect(found?.n).toBe(0)
})

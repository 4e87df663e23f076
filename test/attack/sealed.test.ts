import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHouse, type TestHouse } from '../support/house.ts'
import { sql } from '../../src/plumbing/index.ts'
import type { FormId } from '../../src/city/index.ts'
import {
  addToCase,
  deliver,
  issueToken,
  newId,
  note,
  openLetter,
  readReceipt,
  reply,
  secretOf,
  search,
  type ReceiptCode,
} from '../../src/services/correspondence/index.ts'
import { correctContact } from '../../src/people/residents/household/contact-acts.ts'
import { inviteGuardian } from '../../src/people/residents/household/child-acts.ts'
import { addChild, askCode, enterResident, openPage } from '../../src/people/residents/index.ts'
import { moveIn } from '../../src/people/residents/testing/move-in.ts'
import { submit } from '../../src/services/forms/submit.ts'
import { relations } from './reachable.ts'
import { told, wireTo } from './wire.ts'

/** What a person and a clerk write, in every field there is: plain letters, accents, signs beyond the first plane. */
const said = {
  name: 'Ximena Quetzalcóatl-Ñandú',
  email: 'ximena.quetzal@correo-secreto.example',
  telephone: '(831) 555-0199',
  message: 'Mi vecino estaciona 🚜🌵 frente a la Clínica Esperanza, ¿socorro?',
  addition: 'Olvidé decir: también los domingos — Ünverhöfft 🦜.',
  reply: 'Enviaremos a la oficial Tanaka 👮 el jueves.',
  note: 'Caller sounded frightened; ask Sgt. Abernathy.',
}

/** What a resident has the city know of herself, of her child, and of whom she asks to be a guardian too. */
const household = {
  guardian: 'Guadalupe Quetzalcóatl',
  firstName: 'Citlali-Ññ',
  born: '2014-03-09',
  asked: 'segundo.tutor@correo-secreto.example',
}

let house: TestHouse
let code: ReceiptCode
beforeAll(async () => {
  house = await openTestHouse()
  await writeEverything()
})
afterAll(() => house.close())

async function writeEverything(): Promise<void> {
  const form = house.forms.get('contact-the-city' as FormId) ?? expect.unreachable()
  const token = issueToken(house.keys)
  const posted = Object.fromEntries(
    form.fields.map(({ name, choices }) => [
      name,
      choices?.[0]?.value ?? (said as Record<string, string>)[name] ?? said.message,
    ]),
  )
  const contact = {
    [form.contact.name ?? 'name']: said.name,
    [form.contact.email ?? 'email']: said.email,
    [form.contact.telephone ?? 'telephone']: said.telephone,
  }
  const submitted = await submit(house, form, { ...posted, ...contact, token }, 'es')
  if ('refused' in submitted) throw new Error(JSON.stringify(submitted))
  code = submitted.code
  await addToCase(house, code, { words: said.addition })
  const receipt = await readReceipt(house, code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  const { id: caseId, topic } = receipt.line
  const duty = [...house.city.duties.values()].find((one) => one.topics.includes(topic) && one.may.length > 4)
  const clerk = await house.hire('dana', duty?.id ?? '')
  const opening = await openLetter(house, clerk.actor, caseId, duty?.reasons[0]?.id ?? '')
  expect(opening).toHaveProperty('opening')
  for (const asked of [said.email, said.telephone, said.name])
    expect(await search(house, clerk.actor, asked)).toHaveLength(1)
  expect(await note(house, clerk.actor, { caseId, words: said.note, messageId: newId() })).toEqual({ done: true })
  await writeHousehold()
  const input = { caseId, version: receipt.line.version, words: said.reply, messageId: newId() }
  expect(await reply(house, clerk.actor, input)).toEqual({ done: true })
}

async function writeHousehold(): Promise<void> {
  const { guardian, firstName, born, asked } = household
  const { actor } = await moveIn(house, guardian)
  const child = await house.db.transaction(async (tx) => {
    await enterResident(tx, actor)
    return addChild(tx, house.keys, 'parent', { firstName, born }, 'under-13')
  })
  if ('refused' in child) throw new Error(child.refused)
  await correctContact(house, actor, { name: guardian, telephone: said.telephone, language: 'es' })
  const at = { ...house, publicUrl: 'https://city.example' }
  expect(await inviteGuardian(at, actor, child.child, { email: asked, kind: 'foster-parent' })).toEqual({ done: true })
  await askCode(house, asked, 'es', 'sign-in')
  expect(await openPage(house, actor, (_tx, { children }) => children[0]?.about)).toEqual({ firstName, born })
}

/** Each word of what was said, in the ways it could lie in a table: as it is, folded, as bytes in hex or base64. */
function traces(): string[] {
  const parts = [...Object.values(said), ...Object.values(household)].flatMap((text) => [
    text,
    ...text.split(/[^\p{L}\p{N}@.\-]+/u),
  ])
  const distinct = parts.filter((part) => [...part].length > 5 && !['message', 'contact'].includes(part))
  const digits = [said.telephone.replace(/\D/g, ''), '5550199']
  const forms = [...distinct, ...digits, '🚜', '🦜', code].flatMap((text) => [
    text,
    text.normalize('NFKD').replace(/\p{M}/gu, ''),
    JSON.stringify(text).slice(1, -1),
    encodeURIComponent(text),
  ])
  const hex = forms.map((text) => Buffer.from(text).toString('hex'))
  return [...new Set([...forms, ...hex].map((text) => text.toLowerCase()))]
}

/** Base64 wherever it stands is decoded: a text in it has no fixed spelling. */
function unfolded(text: string): string {
  const decoded = (text.match(/[A-Za-z0-9+/_-]{12,}={0,2}/g) ?? []).map((part) =>
    Buffer.from(part, 'base64').toString(),
  )
  return [text, ...decoded].join('\n').toLowerCase()
}

function expectNoTrace(text: string, about: string): void {
  const searched = unfolded(text)
  for (const trace of traces()) expect(searched.includes(trace), `${about} holds ${trace}`).toBe(false)
}

describe('what was written is nowhere in the database as it was written', () => {
  test.each(['super', 'owner', 'app', 'keeper'] as const)('not for %s, in any column of any table', async (who) => {
    const wire = await wireTo(
      house.database.urls[who],
      who === 'app' || who === 'keeper' ? `cityhall_${who}` : undefined,
    )
    let read = 0
    for (const { name, columns } of await relations(wire))
      for (const column of columns) {
        const rows = await wire.ask(`select t.${column} as v, t.${column}::text as t from ${name} t`)
        read += rows.rows.length
        expectNoTrace(told(rows), `${name}.${column}`)
      }
    expect(read).toBeGreaterThan(who === 'super' ? 300 : 10)
    await wire.end()
  })

  test('and not in the catalogues: statistics, comments, statements of other sessions', async () => {
    await house.database.owner.once(sql`analyze`)
    const wire = await wireTo(house.database.urls.super)
    for (const text of [
      'select * from pg_stats',
      'select * from pg_description',
      'select * from pg_stat_activity',
      'select * from pg_prepared_statements',
    ])
      expectNoTrace(told(await wire.ask(text)), text)
    await wire.end()
  })

  test('though the person and the clerk can read it', async () => {
    const receipt = JSON.stringify(await readReceipt(house, code))
    for (const text of [said.message, said.addition, said.reply]) expect(receipt).toContain(text)
  })
})

test('a search that looks for a trace would find one', () => {
  for (const hidden of [said.email, said.name, said.message]) {
    for (const spelling of [hidden, Buffer.from(hidden).toString('hex'), Buffer.from(hidden).toString('base64')])
      expect(() => expectNoTrace(`..."${spelling}"...`, 'a row')).toThrow(/holds/)
  }
})

test('blind tokens and the hash of a receipt cannot be made by who guesses the value', async () => {
  const tokens = await house.database.owner.once<{ token: Buffer }>(sql`select token from vault.token`)
  expect(tokens).toHaveLength(3)
  const [row] = await house.database.owner.once<{ receipt: Buffer; again: Buffer; content: Buffer }>(
    sql`select receipt_hash as receipt, idempotency_hash as again, content_digest as content from correspondence.casefile`,
  )
  const kept = new Set(
    [...tokens.map(({ token }) => token), row?.receipt, row?.again, row?.content].map((b) => b?.toString('hex')),
  )
  const values = [said.name, said.email, said.telephone, code, said.message].flatMap((value) => [
    value,
    value.toLowerCase(),
    value.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase(),
    value.replace(/\D/g, ''),
    value.replace(/\D/g, '').slice(-10),
  ])
  const prefixed = values.flatMap((value) => [
    value,
    `email|${value}`,
    `name|${value}`,
    `telephone|${value}`,
    `secret|${value}`,
    `code|${value}`,
  ])
  for (const value of prefixed)
    for (const algorithm of ['md5', 'sha1', 'sha256', 'sha512'])
      expect(kept.has(createHash(algorithm).update(value).digest('hex')), `${algorithm} of ${value}`).toBe(false)
  expect(kept.has(createHash('sha256').update(secretOf(house.keys, code)).digest('hex'))).toBe(true)
})

test('mail is made, kept and settled without a word of it staying in the database', async () => {
  const office = {
    keeper: house.database.keeper,
    keys: house.keys,
    city: house.city,
    publicUrl: 'https://city.example',
  }
  const mails = await house.database.owner.once<{ id: string }>(
    sql`select id from correspondence.mail where state = 'waiting'`,
  )
  expect(mails.length).toBe(2)
  const sent: string[] = []
  const mailer = {
    send: (mail: unknown) => (
      sent.push(JSON.stringify(mail)),
      Promise.resolve({ refused: 'for-good' as const, code: '550' })
    ),
    close: () => undefined,
  }
  for (const { id } of mails) await deliver({ ...office, mailer }, id)
  expect(sent.join()).toContain(said.email)
  const wire = await wireTo(house.database.urls.super)
  expectNoTrace(told(await wire.ask('select m::text from correspondence.mail m')), 'mail')
  expectNoTrace(told(await wire.ask('select e::text from ledger.entry e')), 'ledger')
  await wire.end()
})

import { generateKeyPairSync } from 'node:crypto'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { openMailTest, type MailTest } from './testing/mail-house.ts'
import { plainMail } from './testing/talk.ts'

let all: MailTest
let privateKey: string
beforeAll(async () => {
  all = await openMailTest({ relays: [] })
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
  privateKey = String(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const p = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
  all.dns.set('TXT s1._domainkey.bank.example', [[`v=DKIM1; k=rsa; p=${p}`]])
  all.dns.set('TXT _dmarc.bank.example', [['v=DMARC1; p=reject']])
  all.dns.set('TXT spf.example', [['v=spf1 ip4:127.0.0.1 -all']])
})
afterAll(() => all.close())

const from = { From: 'Bea <bea@bank.example>' }
async function signed(raw: string): Promise<string> {
  const key = { signingDomain: 'bank.example', selector: 's1', privateKey }
  const { signatures } = await dkimSign(raw, { ...key, signatureData: [key] })
  return signatures + raw
}
const posted = async () =>
  (await all.house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from correspondence.mail`))[0]?.n ??
  0

test('a mail that its domain disowns (DMARC reject) is refused during the conversation, and not kept', async () => {
  expect(await all.send(plainMail(from))).toMatch(/^550 5\.7\.1 .*DMARC/)
  const altered = (await signed(plainMail(from))).replace('is out.', 'is on.')
  expect(await all.send(altered)).toMatch(/^550 5\.7\.1/)
  const [kept] = await all.house.database.owner.once<{ n: number }>(
    sql`select count(*)::int as n from mailroom.received`,
  )
  expect(kept?.n).toBe(0)
})

test('a verified sender (DKIM, or SPF of the same domain) gets an acknowledgement; one that nobody vouches for gets none', async () => {
  const before = await posted()
  expect(await all.send(await signed(plainMail(from)))).toMatch(/^250/)
  expect(await all.send(plainMail({ From: 'Pat <pat@spf.example>' }), { from: 'pat@spf.example' })).toMatch(/^250/)
  await all.sorted()
  expect((await posted()) - before).toBe(2)
  expect(await all.send(plainMail({ From: 'Una <una@nobody.example>' }))).toMatch(/^250/)
  await all.sorted()
  expect((await posted()) - before).toBe(2)
  expect(all.faults).toEqual([])
})

import { generateKeyPairSync } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enterStaff, whoIs } from './enter.ts'
import { leave } from './leave.ts'
import { addPasskey, ownPasskeys, passkeyOffer, removePasskey } from './passkey-register.ts'
import { sql } from '../../plumbing/index.ts'
import { proveAgain } from './prove-again.ts'
import { passkeyQuestion, signInWithPasskey } from './passkey-sign-in.ts'
import type { RelyingParty } from './relying-party.ts'
import { softwareAuthenticator } from './testing/authenticator.ts'
import { acts, employ, password, settle, signedIn, type SmallTown } from './testing/small-city.ts'

const party: RelyingParty = { id: 'city.example', origin: 'https://city.example', name: 'Smallville' }
let town: SmallTown
beforeAll(async () => {
  town = await settle()
})
afterAll(() => town.drop())

const device = () => softwareAuthenticator(party.origin, party.id)

async function offered(handle: string) {
  const actor = await signedIn(town, handle)
  const staff = await whoIs(town.app, actor)
  if (!staff) throw new Error('not signed in')
  const offer = await passkeyOffer(town.app, party, staff, [])
  const add = (answer: string, label = 'My phone') => addPasskey(town.app, party, actor, staff, { answer, label })
  return { actor, challenge: offer?.challenge ?? '', add }
}

async function registered(handle: string) {
  const phone = device()
  const { actor, challenge, add } = await offered(handle)
  expect(await add(phone.register(challenge))).toEqual({ done: true })
  return { phone, actor }
}

const question = async () => (await passkeyQuestion(town.app, party))?.challenge ?? ''
const enterBy = (answer: string) => signInWithPasskey(town.app, party, town.keys.authority, answer)

test('a passkey that was added signs its owner in, and the ledger notes both', async () => {
  const { phone } = await registered('ana')
  const started = await enterBy(phone.signIn(await question()))
  if ('refused' in started) throw new Error(started.refused)
  expect(await whoIs(town.app, { kind: 'staff', secret: started.secret })).toMatchObject({ handle: 'ana' })
  expect(await acts(town.owner)).toEqual(expect.arrayContaining(['passkey.added', 'staff.signed-in']))
})

test('a challenge is good once, for signing in only, and only if we gave it out', async () => {
  const { phone } = await registered('ana')
  const asked = await question()
  expect(await enterBy(phone.signIn(asked))).toHaveProperty('secret')
  const { challenge } = await offered('ana')
  for (const stale of [asked, challenge, Buffer.alloc(32).toString('base64url')]) {
    expect(await enterBy(phone.signIn(stale))).toEqual({ refused: 'no-match' })
  }
})

test('an answer for another site, by another key or without the device’s own check is refused', async () => {
  const { phone } = await registered('ana')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const wrong = [
    { origin: 'https://city.example.evil' },
    { party: 'evil.example' },
    { type: 'webauthn.create' },
    { verified: false },
    { key: privateKey },
  ]
  for (const changed of wrong) {
    expect(await enterBy(phone.signIn(await question(), changed)), Object.keys(changed)[0]).toEqual({
      refused: 'no-match',
    })
  }
  for (const garbage of ['', '{}', 'null', '{"id":"x"}', '{"id":"x","response":{}}', 'x'.repeat(30_000)]) {
    expect(await enterBy(garbage)).toEqual({ refused: 'no-match' })
  }
})

test('a passkey is added only to the session that asked, and never twice', async () => {
  const phone = device()
  const ana = await offered('ana')
  const ben = await offered('ben')
  expect(await ben.add(phone.register(ana.challenge))).toEqual({ refused: 'not-verified' })
  expect(await ben.add(phone.register(ben.challenge, { verified: false }))).toEqual({ refused: 'not-verified' })
  const again = await offered('ana')
  expect(await again.add(phone.register(again.challenge))).toEqual({ done: true })
  const later = await offered('ben')
  expect(await later.add(phone.register(later.challenge))).toEqual({ refused: 'known-already' })
})

test('she sees and removes her own passkeys only, and a removed one signs nobody in', async () => {
  const { phone, actor } = await registered('ben')
  const list = (who: typeof actor) =>
    town.app.transaction(async (tx) => ((await enterStaff(tx, who)) ? ownPasskeys(tx) : []))
  const [own] = await list(actor)
  expect(own).toMatchObject({ label: 'My phone', transports: ['internal'], usedAt: null })
  const ana = await signedIn(town, 'ana')
  expect((await list(ana)).map(({ id }) => id)).not.toContain(own?.id)
  expect(await removePasskey(town.app, ana, own?.id ?? '')).toBe(false)
  expect(await removePasskey(town.app, actor, own?.id ?? '')).toBe(true)
  expect(await enterBy(phone.signIn(await question()))).toEqual({ refused: 'no-match' })
})

test('the passkey of somebody who has left signs nobody in', async () => {
  const employee = await employ(town.owner, town.keys, 'hal', 'Hal Roe', 'librarian')
  const { phone } = await registered('hal')
  await town.owner.transaction((tx) => leave(tx, employee))
  expect(await enterBy(phone.signIn(await question()))).toEqual({ refused: 'no-match' })
})

test('a session that has not proved for five minutes who holds it adds and removes no passkey, until it does', async () => {
  const { actor, phone } = await registered('ben')
  const staff = await whoIs(town.app, actor)
  if (!staff) throw new Error('not signed in')
  const [mine] = await town.app.transaction(async (tx) => ((await enterStaff(tx, actor)) ? ownPasskeys(tx) : []))
  await town.owner.once(sql`update need_to_know.session set proved_at = now() - interval '6 minutes'`)
  const attempt = async () => {
    const offer = await passkeyOffer(town.app, party, staff, [])
    return addPasskey(town.app, party, actor, staff, { answer: device().register(offer?.challenge ?? ''), label: 'x' })
  }
  expect(await attempt()).toEqual({ refused: 'not-proved' })
  expect(await removePasskey(town.app, actor, mine?.id ?? '')).toBe(false)
  expect(await proveAgain(town.app, town.signIn, actor, staff, 'not her password')).toEqual({ refused: 'no-match' })
  expect(await attempt()).toEqual({ refused: 'not-proved' })
  expect(await proveAgain(town.app, town.signIn, actor, staff, password)).toEqual({ done: true })
  expect(await attempt()).toEqual({ done: true })
  expect(await removePasskey(town.app, actor, mine?.id ?? '')).toBe(true)
  expect(await enterBy(phone.signIn(await question()))).toEqual({ refused: 'no-match' })
})

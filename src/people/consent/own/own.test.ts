import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Neighbour } from '../../../../test/support/people.ts'
import { sql } from '../../../plumbing/index.ts'
import { checkProof, openLedgerKey, openWitness, sequence } from '../../../trust/ledger/index.ts'
import { ofAgeToken } from '../../residents/index.ts'
import { goOn } from '../go-on.ts'
import { keepNotice, makeNotice } from '../notice.ts'
import { openOwnSite } from '../testing/own-site.ts'
import { asked, campPurposes, noticeOf } from '../testing/scene.ts'
import { all, one, openTown, type Town } from '../testing/town.ts'
import { postCodeHash } from './acts.ts'

let town: Town
let site: Awaited<ReturnType<typeof openOwnSite>>
let rosa: Neighbour
beforeAll(async () => {
  town = await openTown()
  site = await openOwnSite(town)
})
beforeEach(async () => {
  rosa = await town.neighbour('Rosa')
})
afterAll(async () => {
  await site.close()
  await town.test.close()
})

const yes = { 'purpose-take-part': 'yes', 'purpose-health': 'yes', 'purpose-photos': 'no' }
const maya = { child: 'new', firstName: 'Maya', born: '2017-05-04', as: 'parent', guardian: 'Rosa Vega' }

describe('a parent answers', () => {
  it('finds the question on her page, reads each purpose, and is led to show who she is', async () => {
    const { request, notice } = await asked(town, rosa.email)
    expect((await site.get(rosa, '/me')).text).toMatch(/Waiting for you.*A child asks for your consent: Summer camp/)
    const at = `/me/consents/requests/${request}`
    const page = await site.get(rosa, at)
    for (const { title, why, sees, kept, asks } of notice.purposes)
      for (const words of [title, why, sees, kept, ...asks.map(({ label }) => label)])
        expect(page.text).toContain(words.en)
    expect((await site.get(rosa, `/es${at}`)).text).toMatch(/quiere participar.*¿da su consentimiento\?/)
    const hash = /name="notice" value="([0-9a-f]+)"/.exec(page.body)?.[1] ?? ''
    const missing = await site.post(rosa, at, { ...maya, notice: hash, 'purpose-take-part': 'yes' })
    expect(missing.status).toBe(422)
    expect(missing.text).toContain('Say yes or no to “To health”.')
    expect(missing.body).toContain('value="2017-05-04"')
    const shown = await site.post(rosa, at, { ...maya, ...yes, notice: hash })
    expect(shown.text).toMatch(
      /One thing is missing: show who you are.*Say this number: \d{4}.*At the counter enough for everything/,
    )
    expect((await site.get(rosa, `${at}/form`)).text).toMatch(/I, Rosa Vega, am the parent.*To take-part.*To health/)
    expect((await site.get(await town.neighbour(), at)).status).toBe(404)
  })

  it('no to everything leaves nothing', async () => {
    const hand = await asked(town, rosa.email)
    const said = await site.post(rosa, `/me/consents/requests/${hand.request}`, { decline: 'all' })
    expect(said.text).toContain('We have destroyed your address and the first name')
    expect((await goOn(town, hand.code))?.standing).toBe('over')
    expect((await site.get(rosa, '/me')).text).not.toContain('Waiting for you')
  })

  it('may show where she lives with a code that comes by post, five tries a letter', async () => {
    const { request, code } = await asked(town, rosa.email)
    const at = `/me/consents/requests/${request}`
    const hash = /name="notice" value="([0-9a-f]+)"/.exec((await site.get(rosa, at)).body)?.[1] ?? ''
    await site.post(rosa, at, {
      ...maya,
      'purpose-take-part': 'yes',
      'purpose-health': 'no',
      'purpose-photos': 'no',
      notice: hash,
    })
    expect((await site.post(rosa, `${at}/letters`, { address: 'x' })).status).toBe(422)
    expect((await site.post(rosa, `${at}/letters`, { address: '12 Almond Street\nAlmendra, CA 95900' })).status).toBe(
      303,
    )
    expect((await site.get(rosa, at)).text).toContain('The letter is being written')
    await town.rows(sql`update consent.letter set state = 'printed', printed_at = now(), ends_on = current_date + 20,
      code_hash = ${postCodeHash(town.keys, request, '12345678')} where request = ${request}`)
    expect((await site.post(rosa, `${at}/codes`, { code: '87654321' })).text).toContain('That is not the code')
    expect((await site.post(rosa, `${at}/codes`, { code: '1234-5678' })).to).toMatch(/done=proved$/)
    expect((await goOn(town, code))?.standing).toBe('ready')
  })
})

describe('a guardian’s page of a child', () => {
  it('shows each consent, what the city holds, who looked with proofs; corrects and downloads', async () => {
    const done = await town.wholeWay(rosa)
    const at = `/me/consents/${done.child}`
    expect((await site.get(rosa, '/me')).text).toContain('3 consents for 1 thing')
    expect((await site.get(rosa, at)).text).toMatch(/Summer camp.*To take-part in force .*shown at the counter/)
    const held = await site.get(rosa, `${at}/held`)
    expect(held.text).toContain('secret-words healthAnswer')
    const health = one(done, 'health')
    await site.post(rosa, `${at}/held`, { consent: health, field: 'healthAnswer', text: 'No nuts' })
    const copy = JSON.parse((await site.get(rosa, `${at}/copy`)).body) as {
      consents: { answers: { answer: string }[] }[]
    }
    expect(copy.consents.flatMap(({ answers }) => answers.map(({ answer }) => answer))).toContain('No nuts')
    const looks = await site.get(rosa, `${at}/looks`)
    expect(looks.text).toMatch(/What we hold was opened.*It was shown who the guardian is.*Consent clerk/)
    const other = await town.neighbour()
    for (const path of ['', '/held', '/copy', '/looks']) expect((await site.get(other, at + path)).status).toBe(404)
  })

  it('takes back with a preview, a receipt and a proof that checks without the city', async () => {
    const done = await town.wholeWay(rosa)
    const at = `/me/consents/${done.child}`
    expect((await site.get(rosa, `${at}/revocation`)).to).toMatch(/chosen=none$/)
    const chosen = Object.fromEntries(all(done).map((id) => [`consent-${id}`, 'yes']))
    const shown = await site.get(rosa, `${at}/revocation?${new URLSearchParams(chosen).toString()}`)
    expect(shown.text).toMatch(/Nothing has been done yet.*Use stops everywhere.*stays under custody.*is destroyed/)
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec(shown.body)?.[1] ?? ''
    const acted = await site.post(rosa, `${at}/revocation`, { ...chosen, seen })
    expect(acted.to).toMatch(/\/receipts\//)
    const receipt = await site.get(rosa, acted.to)
    expect(receipt.text).toMatch(/Receipt: taken back.*stays under custody.*back-up.*Fingerprint/)
    const file = await site.get(rosa, `${acted.to}/file`)
    const signer = await openLedgerKey(town.test.folder, 'town.example/ledger')
    expect((await site.get(rosa, `${acted.to}/proof`)).status).toBe(503)
    await sequence(town.test.database.keeper, signer, openWitness(join(town.test.folder, 'seen'), signer.vkey), 10_000)
    const proof = checkProof((await site.get(rosa, `${acted.to}/proof`)).body, signer.vkey)
    expect('statement' in proof && proof.statement).toContain(`receipt=${file.hash}`)
    expect((await site.get(rosa, at)).text).toMatch(/taken back on.*Say yes after all/)
    expect((await site.get(await town.neighbour(), acted.to)).status).toBe(404)
    expect((await site.post(rosa, `${at}/revocation`, { ...chosen, seen })).status).toBe(404)
  })

  it('shows exactly what a new notice changes, and asks anew', async () => {
    const done = await town.wholeWay(rosa)
    const [part, health, photos] = campPurposes
    if (!part || !health || !photos) throw new Error('the camp has three purposes')
    const sees = { en: 'Recreation staff and the county', es: 'Personal de recreación y el condado' }
    const purposes = [part, { ...health, sees }, photos]
    const newer = makeNotice(town.city, { thing: done.notice.thing, title: done.notice.title, purposes })
    await town.db.transaction((tx) => keepNotice(tx, town.keys, newer))
    const at = `/me/consents/${done.child}`
    const page = await site.get(rosa, at)
    expect(page.text).toMatch(
      /What we ask has changed.*To health · Who sees it Before: Recreation staff Now: Recreation staff and the county/,
    )
    const asking = await site.post(rosa, `${at}/requests`, { thing: done.notice.thing })
    const form = await site.get(rosa, asking.to)
    expect(form.body.match(/value="yes"\s+checked/g)).toHaveLength(3)
    const notice = /name="notice" value="([0-9a-f]+)"/.exec(form.body)?.[1] ?? ''
    const no = await site.post(rosa, asking.to, { ...yes, guardian: 'Rosa Vega', notice })
    expect(no.text).toContain('One of the parts that you said no to is in force')
    const all = { ...yes, 'purpose-photos': 'yes' }
    expect((await site.post(rosa, asking.to, { ...all, guardian: 'Rosa Vega', notice })).text).toContain('is in force')
    expect((await town.actsOf(one(done, 'health'))).at(-1)).toMatchObject({ act: 'consent.renewed' })
    expect((await site.get(rosa, at)).text).not.toContain('What we ask has changed')
  })

  it('a second guardian may object, and reads so', async () => {
    const done = await town.wholeWay(rosa)
    const omar = await town.second(done.child)
    const at = `/me/consents/${done.child}`
    expect((await site.get(omar, at)).text).toContain('I do not agree: stop using it')
    expect((await site.post(omar, `${at}/objections`, { consent: one(done, 'health') })).to).toMatch(/done=objected$/)
    expect((await site.get(rosa, at)).text).toContain('two guardians do not agree')
    expect((await site.post(rosa, `${at}/objections`, { consent: one(done, 'photos') })).status).toBe(404)
  })
})

describe('who comes of age', () => {
  it('decides alone from that moment: guardians see nothing, she confirms what stands', async () => {
    const done = await town.wholeWay(rosa)
    const maya = await town.neighbour('Maya')
    await town.test.database.owner.transaction(async (tx) => {
      await tx.rows(sql`select residents.pass_on(${[done.child]}::uuid[], 'age', 'system')`)
      await tx.rows(sql`select need_to_know.enter_staff(${town.clerk.actor.secret}::bytea)`)
      await tx.rows(sql`select residents.find_people(${ofAgeToken(town.keys, '2017-05-04')}, null, 'verify')`)
      const handed = await tx.row<{ refused: string | null }>(
        sql`select residents.hand_over(${done.child}, ${maya.token}) as refused`,
      )
      expect(handed?.refused).toBeNull()
    })
    const at = `/me/consents/${done.child}`
    expect((await site.get(rosa, at)).status).toBe(404)
    expect((await site.get(maya, '/me')).text).toContain('You are of age now')
    expect((await site.get(maya, at)).text).toMatch(/passed to you.*It stands: To/)
    expect((await site.post(maya, `${at}/confirmations`, { consent: one(done, 'health') })).to).toMatch(
      /done=confirmed$/,
    )
    expect(await town.statesOf(done)).toMatchObject({ health: 'in-force', 'take-part': 'passed' })
    expect((await site.get(maya, `${at}/held`)).text).toContain('secret-words healthAnswer')
    const photos = { consent: one(done, 'photos') }
    const shown = await site.get(maya, `${at}/revocation?consent-${photos.consent}=yes`)
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec(shown.body)?.[1] ?? ''
    await site.post(maya, `${at}/revocation`, { [`consent-${photos.consent}`]: 'yes', seen })
    const asking = await site.post(maya, `${at}/requests`, { thing: done.notice.thing })
    const notice = /name="notice" value="([0-9a-f]+)"/.exec((await site.get(maya, asking.to)).body)?.[1] ?? ''
    await site.post(maya, asking.to, { ...yes, 'purpose-photos': 'yes', guardian: 'Maya Vega', notice })
    const mine = await town.rows<{ state: string }>(
      sql`select state from consent.consent where child = ${done.child} and given_by = ${maya.id}`,
    )
    expect(mine.map(({ state }) => state)).toEqual(['in-force', 'in-force', 'in-force'])
  })
})

it('a new notice of the same words is the same notice', async () => {
  const notice = noticeOf(town.city)
  const keep = () => town.db.transaction((tx) => keepNotice(tx, town.keys, notice))
  expect(await keep()).toBe(await keep())
})

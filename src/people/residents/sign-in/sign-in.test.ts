import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../../test/support/house.ts'
import { sql, type OutgoingMail } from '../../../plumbing/index.ts'
import { enterResident } from '../enter.ts'
import { openPage } from '../open-page.ts'
import { postToPeople } from '../post/run-post.ts'
import { askCode, codeHash, codeToken } from './ask-code.ts'
import { ownSessions, signOut } from './session.ts'
import { signInByCode } from './sign-in-by-code.ts'

let house: TestHouse
const sent: OutgoingMail[] = []
let answer: 'sent' | 'later' = 'sent'
beforeAll(async () => {
  house = await openTestHouse()
})
afterAll(() => house.close())

const fault = (error: unknown) => {
  throw error as Error
}
const office = () => ({
  keeper: house.database.keeper,
  keys: house.keys,
  city: house.city,
  codesOnDesk: false,
  mailer: {
    send: (mail: OutgoingMail) => {
      sent.push(mail)
      return Promise.resolve(
        answer === 'sent' ? ({ sent: true } as const) : ({ refused: 'for-now', code: '421' } as const),
      )
    },
    close: () => undefined,
  },
})
const owner = async <T>(text: ReturnType<typeof sql>) => (await house.database.owner.once<{ is: T }>(text))[0]?.is

/** The code that the last mail to this address carries. */
async function codeFor(email: string): Promise<string> {
  await askCode(house, email, 'en', 'sign-in')
  await postToPeople(office(), fault)
  const mail = sent.findLast(({ to }) => to === email)
  return /\d{4} \d{4}/.exec(mail?.text ?? '')?.[0] ?? ''
}

describe('signing in by a mailed code', () => {
  it('makes a page for a proved address the first time, and finds it the next', async () => {
    const first = await signInByCode(house, { email: 'ana@example.org', code: await codeFor('ana@example.org') }, 'es')
    expect(first).toMatchObject({ first: true })
    const again = await signInByCode(house, { email: ' Ana@Example.org', code: await codeFor('ana@example.org') }, 'en')
    expect(again).toMatchObject({ first: false })
    if ('refused' in again) return
    const page = await openPage(house, again.actor, (_tx, { contact, resident }) => ({ contact, resident }))
    expect(page).toMatchObject({
      contact: { name: '', email: 'ana@example.org' },
      resident: { language: 'es', fresh: true },
    })
    const acts = await owner<string[]>(sql`select array_agg(e.act order by e.subject_count) as is from ledger.entry e
      join residents.resident r on r.subject = e.subject where r.id = ${page?.resident.id}`)
    expect(acts).toEqual(['resident.joined', 'resident.signed-in', 'resident.signed-in', 'contact.opened'])
  })

  it('takes a code once, and only for the address it was mailed to', async () => {
    const code = await codeFor('bea@example.org')
    expect(await signInByCode(house, { email: 'carl@example.org', code }, 'en')).toEqual({ refused: 'no-match' })
    expect(await signInByCode(house, { email: 'bea@example.org', code }, 'en')).toMatchObject({ first: true })
    expect(await signInByCode(house, { email: 'bea@example.org', code }, 'en')).toEqual({ refused: 'no-match' })
  })

  it('takes the newest code only, five tries at most, and none after ten minutes', async () => {
    const old = await codeFor('dee@example.org')
    const code = await codeFor('dee@example.org')
    expect(await signInByCode(house, { email: 'dee@example.org', code: old }, 'en')).toEqual({ refused: 'no-match' })
    const guesses = Array.from({ length: 4 }, () =>
      signInByCode(house, { email: 'dee@example.org', code: '00000000' }, 'en'),
    )
    expect(await Promise.all(guesses)).toEqual(Array(4).fill({ refused: 'no-match' }))
    expect(await signInByCode(house, { email: 'dee@example.org', code }, 'en')).toEqual({ refused: 'no-match' })
    const late = await codeFor('eve@example.org')
    await house.database.owner.once(sql`update residents.code set ends_at = clock_timestamp() - interval '1 second'
      where token = ${codeToken(house.keys, 'eve@example.org', 'sign-in')}`)
    expect(await signInByCode(house, { email: 'eve@example.org', code: late }, 'en')).toEqual({ refused: 'no-match' })
  })

  it('mails an address four codes an hour, and does the same whether it has a page or not', async () => {
    const before = sent.length
    for (let n = 0; n < 6; n++) await codeFor('fay@example.org')
    expect(sent.length - before).toBe(4)
    const rowsOf = (email: string) =>
      owner<object>(sql`select to_jsonb(c) - 'token' - 'code_hash' - 'subject' - 'ends_at' - 'asked_since' as is
        from residents.code c where c.token = ${codeToken(house.keys, email, 'sign-in')}`)
    await codeFor('never.seen@example.org')
    await signInByCode(house, { email: 'gus@example.org', code: await codeFor('gus@example.org') }, 'en')
    await house.database.owner.once(sql`update residents.code set asked_since = clock_timestamp() - interval '2 hours'
      where token = ${codeToken(house.keys, 'gus@example.org', 'sign-in')}`)
    await codeFor('gus@example.org')
    expect(await rowsOf('gus@example.org')).toEqual(await rowsOf('never.seen@example.org'))
    const [known, unknown] = ['gus@example.org', 'never.seen@example.org'].map((to) =>
      sent.findLast((one) => one.to === to),
    )
    const masked = (text = '') => text.replace(/\d{4} \d{4}/, '#')
    expect(masked(known?.text)).toBe(masked(unknown?.text))
  })

  it('keeps nothing of an address that was never proved once its ten minutes are over', async () => {
    await codeFor('typo@example.org')
    const token = codeToken(house.keys, 'typo@example.org', 'sign-in')
    const subject = await owner<string>(sql`select subject as is from residents.code where token = ${token}`)
    await house.database.owner.once(sql`update residents.code set ends_at = now() - interval '1 second',
      asked_since = now() - interval '2 hours' where token = ${token}`)
    await house.database.keeper.once(sql`select residents.sweep()`)
    expect(await owner(sql`select count(*)::int as is from residents.code where token = ${token}`)).toBe(0)
    expect(await owner(sql`select count(*)::int as is from residents.mail where subject = ${subject}`)).toBe(0)
    expect(await owner(sql`select state as is from vault.subject where id = ${subject}`)).toBe('destroyed')
  })

  it('starts no session for whoever has the app’s password alone', async () => {
    const token = codeToken(house.keys, 'ana@example.org', 'sign-in')
    const [one, hash] = [Buffer.alloc(32, 1), codeHash(house.keys, token, '12345678')]
    const ids = [crypto.randomUUID(), crypto.randomUUID()] as const
    const made = sql`select residents.ask_code(${token}, ${hash}, ${ids[0]}, ${one}, 'k', ${ids[1]}, ${one}, 'en', need_to_know.clock(), ${one}) as is`
    expect((await house.db.once<{ is: boolean }>(made))[0]?.is).toBe(false)
    const started = sql`select residents.sign_in_by_code(${token}, ${hash}, ${one}, ${ids[0]}, ${ids[1]}, ${one}, 'k', ${one}, 'en', need_to_know.clock(), ${one}) as is`
    expect((await house.db.once<{ is: string | null }>(started))[0]?.is).toBe(null)
    const known = await owner<string>(sql`select resident as is from residents.address where token = ${token}`)
    const passed = sql`select residents.start_session(${known}, ${one}, need_to_know.clock(), ${one}) as is`
    expect((await house.db.once<{ is: boolean }>(passed))[0]?.is).toBe(false)
  })
})

describe('a session', () => {
  it('ends where she ends it, in another place or everywhere', async () => {
    const signIn = async () => {
      const signedIn = await signInByCode(
        house,
        { email: 'ida@example.org', code: await codeFor('ida@example.org') },
        'en',
      )
      if ('refused' in signedIn) throw new Error(signedIn.refused)
      return signedIn.actor
    }
    const [here, there] = [await signIn(), await signIn()]
    const sessions = await house.db.transaction(async (tx) => ((await enterResident(tx, here)) ? ownSessions(tx) : []))
    const other = sessions.find((one) => !one.here)
    await signOut(house.db, here, { session: other?.id ?? '' })
    const isIn = (actor: typeof here) =>
      house.db.transaction(async (tx) => (await enterResident(tx, actor)) !== undefined)
    expect([await isIn(here), await isIn(there)]).toEqual([true, false])
    await signOut(house.db, here, 'everywhere')
    expect(await isIn(here)).toBe(false)
  })
})

describe('mail to people', () => {
  it('is tried again where the server says later, under the same Message-ID, and keeps no word once it is sent', async () => {
    answer = 'later'
    await askCode(house, 'jo@example.org', 'es', 'sign-in')
    await postToPeople(office(), fault)
    const row = () =>
      owner<{ state: string; attempts: number; failure: string | null; sealed: unknown }>(sql`select to_jsonb(m) as is
        from residents.mail m join residents.code c on c.subject = m.subject
        where c.token = ${codeToken(house.keys, 'jo@example.org', 'sign-in')}`)
    expect(await row()).toMatchObject({ state: 'waiting', attempts: 1, failure: '421' })
    await house.database.owner.once(sql`update residents.mail set due_at = now()`)
    answer = 'sent'
    await postToPeople(office(), fault)
    expect(await row()).toMatchObject({ state: 'sent', sealed: null })
    const tries = sent.filter(({ to }) => to === 'jo@example.org')
    expect(tries).toHaveLength(2)
    expect(tries[0]?.messageId).toBe(tries[1]?.messageId)
    expect(tries[0]?.subject).toMatch(/Su código/)
  })

  it('is not sent once the key of what it is about is gone', async () => {
    await askCode(house, 'kim@example.org', 'en', 'sign-in')
    await house.database.owner.once(sql`select vault.destroy_subject(subject) from residents.code
      where token = ${codeToken(house.keys, 'kim@example.org', 'sign-in')}`)
    const before = sent.length
    await postToPeople(office(), fault)
    expect(sent.length).toBe(before)
  })

  it('keeps a code for nobody to read where no mail server is set up', async () => {
    await askCode(house, 'lou@example.org', 'en', 'sign-in')
    await postToPeople({ keeper: house.database.keeper, keys: house.keys, city: house.city, codesOnDesk: false }, fault)
    const state = await owner(sql`select m.state || coalesce(' ' || m.failure, '') as is from residents.mail m
      join residents.code c on c.subject = m.subject where c.token = ${codeToken(house.keys, 'lou@example.org', 'sign-in')}
        and m.sealed is null`)
    expect(state).toBe('failed no-mail-server')
  })
})

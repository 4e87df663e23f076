import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type Clerk, type TestHouse } from '../../../../test/support/house.ts'
import { sql, type OutgoingMail } from '../../../plumbing/index.ts'
import { addChild, enterResident, openPage, postToPeople, type ChildId, type Household } from '../index.ts'
import { keptMails, openKept, readKept, settleKept } from '../desk/people-mail.ts'
import { askCode } from '../sign-in/ask-code.ts'
import { moveIn, type Neighbour } from '../testing/move-in.ts'
import { answerInvitation, correctChild, endGuardianship, inviteGuardian, takeBackInvitation } from './child-acts.ts'
import { changeAddress, correctContact, leave } from './contact-acts.ts'
import { copyOf } from './copy.ts'
import { proveToResident, recordOfHers } from './record.ts'

let test: TestHouse & { publicUrl: string }
let rosa: Neighbour
let leo: Neighbour
let other: Neighbour
let child: ChildId
const sent: OutgoingMail[] = []
beforeAll(async () => {
  test = { ...(await openTestHouse()), publicUrl: 'https://almendra.example.org' }
  rosa = await moveIn(test, 'Rosa Vega', 'es')
  leo = await moveIn(test, 'Leo Vega')
  other = await moveIn(test, 'Otto Stranger')
  child = await add(rosa, 'Lucía', '2014-03-09')
})
afterAll(() => test.close())

async function add(who: Neighbour, firstName: string, born: string): Promise<ChildId> {
  return test.db.transaction(async (tx) => {
    await enterResident(tx, who.actor)
    const added = await addChild(tx, test.keys, 'parent', { firstName, born }, 'under-13')
    if ('refused' in added) throw new Error(added.refused)
    return added.child
  })
}
const at = (who: Neighbour) => openPage(test, who.actor, (_tx, household): Household => household)
const owner = async <T>(text: ReturnType<typeof sql>) => (await test.database.owner.once<{ is: T }>(text))[0]?.is
const post = async () => {
  const mailer = {
    send: (mail: OutgoingMail) => (sent.push(mail), Promise.resolve({ sent: true } as const)),
    close: () => undefined,
  }
  const office = { keeper: test.database.keeper, keys: test.keys, city: test.city, codesOnDesk: false, mailer }
  await postToPeople(office, (error) => {
    throw error as Error
  })
}
const lastTo = (email: string) => sent.findLast(({ to }) => to === email)?.text ?? ''
const stale = (who: Neighbour) =>
  test.database.owner.once(
    sql`update residents.session set started_at = now() - interval '11 minutes' where resident = ${who.id}`,
  )
const again = (who: Neighbour) =>
  test.database.owner.once(sql`update residents.session set started_at = now() where resident = ${who.id}`)

describe('a resident’s own page', () => {
  it('shows her own contact and children, and of nobody else’s', async () => {
    expect((await at(rosa))?.children.map(({ about, kind, state }) => ({ ...about, kind, state }))).toEqual([
      { firstName: 'Lucía', born: '2014-03-09', kind: 'parent', state: 'claimed' },
    ])
    expect((await at(other))?.children).toEqual([])
    const [openings] = await test.database.owner.once<{ ids: string[] }>(
      sql`select array_agg(id) as ids from vault.opening where people`,
    )
    const stolen = await test.db.transaction(async (tx) => {
      await enterResident(tx, other.actor)
      return tx.rows<{ resident: string }>(sql`select resident from residents.page(${openings?.ids ?? []}::uuid[])`)
    })
    expect(stolen).toEqual([{ resident: other.id }])
  })

  it('is opened once in fifteen minutes, each person on it written down, and read as it was', async () => {
    await at(rosa)
    const looks = () =>
      owner<number>(sql`select count(*)::int as is from ledger.entry where act in ('contact.opened', 'child.opened')
      and subject in (${rosa.subject}, (select subject from residents.child where id = ${child}))`)
    const before = await looks()
    await at(rosa)
    expect([before, await looks()]).toEqual([2, 2])
    const lines = await test.db.transaction(async (tx) =>
      (await enterResident(tx, rosa.actor)) ? recordOfHers(tx) : [],
    )
    expect(lines.filter(({ about }) => about === child).map(({ act, count }) => `${act} ${String(count)}`)).toEqual([
      'child.opened 2',
      'child.added 1',
    ])
    const [line] = lines
    expect(await proveToResident(test.db, rosa.actor, line?.id ?? '')).toEqual({ refused: 'not-yet' })
    expect(await proveToResident(test.db, other.actor, line?.id ?? '')).toEqual({ refused: 'not-there' })
  })

  it('gives the key of an opening in no transaction that could still take its entry back', async () => {
    const fresh = await moveIn(test, 'Nina Roe')
    const rows = await test.db.transaction(async (tx) => {
      await enterResident(tx, fresh.actor)
      return tx.rows(sql`select * from residents.page(residents.open_page())`)
    })
    expect(rows).toEqual([])
  })

  it('lets her correct her name, telephone and language, and refuses what is none', async () => {
    expect(await correctContact(test, rosa.actor, { name: ' ', telephone: 'x', language: 'en' })).toEqual({
      wrong: { name: true, telephone: true },
    })
    await correctContact(test, rosa.actor, { name: ' Rosa  Vega ', telephone: '(209) 555-0142', language: 'es' })
    expect((await at(rosa))?.contact).toEqual({ name: 'Rosa Vega', email: rosa.email, telephone: '+1 209 555 0142' })
  })

  it('moves to another address only with the code that was mailed there, and tells the old one', async () => {
    const email = 'rosa.nueva@example.org'
    await askCode(test, email, 'es', { resident: rosa.id })
    await post()
    const code = /\d{4} \d{4}/.exec(lastTo(email))?.[0] ?? ''
    expect(await changeAddress(test, other.actor, { email, code })).toEqual({ refused: 'wrong' })
    await stale(rosa)
    expect(await changeAddress(test, rosa.actor, { email, code })).toEqual({ refused: 'not-fresh' })
    await again(rosa)
    expect(await changeAddress(test, rosa.actor, { email, code: '11112222' })).toEqual({ refused: 'wrong' })
    expect(await changeAddress(test, rosa.actor, { email, code })).toEqual({ done: true })
    expect((await at(rosa))?.contact.email).toBe(email)
    await post()
    expect(lastTo(rosa.email)).toContain('otra dirección')
    await askCode(test, leo.email, 'es', { resident: rosa.id })
    await post()
    const theirs = /\d{4} \d{4}/.exec(lastTo(leo.email))?.[0] ?? ''
    expect(await changeAddress(test, rosa.actor, { email: leo.email, code: theirs })).toEqual({ refused: 'taken' })
  })
})

describe('a child', () => {
  it('is corrected by whoever stands for her, and by nobody else', async () => {
    const typed = { firstName: 'Lucía Inés', born: '2014-03-10' }
    expect(await correctChild(test, other.actor, child, typed)).toBeUndefined()
    expect(await correctChild(test, rosa.actor, child, { firstName: '', born: '2001-01-01' })).toEqual({
      wrong: { firstName: true, born: 'of-age' },
    })
    const before = await owner<string>(
      sql`select encode(of_age_token, 'hex') as is from residents.child where id = ${child}`,
    )
    expect(await correctChild(test, rosa.actor, child, typed)).toEqual({ done: true })
    expect((await at(rosa))?.children[0]?.about).toEqual(typed)
    const after = await owner<string>(
      sql`select encode(of_age_token, 'hex') as is from residents.child where id = ${child}`,
    )
    expect(after).not.toBe(before)
  })

  it('gets a second guardian by a mail to an address, and by no one else who has the link', async () => {
    expect(await inviteGuardian(test, other.actor, child, { email: leo.email, kind: 'parent' })).toEqual({
      refused: 'not-there',
    })
    expect(await inviteGuardian(test, rosa.actor, child, { email: leo.email, kind: 'parent' })).toEqual({ done: true })
    await post()
    const mail = lastTo(leo.email)
    const letters = /invitations\/([\w-]{22})/.exec(mail)?.[1] ?? ''
    expect(mail).toContain('Lucía Inés')
    expect(await answerInvitation(test, other.actor, letters, true)).toBe(false)
    expect(await answerInvitation(test, leo.actor, letters, true)).toBe(true)
    expect(await answerInvitation(test, leo.actor, letters, true)).toBe(false)
    expect((await at(leo))?.children[0]?.about.firstName).toBe('Lucía Inés')
    await post()
    expect(lastTo('rosa.nueva@example.org')).toContain('aceptó')
    const kept = sql`select count(*)::int as is from residents.invitation i join vault.subject s on s.id = i.subject
      where s.state <> 'destroyed' or i.told_sealed is not null`
    expect(await owner(kept)).toBe(0)
  })

  it('is not shown to who declined, nor once the question was taken back', async () => {
    const asked = { email: other.email, kind: 'foster-parent' } as const
    await inviteGuardian(test, rosa.actor, child, asked)
    await post()
    const letters = () => /invitations\/([\w-]{22})/.exec(lastTo(other.email))?.[1] ?? ''
    expect(await answerInvitation(test, other.actor, letters(), false)).toBe(true)
    await inviteGuardian(test, rosa.actor, child, asked)
    await post()
    const id = await owner<string>(sql`select id as is from residents.invitation where state = 'asked'`)
    expect(await takeBackInvitation(test.db, other.actor, id ?? '')).toBe(false)
    expect(await takeBackInvitation(test.db, rosa.actor, id ?? '')).toBe(true)
    expect(await answerInvitation(test, other.actor, letters(), true)).toBe(false)
    expect((await at(other))?.children).toEqual([])
  })

  it('is asked for fourteen days, and then the address that was asked is forgotten', async () => {
    await inviteGuardian(test, rosa.actor, child, { email: 'slow@example.org', kind: 'parent' })
    await post()
    const letters = /invitations\/([\w-]{22})/.exec(lastTo('slow@example.org'))?.[1] ?? ''
    const slow = await moveIn(test, 'slow')
    await test.database.owner.once(sql`update residents.invitation set ends_at = now() where state = 'asked'`)
    await test.database.keeper.once(sql`select residents.sweep()`)
    expect(await answerInvitation(test, slow.actor, letters, true)).toBe(false)
    const kept = sql`select array_agg(i.state || ' ' || s.state) as is from residents.invitation i join vault.subject s on s.id = i.subject
      where i.told_sealed is not null or s.state <> 'destroyed' or i.state = 'lapsed'`
    expect(await owner(kept)).toEqual(['lapsed destroyed'])
  })

  it('stays with the other guardian when one ends it, and is forgotten with the last', async () => {
    expect(await endGuardianship(test.db, other.actor, child)).toEqual({ refused: 'not-there' })
    expect(await endGuardianship(test.db, leo.actor, child)).toEqual({ done: true })
    expect([(await at(leo))?.children.length, (await at(rosa))?.children.length]).toEqual([0, 1])
    await stale(rosa)
    expect(await endGuardianship(test.db, rosa.actor, child)).toEqual({ refused: 'not-fresh' })
    await again(rosa)
    expect(await endGuardianship(test.db, rosa.actor, child)).toEqual({ done: true })
    expect(
      await owner(sql`select s.state as is from residents.child c join vault.subject s on s.id = c.subject
      where c.id = ${child} and c.sealed_about is null and c.of_age_token is null`),
    ).toBe('destroyed')
  })
})

describe('leaving', () => {
  it('is refused while a room above says that something must be settled first', async () => {
    await test.database.owner.once(
      sql`create function residents.not_yet(p_ids uuid[]) returns text language sql as $$ select 'consents' $$`,
    )
    await test.database.owner.once(sql`insert into residents.follower values ('test', 'leaving', 'residents.not_yet')`)
    expect(await leave(test.db, leo.actor)).toEqual({ refused: 'consents' })
    await test.database.owner.once(sql`delete from residents.follower where room = 'test'`)
    expect(await at(leo)).toBeDefined()
  })

  it('destroys the key to her contact, her sessions and passkeys, and children whom nobody else stands for', async () => {
    const mine = await add(leo, 'Teo', '2016-01-02')
    const copy = JSON.parse((await copyOf({ db: test.db, keys: test.keys }, leo.actor, 'en')) ?? '{}') as {
      children: { firstName: string }[]
    }
    expect(copy.children.map(({ firstName }) => firstName)).toEqual(['Teo'])
    expect(await leave(test.db, leo.actor)).toEqual({ done: true })
    expect(await at(leo)).toBeUndefined()
    const left = sql`select array[(select state from vault.subject where id = ${leo.subject}),
      (select s.state from residents.child c join vault.subject s on s.id = c.subject where c.id = ${mine}),
      (select count(*)::text from residents.session where resident = ${leo.id}),
      (select count(*)::text from residents.address where resident = ${leo.id})] as is`
    expect(await owner(left)).toEqual(['destroyed', 'destroyed', '0', '0'])
  })
})

describe('mail that could not go out', () => {
  let ines: Clerk
  let dana: Clerk
  beforeAll(async () => {
    ines = await test.hire('ines', 'consent-clerk')
    dana = await test.hire('dana', 'works-dispatcher')
    const lucia = await add(rosa, 'Marta', '2015-05-05')
    await inviteGuardian(test, rosa.actor, lucia, { email: 'not.reached@example.org', kind: 'parent' })
    const office = { keeper: test.database.keeper, keys: test.keys, city: test.city, codesOnDesk: false }
    await postToPeople(office, (error) => {
      throw error as Error
    })
  })

  it('is listed for the consent clerk by kind alone, and for nobody else', async () => {
    expect(await keptMails(test, dana.actor)).toEqual([])
    expect(await keptMails(test, ines.actor)).toMatchObject([
      { kind: 'guardian-invitation', state: 'kept', readable: true },
    ])
  })

  it('is read after it was opened for a reason, which is written down, and dropped once the person knows', async () => {
    const [mail] = await keptMails(test, ines.actor)
    const id = mail?.id ?? ''
    expect(await readKept(test, ines.actor, id)).toBeUndefined()
    expect(await openKept(test, dana.actor, id, 'reach')).toBe(false)
    expect(await openKept(test, ines.actor, id, 'curious')).toBe(false)
    expect(await openKept(test, ines.actor, id, 'reach')).toBe(true)
    expect(await readKept(test, dana.actor, id)).toBeUndefined()
    expect((await readKept(test, ines.actor, id))?.words.to).toBe('not.reached@example.org')
    const looked = sql`select count(*)::int as is from ledger.entry e join residents.mail m on m.subject = e.subject
      where m.id = ${id} and e.act = 'mail.opened' and e.actor_kind = 'staff' and e.duty = 'consent-clerk' and e.reason = 'reach'`
    expect(await owner(looked)).toBe(1)
    expect(await settleKept(test, dana.actor, id)).toBe(false)
    expect(await settleKept(test, ines.actor, id)).toBe(true)
    expect(await keptMails(test, ines.actor)).toEqual([])
  })

  it('is dropped after thirty days that nobody looked', async () => {
    const lucia = await add(rosa, 'Marga', '2015-06-06')
    await inviteGuardian(test, rosa.actor, lucia, { email: 'never@example.org', kind: 'parent' })
    await postToPeople(
      { keeper: test.database.keeper, keys: test.keys, city: test.city, codesOnDesk: false },
      (error) => {
        throw error as Error
      },
    )
    const [mail] = await keptMails(test, ines.actor)
    await test.database.owner.once(
      sql`update residents.mail set settled_at = now() - interval '31 days' where id = ${mail?.id}`,
    )
    await test.database.keeper.once(sql`select residents.sweep()`)
    expect(
      await owner(
        sql`select sealed is null and failure = 'not-collected' as is from residents.mail where id = ${mail?.id}`,
      ),
    ).toBe(true)
    expect(await keptMails(test, ines.actor)).toMatchObject([{ state: 'failed', readable: false }])
  })
})

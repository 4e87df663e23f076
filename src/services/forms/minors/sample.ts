import { createHash, randomBytes } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import type { Band, ChildCode, ConsentHouse, Notice, RequestId } from '../../../people/consent/index.ts'
import { answer, ask, noticeHash, verify } from '../../../people/consent/index.ts'
import { newResident, type ResidentActor } from '../../../people/residents/index.ts'
import { sql, type Language } from '../../../plumbing/index.ts'
import type { StaffActor } from '../../../trust/need-to-know/index.ts'
import type { House } from '../../correspondence/index.ts'
import type { Forms } from '../define.ts'
import { at } from '../sample-clock.ts'
import { standingOf } from './going-on.ts'
import { noticeOf } from './notice-of.ts'
import { submitChild } from './submit-child.ts'

type SampleHouse = House & ConsentHouse & Readonly<{ forms: Forms }>
type Family = Readonly<{
  parent: string
  email: string
  child: string
  born: string
  band: Band
  language: Language
  daysAgo: number
  /** How far it has come. */
  until: 'asked' | 'answered' | 'sent'
  no?: readonly string[]
}>

/** Three families: one whose child is at camp, one who has still to come to the counter, one who was asked yesterday. */
const families: readonly Family[] = [
  {
    parent: 'Rosa Vega',
    email: 'rosa.vega@example.org',
    child: 'Lucía',
    born: '2016-03-09',
    band: 'under-13',
    language: 'es',
    daysAgo: 9,
    until: 'sent',
    no: ['plan-services'],
  },
  {
    parent: 'Samir Haddad',
    email: 'samir.haddad@example.org',
    child: 'Noor',
    born: '2011-08-21',
    band: 'under-18',
    language: 'en',
    daysAgo: 4,
    until: 'answered',
  },
  {
    parent: 'Grace Adeyemi',
    email: 'grace.adeyemi@example.org',
    child: 'Tola',
    born: '2017-11-02',
    band: 'under-13',
    language: 'en',
    daysAgo: 1,
    until: 'asked',
  },
]

/** What Lucía wrote, by the names of the form’s questions; a question that is not there is not answered. */
const written = { name: 'Lucía', week: 'june', swims: 'some', prepare: 'Sin nueces, por favor.' }

/** Lets parents consent in the sample city, as the owner, through the acts by which any parent does, dated back. */
export async function loadSampleFamilies(house: SampleHouse): Promise<{ families: number }> {
  const form = [...house.forms.values()].find(({ minors }) => minors !== undefined)
  if (!form || !house.city.consent) return { families: 0 }
  const notice = noticeOf(house.city, form)
  for (const family of families) await live(house, notice, family)
  // And one parent who has no e-mail: her letter waits at the clerk’s desk to be printed and posted.
  const yesterday = at(house, house.clock.now().subtract({ hours: 20 }))
  const address = '212 Levee Road\nAlmendra, CA 95900'
  await ask(yesterday, { notice, band: 'under-18', address, firstName: 'Kwame', language: 'en' })
  await house.db.once(sql`delete from need_to_know.session`)
  await house.db.once(sql`delete from residents.session`)
  return { families: families.length }
}

async function live(house: SampleHouse, notice: Notice, family: Family): Promise<void> {
  const when = (days: number) => at(house, house.clock.now().subtract({ hours: 24 * (family.daysAgo - days) }))
  const { email, child: firstName, band, language } = family
  const asked = await ask(when(0), { notice, band, email, firstName, language })
  if ('refused' in asked) throw new Error(`the sample’s question was refused: ${asked.refused}`)
  if (family.until === 'asked') return
  const answered = await answer(when(1), await signedIn(house, family), {
    request: asked.asked,
    notice: noticeHash(notice),
    child: { firstName, born: Temporal.PlainDate.from(family.born), as: 'parent' },
    guardian: family.parent,
    purposes: Object.fromEntries(notice.purposes.map(({ id }) => [id, !(family.no ?? []).includes(id)])),
  })
  if (!('done' in answered)) throw new Error('the sample’s answer was refused')
  if (family.until === 'answered') return
  await verify(when(2), await clerk(house), { request: asked.asked, method: 'counter', as: 'parent' })
  await send(when(3), asked.code, asked.asked, language)
}

async function send(house: SampleHouse, code: ChildCode, request: RequestId, language: Language): Promise<void> {
  const standing = await standingOf(house, code)
  if (!standing || !('form' in standing)) throw new Error(`the sample’s child cannot go on with ${request}`)
  const names = new Set(standing.form.fields.map(({ name }) => name))
  const posted = Object.fromEntries(Object.entries(written).filter(([name]) => names.has(name)))
  const sent = await submitChild(house, standing, posted, language)
  if ('refused' in sent) throw new Error(`the sample’s child was refused: ${sent.refused}`)
}

/** Her page, made as signing in makes it, and a session that ends with the loading. */
async function signedIn({ db, keys }: SampleHouse, { parent: name, email, language }: Family): Promise<ResidentActor> {
  const made = newResident(keys, { name, email })
  const secret = randomBytes(32)
  await db.transaction(async (tx) => {
    await tx.rows(sql`select residents.make(${made.token}, ${made.id}, ${made.subject}, ${made.wrapped}, ${made.kek},
      ${made.sealedContact}, ${language})`)
    await tx.rows(sql`insert into residents.session (secret_hash, resident, method, ends_at)
      values (${createHash('sha256').update(secret).digest()}, ${made.id}, 'code', clock_timestamp() + interval '1 hour')`)
  })
  return { kind: 'resident', secret }
}

async function clerk({ db }: SampleHouse): Promise<StaffActor> {
  const secret = randomBytes(32)
  await db.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    select ${createHash('sha256').update(secret).digest()}, c.employee, 'password', clock_timestamp() + interval '1 hour'
    from need_to_know.charge c join need_to_know.duty d on d.id = c.duty and 'consent' = any (d.powers) limit 1`)
  return { kind: 'staff', secret }
}

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AgencyId, BasisId, CaseId, TopicId } from '../../src/city/index.ts'
import { preview, revoke, tellAgencies } from '../../src/people/consent/index.ts'
import { createMailer, sql, type Mailer } from '../../src/plumbing/index.ts'
import { move, newId, openLetter } from '../../src/services/correspondence/index.ts'
import { layOut, refer, sendReferral } from '../../src/services/referral/index.ts'
import type { Clerk } from '../support/house.ts'
import { openMailbox, plain, type Mailbox } from '../support/mailbox.ts'
import { formScene, openRevokedCity, type RevokedCity, type Scene } from './revoked-scenes.ts'

// A minor's letter was sent on to another government, by real mail; then her parent takes the consent back.

const agencies = ['calma-county-animal-care', 'almendra-unified-schools'] as unknown as readonly [AgencyId, AgencyId]
let city: RevokedCity
let scene: Scene
let box: Mailbox
let mailer: Mailer
let intake: Clerk
let letter: { id: CaseId; number: string }
beforeAll(async () => {
  city = await openRevokedCity()
  box = await openMailbox()
  mailer = createMailer(box.url)
  scene = await formScene(city)
  intake = await city.test.hire('ivo', 'intake-clerk')
  const [row] = await city.rows<{ id: CaseId; number: string; version: number }>(
    sql`select f.id, f.number::text as number, f.version from correspondence.casefile f join forms.minors_letter l on l.case_id = f.id`,
  )
  letter = row ?? expect.unreachable()
  const to = { caseId: letter.id, version: row?.version ?? 0, topic: 'city-clerk-general' as TopicId }
  expect(await move(city.test, city.coordinator.actor, to)).toHaveProperty('done')
})
afterAll(async () => {
  mailer.close()
  await box.close()
  await city.end()
})

async function referTo(agency: AgencyId): Promise<string> {
  await openLetter(city.test, intake.actor, letter.id, 'route')
  const laid = await layOut(city.test, intake.actor, letter.id)
  if (!('fields' in laid)) throw new Error('the letter is not open')
  const fields = laid.fields
    .filter(({ category }) => category === 'answers' || category === 'words')
    .map(({ code }) => code)
  const [row] = await city.rows<{ version: number }>(
    sql`select version from correspondence.casefile where id = ${letter.id}`,
  )
  const basis = 'agency-responsible' as BasisId
  const input = {
    caseId: letter.id,
    version: row?.version ?? 0,
    id: newId(),
    agency,
    basis,
    because: 'It is theirs.',
    fields,
  }
  expect(await refer(city.test, intake.actor, input)).toEqual({ done: true })
  return input.id
}
const office = () => ({ ...city.test, keeper: city.test.database.keeper, mailer })

test('an agency that was sent a minor’s letter is told to stop, by the number it knows; what had not gone does not go', async () => {
  const gone = await referTo(agencies[0])
  await sendReferral(office(), gone)
  expect(box.taken).toHaveLength(1)
  const first = plain(box.sources[0])
  expect(first).toContain(`our case ${letter.number}`)
  expect(scene.traces.filter((trace) => first.toLowerCase().includes(trace))).toEqual([])
  const waiting = await referTo(agencies[1])

  const shown = await preview(city, scene.guardian.actor, scene.consents)
  const codes = (shown?.follows ?? []).flatMap(({ code, detail }) => (/agency-told|referral-dropped/.test(code) ? [`${code} ${detail ?? ''}`] : [])) // prettier-ignore
  expect(codes.sort()).toEqual([`agency-told agency=${agencies[0]}`, `referral-dropped agency=${agencies[1]}`])
  const chosen = scene.consents.map((id) => `consent-${id}=yes`).join('&')
  const page = await city.ask(scene.guardian, `/me/consents/${scene.child}/revocation?${chosen}`)
  expect(page).toContain('Calma County Animal Care is told to stop using it')
  expect(page).toContain('What waited to be sent on to Almendra Unified School District is not sent.')
  expect(await revoke(city, scene.guardian.actor, scene.consents, shown?.digest ?? '')).toHaveProperty('done')

  box.empty()
  await sendReferral(office(), waiting)
  expect(box.taken).toEqual([])
  await tellAgencies({ keeper: city.test.database.keeper, city: city.city, clock: city.clock, mailer })
  expect(box.taken.map(({ to }) => to)).toEqual(['help@animals.calmacounty.example.org'])
  const told = plain(box.sources[0])
  expect(told).toContain(`reference ${letter.number}`)
  expect(told).not.toMatch(/Maya|Rosa/)
  const [entry] =
    await city.rows(sql`select e.detail from ledger.entry e join consent.consent c on c.subject = e.subject
    where c.child = ${scene.child} and e.act = 'consent.agency-told'`)
  expect(entry).toEqual({ detail: `agency=${agencies[0]} state=sent` })
  await tellAgencies({ keeper: city.test.database.keeper, city: city.city, clock: city.clock, mailer })
  expect(box.taken).toHaveLength(1)
})

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Neighbour } from '../../../../test/support/people.ts'
import { sql } from '../../../plumbing/index.ts'
import { object } from '../disagree.ts'
import { askLetter, useLetter } from '../own/acts.ts'
import { Temporal } from 'temporal-polyfill'
import { writeEmancipated, type ChildId } from '../../residents/index.ts'
import { openDeskSite } from '../testing/desk-site.ts'
import { openOwnSite } from '../testing/own-site.ts'
import { asked, given, type Given } from '../testing/scene.ts'
import { one, openTown, type Town } from '../testing/town.ts'

let town: Town
let desk: Awaited<ReturnType<typeof openDeskSite>>
let rosa: Neighbour
let waiting: Given
let number: number
beforeAll(async () => {
  town = await openTown()
  desk = await openDeskSite(town)
})
beforeEach(async () => {
  rosa = await town.neighbour('Rosa')
  waiting = await given(town, rosa.actor, await asked(town, rosa.email))
  const [row] = await town.rows<{ number: number }>(
    sql`select number from consent.request where id = ${waiting.request}`,
  )
  number = row?.number ?? 0
})
afterAll(async () => {
  await desk.close()
  await town.test.close()
})

const form = (fields: Record<string, string>, evidence?: string) => {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.append(name, value)
  if (evidence !== undefined) data.append('evidence', new Blob([evidence], { type: 'application/pdf' }), 'form.pdf')
  return data
}

describe('the consent clerk', () => {
  it('sees who waits by number, thing and day, and nobody’s name before opening', async () => {
    const { text, body } = await desk.get(town.clerk, '/desk/consents')
    expect(text).toMatch(new RegExp(`${String(number)} Summer camp under 13 .* video or counter`))
    expect(body).not.toMatch(/Rosa|Maya|@example/)
    const sealed = await desk.get(town.clerk, `/desk/consents/${waiting.request}`)
    expect(sealed.text).toContain('Who it is is sealed')
    expect(sealed.body).not.toMatch(/Rosa|Maya|@example/)
    const opened = await desk.post(town.clerk, `/desk/consents/${waiting.request}/openings`, { reason: 'verify' })
    expect(opened.text).toMatch(/Guardian Rosa Vega Child, first name Maya/)
    const looks = await town.rows<{
      reason: string
      duty: string
    }>(sql`select e.reason, e.duty from ledger.entry e join consent.request r
      on r.subject = e.subject where r.id = ${waiting.request} and e.act = 'consent.request-opened' and e.actor_kind = 'staff'`)
    expect(looks).toEqual([{ reason: 'verify', duty: 'consent-clerk' }])
  })

  it('alone has these pages; a reason that is not her duty’s opens nothing', async () => {
    for (const path of ['', `/${waiting.request}`])
      expect((await desk.get(town.coordinator, `/desk/consents${path}`)).status).toBe(404)
    const at = `/desk/consents/${waiting.request}`
    expect((await desk.post(town.coordinator, `${at}/openings`, { reason: 'verify' })).status).toBe(404)
    expect((await desk.post(town.clerk, `${at}/openings`, { reason: 'curious' })).status).toBe(404)
    const sure = form({ method: 'counter', as: 'parent', sure: 'yes' })
    expect((await desk.send(town.coordinator, `${at}/verifications`, sure)).status).toBe(404)
    expect(await town.statesOf(waiting)).toMatchObject({ health: 'given' })
  })

  it('attests what she saw herself; what is too weak is said and nothing done', async () => {
    const at = `/desk/consents/${waiting.request}/verifications`
    const unsure = await desk.send(town.clerk, at, form({ method: 'counter', as: 'parent' }))
    expect([unsure.status, unsure.text]).toEqual([
      422,
      expect.stringContaining('Confirm that you saw or heard it yourself'),
    ])
    const part = await desk.send(town.clerk, at, form({ method: 'telephone', as: 'parent', sure: 'yes' }))
    expect(part.to).toContain('done=verified')
    const weak = await desk.send(town.clerk, at, form({ method: 'telephone', as: 'parent', sure: 'yes' }))
    expect(weak.text).toContain('Choose a stronger one')
    expect((await desk.send(town.clerk, at, form({ method: 'video', as: 'foster-parent', sure: 'yes' }))).to).toContain(
      'done=verified',
    )
    expect(await town.statesOf(waiting)).toMatchObject({ health: 'in-force' })
    const [shown] = await town.rows(sql`select kind, state from residents.guardianship where child = ${waiting.child}`)
    expect(shown).toEqual({ kind: 'foster-parent', state: 'shown' })
    expect((await desk.get(town.clerk, `/desk/consents/${waiting.request}`)).status).toBe(404)
  })

  it.each(['legal-guardian', 'foster-parent', 'institution'] as const)(
    'lets a %s consent, who is asked as what she stands for the child and shows its paper',
    async (as) => {
      const stands = await town.neighbour('Stands')
      const born = Temporal.PlainDate.from('2017-05-04')
      const hand = await asked(town, stands.email)
      const done = await given(town, stands.actor, hand, { child: { firstName: 'Maya', born, as } })
      const kinds = sql`select kind, state from residents.guardianship where child = ${done.child}`
      expect(await town.rows(kinds)).toEqual([{ kind: as, state: 'claimed' }])
      const sure = form({ method: 'counter', as, sure: 'yes' })
      expect((await desk.send(town.clerk, `/desk/consents/${done.request}/verifications`, sure)).to).toContain(
        'done=verified',
      )
      expect(await town.rows(kinds)).toEqual([{ kind: as, state: 'shown' }])
      expect(await town.statesOf(done)).toMatchObject({ 'take-part': 'in-force', health: 'in-force' })
    },
  )

  it('lets an emancipated minor consent for herself, with nobody beside her', async () => {
    const ana = await town.neighbour('Ana')
    const paper = { firstName: 'Ana', born: '2010-05-04', email: ana.email }
    expect(await writeEmancipated(town, town.coordinator.actor, paper)).toEqual({ refused: 'not-there' })
    expect(await writeEmancipated(town, town.clerk.actor, { ...paper, email: 'nobody@example.org' })).toEqual({
      refused: 'no-page',
    })
    expect(await writeEmancipated(town, town.clerk.actor, paper)).toEqual({ done: true })
    expect(await writeEmancipated(town, town.clerk.actor, paper)).toEqual({ refused: 'has-page' })
    const own = await openOwnSite(town)
    const hand = await asked(town, ana.email, { band: 'under-18' })
    const question = await own.get(ana, `/me/consents/requests/${hand.request}`)
    const [, child = ''] = /name="child" value="([0-9a-f-]{36})"/.exec(question.body) ?? []
    const done = await given(town, ana.actor, hand, { child: { child: child as ChildId } })
    const sure = form({ method: 'counter', as: 'parent', sure: 'yes' })
    await desk.send(town.clerk, `/desk/consents/${done.request}/verifications`, sure)
    expect(await town.statesOf(done)).toMatchObject({ 'take-part': 'in-force' })
    expect(await town.rows(sql`select from residents.guardianship where child = ${child}`)).toEqual([])
    const acts =
      await town.rows(sql`select e.act || ' ' || e.actor_kind as act from ledger.entry e join residents.child c on c.subject = e.subject
      where c.id = ${child} and e.act <> 'child.opened' order by e.subject_count`)
    expect(acts).toEqual([{ act: 'child.emancipated staff' }, { act: 'child.handed-over staff' }])
    await own.close()
  })

  it('of a signed form keeps the fingerprint alone', async () => {
    const at = `/desk/consents/${waiting.request}/verifications`
    const fields = { method: 'signed-form', as: 'parent', sure: 'yes' }
    expect((await desk.send(town.clerk, at, form(fields))).text).toContain('A signed form needs its scan')
    expect((await desk.send(town.clerk, at, form(fields, '%PDF signed by Rosa'))).to).toContain('done=verified')
    const [proof] = await town.rows<{ hash: Buffer }>(sql`select evidence_hash as hash from consent.proof
      where child = ${waiting.child} and method = 'signed-form'`)
    expect(proof?.hash.equals(createHash('sha256').update('%PDF signed by Rosa').digest())).toBe(true)
  })

  it('prints a letter whose code works once, for whoever lives there', async () => {
    await askLetter(town, rosa.actor, waiting.request, '12 Almond Street\nAlmendra, CA 95900')
    const letter = await desk.post(town.clerk, `/desk/consents/${waiting.request}/letters`, {})
    expect(letter.text).toMatch(/Rosa Vega 12 Almond Street/)
    const code = /Your code: (\d{4} \d{4})/.exec(letter.text)?.[1] ?? ''
    expect((await desk.post(town.clerk, `/desk/consents/${waiting.request}/letters`, {})).status).toBe(404)
    expect(await useLetter(town, rosa.actor, waiting.request, code)).toEqual({ done: true })
    expect(await town.statesOf(waiting)).toMatchObject({ 'take-part': 'in-force', health: 'given' })
    expect(await useLetter(town, rosa.actor, waiting.request, code)).toEqual({ refused: 'over' })
  })
})

describe('two guardians who do not agree', () => {
  it('are reached by the clerk, who lets use go on or takes it back with its preview', async () => {
    const done = await town.wholeWay(rosa)
    const omar = await town.second(done.child)
    const photos = one(done, 'photos')
    const health = one(done, 'health')
    for (const id of [photos, health]) await object(town, omar.actor, id)
    expect((await desk.get(town.clerk, '/desk/consents')).text).toContain('Summer camp: To photos')
    const at = `/desk/consents/conflicts/${photos}`
    expect((await desk.get(town.clerk, at)).body).not.toContain(omar.email)
    await desk.post(town.clerk, `${at}/openings`, { reason: 'reach' })
    const opened = await desk.get(town.clerk, at)
    expect(opened.body).toContain(omar.email)
    expect(opened.text).toMatch(/This follows: .*Use stops everywhere.*is destroyed/)
    expect((await desk.get(town.coordinator, at)).status).toBe(404)
    const seen = /name="seen" value="([0-9a-f]{64})"/.exec(opened.body)?.[1] ?? ''
    expect((await desk.post(town.clerk, `${at}/revocations`, { seen })).to).toContain('settledOff')
    expect((await desk.post(town.clerk, `/desk/consents/conflicts/${health}/goings-on`, {})).to).toContain('settledOn')
    expect(await town.statesOf(done)).toEqual({ 'take-part': 'in-force', health: 'in-force', photos: 'revoked' })
  })
})

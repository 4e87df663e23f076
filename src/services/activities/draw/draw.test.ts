import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../../test/support/house.ts'
import { sql } from '../../../plumbing/index.ts'
import { openLedgerKey, openWitness, sequence, verifierOf, type Verifier } from '../../../trust/ledger/index.ts'
import { enterReceipt } from '../../../trust/need-to-know/index.ts'
import { holderOf, type House, type ReceiptCode } from '../../correspondence/index.ts'
import { cancelEnrolment } from '../cancel.ts'
import { enrolmentsInHand } from '../in-hand.ts'
import { houseAt, join as enter, type Joined } from '../testing/scene.ts'
import { turnActivities } from '../turn.ts'
import { checkDraw, drawnFrom, offeredOf } from './check-draw.ts'
import { readDraw, type Draw } from './read-draw.ts'

const session = 'pottery-wheel-winter' as never
let house: TestHouse
let open: House
let closed: House
let verifier: Verifier
let keep: () => Promise<unknown>

beforeAll(async () => {
  house = await openTestHouse()
  const signer = await openLedgerKey(join(house.folder, 'secrets'), 'city.test/ledger')
  const witness = openWitness(join(house.folder, 'ledger-checkpoint'), signer.vkey)
  const known = verifierOf(signer.vkey)
  if (!known) throw new Error('no verifier')
  verifier = known
  keep = () => sequence(house.database.keeper, signer, witness)
  open = houseAt(house, house.database.owner, '2026-12-10T20:00:00Z')
  closed = houseAt(house, house.database.owner, '2026-12-19T01:00:01Z')
})
afterAll(() => house.close())

const read = () => house.db.transaction((tx) => readDraw(tx, session))
const faults = (draw: Draw) => house.db.transaction((tx) => checkDraw(tx, draw, verifier))
const standing = (code: ReceiptCode) =>
  closed.db.transaction(async (tx) => {
    await enterReceipt(tx, holderOf(closed, code))
    return (await enrolmentsInHand(tx))[0]
  })
const made = (joined: Joined) => {
  if ('refused' in joined) throw new Error(joined.refused)
  return joined
}

describe('a drawing', () => {
  const entered: ReturnType<typeof made>[] = []
  let draw: Draw

  it('takes tickets until registration closes, and none after; who has cancelled is not in it', async () => {
    for (let n = 0; n < 13; n += 1)
      entered.push(made(await enter(open, session, { email: `p${String(n)}@example.org` })))
    expect(new Set(entered.map(({ as }) => as))).toEqual(new Set(['lottery']))
    const gone = entered.pop() ?? entered[0]
    expect(
      await cancelEnrolment(open, gone?.code as ReceiptCode, { id: gone?.id ?? '', refund: 'none', version: 1 }),
    ).toEqual({
      done: true,
    })
    expect(await enter(closed, session)).toEqual({ refused: 'closed' })
  })

  it('waits for a checkpoint that did not exist when registration closed', async () => {
    await keep()
    const [before] = await house.database.owner.once<{ size: number }>(
      sql`select max(size) as size from ledger.checkpoint`,
    )
    await turnActivities(closed.db)
    expect(await read()).toBeUndefined()
    await keep()
    await turnActivities(closed.db)
    const found = await read()
    if (!found) throw new Error('not drawn')
    draw = found
    expect(draw.size).toBeGreaterThan(before?.size ?? Infinity)
    expect(draw.tickets).toHaveLength(12)
  })

  it('gives the first as many places as there are, the others their number in the line, and tells each', async () => {
    const all = await Promise.all(entered.map(({ code }) => standing(code)))
    const inOrder = [...all].sort((a, b) => (a?.drawn ?? 0) - (b?.drawn ?? 0))
    expect(inOrder.map((one) => one?.ticket)).toEqual(draw.tickets.map(({ ticket }) => ticket))
    expect(inOrder.map((one) => one?.standing.state)).toEqual([
      ...Array<string>(8).fill('offered'),
      ...Array<string>(4).fill('waiting'),
    ])
    expect(inOrder[8]?.standing).toEqual({ state: 'waiting', number: 1 })
    const news = await house.database.owner.once<{ news: string; n: number }>(
      sql`select news, count(*)::int as n from activities.notice where news in ('offered', 'not-drawn') group by 1 order by 1`,
    )
    expect(news).toEqual([
      { news: 'not-drawn', n: 4 },
      { news: 'offered', n: 8 },
    ])
  })

  it('holds when it is computed anew from what is public, and not when any of it is another', async () => {
    expect(await faults(draw)).toEqual([])
    const [first, second, ...others] = draw.tickets
    if (!first || !second) throw new Error('no tickets')
    const swapped = [{ ...second, rank: 1 }, { ...first, rank: 2 }, ...others]
    expect(await faults({ ...draw, tickets: swapped })).toEqual(['order'])
    expect(await faults({ ...draw, tickets: draw.tickets.slice(0, -1) })).toEqual(['statement', 'tickets'])
    expect(await faults({ ...draw, seed: Buffer.alloc(32, 7) })).toContain('seed')
    expect(await faults({ ...draw, root: Buffer.alloc(32, 7) })).toEqual(['checkpoint', 'seed'])
    expect(await faults({ ...draw, statement: draw.statement.replace('tickets=12', 'tickets=13') })).toContain(
      'not-in-ledger',
    )
    expect(await faults({ ...draw, note: draw.note.replace(/\n\d+\n/, '\n1\n') })).toContain('checkpoint')
  })

  it('puts brothers and sisters one after the other, whatever the seed', () => {
    const tickets = ['AA', 'BB', 'CC', 'DD', 'EE'].map((ticket) => ({
      ticket,
      drawnWith: ticket === 'DD' ? 'BB' : ticket,
    }))
    for (let n = 0; n < 20; n += 1) {
      const order = drawnFrom(Buffer.alloc(32, n), tickets)
      expect(order.indexOf('DD') - order.indexOf('BB')).toBe(1)
    }
  })

  it('offers brothers and sisters places together or not at all, and what is left to whoever comes next', () => {
    const tickets = ['AA', 'BB', 'DD', 'CC', 'EE'].map((ticket) => ({
      ticket,
      drawnWith: ticket === 'DD' ? 'BB' : ticket,
    }))
    expect([...offeredOf(tickets, 3)]).toEqual(['AA', 'BB', 'DD'])
    expect([...offeredOf(tickets, 2)]).toEqual(['AA', 'CC'])
    expect([...offeredOf(tickets, 9)]).toHaveLength(5)
  })
})

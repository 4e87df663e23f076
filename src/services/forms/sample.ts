import type { Temporal } from 'temporal-polyfill'
import { randomBytes, createHash } from 'node:crypto'
import { sql } from '../../plumbing/index.ts'
import type { CaseId, City, SampleCase, SampleEvent, StaffId } from '../../city/index.ts'
import { appoint, charge, leave, setPassword, type StaffActor } from '../../trust/need-to-know/index.ts'
import {
  addToCase,
  assign,
  close,
  deliver,
  issueToken,
  move,
  newId,
  note,
  openLetter,
  receive,
  reply,
  type House,
  type ReceiptCode,
} from '../correspondence/index.ts'
import type { Forms } from './define.ts'
import { at } from './sample-clock.ts'
import { letterOf } from './submit.ts'

/** The password of every sample sign-in. It opens invented cases only: CITYHALL_SAMPLE is refused in production. */
export const samplePassword = 'almond-blossom-festival'

type SampleHouse = House & Readonly<{ forms: Forms; publicUrl: string }>
type Staff = Readonly<{ actor: StaffActor; employee: number }>

/**
 * Lets the sample city's past happen, as the owner: its staff are appointed, its letters come in, are read, answered,
 * moved and closed by the same acts as any letter, dated back. Does nothing where there is a case already. A crash in
 * between leaves a smaller past; the next start says so (src/sample-city.ts) and does not go on with it.
 */
export async function loadSample(house: SampleHouse): Promise<{ cases: number }> {
  const { sample } = house.city
  const taken = await house.db.once(sql`select from correspondence.casefile limit 1`)
  if (!sample || taken.length > 0) return { cases: 0 }
  const now = house.clock.now()
  const longAgo = at(house, now.subtract({ hours: 24 * 400 }))
  const staff = new Map<StaffId, Staff>()
  for (const one of sample.staff) staff.set(one.handle, await hire(longAgo, one))
  for (const told of sample.cases) await happen(house, staff, told, now)
  for (const one of sample.staff.filter(({ former }) => former)) {
    const gone = staff.get(one.handle)
    if (gone) await longAgo.db.transaction((tx) => leave(tx, gone.employee))
  }
  await house.db.once(sql`delete from need_to_know.session`)
  return { cases: sample.cases.length }
}

async function hire(house: House, one: { handle: string; name: string; duties: readonly string[] }): Promise<Staff> {
  const secret = randomBytes(32)
  const employee = await house.db.transaction(async (tx) => {
    const appointed = await appoint(tx, one)
    if ('refused' in appointed) throw new Error(`sample: ${one.handle} cannot be appointed: ${appointed.refused}`)
    for (const duty of one.duties) await charge(tx, appointed.employee, duty)
    await setPassword(tx, appointed.employee, samplePassword, house.keys.derive('password-pepper'))
    await tx.rows(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
      values (${createHash('sha256').update(secret).digest()}, ${appointed.employee}, 'password', clock_timestamp() + interval '1 hour')`)
    return appointed.employee
  })
  return { actor: { kind: 'staff', secret }, employee }
}

async function happen(house: SampleHouse, staff: ReadonlyMap<StaffId, Staff>, told: SampleCase, now: Temporal.Instant) {
  const came = now.subtract({ hours: told.daysAgo * 24, minutes: 7 * told.daysAgo })
  const form = house.forms.get(told.form)
  const read = form?.read(told.answers)
  if (!form || !read || 'refused' in read)
    throw new Error(`sample: the letter of ${String(told.daysAgo)} days ago is refused by ${told.form}`)
  const letter = letterOf(house.city, form, read, told.language)
  const then = at(house, came)
  const received = await receive(then, letter, issueToken(house.keys))
  if ('refused' in received) throw new Error('sample: a letter came twice')
  const [row] = await house.db.once<{ id: CaseId }>(
    sql`select id from correspondence.casefile order by number desc limit 1`,
  )
  if (!row) throw new Error('sample: a letter was not received')
  await post(then, row.id)
  for (const [order, event] of told.happened.entries()) {
    const when = at(house, came.add({ hours: event.after * 24, minutes: 11 + order * 23 }))
    const outcome = await once(when, staff, row.id, received.code, event)
    if ('refused' in outcome) throw new Error(`sample: '${event.does}' was refused: ${outcome.refused}`)
    await post(when, row.id)
  }
}

async function once(
  house: SampleHouse,
  staff: ReadonlyMap<StaffId, Staff>,
  caseId: CaseId,
  code: ReceiptCode,
  event: SampleEvent,
): Promise<object | { refused: string }> {
  if (event.does === 'resident-writes') return addToCase(house, code, { words: event.text })
  const by = staff.get(event.by)
  if (!by) throw new Error(`sample: nobody is called ${event.by}`)
  const [row] = await house.db.once<{ version: number; topic: string }>(
    sql`select version, topic from correspondence.casefile where id = ${caseId}`,
  )
  const version = row?.version ?? 0
  switch (event.does) {
    case 'look':
      return openLetter(house, by.actor, caseId, event.reason)
    case 'reply':
      await openLetter(house, by.actor, caseId, reasonOf(house.city, event.by, row?.topic))
      return reply(house, by.actor, { caseId, version, words: event.text, messageId: newId() })
    case 'note':
      await openLetter(house, by.actor, caseId, reasonOf(house.city, event.by, row?.topic))
      return note(house, by.actor, { caseId, words: event.text, messageId: newId() })
    case 'assign': {
      const assignee = staff.get(event.to)?.employee
      return assign(house, by.actor, { caseId, version, ...(assignee !== undefined && { assignee }) })
    }
    case 'move':
      return move(house, by.actor, { caseId, version, topic: event.to })
    case 'close':
      return close(house, by.actor, {
        caseId,
        version,
        because: event.because,
        ...(event.agency && { agency: event.agency }),
      })
    default:
      return event satisfies never
  }
}

/** The reason that is prefilled for her on this topic. */
function reasonOf(city: City, handle: StaffId, topic: string | undefined): string {
  const duties = city.sample?.staff.find((one) => one.handle === handle)?.duties ?? []
  const duty = duties.map((id) => city.duties.get(id)).find((one) => one?.topics.some((covered) => covered === topic))
  return duty?.reasons[0].id ?? 'none'
}

/** Delivers at once what this moment put in the post, so that the mail is as old as the letter. */
async function post(house: SampleHouse, caseId: CaseId): Promise<void> {
  const waiting = await house.db.once<{ id: string }>(
    sql`select id from correspondence.mail where case_id = ${caseId} and state = 'waiting'`,
  )
  const office = { keeper: house.db, keys: house.keys, city: house.city, publicUrl: house.publicUrl }
  for (const { id } of waiting) await deliver(office, id)
}

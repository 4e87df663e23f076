import { randomBytes, randomUUID } from 'node:crypto'
import { openTestHouse, type Clerk, type TestHouse } from '../support/house.ts'
import type { CaseId, FormId, TopicId } from '../../src/city/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import {
  issueToken,
  newId,
  note,
  openLetter,
  readReceipt,
  receive,
  reply,
  secretOf,
  type IncomingLetter,
  type ReceiptCode,
} from '../../src/services/correspondence/index.ts'
import { discharge, leave } from '../../src/trust/need-to-know/index.ts'
import { inSql, wireTo, type Wire } from './wire.ts'

export const victimsLetter: IncomingLetter = {
  channel: 'form',
  form: 'contact-the-city' as FormId,
  formVersion: 1,
  topic: 'potholes' as TopicId,
  language: 'es',
  answers: [{ field: 'message', label: 'Su carta', value: 'El bache de la calle Sauce rompió mi bicicleta 🚲.' }],
  contact: { name: 'Marisol Vega', email: 'marisol@example.org', telephone: '555-555-0142' },
}

/** A case of Marisol's at Public Works, opened, answered and noted by Dana; and everybody who should not see it. */
export type Scene = TestHouse & {
  code: ReceiptCode
  caseId: CaseId
  dana: Clerk
  /** Identifiers of the case and of everything that hangs on it, by what they name. */
  hidden: Readonly<Record<string, string[]>>
  app: Wire
  keeper: Wire
  /** Puts a connection in an actor's place inside an open transaction; what she enters with. */
  actors: Readonly<Record<ActorName, Buffer | undefined>>
  enter(wire: Wire, actor: ActorName, caseId?: string): Promise<void>
  /** The statements that do so. */
  entering(actor: ActorName, caseId?: string): string[]
  shut(): Promise<void>
}

export const actorNames = ['outsider', 'other resident', 'librarian', 'left', 'discharged', 'wrong secret'] as const
export type ActorName = (typeof actorNames)[number]

export async function setTheScene(): Promise<Scene> {
  const house = await openTestHouse()
  const { owner } = house.database
  const dana = await house.hire('dana', 'works-dispatcher')
  const lee = await house.hire('lee', 'librarian')
  const rae = await house.hire('rae', 'works-dispatcher')
  const cleo = await house.hire('cleo', 'works-dispatcher')
  await owner.transaction((tx) => discharge(tx, cleo.employee, 'works-dispatcher'))
  await leaveButKeepTheSession(house, rae)
  const { code, caseId } = await written(house, victimsLetter)
  await openLetter(house, dana.actor, caseId, 'send-crew')
  await note(house, dana.actor, { caseId, words: 'Third call about this.', messageId: newId() })
  await reply(house, dana.actor, { caseId, version: 1, words: 'A crew comes on Thursday.', messageId: newId() })
  const other = await written(house, { ...victimsLetter, topic: 'library-general' as TopicId, contact: {} })
  const app = await wireTo(house.database.urls.app, 'cityhall_app')
  const keeper = await wireTo(house.database.urls.keeper, 'cityhall_keeper')
  const actors = {
    outsider: undefined,
    'other resident': secretOf(house.keys, other.code),
    librarian: lee.actor.secret,
    left: rae.actor.secret,
    discharged: cleo.actor.secret,
    'wrong secret': randomBytes(32),
  }
  const entering: Scene['entering'] = (actor, named) => {
    const secret = actors[actor]
    if (secret === undefined) return []
    const at = named === undefined ? 'null' : `'${named}'::uuid`
    return [
      ...(actor === 'other resident' ? [] : [`select need_to_know.enter_staff(${inSql(secret)}, ${at})`]),
      ...(actor === 'librarian' ? [] : [`select need_to_know.enter_receipt(${inSql(secret)})`]),
    ]
  }
  return {
    ...house,
    code,
    caseId,
    dana,
    hidden: await whatHangsOn(house, caseId),
    app,
    keeper,
    actors,
    entering,
    async enter(wire, actor, named) {
      for (const text of entering(actor, named)) await wire.ask(text)
    },
    async shut() {
      await Promise.all([app.end(), keeper.end()])
      await house.close()
    },
  }
}

export async function written(
  house: TestHouse,
  letter: IncomingLetter,
): Promise<{ code: ReceiptCode; caseId: CaseId }> {
  const received = await receive(house, letter, issueToken(house.keys))
  if ('refused' in received) throw new Error(received.refused)
  const receipt = await readReceipt(house, received.code)
  if ('refused' in receipt) throw new Error(receipt.refused)
  return { code: received.code, caseId: receipt.line.id }
}

/** She left, but a session of hers is still in the table, as if leaving had forgotten it: it must not help her. */
async function leaveButKeepTheSession(house: TestHouse, { employee, actor }: Clerk): Promise<void> {
  const { owner } = house.database
  await owner.transaction((tx) => leave(tx, employee))
  await owner.once(sql`insert into need_to_know.session (secret_hash, employee, method, ends_at)
    values (sha256(${actor.secret}), ${employee}, 'password', now() + interval '1 hour')`)
}

async function whatHangsOn({ database }: TestHouse, caseId: CaseId): Promise<Record<string, string[]>> {
  const [row] = await database.owner.once<Record<string, string[]>>(sql`
    select array[f.id::text] as "case", array[f.subject::text] as subject,
      array(select id::text from correspondence.message where case_id = f.id) as message,
      array(select id::text from correspondence.mail where case_id = f.id) as mail,
      array(select id::text from vault.opening where case_id = f.id) as opening,
      array(select id::text from ledger.entry where case_id = f.id) as entry
    from correspondence.casefile f where f.id = ${caseId}`)
  const found = row ?? {}
  for (const [kind, ids] of Object.entries(found)) if (ids.length === 0) throw new Error(`the scene has no ${kind}`)
  return found
}

/** An identifier of the same kind behind which nothing is. */
export const nothing = (): string => randomUUID()

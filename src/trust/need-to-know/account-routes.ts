import type { FastifyReply } from 'fastify'
import { changePassword, type PasswordChanged } from './change-password.ts'
import type { Desk, DeskDoor, Visit } from './desk.ts'
import { enterStaff } from './enter.ts'
import { say } from './messages.ts'
import { accountPage, type AccountParts } from './pages/account.ts'
import { addPasskey, ownPasskeys, passkeyOffer, removePasskey } from './passkey-register.ts'
import { ownSessions, signOut } from './session.ts'

type Said = Pick<AccountParts, 'done' | 'wrong'>

/** An employee's own account. */
export function accountRoutes(desk: Desk, door: DeskDoor): void {
  const { db, party } = door
  desk.get('/desk/account', (visit) => show(door, visit, {}))

  desk.post('/desk/account/passkey-challenges', async ({ actor, staff, reply }) => {
    if (!party) return reply.problem(404)
    const present = await db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? ownPasskeys(tx) : []))
    const offer = await passkeyOffer(db, party, staff, present)
    return offer ? reply.header('cache-control', 'no-store').send(offer) : reply.problem(429)
  })

  desk.post('/desk/account/passkeys', async (visit) => {
    const { actor, staff, posted, reply } = visit
    if (!party) return reply.problem(404)
    const added = await addPasskey(db, party, actor, staff, {
      answer: posted['passkey'] ?? '',
      label: posted['label'] ?? '',
    })
    if ('done' in added) return show(door, visit, { done: say('en', 'passkeyDone') })
    return show(door, visit, {
      wrong: say('en', added.refused === 'known-already' ? 'passkeyKnown' : 'passkeyNotVerified'),
    })
  })

  desk.post('/desk/account/passkey-removals', async (visit) => {
    const removed = await removePasskey(db, visit.actor, visit.posted['passkey'] ?? '')
    return removed ? show(door, visit, { done: say('en', 'passkeyGone') }) : visit.reply.problem(404)
  })

  desk.post('/desk/account/session-endings', async (visit) => {
    const session = visit.posted['session'] ?? ''
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(session)) return visit.reply.problem(404)
    await signOut(db, visit.actor, { session })
    return show(door, visit, { done: say('en', 'sessionEnded') })
  })

  desk.post('/desk/account/passwords', async (visit) => {
    const { old = '', wanted = '' } = visit.posted
    const changed = await changePassword(db, door.signIn, visit.actor, { old, wanted })
    if ('done' in changed) return show(door, visit, { done: say('en', 'passwordDone') })
    return show(door, visit, { wrong: whyNot(changed) })
  })

  desk.post('/desk/sign-outs', async ({ actor, posted, reply }) => {
    await signOut(db, actor, posted['everywhere'] === 'yes' ? 'everywhere' : 'here')
    return reply
      .headers({ 'set-cookie': door.cookie.clear(), 'cache-control': 'no-store', 'clear-site-data': '"cache"' })
      .redirect('/desk/sign-in', 303)
  })
}

async function show(door: DeskDoor, { actor, staff, reply }: Visit, said: Said): Promise<FastifyReply> {
  const own = await door.db.transaction(async (tx) => {
    await enterStaff(tx, actor)
    return { passkeys: await ownPasskeys(tx), sessions: await ownSessions(tx) }
  })
  return reply.page(accountPage(door, { staff, ...own, ...said }), said.wrong === undefined ? 200 : 422)
}

function whyNot(changed: Exclude<PasswordChanged, { done: true }>): string {
  switch (changed.refused) {
    case 'no-match':
      return say('en', 'oldNoMatch')
    case 'too-short':
      return say('en', 'tooShort')
    case 'too-long':
      return say('en', 'tooLong')
    case 'too-simple':
      return say('en', 'tooSimple')
    case 'wait':
      return say('en', 'waitMinutes', { minutes: Math.ceil(changed.seconds / 60) })
    case 'busy':
      return say('en', 'busy')
    case 'no-session':
      return say('en', 'ended')
    default:
      return changed satisfies never
  }
}

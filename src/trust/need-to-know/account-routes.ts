import type { FastifyReply } from 'fastify'
import { goingOn, goOn } from './admit.ts'
import { changePassword, type PasswordChanged } from './change-password.ts'
import { deskAddress, type Desk, type DeskDoor, type Visit } from './desk.ts'
import { enterStaff } from './enter.ts'
import { attemptCookie } from './identity-provider/attempt-cookie.ts'
import { beginCitySignIn } from './identity-provider/begin.ts'
import { ownAccount, unlink } from './identity-provider/link.ts'
import { say as providerSays } from './identity-provider/messages.ts'
import { onwardPage } from './identity-provider/pages.ts'
import { signOutAddress } from './identity-provider/sign-out.ts'
import { say } from './messages.ts'
import { accountPage, type AccountParts } from './pages/account.ts'
import { addPasskey, isProved, ownPasskeys, passkeyOffer, removePasskey } from './passkey-register.ts'
import { proveAgain } from './prove-again.ts'
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
    const words = { 'known-already': 'passkeyKnown', 'not-proved': 'proveFirst' } as const
    const { refused } = added
    return show(door, visit, {
      wrong: say('en', refused in words ? words[refused as keyof typeof words] : 'passkeyNotVerified'),
    })
  })

  desk.post('/desk/account/passkey-removals', async (visit) => {
    const removed = await removePasskey(db, visit.actor, visit.posted['passkey'] ?? '')
    if (removed) return show(door, visit, { done: say('en', 'passkeyGone') })
    return show(door, visit, { wrong: say('en', 'passkeyNotRemoved') })
  })

  desk.post('/desk/account/proofs', async (visit) => {
    const proved = await proveAgain(db, door.signIn, visit.actor, visit.staff, visit.posted['password'] ?? '')
    return show(door, visit, 'done' in proved ? { done: say('en', 'provedDone') } : { wrong: whyNot(proved) })
  })

  desk.post('/desk/account/city-accounts', (visit) => link(door, visit))
  desk.post('/desk/account/city-account-removals', async (visit) => {
    const outcome = await unlink(door, visit.actor)
    if (outcome === 'done') return show(door, visit, { done: say('en', 'unlinkDone') })
    const why = { none: 'unlinkNone', 'not-proved': 'proveFirst', 'only-way': 'unlinkOtherwise' } as const
    return show(door, visit, { wrong: say('en', why[outcome]) })
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

  desk.post(goingOn, ({ actor, posted, reply }) =>
    goOn(door, reply, actor.secret, { then: deskAddress(posted['then']), kept: posted['kept'] }),
  )

  desk.post('/desk/sign-outs', (visit) => signOutHere(door, visit), { evenUnasked: true })
}

/** Ends the session here, and then at the city's provider where she came from there. */
async function signOutHere(door: DeskDoor, { actor, posted, reply }: Visit): Promise<FastifyReply> {
  const onward = await signOutAddress(door, actor.secret)
  await signOut(door.db, actor, posted['everywhere'] === 'yes' ? 'everywhere' : 'here')
  reply.headers({ 'set-cookie': door.cookie.clear(), 'cache-control': 'no-store', 'clear-site-data': '"cache"' })
  if (onward === undefined) return reply.redirect('/desk/sign-in', 303)
  return reply.header('refresh', `0;url=${onward}`).page(onwardPage(door, onward, true))
}

/** To the provider, which asks for her password there; what she began here is finished where it leads her back. */
async function link(door: DeskDoor, visit: Visit): Promise<FastifyReply> {
  const { actor, reply } = visit
  const { db, provider } = door
  if (!provider) return reply.problem(404)
  const proved = await db.transaction(async (tx) => ((await enterStaff(tx, actor)) ? isProved(tx) : false))
  if (!proved) return show(door, visit, { wrong: say('en', 'proveFirst') })
  const along = { then: '/desk/account', again: true, link: true, before: actor.secret.toString('base64url') } as const
  const begun = await beginCitySignIn(door, provider, along)
  if ('refused' in begun) {
    if (begun.error !== undefined) reply.noteFault(begun.error)
    return show(door, visit, { wrong: providerSays('en', begun.refused) })
  }
  const way = attemptCookie(provider.settings.publicUrl)
  reply.header('set-cookie', way.set(begun.browser)).header('refresh', `0;url=${begun.address.href}`)
  return reply.page(onwardPage(door, begun.address.href))
}

async function show(door: DeskDoor, { actor, staff, reply }: Visit, said: Said): Promise<FastifyReply> {
  const own = await door.db.transaction(async (tx) => {
    await enterStaff(tx, actor)
    const linkedSince = await ownAccount(tx)
    return {
      passkeys: await ownPasskeys(tx),
      sessions: await ownSessions(tx),
      proved: await isProved(tx),
      ...(linkedSince && { linkedSince }),
    }
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

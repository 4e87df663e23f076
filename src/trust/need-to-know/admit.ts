import type { FastifyReply, FastifyRequest } from 'fastify'
import { deskAddress, type DeskDoor } from './desk.ts'
import { heldPage } from './identity-provider/pages.ts'
import { keepWords, wordsKept, type Fields } from './kept-words.ts'
import { anothersPage, goOnPage, momentPage, signInPage } from './pages/sign-in.ts'

type Turned = Readonly<{ request: FastifyRequest; reply: FastifyReply; posted: Fields; secret: Buffer | undefined }>

/** Where a form goes on that was held up on its way. */
export const goingOn = '/desk/goings-on'

/**
 * To the sign-in page, with all that was typed, sealed for whoever typed it. The cookie of an ended session stays: it
 * opens nothing, and tells whose words another window of hers still holds. Without one, words could be anybody's.
 */
export function turnAway(door: DeskDoor, { request, reply, posted, secret }: Turned): FastifyReply {
  const then = pathOf(request)
  if (request.method === 'POST') {
    const kept = secret && (then === goingOn ? posted['kept'] : keepWords(door.sealer, secret, posted))
    const wrote = Object.values(posted).some((value) => value.length > 40)
    const parts = { then: then === goingOn ? deskAddress(posted['then']) : then, ...(kept && { kept }) }
    return reply.page(
      signInPage(door, { ...parts, ended: kept === undefined ? 'lost' : wrote ? 'kept' : 'plain' }),
      401,
    )
  }
  // A link in a mail: a browser sends no SameSite=Strict cookie with it, but does when our own page asks again.
  if (secret === undefined && request.headers['sec-fetch-site'] === 'cross-site')
    return reply.header('refresh', '0').page(momentPage(door, then))
  const query = then === '/desk' ? '' : `?then=${encodeURIComponent(then)}`
  return reply.header('cache-control', 'no-store').redirect(`/desk/sign-in${query}`, 303)
}

/** The city's sign-in service gives no answer: the desk stays shut, and what was typed waits in the page, sealed. */
export function hold(door: DeskDoor, { request, reply, posted, secret }: Turned): FastifyReply {
  const path = pathOf(request)
  reply.header('retry-after', '15')
  if (request.method !== 'POST') return reply.page(heldPage(door, { then: path }), 503)
  const again = path === goingOn
  const kept = again ? posted['kept'] : secret && keepWords(door.sealer, secret, posted)
  return reply.page(heldPage(door, { then: again ? deskAddress(posted['then']) : path, kept: kept ?? '' }), 503)
}

/** On to where she wanted to go, with what was kept for her. `page`: by a page of ours, where a redirect would lose the cookie. */
export async function goOn(
  door: DeskDoor,
  reply: FastifyReply,
  secret: Buffer,
  { then, kept, page }: Readonly<{ then: string; kept?: string | undefined; page?: boolean }>,
): Promise<FastifyReply> {
  const found = await wordsKept(door.db, door.sealer, { kind: 'staff', secret }, kept)
  if (found === 'anothers') return reply.page(anothersPage(door))
  if (found) return reply.page(goOnPage(door, then, found.fields))
  if (page) return reply.header('refresh', `0;url=${then}`).page(momentPage(door, then))
  return reply.header('cache-control', 'no-store').redirect(then, 303)
}

function pathOf(request: FastifyRequest): string {
  return deskAddress(request.url.split('?', 1)[0])
}

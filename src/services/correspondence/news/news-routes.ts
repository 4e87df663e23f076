import type { FastifyReply } from 'fastify'
import { enterStaff, type Desk, type Visit } from '../../../trust/need-to-know/index.ts'
import { wholeNumber } from '../desk-posted.ts'
import type { House } from '../house.ts'
import { mailDomain } from '../reply-address.ts'
import { say } from './messages.ts'
import { newsPage } from './page.ts'
import { endNews, ownNews, ownWish, paces, wishNews, type Pace, type Wish } from './wish.ts'

/** An employee's news and her wishes about them. */
export function newsRoutes(desk: Desk, house: House): void {
  desk.get('/desk/news', (visit) => show(house, visit))
  desk.post('/desk/news/readings', async (visit) => {
    await endNews(house, visit.actor)
    return show(house, visit, { done: say('en', 'doneSeen') })
  })
  desk.post('/desk/news/wishes', async (visit) => {
    const wish = wishIn(visit)
    const wished = await wishNews(house, visit.actor, wish)
    if ('done' in wished) return show(house, visit, { done: say('en', 'doneWished') })
    return show(house, visit, { wish, wrong: say('en', 'elsewhere', { domain: mailDomain(house.city) }) }, 422)
  })
}

async function show(
  house: House,
  { actor, staff, reply }: Visit,
  said: { done?: string; wrong?: string; wish?: Wish } = {},
  status = 200,
): Promise<FastifyReply> {
  const own = await house.db.transaction(async (tx) => {
    await enterStaff(tx, actor)
    return { news: await ownNews(tx), wish: await ownWish(tx) }
  })
  return reply.page(newsPage(house.city, staff, { ...own, ...said }), status)
}

function wishIn({ posted }: Visit): Wish {
  const pace = (name: string): Pace => paces.find((one) => one === posted[name]) ?? 'none'
  const address = (posted['address'] ?? '').trim()
  const hour = wholeNumber(posted['hour']) ?? 8
  return {
    fresh: pace('fresh'),
    assigned: pace('assigned'),
    answered: pace('answered'),
    reminded: pace('reminded'),
    escalated: pace('escalated'),
    due: pace('due') === 'none' ? 'none' : 'daily',
    hour: hour <= 23 ? hour : 8,
    ...(address !== '' && { address }),
  }
}

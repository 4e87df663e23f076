import { inLanguage } from '../../../plumbing/index.ts'
import type { OwnPage } from '../../residents/index.ts'
import type { ConsentHouse } from '../house.ts'
import { claimPage } from '../pages/claim-page.ts'
import { claim } from './acts.ts'

/** `/me/consents/code`: where a parent types the code of the letter by which she was asked. A code has 53 bits of chance. */
export function claimRoutes(own: OwnPage, house: ConsentHouse): void {
  const { city } = house
  own.get('/me/consents/code', ({ reply, language }) => reply.page(claimPage({ city, language })))
  own.post('/me/consents/code', async ({ actor, reply, language, posted }) => {
    const typed = posted['code'] ?? ''
    const request = await claim(house, actor, typed)
    if (!request) return reply.page(claimPage({ city, language, typed }), 422)
    return reply.redirect(inLanguage(language, `/me/consents/requests/${request}`), 303)
  })
}

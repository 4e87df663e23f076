import type { FastifyInstance } from 'fastify'
import type { Posted } from '../../../plumbing/index.ts'
import { readChildCode } from '../../../people/consent/index.ts'
import { issueToken } from '../../correspondence/index.ts'
import { textOf } from '../filling/posted-walk.ts'
import { showPage } from '../filling/show.ts'
import { showStanding, type MinorsHouse } from './age-gate.ts'
import { standingOf } from './going-on.ts'
import { codeName, goOnPage, goOnPath, ofAgeNotice, standingPage } from './pages/go-on.ts'

/** `/forms/go-on`: where a child types the code with which she asked a parent. A code has 53 bits of chance. */
export function goOnRoutes(app: FastifyInstance, house: MinorsHouse): void {
  app.publish(goOnPath, (language) => goOnPage({ city: house.city, language }))

  app.post<{ Body: Posted | undefined }>(goOnPath, async (request, reply) => {
    const typed = textOf(request.body?.[codeName])
    const place = { city: house.city, language: request.language }
    const code = readChildCode(typed)
    const stands = code && (await standingOf(house, code))
    if (!code || !stands) return reply.page(goOnPage(place, { typed, unknown: true }), 422)
    if ('stands' in stands) return showStanding({ house, request, reply }, stands)
    if (stands.consents.every(({ held }) => held)) return reply.page(standingPage(place, 'done', stands.going))
    const { passedUntil } = stands.going
    const ofAge = passedUntil && { ofAge: ofAgeNotice(place, passedUntil) }
    return showPage(
      { house, form: stands.form, request, reply },
      { token: issueToken(house.keys), child: code, ...ofAge },
    )
  })
}

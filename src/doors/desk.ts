import type { FastifyInstance } from 'fastify'
import { publishDeskLook } from '../city/look/index.ts'
import { deskModules, deskRoutes, type House as CaseHouse } from '../services/correspondence/index.ts'
import { counterRoutes, intakeModule } from '../services/counter/index.ts'
import { routingRoutes } from '../services/routing/index.ts'
import {
  accountRoutes,
  atDesk,
  createSignIn,
  passkeyModule,
  relyingParty,
  sessionCookie,
  signInRoutes,
  webauthnModule,
} from '../trust/need-to-know/index.ts'
import type { House } from './open-doors.ts'

type DeskHouse = House & Pick<CaseHouse, 'panels' | 'learner'>

/** The staff desk, under `/desk`: signing in, and behind it the rooms in which staff work. */
export async function openDesk(app: FastifyInstance, house: DeskHouse): Promise<void> {
  const { city, config, db, keys } = house
  const signIn = await createSignIn({
    pepper: keys.derive('password-pepper'),
    authority: keys.derive('session-authority'),
  })
  const door = {
    db,
    city,
    signIn,
    cookie: sessionCookie(config.publicUrl),
    party: relyingParty(config.publicUrl, city.name.en),
  }
  publishDeskLook(app, city, [passkeyModule, webauthnModule, ...deskModules, intakeModule])
  await app.register((scope, _options, done) => {
    const desk = atDesk(scope, door)
    signInRoutes(scope, door)
    accountRoutes(desk, door)
    deskRoutes(desk, house, config.publicUrl)
    routingRoutes(desk, house)
    counterRoutes(desk, { ...house, publicUrl: config.publicUrl })
    done()
  })
}

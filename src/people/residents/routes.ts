import type { FastifyInstance } from 'fastify'
import { householdRoutes } from './household/routes.ts'
import type { ResidentsHouse } from './house.ts'
import { atOwnPage, onlySameOrigin, type OwnPage } from './own-page.ts'
import { ownSignInRoutes } from './sign-in/own-routes.ts'
import { signInRoutes } from './sign-in/routes.ts'
import { publishOwnModules } from './browser/module.ts'

/**
 * `/me`: signing in, and a resident's own pages behind it. `more`: what rooms further up have behind the same door. Nothing
 * outside this scope sets a cookie or reads one.
 */
export async function residentsRoutes(
  app: FastifyInstance,
  house: ResidentsHouse,
  more: readonly ((own: OwnPage) => void)[] = [],
): Promise<void> {
  publishOwnModules(app)
  await app.register((scope, _options, done) => {
    onlySameOrigin(scope)
    signInRoutes(scope, house)
    const own = atOwnPage(scope, house)
    householdRoutes(own, house)
    ownSignInRoutes(own, house)
    for (const routes of more) routes(own)
    done()
  })
}

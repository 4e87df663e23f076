import type { OwnPage } from '../../residents/index.ts'
import { claimRoutes } from './claim-routes.ts'
import { childRoutes } from './child-routes.ts'
import { requestRoutes } from './request-routes.ts'
import type { ConsentRoutesHouse } from '../house.ts'
import { revokeRoutes } from './revoke-routes.ts'

/** Everything of consent under `/me`, behind the door of a resident's own page. */
export function consentRoutes(own: OwnPage, house: ConsentRoutesHouse): void {
  claimRoutes(own, house)
  requestRoutes(own, house)
  childRoutes(own, house)
  revokeRoutes(own, house)
}

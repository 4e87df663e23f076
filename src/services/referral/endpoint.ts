import type { AgencyId } from '../../city/index.ts'
import type { Endpoint } from '../open311/index.ts'
import type { ReferralOffice } from './house.ts'

/** Where an agency's reports are taken, with our key for it. */
export function endpointOf(office: ReferralOffice, agency: AgencyId, url: string): Endpoint {
  const takes = office.city.agencies.get(agency)?.takes
  const key = office.agencyKey?.(agency)
  return {
    url,
    ...(takes?.way === 'open311' && takes.jurisdiction !== undefined && { jurisdiction: takes.jurisdiction }),
    ...(key !== undefined && { key }),
    ...(office.insideNetwork && { insideNetwork: true }),
  }
}

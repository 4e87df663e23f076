import type { AgencyPost } from '../mailroom/index.ts'
import type { ReferralOffice } from './house.ts'
import { readReferralAddress } from './referral-address.ts'
import { isOfAgency, recordReferralBounce, takeAgencyMail } from './take-answer.ts'

/** What the room of mail asks of this one when another government writes. */
export function agencyPost(office: Pick<ReferralOffice, 'keeper' | 'keys' | 'city'>): AgencyPost {
  return {
    referralOf: (address) => readReferralAddress(office, address),
    isOf: (agency, address) => isOfAgency(office.city, agency, address),
    takeAnswer: async (referral, mail) => 'done' in (await takeAgencyMail(office, referral, mail)),
    cameBack: async (referral, code) => {
      await recordReferralBounce(office.keeper, referral, code)
    },
  }
}

import type { AgencyPost } from '../mailroom/index.ts'
import type { ReferralOffice } from './house.ts'
import { readReferralAddress } from './referral-address.ts'
import { isOfAgency, recordReferralBounce, takeAgencyAnswer } from './take-answer.ts'

/** What the room of mail asks of this one when another government writes. */
export function agencyPost(office: Pick<ReferralOffice, 'keeper' | 'keys' | 'city'>): AgencyPost {
  return {
    referralOf: (address) => readReferralAddress(office, address),
    isOf: (agency, address) => isOfAgency(office.city, agency, address),
    takeAnswer: async (referral, answer) => {
      const taken = await takeAgencyAnswer(office, referral, answer)
      return 'refused' in taken ? undefined : taken
    },
    cameBack: async (referral, code) => {
      await recordReferralBounce(office.keeper, referral, code)
    },
  }
}

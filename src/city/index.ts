export { noActivities } from './activities.ts'
export type {
  Activities,
  ActivityPrice,
  ActivityPurpose,
  Ages,
  Meeting,
  Programme,
  Season,
  Session,
  Venue,
} from './activities.ts'
export { findAddress, streetsLike } from './addresses.ts'
export type { Addresses, FoundAddress, NoAddress } from './addresses.ts'
export { districtAt, districtOf, inBounds, placeAt } from './areas.ts'
export type { CityMap, District, Point } from './areas.ts'
export { inBrief, placesFrom } from './known-places.ts'
export type { KnownPlaces, PlacesInBrief } from './known-places.ts'
export { placesCode } from './places-code.ts'
export { mayDo } from './may-do.ts'
export { refundRules } from './bookings.ts'
export type { CancelRule, ClosedDay, Facilities, Facility, Hours, RefundRule, SlotPrice } from './bookings.ts'
export type { Calendar } from './calendar.ts'
export { agencyKinds, cashPowers, needs, powers } from './city.ts'
export type {
  Agency,
  AgencyKind,
  AgencyTakes,
  AnswerWithin,
  City,
  Contact,
  Councilmember,
  Department,
  Duty,
  LegalBasis,
  Need,
  Place,
  Power,
  Reason,
  RetentionClass,
  Template,
  Topic,
  Wordmark,
} from './city.ts'
export { mustBeKnown } from './files/check-references.ts'
export * as shapes from './files/shapes.ts'
export { idPattern } from './ids.ts'
export type {
  AgencyId,
  BasisId,
  CaseId,
  DepartmentId,
  DistrictId,
  DutyId,
  FacilityId,
  FormId,
  Id,
  PlaceId,
  PriceGroupId,
  ProgrammeId,
  ReasonId,
  RetentionId,
  SeasonId,
  SeatId,
  SessionId,
  StaffId,
  TemplateId,
  TopicId,
  VenueId,
} from './ids.ts'
export { fillIn, leftIn, placeholders, strangeIn, type Placeholder } from './placeholders.ts'
export type { PaymentRules, RefundReasonId, TillId, WaiverReasonId } from './payments.ts'
export type { Clause, Policy, Sentence } from './policy.ts'
export { isRefusal } from './refusal.ts'
export type { Refusal } from './refusal.ts'
export { routed, ruleInto } from './routing.ts'
export type { Routing, RoutingRule, ServiceLevels } from './routing.ts'
export type { Sample, SampleCase, SampleEvent, SampleStaff } from './sample.ts'
export type { Text } from './text.ts'
export { loadCity } from './load.ts'
export type { CityFilesRefused } from './load.ts'

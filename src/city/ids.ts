/** A string that has passed the parser which knows this kind of identifier; the brand exists for the compiler only. */
export type Id<Kind extends string> = string & { readonly __id: Kind }

export type DepartmentId = Id<'department'>
export type TopicId = Id<'topic'>
/** A seat of the council, whoever holds it. */
export type SeatId = Id<'seat'>
export type PlaceId = Id<'place'>
export type DistrictId = Id<'district'>
export type DutyId = Id<'duty'>
export type ReasonId = Id<'reason'>
export type BasisId = Id<'basis'>
export type AgencyId = Id<'agency'>
export type RetentionId = Id<'retention'>
export type FormId = Id<'form'>
export type TemplateId = Id<'template'>
export type StaffId = Id<'staff'>
export type CaseId = Id<'case'>
export type FacilityId = Id<'facility'>
export type PriceGroupId = Id<'price group'>
export type SeasonId = Id<'season'>
export type VenueId = Id<'venue'>
export type ProgrammeId = Id<'programme'>
export type SessionId = Id<'session'>

/** What an identifier in the city's files looks like: kebab-case, so that it can stand in an address, a class name and a ledger entry. */
export const idPattern = '^[a-z][a-z0-9]*(-[a-z0-9]+)*$'

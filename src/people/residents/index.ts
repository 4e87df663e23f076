export {
  guardianKinds,
  type ChildId,
  type GuardianKind,
  type Resident,
  type ResidentActor,
  type ResidentId,
} from './actor.ts'
export { enterResident } from './enter.ts'
export { aboutAt, addChild, newChild, type About, type NewChild } from './add-child.ts'
export { ofAgeToken } from './of-age.ts'
export { mailAt, sealMail, type MailWords, type SealedMail } from './mail-at.ts'
export { addressToken, contactAt, newResident, type Contact, type NewResident } from './contact.ts'

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
export { ofAgeToken } from './of-age/of-age-token.ts'
export { mailAt, sealMail, type MailWords, type SealedMail } from './mail-at.ts'
export { addressToken, contactAt, newResident, type Contact, type NewResident } from './contact.ts'
export { openHanded, type Handed, type InHand } from './handed.ts'
export { openPage, type ChildAtHome, type Household } from './open-page.ts'
export type { HomePanel, SeenAtHome } from './panel.ts'
export type { ResidentsHouse } from './house.ts'
export { atOwnPage, homeAddress, type HomeAnswer, type HomeVisit, type OwnPage } from './own-page.ts'
export { freshFirst, ownPage, press, type OwnParts } from './pages/own.ts'
export { residentsRoutes } from './routes.ts'
export { postToPeople, runResidentsPost, type ResidentsOffice } from './post/run-post.ts'
export { askCode } from './sign-in/ask-code.ts'
export { mayConsent, peopleDeskRoutes } from './desk/routes.ts'
export { openKept, postedLetter, readKept, type OpenedMail } from './desk/people-mail.ts'
export { writeEmancipated } from './desk/find-people.ts'
export { peopleRoutes } from './desk/people-routes.ts'
export { comeOfAge, runOfAge, tellGuardians, type OfAgeOffice } from './of-age/come-of-age.ts'

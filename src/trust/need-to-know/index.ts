export type { Actor, Holder, PersonActor, Staff, StaffActor } from './actor.ts'
export { enter, enterReceipt, enterStaff, whoIs } from './enter.ts'
export { importCity, type CityImported, type StillUsed } from './import-city.ts'
export { appoint, employeeByHandle, type Appointed } from './appoint.ts'
export { charge, discharge, type Charged } from './charge.ts'
export { leave } from './leave.ts'
export { setPassword, type PasswordSet } from './set-password.ts'
export { listEmployees, type Employee } from './read.ts'
export { createSignIn, type SignIn, type SignInKeys, type SignInRefusal } from './sign-in.ts'
export { startSession, signOut, type SessionStarted } from './session.ts'
export { accountRoutes } from './account-routes.ts'
export { passkeyModule, webauthnModule } from './browser/module.ts'
export {
  atDesk,
  caseAsked,
  fieldsOf,
  type Answer as DeskAnswer,
  type Arrival,
  type Admission,
  type Desk,
  type DeskDoor,
  type Visit,
} from './desk.ts'
export { cityAccountRoutes } from './identity-provider/routes.ts'
export { endAccount } from './identity-provider/link.ts'
export { openProvider, type Provider } from './identity-provider/provider.ts'
export type { Sealer, Standing as DeskStanding } from './sealer.ts'
export { breakGlassRoutes } from './break-glass/routes.ts'
export { glassInHand, type GlassInHand } from './break-glass/read-glass.ts'
export { relyingParty, type RelyingParty } from './relying-party.ts'
export { sessionCookie, type SessionCookie } from './session-cookie.ts'
export { signInRoutes } from './sign-in-routes.ts'
export { isSameOrigin } from './same-origin.ts'
export { databaseClock, proofOf } from './identity-provider/proof.ts'
export { issueChallenge } from './passkey-challenge.ts'
export { parseAnswer, passkeyQuestion, verifyAssertion, type CredentialMaterial } from './passkey-sign-in.ts'
export { verifyRegistration } from './passkey-register.ts'

export {
  childActor,
  codeInGroups,
  enterConsent,
  readChildCode,
  type ChildActor,
  type ChildCode,
  type ConsentActor,
  type ConsentId,
  type RequestId,
} from './actor.ts'
export { answer, decline, type Answered, type Answering, type AnswerRefusal, type ChildNamed } from './answer.ts'
export { ask, type Asked, type Asking, type AskRefusal } from './ask.ts'
export { bandOn, type Born } from './band.ts'
export { askSelf } from './own/acts.ts'
export { difference, type Change } from './difference.ts'
export { object, unfreeze } from './disagree.ts'
export { goOn, type GoingOn } from './go-on.ts'
export { keepHeld, readHeld, sealHeld, type Held, type ToKeep } from './held.ts'
export type { ConsentHouse, ConsentRoutesHouse } from './house.ts'
export { installConsentRules } from './install-rules.ts'
export {
  keepNotice,
  makeNotice,
  noticeHash,
  readNotice,
  type KeptNotice,
  type Notice,
  type NoticeDraft,
  type NoticeHash,
  type Purpose,
  type PurposeDraft,
  type ThingId,
} from './notice.ts'
export { openConsents, type Why } from './open.ts'
export { preview, revoke, type Consequence, type Preview, type Revoked } from './revoke.ts'
export { runConsents, tendConsents } from './tend.ts'
export { verify, type Attest, type Verified, type VerifyRefusal } from './verify.ts'
export type { Band, ConsentMethod, ConsentRules, Sensitivity } from './rules.ts'
export { consentPanel } from './own/panel.ts'
export { consentRoutes } from './own/routes.ts'
export type { ConsequenceWords, Line as ConsequenceLine } from './pages/consequence-words.ts'
export { consentDeskRoutes } from './desk/routes.ts'
export { previewAsOperator, revokeAsOperator, showRequest, type ShownRequest } from './operator.ts'
export { runStopNotices, tellAgencies, type StopOffice } from './tell-agencies.ts'
export { runEndings, tellEndings, type EndingOffice } from './tell-endings.ts'
export { openCustodyCopy, readCustodyCopy, type CustodyCopy } from './custody/open-copy.ts'

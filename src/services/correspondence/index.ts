export { assign } from './assign.ts'
export { caseOnDesk, type CaseOnDesk, type Colleague, type Envelope } from './case-on-desk.ts'
export { close, closings, reopen, type Closing } from './close.ts'
export { bounceAddress, readBounceAddress, recordBounce } from './bounce-address.ts'
export type { Notice } from './compose.ts'
export { deliver, type Notices, type PostOffice } from './deliver.ts'
export { deskModules } from './desk-modules.ts'
export { deskRoutes } from './desk-routes.ts'
export { back as backToCase } from './desk-done.ts'
export { dayOf, notHere, showCase } from './desk-show.ts'
export type { DraftKind, KeptDraft } from './drafts/draft.ts'
export { endDraft } from './drafts/end-draft.ts'
export { keepDraft } from './drafts/keep-draft.ts'
export { writersOn } from './drafts/writers.ts'
export { dueOn } from './due.ts'
export { handBack } from './hand-back.ts'
export { today, type House, type HouseWithFiles } from './house.ts'
export { countedTo, findLines, shelves, type Inbox, type InboxQuestion, type Shelf } from './inbox.ts'
export {
  channels,
  longestWords,
  type Answer,
  type Channel,
  type ContactDetails,
  type IncomingLetter,
} from './letter.ts'
export { whyWords as whyNotDelivered } from './mails/mail-state.ts'
export { makeReceipt, type MadeReceipt } from './mailed-receipt/make-receipt.ts'
export { linkHash, type LinkLetters } from './mailed-receipt/receipt-link.ts'
export { mailDns, zoneLine, type DnsRecord } from './mail-dns.ts'
export type { Learner, Taught } from './learner.ts'
export { move } from './move.ts'
export { newId } from './new-id.ts'
export { note } from './note.ts'
export { checkWords, type DeskRefusal, type Outcome } from './on-desk.ts'
export { openLetter } from './open-letter.ts'
export type { AnswersAsked, CasePanel, SeenOnDesk, SeenOnReceipt } from './panel.ts'
export { outbox, type OutboxLine } from './outbox.ts'
export { readContact, readLetters, readLine, type EntryLine, type Letter, type MailLine } from './read-case.ts'
export {
  addToCase,
  holderOf,
  proveAtReceipt,
  readReceipt,
  type Added,
  type NoReceipt,
  type Receipt,
} from './receipt.ts'
export {
  codeFor,
  inGroups,
  issueToken,
  readCode,
  readToken,
  tokenOf,
  secretOf,
  tokenFrom,
  type ReceiptCode,
  type SubmissionToken,
} from './receipt-code.ts'
export { runPostOffice } from './post-office.ts'
export { receiptRoutes } from './receipt-routes.ts'
export { readyToReceive, receive, receiveSamples, receiveWith, type Received } from './receive.ts'
export { reply } from './reply.ts'
export { mailDomain, readReplyAddress, replyAddress } from './reply-address.ts'
export { search } from './search.ts'
export { readWords, runWordReader } from './find-by-words.ts'
export { insertTemplate, type Inserted } from './templates/insert-template.ts'
export { concernsIn, removeTemplate, reviseTemplate, type TemplateWritten } from './templates/revise-template.ts'
export { deskTemplates, type OfferedTemplate } from './templates/offered.ts'
export { caseColumns, caseLine, type CaseLine, type CaseState } from './tables.ts'
export { dropFilter, keepFilter } from './filters/keep-filter.ts'
export { ownFilters, type KeptFilter } from './filters/filter.ts'
export { runNews, tellNews } from './news/run-news.ts'
export { ownNews, ownWish, wishNews, type Wish } from './news/wish.ts'
export { closeSeveral, mostAtOnce } from './several/close-several.ts'
export { areLettersFor, lettersFor } from './unguessable-letters.ts'

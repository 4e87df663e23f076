export {
  deskModule,
  deskPage,
  deskSheet,
  publishDeskLook,
  type DeskModule,
  type DeskPageParts,
  type DeskPlace,
} from './desk/index.ts'
export { dateWords, moment, momentWords, toTheSecond, weekdayWords } from './dates.ts'
export { errorSummary } from './error-summary.ts'
export { evidenceList, type Evidence } from './evidence.ts'
export { field, fieldError, fieldset, type Choice, type Field, type FilesControl } from './field.ts'
export { icon, seal, type IconName } from './icons.ts'
export { lettersList, paragraphs, type Letter } from './letters.ts'
export { page, type PageParts } from './page.ts'
export { empty, factsList, notice, pagination, searchField, stepsList, waysList, type Step, type Way } from './parts.ts'
export { mailLook, type MailPart, type MailWords } from './mail-look.ts'
export { mailLink, phoneLink } from './reach.ts'
export { lookOf, publishLook } from './stylesheet.ts'

export {
  usualLimits,
  whyNotTaken,
  type AttachmentState,
  type Cabinet,
  type NotTaken,
  type TakenFile,
  type TakingLimits,
  type WhyNotTaken,
} from './cabinet.ts'
export { checkHeld, checkHeldFiles, type Checking } from './check-held.ts'
export { acceptedTypes, isPicture, kinds, type Kind } from './kinds.ts'
export { openCabinet } from './open-cabinet.ts'
export { contentOf, openAtReceipt, openOnDesk, type OpenedFile, type ReadingHouse } from './open-attachment.ts'
export { fileList, sizeOf } from './pages/file-list.ts'
export { readAttachments, type Attachment } from './read-attachments.ts'
export { filesSealed, unsealInside } from './seal-names.ts'
export { sendFile } from './send-file.ts'
export { sweepFiles } from './sweep-files.ts'
export {
  discard,
  keptFiles,
  keptFrom,
  keptName,
  takePosted,
  type FileQuestion,
  type KeptFile,
  type PostedWithFiles,
  type TakingHouse,
} from './take-posted.ts'
export { filesControl, keptWords, limitsWords } from './pages/files-control.ts'
export { takeFile, type IncomingFile } from './take-file.ts'

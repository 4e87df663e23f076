export { attributes, html, isHtml, join, raw, type Html, type Piece } from './html.ts'
export {
  catalogue,
  catalogues,
  languages,
  localeOf,
  type Language,
  type RichValues,
  type Say,
  type Values,
  type Words,
} from './messages.ts'
export {
  addressesOf,
  createServer,
  inLanguage,
  languageOf,
  policyWithForms,
  readFormsWithFiles,
  readParts,
  shortHash,
  type Content,
  type Posted,
  type PostedFile,
  type ReadForm,
  type Problem,
  type ProblemPage,
  type ProblemStatus,
  type ServerOptions,
} from './http/index.ts'
export { createLimiter } from './limiter.ts'
export { createGate, type Gate } from './gate.ts'
export { nearest } from './nearest.ts'
export {
  checkValue,
  inOrder,
  isMistaken,
  openEachOnce,
  parseYaml,
  readText,
  readYaml,
  type Mistake,
  type Mistaken,
  type OpenYaml,
  type Path,
  type Yaml,
} from './yaml.ts'
export { Type, type Static, type TSchema } from './schema.ts'
export { systemClock, type Clock } from './clock.ts'
export { readConfig, type Config, type ConfigMistake, type ConfigRefused } from './config.ts'
export { readSecretFile } from './secret-file.ts'
export type { IdentityProviderConfig } from './config-identity-provider.ts'
export { createLog, type Log } from './log.ts'
export {
  connect,
  DatabaseFault,
  fixedText,
  list,
  dueMigrations,
  migrate,
  openDatabase,
  sql,
  startEmbedded,
  statement,
  type Connecting,
  type CopiedRows,
  type Db,
  type Embedded,
  type Embedding,
  type External,
  type InstanceRuns,
  type Logins,
  type Migrating,
  type OpenedDatabase,
  type Reader,
  type ServerRefused,
  type Sql,
  type StreamingDb,
  type StreamingTx,
  type Tell,
  type Tx,
} from './postgres/index.ts'
export { createMailer, type MailedFile, type Mailer, type OutgoingMail, type Sending } from './mail.ts'
export { openDkimKey, type DkimKey } from './dkim-key.ts'
export { inBatches } from './batches.ts'
export { keepDoing, type KeepDoing } from './keep-doing.ts'
export { chance } from './chance.ts'
export { hmacUnder, sha256, sha256Into } from './digest.ts'
export {
  bucketStore,
  clamd,
  folderStore,
  isFileId,
  openStream,
  sealStream,
  type ClamdPlace,
  type FileStore,
  type Scanned,
  type Scanner,
} from './files/index.ts'
export { writeOnce } from './write-once.ts'

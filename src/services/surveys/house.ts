import type { City } from '../../city/index.ts'
import type { Clock, Db, Mailer } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import type { Questionnaires } from './load.ts'

/** What the acts of this room need. */
export type SurveysHouse = Readonly<{
  db: Db
  keys: Keys
  city: City
  clock: Clock
  surveys: Questionnaires
}>

/** What the worker needs: to tidy, to publish, and to mail invitations. Without a mailer mail is kept. */
export type SurveysOffice = Readonly<{
  keeper: Db
  keys: Keys
  city: City
  clock: Clock
  surveys: Questionnaires
  publicUrl: string
  mailer?: Mailer
}>

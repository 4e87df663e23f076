import type { Sql } from '../../plumbing/index.ts'
import type { AgencyId, FormId, TopicId } from '../../city/index.ts'
import type { HouseWithFiles } from '../correspondence/index.ts'

/** What the acts of this room need; the wiring hands it in. */
export type MailHouse = HouseWithFiles &
  Readonly<{
    /** Where residents reach the site: by its host the city names itself to other mail servers. */
    publicUrl: string
    /** The form whose purpose and retention hold for a letter by mail, and the topic of what is addressed to nobody in particular. */
    contact: Readonly<{ form: FormId; version: number; topic: TopicId }>
    agencies: AgencyPost
  }>

/** Mail of other governments. The room of referrals stands above this one and says what becomes of it. */
export type AgencyPost = Readonly<{
  /** The referral whose own address this is; undefined for any other address, and for a made-up one. */
  referralOf: (address: string) => string | undefined
  /** Whether an address is the agency's own. */
  isOf: (agency: AgencyId, address: string) => boolean
  /** Writes what the agency answered on the case and files the mail there, once for one mail. False where the case takes nothing any more. */
  takeAnswer: (referral: string, answer: AgencyMail) => Promise<boolean>
  /** A mail to the agency came back for good; `code` is the report's status. */
  cameBack: (referral: string, code: string) => Promise<void>
}>

export type AgencyMail = Readonly<{
  words: string
  /** Makes a repeated delivery one message. */
  messageId: string
  /** Opens the case to file the mail there: the arguments that do it, files and all, for the act that writes the words. */
  filing: () => Promise<Sql>
}>

import type { FormId, TopicId } from '../../city/index.ts'
import type { HouseWithFiles } from '../correspondence/index.ts'

/** What the acts of this room need; the wiring hands it in. */
export type MailHouse = HouseWithFiles &
  Readonly<{
    /** Where residents reach the site: the host in it stands in the Message-IDs of the city's own mail. */
    publicUrl: string
    /** The form whose purpose and retention hold for a letter by mail, and the topic of what is addressed to nobody in particular. */
    contact: Readonly<{ form: FormId; version: number; topic: TopicId }>
  }>

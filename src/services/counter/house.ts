import type { FormId } from '../../city/index.ts'
import type { Cabinet, FileQuestion } from '../attachments/index.ts'
import type { Channel, House } from '../correspondence/index.ts'

/** What recording needs besides: the form whose purpose and retention hold, and the city's public address. */
export type CounterHouse = House &
  Readonly<{
    /** Where scans lie. */
    cabinet: Cabinet
    publicUrl: string
    forms: Readonly<{ get(id: FormId): Readonly<{ version: number }> | undefined }>
  }>

/** What comes on paper or by word of mouth is a letter to the city: the same questions, purposes and retention hold. */
export const letterForm = 'contact-the-city' as FormId

/** The doors behind which a clerk writes down what came. */
export const recordedChannels = ['letter', 'counter', 'telephone'] as const satisfies readonly Channel[]
export type RecordedChannel = (typeof recordedChannels)[number]

/** A letter may be dated back by as much: what is older was lost, not late, and is dated the day it was found. */
export const daysBack = 60

/** The scanned pages of a letter: so many files, each a PDF or a picture. */
export const scannedPages: FileQuestion = { field: 'pages', most: 20 }

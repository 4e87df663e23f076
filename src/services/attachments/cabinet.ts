import type { FileStore, Scanner } from '../../plumbing/index.ts'
import type { Kind } from './kinds.ts'

/** Where the city keeps files, and who looks at them before anybody else does. */
export type Cabinet = Readonly<{
  store: FileStore
  /** Where a file rests, sealed under a key that only this process has, until it has been looked at. */
  spool: FileStore
  /** Absent where the city has no virus scanner: then nothing is scanned. */
  scanner?: Scanner
}>

/** `held`: kept, but shown to nobody until the scanner has seen it. `refused`: the scanner found something, and the file is gone. */
export type AttachmentState = 'ready' | 'held' | 'refused'

/**
 * A file in the store that belongs to no case yet. Whoever has this can read it: it goes into an act, or into what is
 * sealed for its sender, and nowhere else. One that no act attaches is swept away after a day.
 */
export type TakenFile = Readonly<{
  id: string
  fileKey: Buffer
  name: string
  kind: Kind
  bytes: number
  /** SHA-256 of what is kept. */
  sha256: Buffer
  state: 'ready' | 'held'
}>

/**
 * Why a file was not taken: nothing in it; over the limit; of a kind that is not on the list, or a HEIC picture; not whole, or not what it
 * pretends to be; under a password; with a program inside; with a virus; the city cannot take it just now.
 */
export const whyNotTaken = [
  'empty',
  'too-large',
  'kind',
  'heic',
  'broken',
  'locked',
  'active',
  'infected',
  'later',
] as const
export type WhyNotTaken = (typeof whyNotTaken)[number]

/** `name` is cleaned and may be shown to whoever sent it. */
export type NotTaken = Readonly<{ refused: WhyNotTaken; name: string }>

export type TakingLimits = Readonly<{
  /** Of one file. */
  bytes: number
  /** Of a picture, decoded. */
  pixels: number
  /** Of a PDF. */
  pages: number
}>

export const usualLimits: TakingLimits = { bytes: 25_000_000, pixels: 50_000_000, pages: 500 }

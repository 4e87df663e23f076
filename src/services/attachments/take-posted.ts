import type { FastifyRequest } from 'fastify'
import { readParts, type Language, type Posted, type PostedFile } from '../../plumbing/index.ts'
import type { Keys } from '../../trust/vault/index.ts'
import { usualLimits, type Cabinet, type NotTaken, type TakenFile } from './cabinet.ts'
import { cleanName } from './file-name.ts'
import { keepChosen, readChosen } from './keep-chosen.ts'
import { say } from './messages.ts'
import { takeFile } from './take-file.ts'

/** The question of a form for files, and how many it takes. */
export type FileQuestion = Readonly<{ field: string; most: number }>

/** All files of a form together, in bytes. */
const mostTogether = 60_000_000

export type PostedWithFiles = Readonly<{
  posted: Posted
  /** Files kept from the last try, then those that came now. */
  files: readonly TakenFile[]
  /** Those that came now: no letter has them yet. */
  fresh: readonly TakenFile[]
  /** What is wrong with the files, in words for whoever sent them. Then none of this should become a letter. */
  wrong: readonly string[]
}>

/** `bindingOf` names the form's own token, to which files kept from the last try are bound. */
export type Asking = Readonly<{
  question: FileQuestion | undefined
  language: Language
  bindingOf: (posted: Posted) => string
  /** Told of a fault of ours while a file was taken; the sender is asked to try again, and loses nothing she typed. */
  onFault?: (error: unknown) => void
}>

export type TakingHouse = Readonly<{ cabinet: Cabinet; keys: Keys }>

/**
 * Reads a form that may bring files, each taken as it comes; an ordinary form is what was posted and the files that
 * were kept.
 */
export async function takePosted(house: TakingHouse, request: FastifyRequest, asked: Asking): Promise<PostedWithFiles> {
  const { question, language } = asked
  if (!request.isMultipart())
    return stillThere(house, keptFrom(house, (request.body as Posted | undefined) ?? {}, asked), asked)
  const fresh: TakenFile[] = []
  const wrong: string[] = []
  let room = mostTogether
  const take = async (file: PostedFile): Promise<undefined> => {
    if (file.field !== question?.field) return
    if (fresh.length >= question.most) return void wrong.push(say(language, 'wrong-too-many', { most: question.most }))
    const limits = { ...usualLimits, bytes: Math.min(usualLimits.bytes, room) }
    const taken = await takeFile(house.cabinet, file, limits).catch((error: unknown) => {
      if (file.stream.errored || !asked.onFault) throw error
      asked.onFault(error)
      return { refused: 'later', name: cleanName(file.name) } as const
    })
    if ('refused' in taken) {
      // A browser sends an empty part without a name for a question that was left open.
      if (file.name !== '' || taken.refused !== 'empty') wrong.push(wrongWords(language, taken))
      return
    }
    fresh.push(taken)
    room -= taken.bytes
  }
  const { posted } = await readParts(request, take)
  const kept = await stillThere(house, keptFrom(house, posted, asked), asked)
  const files = [...kept.files, ...fresh]
  const most = question?.most ?? 0
  if (files.length > most) wrong.push(say(language, 'wrong-too-many', { most }))
  return { posted, files: files.slice(0, most), fresh, wrong: [...new Set([...kept.wrong, ...wrong])] }
}

/**
 * A mark can outlive its file: a page that was open for days asked for new marks, or a draft that kept the file was deleted.
 * Whoever brings such a mark is told to choose the file again; a letter that names no file is never written. Where the store
 * cannot say, the mark is believed.
 */
async function stillThere(
  { cabinet: { store } }: TakingHouse,
  kept: PostedWithFiles,
  { language, onFault }: Asking,
): Promise<PostedWithFiles> {
  const there = await Promise.all(
    kept.files.map(({ id }) =>
      store.has(id).catch((error: unknown) => {
        onFault?.(error)
        return true
      }),
    ),
  )
  if (!there.includes(false)) return kept
  return { ...kept, files: kept.files.filter((_, at) => there[at]), wrong: [say(language, 'wrong-gone')] }
}

/** The files kept from the last try that an ordinary form brings back. */
export function keptFrom(
  { keys }: TakingHouse,
  posted: Posted,
  { question, language, bindingOf }: Omit<Asking, 'onFault'>,
): PostedWithFiles {
  const texts = question ? [posted[keptName(question.field)] ?? []].flat().slice(0, question.most) : []
  const files = texts.flatMap((text) => readChosen(keys, bindingOf(posted), text) ?? [])
  return { posted, files, fresh: [], wrong: files.length < texts.length ? [say(language, 'wrong-gone')] : [] }
}

function wrongWords(language: Language, { refused, name }: NotTaken): string {
  return say(language, `wrong-${refused}`, { name, limit: usualLimits.bytes / 1_000_000 })
}

/** A file that waits in the page for its form to be right. */
export type KeptFile = Readonly<{ value: string; name: string; bytes: number }>

/** The name of the fields that bring kept files back. */
export const keptName = (field: string): string => `${field}-kept`

export function keptFiles(keys: Keys, binding: string, files: readonly TakenFile[]): readonly KeptFile[] {
  return files.map((file) => ({ value: keepChosen(keys, binding, file), name: file.name, bytes: file.bytes }))
}

/** Removes files that no letter has, at once rather than after a day. */
export async function discard({ store }: Cabinet, files: readonly TakenFile[]): Promise<void> {
  await Promise.all(files.map(({ id }) => store.remove(id)))
}

import type { Posted } from '../../plumbing/index.ts'
import type { PostedWithFiles, TakenFile } from '../attachments/index.ts'

/** The name of the fields that number the pages kept from the last try. */
export const orderName = 'pages-order'

/**
 * The pages in the order that the clerk gave them: those kept from the last try by their numbers, then those that came
 * now. A page without a number, or with 0, is left out; equal numbers keep their order. Where a kept page was lost
 * (`wrong` says so) the numbers fit no more, and the order stays as it was.
 */
export function inOrder({
  posted,
  files,
  fresh,
}: Pick<PostedWithFiles, 'posted' | 'files' | 'fresh'>): readonly TakenFile[] {
  const now = new Set(fresh.map(({ id }) => id))
  const kept = files.filter(({ id }) => !now.has(id))
  const numbers = numbersIn(posted)
  if (numbers.length !== kept.length) return files
  const numbered = kept.map((file, at) => ({ file, number: numbers[at] ?? 0 })).filter(({ number }) => number > 0)
  numbered.sort((one, other) => one.number - other.number)
  return [...numbered.map(({ file }) => file), ...files.filter(({ id }) => now.has(id))]
}

function numbersIn(posted: Posted): number[] {
  return [posted[orderName] ?? []].flat().map((text) => (/^\s*\d{1,3}\s*$/.test(text) ? Number(text) : 0))
}

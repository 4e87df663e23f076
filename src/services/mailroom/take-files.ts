import { Readable } from 'node:stream'
import { takeFile, type Cabinet, type TakenFile } from '../attachments/index.ts'
import type { MailFile } from './read-mail.ts'

/** A mail may carry more; what goes beyond stays in the original, where nothing is lost. */
const filesAtMost = 20

/**
 * Takes the files of a mail as attachments of the letter. What the attachments' room refuses (a kind it does not show, a
 * virus, a file that is broken) is named in the letter and stays in the sealed original.
 */
export async function takeFiles(
  cabinet: Cabinet,
  files: readonly MailFile[],
): Promise<{ files: readonly TakenFile[]; left: readonly string[] }> {
  const taken: TakenFile[] = []
  const left: string[] = []
  for (const { name, content } of files) {
    if (taken.length >= filesAtMost) {
      left.push(name)
      continue
    }
    const one = await takeFile(cabinet, { name, stream: Readable.from(inPieces(content)) })
    if ('refused' in one) left.push(one.name)
    else taken.push(one)
  }
  return { files: taken, left: left.slice(0, 50) }
}

function* inPieces(content: Buffer): Generator<Buffer> {
  for (let at = 0; at < content.length; at += 65_536) yield content.subarray(at, at + 65_536)
}

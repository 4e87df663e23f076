import { inThread } from './in-thread.ts'
import type { Kind } from './kinds.ts'

export type OfficeAnswer = Readonly<{ kind: Kind }> | Readonly<{ refused: 'kind' | 'broken' | 'locked' | 'active' }>

/**
 * Looks into an office document (docx, xlsx, pptx, odt, ods); what it is, its own parts say. Refused: an archive of
 * another kind (`kind`), one that is not whole or grows too much (`broken`), one under a password (`locked`), and one that
 * runs a program, carries a file, or fetches a template, a picture or data from elsewhere (`active`).
 */
export async function lookIntoDocument(bytes: Uint8Array): Promise<OfficeAnswer> {
  const program = new URL('./office-reader.ts', import.meta.url)
  const answer = await inThread<OfficeAnswer>(program, { bytes }, { ms: 30_000, megabytes: 512 })
  return answer ?? { refused: 'broken' }
}

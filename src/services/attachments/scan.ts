import { createSecretKey } from 'node:crypto'
import { openStream } from '../../plumbing/index.ts'
import type { AttachmentState, Cabinet, TakenFile } from './cabinet.ts'

/**
 * Has a kept file scanned, as it will be given out. Without a scanner it is ready; where the scanner does not answer
 * clearly it stays held (fail closed); where it finds something the file is removed.
 */
export async function scanKept(
  { store, scanner }: Cabinet,
  { id, fileKey }: Pick<TakenFile, 'id' | 'fileKey'>,
): Promise<AttachmentState> {
  if (!scanner) return 'ready'
  const sealed = await store.get(id)
  if (!sealed) throw new Error('a file is gone from the store')
  const found = await scanner.scan(openStream(createSecretKey(fileKey), id, sealed)).finally(() => sealed.destroy())
  if (found === 'clean') return 'ready'
  if (found === 'down') return 'held'
  await store.remove(id)
  return 'refused'
}

import { randomUUID } from 'node:crypto'
import { link, open, readFile, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Keeps a secret in a file of mode 0600 unless there is one already, and answers with what stands there. Written whole
 * under another name, then linked: `link` never replaces, so the first of several processes wins, and a crash leaves no half file.
 */
export async function writeOnce(file: string, text: string): Promise<string> {
  const fresh = `${file}.${randomUUID()}`
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  try {
    await link(fresh, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(fresh)
  }
  const folder = await open(dirname(file))
  await folder.sync().finally(() => folder.close())
  return readFile(file, 'utf8')
}

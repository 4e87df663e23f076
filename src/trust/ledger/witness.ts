import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { openCheckpoint, type Checkpoint } from './checkpoint.ts'
import { ContinuityBroken } from './continuity.ts'
import { verifierOf, type Verifier } from './note.ts'

/**
 * The last checkpoint this machine signed, kept in a file outside the database. It may be behind the database (a crash
 * came between commit and writing it) but never ahead: then the database has lost entries that were already public.
 */
export type Witness = {
  readonly file: string
  last(): Promise<Checkpoint | undefined>
  /** Keeps `note` if it is newer than what is kept. Durable once it returns. */
  advance(note: string): Promise<void>
}

/** A witness that cannot be read, or that another key signed, is thrown as `ContinuityBroken`. */
export function openWitness(file: string, vkey: string): Witness {
  const verifier = verifierOf(vkey)
  if (!verifier) throw new Error(`'${vkey}' is not a ledger's public key`)
  const last = () => readWitness(file, verifier)
  return {
    file,
    last,
    async advance(note) {
      const checkpoint = openCheckpoint(note, verifier)
      if ('refused' in checkpoint) throw new Error(`the checkpoint to keep is ${checkpoint.refused}`)
      const kept = await last()
      if (kept && kept.size >= checkpoint.size) return
      await replace(file, note)
    },
  }
}

async function readWitness(file: string, verifier: Verifier): Promise<Checkpoint | undefined> {
  let note: string
  try {
    note = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const checkpoint = openCheckpoint(note, verifier)
  if (!('refused' in checkpoint)) return checkpoint
  throw new ContinuityBroken(
    `${file} should hold the last checkpoint of the ledger ${verifier.name}, signed by its key, but is ` +
      `${checkpoint.refused}. If ledger.key was replaced, put the former key back. If the file was damaged, run ` +
      `'npx cityhall ledger verify'; when it finds nothing, remove the file and start again.`,
  )
}

/** Whole or not at all: a crash leaves the former file, and perhaps a stray one beside it. */
async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const fresh = `${file}.${randomUUID()}`
  const handle = await open(fresh, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(fresh, file)
  const folder = await open(dirname(file))
  await folder.sync().finally(() => folder.close())
}

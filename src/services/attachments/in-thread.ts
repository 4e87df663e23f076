import { Worker } from 'node:worker_threads'

export type ThreadLimits = Readonly<{ ms: number; megabytes: number }>

/**
 * What a thread of its own makes of these bytes, which are handed over and gone here; undefined where it broke or took
 * too long. A file made to keep a reader busy keeps only that thread busy, and takes it down alone.
 */
export function inThread<Answer>(
  program: URL,
  { bytes, ...more }: Readonly<{ bytes: Uint8Array; [more: string]: unknown }>,
  { ms, megabytes }: ThreadLimits,
): Promise<Answer | undefined> {
  // A buffer of a pool is shared with others and cannot be handed over.
  const own = bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes)
  return new Promise((resolve) => {
    const worker = new Worker(program, {
      workerData: { bytes: own, ...more },
      transferList: [own.buffer as ArrayBuffer],
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    })
    const end = (answer?: Answer) => {
      clearTimeout(tooLong)
      resolve(answer)
      void worker.terminate()
    }
    const tooLong = setTimeout(end, ms)
    worker.once('message', end)
    worker.once('error', () => {
      end()
    })
    worker.once('exit', () => {
      end()
    })
  })
}

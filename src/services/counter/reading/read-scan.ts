import { Worker } from 'node:worker_threads'
import type { Language } from '../../../plumbing/index.ts'
import { knowledgeFolder } from './knowledge.ts'

/** What a machine made of a scan: the text layer of a PDF, or letters seen in a picture; `pages` of it were read. */
export type ScanRead = Readonly<{ text: string; how: 'layer' | 'seen'; pages: number; ofPages: number }>
export type ScanUnread = Readonly<{ refused: 'unreadable' | 'too-long' }>
export type Scan = Readonly<{ bytes: Uint8Array; kind: 'pdf' | 'picture'; language: Language }>

/** What the thread is told to keep to. */
export type ReadingLimits = Readonly<{
  /** Of one file, from start to end. */
  ms: number
  /** Of a PDF; what comes after is not read. */
  pages: number
  /** Of a page, as it is looked at. */
  pixels: number
  /** Of the text that is kept. */
  characters: number
}>

export const usualReading: ReadingLimits = { ms: 240_000, pages: 30, pixels: 9_000_000, characters: 200_000 }

/**
 * Reads a scan, in a thread of its own which is ended when its time is over: a file made to keep a reader busy keeps only
 * that thread busy, and takes it down alone. Refusals: `unreadable`, what does not open; `too-long`, it took too long.
 */
export function readScan(scan: Scan, limits: ReadingLimits = usualReading): Promise<ScanRead | ScanUnread> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('./scan-reader.ts', import.meta.url), {
      workerData: { ...scan, limits, knowledge: knowledgeFolder() },
      resourceLimits: { maxOldGenerationSizeMb: 512 },
      // What its libraries print would name nothing personal, and is nothing for the log.
      stdout: true,
      stderr: true,
    })
    const end = (answer: ScanRead | ScanUnread) => {
      clearTimeout(over)
      resolve(answer)
      void worker.terminate()
    }
    const over = setTimeout(() => {
      end({ refused: 'too-long' })
    }, limits.ms)
    worker.once('message', end)
    const unreadable = () => {
      end({ refused: 'unreadable' })
    }
    worker.once('error', unreadable)
    worker.once('exit', unreadable)
  })
}

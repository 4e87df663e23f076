import { rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atLeast, informs, median, spread, whole, type Figure } from '../figures.ts'
import { request } from '../letters.ts'
import { startBeside } from '../program.ts'
import { rate, storm, type Storm } from '../storm.ts'
import { withProgram, type Inside } from '../with-program.ts'
import { firstViews } from './first-view.ts'

const part = 'page'
const paths = ['/', '/privacy', '/forms/contact-the-city'] as const
const rounds = 5
const seconds = 2
const connections = 16

type Given = Readonly<{ headers: string[]; body: string }>

/** Public pages beside bare node:http that sends the same bytes and headers, in turns, as a browser asks for them. */
export function page(): Promise<Figure[]> {
  return withProgram(async (inside) => {
    const given = Object.fromEntries(
      await Promise.all(paths.map(async (path) => [path, await taken(inside, path)] as const)),
    )
    const file = join(tmpdir(), `cityhall-bench-${String(process.pid)}.json`)
    writeFileSync(file, JSON.stringify(given))
    const bare = await startBeside('bare-http.ts', [file])
    try {
      const figures: Figure[] = []
      for (const path of paths) figures.push(...(await besideBare(inside, bare.port, path)))
      return [...figures, ...(await firstViews(inside.program.origin))]
    } finally {
      await bare.stop()
      rmSync(file)
    }
  })
}

async function besideBare({ program }: Inside, barePort: number, path: string): Promise<Figure[]> {
  const round = (port: number): Promise<Storm> => {
    const one = request(port, path)
    return storm({ port, connections, seconds, next: () => one })
  }
  const measured: { ours: number; bare: number }[] = []
  await round(program.port)
  await round(barePort)
  for (let n = 0; n < rounds; n++) {
    const bare = rate(await round(barePort), 200)
    measured.push({ bare, ours: rate(await round(program.port), 200) })
  }
  const ratios = measured.map(({ ours, bare }) => ours / bare)
  const each = (key: 'ours' | 'bare'): string => whole(median(measured.map((one) => one[key])))
  return [
    informs(part, `${path}: pages a second, and bare node:http`, `${each('ours')} and ${each('bare')}`),
    atLeast(part, `${path} to bare node:http`, median(ratios), 0.6, ` (${spread(ratios, 2)}; aim 0.80)`),
  ]
}

/** What the program answers: its headers, without those that node:http adds by itself, and its bytes as they came. */
function taken({ program }: Inside, path: string): Promise<Given> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': 'gzip, deflate, br, zstd' }
    const asking = ask(`${program.origin}${path}`, { headers }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (some: Buffer) => parts.push(some))
      answer.on('end', () => {
        const kept = answer.rawHeaders.flatMap((name, at) =>
          at % 2 === 0 && !/^(date|connection|keep-alive)$/i.test(name) ? [name, answer.rawHeaders[at + 1] ?? ''] : [],
        )
        if (answer.statusCode === 200) resolve({ headers: kept, body: Buffer.concat(parts).toString('base64') })
        else reject(new Error(`${path} was answered ${String(answer.statusCode)}`))
      })
    })
    asking.once('error', reject)
    asking.end()
  })
}

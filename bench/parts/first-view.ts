import { request } from 'node:http'
import { atMost, informs, type Figure } from '../figures.ts'

const part = 'page'
const firstPages = ['/', '/forms/report-a-problem']
const limit = 40

type Fetched = Readonly<{ bytes: number; text: string }>

/**
 * Everything that a browser with nothing kept loads to show a page: the page, its styles and what they name, pictures,
 * icons and scripts; each as it comes over the wire, compressed, heads included.
 */
export async function firstViews(origin: string): Promise<Figure[]> {
  const views = await Promise.all(firstPages.map((path) => firstView(origin, path)))
  return views.flat()
}

async function firstView(origin: string, path: string): Promise<Figure[]> {
  const page = await fetched(new URL(path, origin))
  const seen = new Map<string, number>([[path, page.bytes]])
  let scripts = 0
  const waiting = namedIn(page.text, path)
  for (const one of waiting) {
    if (seen.has(one)) continue
    const got = await fetched(new URL(one, origin))
    seen.set(one, got.bytes)
    if (one.endsWith('.js')) scripts += 1
    if (one.endsWith('.css')) waiting.push(...fromStyle(got.text, one))
  }
  const kilobytes = [...seen.values()].reduce((sum, bytes) => sum + bytes, 0) / 1000
  const more = ` (${String(seen.size)} files, ${String(scripts)} scripts)`
  return [
    atMost(part, `first view of ${path}, over the wire`, kilobytes, limit, 'kB', more),
    informs(part, `of it the page itself`, `${(page.bytes / 1000).toFixed(1)} kB`),
  ]
}

/** Addresses of this site that the page makes a browser load. */
function namedIn(markup: string, base: string): string[] {
  const links = [...markup.matchAll(/<link\b[^>]*>/g)].map(([tag]) => tag)
  const loaded = links.filter((tag) => /rel="(stylesheet|icon|modulepreload|preload)"/.test(tag))
  const sources = [...markup.matchAll(/<(?:img|script|source|use)\b[^>]*?\b(?:src|href)="([^"#]+)/g)].map(
    ([, at]) => at,
  )
  const addresses = [...loaded.map((tag) => /href="([^"]+)"/.exec(tag)?.[1]), ...sources]
  return addresses.flatMap((at) => here(at, base))
}

/** What a style loads at first sight is hard to tell without a browser: all that it names is counted. */
function fromStyle(style: string, base: string): string[] {
  return [...style.matchAll(/url\(["']?([^"')]+)["']?\)/g)].flatMap(([, at]) => here(at, base))
}

function here(address: string | undefined, base: string): string[] {
  if (address === undefined || address.startsWith('data:')) return []
  const url = new URL(address, `http://here${base}`)
  if (url.host !== 'here') throw new Error(`the page loads something from ${url.host}`)
  return [url.pathname + url.search]
}

function fetched(url: URL): Promise<Fetched> {
  return new Promise((resolve, reject) => {
    const load = (encoding: string, then: (body: Buffer, bytes: number) => void): void => {
      const asking = request(url, { agent: false, headers: { 'accept-encoding': encoding } }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (some: Buffer) => parts.push(some))
        answer.on('end', () => {
          if (answer.statusCode === 200) then(Buffer.concat(parts), answer.socket.bytesRead)
          else reject(new Error(`${url.pathname} was answered ${String(answer.statusCode)}`))
        })
      })
      asking.once('error', reject)
      asking.end()
    }
    load('gzip, deflate, br, zstd', (_body, bytes) => {
      load('identity', (body) => resolve({ bytes, text: body.toString('utf8') }))
    })
  })
}

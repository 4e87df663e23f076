import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
  type Response,
} from 'playwright-core'

/** Chromium on one site, watching everything it does there. */
export type TestBrowser = {
  /** A resident: 360 x 740, touch, and no JavaScript. */
  phone: (options?: BrowserContextOptions) => Promise<Page>
  /** An employee at her desk: 1280 x 800, with JavaScript. Only here may a cookie be set. */
  desk: (options?: BrowserContextOptions) => Promise<Page>
  /** A visitor of the public site with JavaScript. */
  visitor: (options?: BrowserContextOptions) => Promise<Page>
  /** What no page may do, since this was last asked: errors, breaches of its policy, strangers called, cookies. */
  problems: () => Promise<string[]>
  close: () => Promise<void>
}

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/** Without a window to draw, Chromium's headless shell takes two thirds of the time. */
const executablePath = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path))

/** The one Chromium of this process: its files use it one after the other, each with windows of its own. */
let shared: Promise<Browser> | undefined

async function chromiumFor(origin: string): Promise<Browser> {
  if (executablePath === undefined) throw new Error('Chromium is not installed (Debian: apt-get install chromium)')
  const known = await shared?.catch(() => undefined)
  if (known?.isConnected()) return known
  const profile = mkdtempSync(join(tmpdir(), 'cityhall-chromium-'))
  process.once('exit', () => {
    rmSync(profile, { recursive: true, force: true })
  })
  shared = launch(executablePath, [...quiet, `--crash-dumps-dir=${profile}`], origin)
  return shared
}

/** A script that used a browser ends it; a test's ends with its process. */
export async function endChromium(): Promise<void> {
  await (await shared)?.close()
}

export async function openBrowser(origin: string): Promise<TestBrowser> {
  await chromiumFor(origin)
  const found: string[] = []
  const contexts = new Set<BrowserContext>()
  const visitors = new Set<BrowserContext>()
  const open = async (options: BrowserContextOptions, isStaff: boolean): Promise<Page> => {
    const browser = await chromiumFor(origin)
    const context = await browser.newContext({ baseURL: origin, acceptDownloads: true, ...options })
    context.setDefaultTimeout(15_000)
    contexts.add(context)
    if (!isStaff) visitors.add(context)
    context.once('close', () => {
      contexts.delete(context)
      visitors.delete(context)
    })
    watch(context, origin, isStaff, found)
    return context.newPage()
  }
  const small = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }
  const wide = { viewport: { width: 1280, height: 800 } }
  return {
    phone: (options) => open({ ...small, javaScriptEnabled: false, ...options }, false),
    desk: (options) => open({ ...wide, ...options }, true),
    visitor: (options) => open({ ...wide, ...options }, false),
    problems: async () => {
      for (const context of visitors)
        for (const { name } of await context.cookies()) found.push(`a visitor holds the cookie ${name}`)
      return found.splice(0)
    },
    close: async () => {
      for (const context of contexts) await context.close()
    },
  }
}

/**
 * A browser that has asked for a page. On a small machine Chromium now and then ends while it starts, which says nothing about
 * the site: it is started again, three times in all.
 */
async function launch(path: string, args: string[], origin: string, more = 2): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: path, args })
  try {
    const page = await browser.newPage()
    await page.goto(`${origin}/healthz`).catch((error: unknown) => {
      // Nobody has to be there: some tests show their own pages.
      if (!String(error).includes('ERR_CONNECTION_REFUSED')) throw error
    })
    await page.close()
    return browser
  } catch (error) {
    await browser.close()
    if (more === 0) throw error
    return launch(path, args, origin, more - 1)
  }
}

/** How the program answered with the page that a window shows: the request's method, its path and the answer's status. */
export type Answer = { method: string; path: string; status: number }
const answers = new WeakMap<Page, Answer>()

export const answerShown = (page: Page): Answer | undefined => answers.get(page)

/** What leads on to another page, or is downloaded, is shown by none. */
function noteAnswer(origin: string, response: Response): void {
  const request = response.request()
  if (!request.isNavigationRequest() || request.frame().parentFrame() !== null) return
  const isPage = String(response.headers()['content-type']).startsWith('text/html')
  if (!isPage || !response.url().startsWith(`${origin}/`)) return
  const { pathname } = new URL(response.url())
  answers.set(request.frame().page(), { method: request.method(), path: pathname, status: response.status() })
}

/** A page's own answer of 4xx or 5xx is no error of the page, though the browser's console calls it one. */
const answered = /^Failed to load resource: the server responded with a status of/

function watch(context: BrowserContext, origin: string, isStaff: boolean, found: string[]): void {
  context.on('weberror', (error) => found.push(`error in a page: ${error.error().message}`))
  context.on('console', (message) => {
    if (message.type() === 'error' && !answered.test(message.text())) found.push(`console: ${message.text()}`)
  })
  context.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(`${origin}/`) && !/^(data|blob|about):/.test(url)) found.push(`a stranger was called: ${url}`)
  })
  context.on('response', (response) => {
    const url = response.url().replace(origin, '')
    const isPage = response.request().isNavigationRequest()
    noteAnswer(origin, response)
    if (!isPage && response.status() >= 400) found.push(`${url} answered ${String(response.status())}`)
    if (isStaff) return
    // The headers that a page may see leave out cookies; these are what came over the wire.
    void response.headerValue('set-cookie').then(
      (cookie) => cookie !== null && found.push(`${url} set a cookie for a visitor`),
      () => undefined,
    )
  })
}

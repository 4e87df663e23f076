import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Html } from '../html.ts'
import type { Language } from '../messages.ts'
import type { Content, OwnText } from './content.ts'
import { addressesOf } from './language.ts'
import type { LineLog } from './request-log.ts'
import type { Shelf } from './shelf.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Publishes a page that is the same for everyone, in each language; rendered once, then handed out from the shelf. */
    publish(path: string, render: (language: Language) => Html): void
    /**
     * Puts a page on the shelf that is the same for everyone but for one text, in each language. Its room has a route of
     * its own there, which answers with `fromShelf` what is asked without anything further.
     */
    publishCopies(path: string, own: OwnText, render: (language: Language) => Html): void
    /** Takes a page off the shelf, in each language. */
    withdraw(path: string): void
    /** Publishes a file under an address that holds its hash, to be kept forever, or a path of its own with seconds to keep. */
    publishFile(path: string, make: () => Content): void
    /** Forgets rendered pages after the city's facts changed. */
    clearShelf(): void
  }
}

declare module 'fastify' {
  interface FastifyReply {
    /** Hands out what stands on the shelf at the address, without what was asked after it; a problem where nothing does. */
    fromShelf(): FastifyReply
  }
}

const keepPageSeconds = 300
const countsEveryMs = 60_000

/**
 * Lets rooms publish pages and files that are the same for everyone. What was handed out is counted and written once a
 * minute, by address and without who, when or from where.
 */
export function publishFromShelf(app: FastifyInstance, shelf: Shelf, log: LineLog): void {
  let open = false
  app.addHook('onReady', (done) => {
    open = true
    done()
  })
  app.decorate('publish', (path: string, render: (language: Language) => Html) => {
    for (const { language, url } of addressesOf(path)) {
      const make = () => ({ body: String(render(language)), type: 'text/html; charset=utf-8', keep: keepPageSeconds })
      shelf.place(url, make)
    }
    app.get(path, handOutOrMake)
  })
  app.decorate('publishCopies', (path: string, own: OwnText, render: (language: Language) => Html) => {
    for (const { language, url } of addressesOf(path))
      shelf.place(url, () => ({ body: String(render(language)), type: 'text/html; charset=utf-8', keep: 0, own }))
  })
  app.decorate('withdraw', (path: string) => {
    for (const { url } of addressesOf(path)) shelf.remove(url)
  })
  app.decorateReply('fromShelf', function (this: FastifyReply) {
    return handOutOrMake(this.request, this)
  })
  app.decorate('publishFile', (path: string, make: () => Content) => {
    shelf.place(path, make)
    // What is published while the city is open has no route of its own: its room has one for all of its kind.
    if (!open) app.get(path, handOutOrMake)
  })
  app.decorate('clearShelf', () => {
    shelf.clear()
  })

  const counting = setInterval(writeCounts, countsEveryMs)
  counting.unref()
  app.addHook('onClose', (_app, done) => {
    clearInterval(counting)
    writeCounts()
    done()
  })

  function handOutOrMake(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const url = request.originalUrl.split('?', 1)[0] as string
    if (!shelf.makeAndHandOut(url, request.raw, reply.raw)) return reply.problem(404)
    return reply.hijack()
  }

  function writeCounts(): void {
    const counts = Object.fromEntries(shelf.takeCounts())
    if (Object.keys(counts).length > 0) log.info({ counts }, 'handed out from the shelf')
  }
}

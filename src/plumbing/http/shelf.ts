import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  chooseEncoding,
  isHeld,
  prepare,
  prepareOwn,
  type Content,
  type Encoding,
  type OwnEncoding,
  type Ready,
} from './content.ts'

/**
 * Where the pages and files stand that are the same for everyone. Each is made when first asked for and kept with its
 * compressed variants, so that handing it out again costs what bare node:http costs.
 *
 * A visit to a page on the shelf is nobody's line in a log: only how often each page was handed out is counted.
 */
export interface Shelf {
  /** Puts the maker of a page or file at an exact address (language prefix included, no query). */
  place(url: string, make: () => Content): void
  remove(url: string): void
  /** Hands out what has been made already. False: not on the shelf, or not yet made, or not a GET or HEAD. */
  handOut(request: IncomingMessage, response: ServerResponse): boolean
  /** Makes what stands at an address if need be, and hands it out. False: nothing stands there. */
  makeAndHandOut(url: string, request: IncomingMessage, response: ServerResponse): boolean
  /** Forgets what was made, so that changed facts of the city show. */
  clear(): void
  /** How often each address was handed out since the last call, and starts again from nothing. */
  takeCounts(): ReadonlyMap<string, number>
}

type Chosen = Readonly<{ page: Encoding; copy: OwnEncoding }>

interface Place {
  readonly url: string
  readonly make: () => Content
  content: Content | undefined
  readonly ready: Map<Encoding, Ready>
  readonly copies: Map<OwnEncoding, ReturnType<typeof prepareOwn>>
  handedOut: number
}

export function createShelf(always: Readonly<Record<string, string>>): Shelf {
  const places = new Map<string, Place>()
  const encodings = new Map<string, Chosen>()

  function encodingsFor(accepted: string | undefined): Chosen {
    const known = encodings.get(accepted ?? '')
    if (known) return known
    const chosen = { page: chooseEncoding(accepted, ['br', 'gzip']), copy: chooseEncoding(accepted, ['gzip']) }
    if (encodings.size < 100) encodings.set(accepted ?? '', chosen)
    return chosen
  }

  function write(place: Place, content: Content, request: IncomingMessage, response: ServerResponse): true {
    place.handedOut += 1
    const encoding = encodingsFor(request.headers['accept-encoding'])
    if (content.own) {
      let copy = place.copies.get(encoding.copy)
      if (!copy) place.copies.set(encoding.copy, (copy = prepareOwn(content, content.own, encoding.copy, always)))
      const { headers, bytes } = copy()
      response.writeHead(200, headers).end(request.method === 'HEAD' ? '' : bytes, 'latin1')
      return true
    }
    let ready = place.ready.get(encoding.page)
    if (!ready) place.ready.set(encoding.page, (ready = prepare(content, encoding.page, always)))
    if (isHeld(request.headers['if-none-match'], ready.etag)) {
      response.writeHead(304, ready.unchanged as string[]).end()
    } else {
      response.writeHead(200, ready.headers as string[]).end(request.method === 'HEAD' ? undefined : ready.body)
    }
    return true
  }

  return {
    place: (url, make) =>
      void places.set(url, { url, make, content: undefined, ready: new Map(), copies: new Map(), handedOut: 0 }),
    remove: (url) => void places.delete(url),
    handOut(request, response) {
      const place = places.get(request.url as string)
      if (!place?.content || (request.method !== 'GET' && request.method !== 'HEAD')) return false
      return write(place, place.content, request, response)
    },
    makeAndHandOut(url, request, response) {
      const place = places.get(url)
      if (!place) return false
      place.content ??= place.make()
      return write(place, place.content, request, response)
    },
    clear() {
      for (const place of places.values()) {
        place.content = undefined
        place.copies.clear()
        place.ready.clear()
      }
    },
    takeCounts() {
      const counts = new Map<string, number>()
      for (const place of places.values()) {
        if (place.handedOut > 0) counts.set(place.url, place.handedOut)
        place.handedOut = 0
      }
      return counts
    },
  }
}

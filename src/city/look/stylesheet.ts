import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { shortHash } from '../../plumbing/index.ts'
import type { City } from '../city.ts'

const sheet = readFileSync(new URL('./site.css', import.meta.url), 'utf8')

interface Look {
  readonly styleHref: string
  readonly style: string
  readonly markHref: string
  readonly mark: string
}

const looks = new WeakMap<City, Look>()

/** The addresses of a city's stylesheet and browser-tab mark. Each holds a hash, so that a browser keeps it for good. */
export function lookOf(city: City): Look {
  const known = looks.get(city)
  if (known) return known
  const style = `:root{--city-accent:${city.accent}}\n${sheet}`
  const mark = drawMark(city)
  const made = {
    style,
    styleHref: `/assets/site.${shortHash(style)}.css`,
    mark,
    markHref: `/assets/mark.${shortHash(mark)}.svg`,
  }
  looks.set(city, made)
  return made
}

/** Puts the city's stylesheet and mark on the shelf. */
export function publishLook(app: FastifyInstance, city: City): void {
  const look = lookOf(city)
  app.publishFile(look.styleHref, () => ({ body: look.style, type: 'text/css; charset=utf-8', keep: 'forever' }))
  app.publishFile(look.markHref, () => ({ body: look.mark, type: 'image/svg+xml', keep: 'forever' }))
}

/** The first letter of the city's own name, which is its last word, in the accent. */
function drawMark(city: City): string {
  const letter = /(\p{L})[^\s]*$/u.exec(city.name.en)?.[1] ?? 'C'
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="${city.accent}"/>` +
    `<text x="16" y="23.500" text-anchor="middle" font-family="Georgia,serif" font-size="22" fill="#fff">${letter}</text></svg>`
  )
}

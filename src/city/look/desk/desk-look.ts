import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { shortHash } from '../../../plumbing/index.ts'
import type { City } from '../../city.ts'

const sheet = readFileSync(new URL('./desk.css', import.meta.url), 'utf8')
const keys = readFileSync(new URL('./keys.js', import.meta.url), 'utf8')

/** A browser module of the desk, kept for good under an address that holds its hash. */
export type DeskModule = Readonly<{ href: string; body: string }>

export function deskModule(name: string, body: string): DeskModule {
  return { href: `/assets/${name}.${shortHash(body)}.js`, body }
}

export const keysModule = deskModule('keys', keys)

const styles = new WeakMap<City, { href: string; body: string }>()

/** The desk's stylesheet in the city's accent. */
export function deskStyle(city: City): { href: string; body: string } {
  const known = styles.get(city)
  if (known) return known
  const body = `:root{--city-accent:${city.accent}}\n${sheet}`
  const made = { href: `/assets/desk.${shortHash(body)}.css`, body }
  styles.set(city, made)
  return made
}

/** Puts the desk's stylesheet and browser modules on the shelf. */
export function publishDeskLook(app: FastifyInstance, city: City, modules: readonly DeskModule[] = []): void {
  const style = deskStyle(city)
  app.publishFile(style.href, () => ({ body: style.body, type: 'text/css; charset=utf-8', keep: 'forever' }))
  for (const { href, body } of [keysModule, ...modules]) {
    app.publishFile(href, () => ({ body, type: 'text/javascript; charset=utf-8', keep: 'forever' }))
  }
}

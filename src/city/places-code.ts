import { createRequire } from 'node:module'

const library = createRequire(import.meta.url).resolve('point-in-polygon-hao')

/**
 * Where the code lies that looks places up, for a browser: what it calls first. `library` is one whole script (MIT, © 2021
 * Rowan Winsemius; in it robust-predicates, Unlicense) that leaves `pointInPolygon` behind.
 */
export const placesCode = {
  library: new URL('../pointInPolygon.min.js', `file://${library}`),
  parts: [
    '../plumbing/nearest.ts',
    './refusal.ts',
    './address-words.ts',
    './addresses.ts',
    './in-outline.ts',
    './areas.ts',
    './known-places.ts',
  ].map((path) => new URL(path, import.meta.url)),
} as const

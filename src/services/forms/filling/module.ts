import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { placesCode } from '../../../city/index.ts'
import { shortHash } from '../../../plumbing/index.ts'

/** In this order each part stands after those it calls when it is loaded. */
const parts = [
  '../answering/answer.ts',
  '../answering/errors.ts',
  '../answering/condition.ts',
  '../answering/reckon.ts',
  '../answering/fees.ts',
  '../answering/formats.ts',
  '../answering/map-frame.ts',
  '../answering/read-typed.ts',
  '../answering/read-field.ts',
  '../answering/schema-error.ts',
  '../answering/read-form.ts',
  './browser/runtime.js',
  './browser/page.js',
  './browser/keep.js',
  './browser/upload.js',
  './browser/address.js',
  './browser/map.js',
  './browser/start.js',
] as const

/** What the check of a form calls; everything else stays inside. */
export const browserNames = [
  'start', 'readForm', 'errorInWords', 'equal', 'formats', 'ucs2length', 'errorAt', 'sorted',
] as const // prettier-ignore

export type BrowserModule = Readonly<{ href: string; body: string }>

/**
 * The very code that reads answers on the server, for the browser: its types taken out, in one file, kept for good under an
 * address that holds its hash.
 */
export const fillingModule: BrowserModule = (() => {
  const body = `${parts.map((path) => plain(here(path))).join('\n')}\nexport { ${browserNames.join(', ')} }\n`
  return { href: `/assets/filling.${shortHash(body)}.js`, body }
})()

/** And the code that looks places up, fetched where a question asks for one. */
export const placesModule: BrowserModule = (() => {
  const library = `// point-in-polygon-hao: MIT, (c) 2021 Rowan Winsemius; robust-predicates: Unlicense
const { pointInPolygon } = ((globalThis, exports, define) => {
${readFileSync(placesCode.library, 'utf8')}
return globalThis })({})`
  const own = [...placesCode.parts, here('../define-places.ts'), here('./browser/look-up.js')].map(plain)
  const body = `import { errorAt, sorted } from '${fillingModule.href}'
${[library, ...own].join('\n')}
export { lookUp }
`
  return { href: `/assets/places.${shortHash(body)}.js`, body }
})()

/** Node runs our files by this very function, and calls it an experiment only where it is called by name. */
function withoutTypes(source: string): string {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    return stripTypeScriptTypes(source)
  } finally {
    process.emitWarning = emitWarning
  }
}

/** One file needs no imports, no exports and none of the reasons that are written for us. */
function plain(file: URL): string {
  const source = readFileSync(file, 'utf8')
  return (file.pathname.endsWith('.ts') ? withoutTypes(source) : source)
    .replace(/^import [^;']*'[^']*'$/gm, '')
    .replace(/^export /gm, '')
    .replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\s+/gm, '')
}

function here(path: string): URL {
  return new URL(path, import.meta.url)
}

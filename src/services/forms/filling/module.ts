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

/** `make`: its text, which takes a while: made when somebody asks for it, and not while the program starts. */
export type BrowserModule = Readonly<{ href: string; make: () => string }>

/**
 * The very code that reads answers on the server, for the browser: its types taken out, in one file, kept for good under an
 * address that holds its hash.
 */
export const fillingModule = browserModule(
  'filling',
  parts.map(here),
  (own) => `${own.map(plain).join('\n')}\nexport { ${browserNames.join(', ')} }\n`,
)

/** And the code that looks places up, fetched where a question asks for one. */
export const placesModule = browserModule(
  'places',
  [placesCode.library, ...placesCode.parts, here('../define-places.ts'), here('./browser/look-up.js')],
  ([library, ...own]) => `import { errorAt, sorted } from '${fillingModule.href}'
// point-in-polygon-hao: MIT, (c) 2021 Rowan Winsemius; robust-predicates: Unlicense
const { pointInPolygon } = ((globalThis, exports, define) => {
${library?.source ?? ''}
return globalThis })({})
${own.map(plain).join('\n')}
export { lookUp }
`,
  fillingModule.href,
)

type Source = Readonly<{ file: URL; source: string }>

/** The hash is of all that the text is made from, and of this file, which makes it. */
function browserModule(
  name: string,
  files: readonly URL[],
  text: (sources: readonly Source[]) => string,
  imports = '',
): BrowserModule {
  const sources = files.map((file) => ({ file, source: readFileSync(file, 'utf8') }))
  const from = [imports, ...sources.map(({ source }) => source), readFileSync(import.meta.filename, 'utf8')]
  return { href: `/assets/${name}.${shortHash(from.join('\n'))}.js`, make: () => text(sources) }
}

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
function plain({ file, source }: Source): string {
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

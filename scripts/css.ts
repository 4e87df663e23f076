import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { PurgeCSS } from 'purgecss'
import { compile } from 'sass'

/**
 * Makes the stylesheets that stand in the repository, so that no server and no start needs Sass.
 * `npm run css` writes them; `npm run css -- --check` fails when one is not what its source makes.
 */
interface Sheet {
  readonly source: string
  readonly written: string
  /** Compressed size, in bytes, that the sheet must not exceed. */
  readonly most: number
  /** Without the design system: the desk draws its own, denser parts. */
  readonly plain?: true
}

const root = fileURLToPath(new URL('..', import.meta.url))
const uswds = join(root, 'node_modules/@uswds/uswds')
const style = 'src/city/look/style'
const sheets: readonly Sheet[] = [
  { source: `${style}/site.scss`, written: 'src/city/look/site.css', most: 14_000 },
  { source: 'src/city/look/desk/desk.scss', written: 'src/city/look/desk/desk.css', most: 9_500, plain: true },
]

/** The classes of the design system that our pages use. A class that is not here has no style from it. */
const uswdsClasses = [
  'usa-button',
  'usa-button--outline',
  'usa-checkbox',
  'usa-checkbox__input',
  'usa-checkbox__label',
  'usa-fieldset',
  'usa-input',
  'usa-input--error',
  'usa-radio',
  'usa-radio__input',
  'usa-radio__label',
  'usa-select',
  'usa-textarea',
]

/** What the design system's colours are called in our tokens. A colour that is missing here stops the build. */
const colours: Readonly<Record<string, string>> = {
  '#005ea2': 'accent',
  '#1a4480': 'accent-strong',
  '#162e51': 'accent-strong',
  '#1b1b1b': 'ink',
  '#2491ff': 'focus',
  '#454545': 'ink-soft',
  '#71767a': 'line-strong',
  '#565c65': 'line-strong',
  '#757575': 'ink-soft',
  '#919191': 'line-strong',
  '#a9aeb1': 'line-strong',
  '#b50909': 'error',
  '#c9c9c9': 'line',
  '#d9e8f6': 'tint',
  '#dfe1e2': 'line',
  '#e6e6e6': 'line',
  '#f0f0f0': 'tint',
}

async function makeUswds(): Promise<string> {
  const compiled = sass(`${style}/_uswds.scss`)
  const purged = await new PurgeCSS().purge({
    content: [{ raw: [...uswdsClasses, 'html body input select textarea legend'].join(' '), extension: 'txt' }],
    css: [{ raw: compiled }],
    safelist: { greedy: [/usa-(checkbox|radio)__input/] },
  })
  const [kept] = purged
  if (!kept) throw new Error('the design system came out empty')
  return inlinePictures(nameColours(kept.css))
}

function nameColours(css: string): string {
  return css
    .replace(/#[0-9a-f]{6}\b/g, (colour) => {
      const token = colours[colour]
      if (!token) throw new Error(`the design system uses ${colour}, which has no token of ours (scripts/css.ts)`)
      return `var(--${token})`
    })
    .replace(/(background(?:-color)?|box-shadow):([^;{}]*)(?:\bwhite|#fff)\b/g, '$1:$2var(--sheet)')
    .replace(/(^|[;{])color: ?(?:white|#fff)\b/g, '$1color:var(--on-accent)')
}

function inlinePictures(css: string): string {
  return css.replace(/url\("?\.\.\/img\/([^")]+)"?\)/g, (_, path: string) => {
    const picture = readFileSync(join(uswds, 'dist/img', path), 'utf8')
      .replace(/\s+/g, ' ')
      .trim()
    return `url("data:image/svg+xml,${encodeURIComponent(picture)}")`
  })
}

function sass(source: string): string {
  const { css } = compile(join(root, source), {
    loadPaths: [join(uswds, 'packages')],
    style: 'compressed',
    quietDeps: true,
    silenceDeprecations: ['global-builtin', 'import', 'if-function'],
  })
  return css.replace(/^\uFEFF/, '')
}

async function make(sheet: Sheet): Promise<string> {
  if (sheet.plain) return `${sass(sheet.source)}\n`
  const system = await makeUswds()
  return `@layer uswds,city;@layer uswds{${system}}@layer city{${sass(sheet.source)}}\n`
}

for (const sheet of sheets) {
  const path = join(root, sheet.written)
  const made = await make(sheet)
  const size = gzipSync(made, { level: 9 }).length
  if (size > sheet.most) fail(`${sheet.written} would be ${size} bytes compressed; it may be ${sheet.most}`)
  if (!process.argv.includes('--check')) writeFileSync(path, made)
  else if (readFileSync(path, 'utf8') !== made) fail(`${sheet.written} is not what its source makes: npm run css`)
  process.stdout.write(`${sheet.written}: ${size} bytes compressed\n`)
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

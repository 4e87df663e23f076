import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { order } from '../src/order.ts'

const root = join(import.meta.dirname, '..')
const src = join(root, 'src')

type Import = { from: string; to: string; line: number }
type Room = (typeof order)[number]

const files = globSync('**/*.ts', { cwd: src }).map((file) => file.replaceAll('\\', '/'))
const wiring = new Set([
  'main.ts',
  'serve-until-stopped.ts',
  'on-ground.ts',
  'on-ledger.ts',
  'its-database.ts',
  'refuse.ts',
  'cityhall.ts',
  'order.ts',
  'sample-city.ts',
])

/** The room a file stands in; the longest name wins (`trust/ledger` before `trust`). */
function roomOf(file: string): Room | undefined {
  return [...order].sort((a, b) => b.length - a.length).find((room) => file.startsWith(`${room}/`))
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Import[] = []
  const note = (specifier: ts.Expression | undefined): void => {
    if (!specifier || !ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return
    const to = relative(src, join(src, dirname(file), specifier.text)).replaceAll('\\', '/')
    found.push({ from: file, to, line: source.getLineAndCharacterOfPosition(specifier.pos).line + 1 })
  }
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) note(node.moduleSpecifier)
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) note(node.arguments[0])
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** What is wrong with one import, in words; undefined where nothing is. */
function trouble({ from, to, line }: Import): string | undefined {
  const here = `${from}:${String(line)} imports ${to}`
  const [mine, theirs] = [roomOf(from), roomOf(to)]
  if (to.startsWith('..')) return from.endsWith('.test.ts') || isForTests(from) ? undefined : `${here}, outside src`
  if (!mine) return wiring.has(from) ? undefined : `${from} stands in no room of order.ts`
  if (!theirs) return `${here}: a room may not import the wiring`
  if (mine === theirs) return undefined
  if (order.indexOf(theirs) > order.indexOf(mine)) return `${here}: ${theirs} stands above ${mine} in the house`
  const doors = [`${theirs}/index.ts`, 'city/look/index.ts']
  return doors.includes(to) ? undefined : `${here}: go through ${theirs}/index.ts`
}

/** A room's own scenery for tests; no part of the program imports it. */
const isForTests = (file: string): boolean => file.includes('/testing/')

describe('the house', () => {
  it('would say so if a room reached up, or around an index', () => {
    const said = (from: string, to: string) => trouble({ from, to, line: 1 })
    expect(said('trust/vault/open.ts', 'services/correspondence/index.ts')).toMatch(/stands above/)
    expect(said('services/forms/submit.ts', 'trust/vault/seal.ts')).toMatch(/go through trust\/vault\/index.ts/)
    expect(said('trust/vault/open.ts', 'cityhall.ts')).toMatch(/may not import the wiring/)
    expect(said('trust/vault/open.ts', 'trust/need-to-know/index.ts')).toBeUndefined()
  })

  it('has each file in a room, and each room importing only rooms below it, through their index.ts', () => {
    expect(files.flatMap(importsOf).map(trouble).filter(Boolean)).toEqual([])
  })

  it('has no part of the program that imports the scenery of tests', () => {
    const real = files.filter((file) => !file.endsWith('.test.ts') && !isForTests(file))
    expect(real.flatMap(importsOf).filter(({ to }) => isForTests(to) || to.endsWith('.test.ts'))).toEqual([])
  })

  it('has in each room a README of at most 40 lines and an index.ts', () => {
    const rooms = order.filter((room) => existsSync(join(src, room)))
    const wrong = rooms.flatMap((room) => {
      const readme = join(src, room, 'README.md')
      if (!existsSync(join(src, room, 'index.ts'))) return [`${room} has no index.ts`]
      if (!existsSync(readme)) return [`${room} has no README.md`]
      const lines = readFileSync(readme, 'utf8').trimEnd().split('\n').length
      return lines > 40 ? [`${room}/README.md has ${String(lines)} lines`] : []
    })
    expect(wrong).toEqual([])
  })

  it('has no file above 400 lines, nine in ten at most 200, and no file with an empty name', () => {
    const lengths = files.map((file) => ({ file, lines: readFileSync(join(src, file), 'utf8').split('\n').length }))
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([])
    expect(lengths.filter(({ lines }) => lines > 200).length).toBeLessThanOrEqual(lengths.length / 10)
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common|manager|service|types|misc)\.ts$/.test(file))).toEqual(
      [],
    )
  })
})

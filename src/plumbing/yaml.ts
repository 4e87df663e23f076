import { readFileSync, statSync } from 'node:fs'
import { isAlias, isMap, isNode, isPair, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { Document, Node, YAMLError } from 'yaml'
import { misfits, type Path } from './misfits.ts'
import type { Static, TSchema } from './schema.ts'
import { mistakeOf } from './yaml-mistakes.ts'

export type { Path }

/** One thing wrong in a file that a person wrote: where it stands, what is wrong, and what may stand there. Lines and columns count from 1. */
export type Mistake = Readonly<{ file: string; line: number; column: number; says: string; allowed: string }>

/** A file's value with the way back to its lines; `part` asks for the place of the key instead of its value. */
export type Yaml<T> = Readonly<{
  file: string
  value: T
  mistake(path: Path, says: string, allowed: string, part?: 'key' | 'value'): Mistake
}>

export type Mistaken = Readonly<{ mistakes: readonly Mistake[] }>

const mostBytes = 1024 * 1024

/**
 * Reads a YAML 1.2 file and checks it against a JSON Schema. Refuses, with every mistake at its line: a file
 * that is missing, over 1 MiB or not UTF-8, a key that stands twice, an alias (an alias can unfold without end), and whatever the schema refuses.
 */
export function readYaml<Schema extends TSchema>(
  file: string,
  schema: Schema,
  open: OpenYaml = openYaml,
): Yaml<Static<Schema>> | Mistaken {
  const opened = open(file)
  return isMistaken(opened) ? opened : checked(opened, schema)
}

/** A file as YAML, whatever it says. */
export type OpenYaml = (file: string) => Yaml<unknown> | Mistaken

function openYaml(file: string): Yaml<unknown> | Mistaken {
  const source = readText(file)
  return typeof source === 'string' ? opened(file, source) : source
}

/** Opens each file once, however many rooms ask for it: for one reading of a city's folder, and not beyond it. */
export function openEachOnce(): OpenYaml {
  const known = new Map<string, ReturnType<OpenYaml>>()
  return (file) => {
    const found = known.get(file) ?? openYaml(file)
    known.set(file, found)
    return found
  }
}

/** `readYaml` for text already in hand; `file` is the name that mistakes carry. */
export function parseYaml<Schema extends TSchema>(
  file: string,
  source: string,
  schema: Schema,
): Yaml<Static<Schema>> | Mistaken {
  const read = opened(file, source)
  return isMistaken(read) ? read : checked(read, schema)
}

function opened(file: string, source: string): Yaml<unknown> | Mistaken {
  const lines = new LineCounter()
  const document = parseDocument(source, {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    uniqueKeys: true,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const broken = [...document.errors, ...document.warnings].map((error) => ({
    ...at(error.pos[0]),
    ...syntaxWords(error),
  }))
  if (broken.length > 0) return { mistakes: broken }
  const aliases = (source.includes('*') ? aliasOffsets(document) : []).map((offset) => ({
    ...at(offset),
    says: 'This points to words elsewhere in the file.',
    allowed: 'Write the words out here; & and * are not read. Put text that begins with * in quotation marks.',
  }))
  if (aliases.length > 0) return { mistakes: aliases }

  const value: unknown = document.toJS()
  const mistake: Yaml<unknown>['mistake'] = (path, says, allowed, part = 'value') => ({
    ...at(offsetOf(document, path, part)),
    says,
    allowed,
  })
  return { file, value, mistake }
}

/** The same check for a value that stands in no file: a mistake's `file` is its place, as `placeOf` words it. */
export function checkValue<Schema extends TSchema>(
  value: unknown,
  schema: Schema,
  placeOf: (path: Path) => string,
): Yaml<Static<Schema>> | Mistaken {
  const mistake: Yaml<unknown>['mistake'] = (path, says, allowed) => ({
    file: placeOf(path),
    line: 0,
    column: 0,
    says,
    allowed,
  })
  return checked({ file: '', value, mistake }, schema)
}

function checked<Schema extends TSchema>(
  { file, value, mistake }: Yaml<unknown>,
  schema: Schema,
): Yaml<Static<Schema>> | Mistaken {
  const found = misfits(schema, value)
  if (found.length === 0) return { file, value: value as Static<Schema>, mistake }
  return { mistakes: inOrder(found.map((misfit) => mistakeOf(misfit, mistake))) }
}

/** By file, then down the page; the same mistake is told once. */
export function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  const once = new Map(mistakes.map((one) => [`${one.file}:${one.line}:${one.column}:${one.says}`, one]))
  return [...once.values()].sort((a, b) => a.file.localeCompare(b.file, 'en') || a.line - b.line || a.column - b.column)
}

export function isMistaken<T>(result: T | Mistaken): result is Mistaken {
  return typeof result === 'object' && result !== null && 'mistakes' in result
}

/** A small text file in UTF-8, or the one mistake that it cannot be read. */
export function readText(file: string): string | Mistaken {
  const refuse = (says: string, allowed: string) => ({ mistakes: [{ file, line: 1, column: 1, says, allowed }] })
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found?.isFile()) return refuse('This file is not there.', 'A text file of this name.')
  if (found.size > mostBytes) return refuse('This file is too big.', 'A file of at most 1 MiB.')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (error) {
    if (error instanceof TypeError) return refuse('This file is not plain text.', 'Text saved as UTF-8.')
    throw new Error(`Could not read ${file}`, { cause: error })
  }
}

function syntaxWords(error: YAMLError): { says: string; allowed: string } {
  if (error.code === 'DUPLICATE_KEY') {
    return { says: 'The same name stands here twice.', allowed: 'Each name once.' }
  }
  if (error.code === 'TAB_AS_INDENT') {
    return { says: 'A tab stands at the start of this line.', allowed: 'Spaces, two for each step.' }
  }
  return {
    says: `This cannot be read as YAML: ${error.message}.`,
    allowed: 'name: value, indented with spaces. Put text that holds : or # or begins with a sign in quotation marks.',
  }
}

function aliasOffsets(document: Document): number[] {
  const offsets: number[] = []
  visit(document, (_, node) => {
    if (isAlias(node)) offsets.push(node.range?.[0] ?? 0)
  })
  return offsets
}

/** Where a path stands in the text. A path that is not there stands where its last known ancestor does. */
function offsetOf(document: Document, path: Path, part: 'key' | 'value'): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [depth, step] of path.entries()) {
    const last = depth === path.length - 1
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && keyOf(item.key) === String(step))
      if (pair === undefined) return offset
      const key = startOf(pair.key)
      node = pair.value
      // A whole block is best shown by its name: the block itself begins a line later.
      offset = (last && part === 'value' && !isMap(node) && !isSeq(node) ? startOf(node) : key) ?? key ?? offset
    } else if (isSeq(node)) {
      node = node.items[Number(step)]
      offset = startOf(node) ?? offset
    } else return offset
  }
  return offset
}

const keyOf = (key: unknown) => (isNode(key) ? String((key as { value?: unknown }).value) : String(key))

const startOf = (node: unknown) => (isNode(node) ? (node as Node).range?.[0] : undefined)

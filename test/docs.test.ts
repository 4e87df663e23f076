import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import MarkdownIt from 'markdown-it'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { runCommand, type Program } from '../src/doors/command-line/index.ts'
import { order } from '../src/order.ts'
import { variables } from '../src/plumbing/variables.ts'
import { samplePassword } from '../src/services/forms/index.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const pages = globSync(['*.md', '{bench,city,docs,src}/**/*.md'], { cwd: root }).map((file) =>
  file.replaceAll('\\', '/'),
)
const markdown = new MarkdownIt({ html: true })

type Leaf = ReturnType<typeof markdown.parse>[number]

/** Every token of a page, those inside a line too. */
function tokensOf(text: string): Leaf[] {
  return markdown.parse(text, {}).flatMap((token) => [token, ...(token.children ?? [])])
}

function targetsIn(text: string): string[] {
  return tokensOf(text).flatMap((token) => {
    const inMarkup = token.type.startsWith('html') ? [...token.content.matchAll(/(?:src|href|srcset)="([^"]+)"/g)] : []
    return [token.attrGet('href'), token.attrGet('src'), ...inMarkup.map(([, to]) => to)].filter(
      (to) => typeof to === 'string',
    )
  })
}

/** The names that headings get, as GitHub makes them. */
function anchorsOf(text: string): string[] {
  const tokens = markdown.parse(text, {})
  return tokens.flatMap((token, at) => {
    if (token.type !== 'heading_open') return []
    const words = (tokens[at + 1]?.children ?? []).map(({ content }) => content).join('')
    return [
      words
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ]
  })
}

/** What is wrong with a link from a page, in words; undefined where nothing is. */
function trouble(page: string, to: string): string | undefined {
  if (/^(https?|mailto):/.test(to)) return undefined
  const [path = '', anchor] = to.split('#')
  const file = path === '' ? page : join(dirname(page), decodeURIComponent(path))
  if (!existsSync(join(root, file))) return `${page}: ${to} is not there`
  if (anchor === undefined || !file.endsWith('.md')) return undefined
  return anchorsOf(read(file)).includes(anchor) ? undefined : `${page}: ${file} has no heading #${anchor}`
}

describe('the pages of this repository', () => {
  test('would be told of a link that leads nowhere', () => {
    expect(trouble('docs/operate.md', 'gone.md')).toMatch(/not there/)
    expect(trouble('README.md', 'SECURITY.md#gone')).toMatch(/no heading/)
    expect(targetsIn('![a](b.png) <img src="c.png"> `[d](e)`')).toEqual(['b.png', 'c.png'])
  })

  test('link and show only what is there', () => {
    const all = pages.flatMap((page) => targetsIn(read(page)).map((to) => trouble(page, to)))
    expect(all.length).toBeGreaterThan(80)
    expect(all.filter(Boolean)).toEqual([])
  })

  test('name only settings that there are', () => {
    const known: readonly string[] = variables.map(({ name }) => name)
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/\bCITYHALL_[A-Z]+(?:_[A-Z]+)*\b/g)].map(([name]) => name),
    )
    expect(named.length).toBeGreaterThan(20)
    expect([...new Set(named)].filter((name) => !known.includes(name))).toEqual([])
  })
})

/** What `npx cityhall WORDS --help` prints. */
async function help(words: readonly string[]): Promise<string> {
  let said = ''
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((said += String(text))))
  await runCommand(['node', 'cityhall', ...words, '--help'], {} as Program).finally(() => out.mockRestore())
  return said
}

/** What is wrong with a command as a page has it: a word that is no command, or an option it does not take. */
async function commandTrouble(line: string): Promise<string | undefined> {
  const words = line.replace(/(^|\s)(#|\||&&|>).*/, '').split(/\s+/)
  const path: string[] = []
  for (;;) {
    const text = await help(path)
    const commands = /^Commands:\n([\s\S]*)/m.exec(text)?.[1]
    const next = words[path.length] ?? ''
    if (commands !== undefined && new RegExp(`^  ${next}( |$)`, 'm').test(commands) && /^[a-z][a-z0-9]+$/.test(next)) {
      path.push(next)
      continue
    }
    // `npx cityhall ledger` alone speaks of the group; a word after it must be one of its commands.
    if (commands !== undefined && /^[a-z]/.test(next)) return `${line}: '${next}' is no command`
    const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''))
    const unknown = options.find((option) => !new RegExp(`${option}\\b`).test(text))
    return unknown && `${line}: ${path.join(' ')} takes no ${unknown}`
  }
}

describe('commands in the pages', () => {
  test('would be found out if there were no such command or option', async () => {
    expect(await commandTrouble('ledger burn')).toMatch(/no command/)
    expect(await commandTrouble('backup')).toMatch(/no command/)
    expect(await commandTrouble('ledger verify --quickly')).toMatch(/takes no/)
    expect(await commandTrouble('staff add ana Ana Ruiz   # a comment')).toBeUndefined()
  })

  test('are commands that --help knows, with options it knows', async () => {
    const lines = pages.flatMap((page) =>
      tokensOf(read(page))
        .filter(({ type }) => /^(fence|code_block|code_inline)$/.test(type))
        .flatMap(({ content }) => [...content.matchAll(/npx cityhall +([^\n]+)/g)].map(([, words = '']) => words)),
    )
    expect(lines.length).toBeGreaterThan(15)
    const troubles: (string | undefined)[] = []
    for (const line of new Set(lines)) troubles.push(await commandTrouble(line))
    expect(troubles.filter(Boolean)).toEqual([])
  })
})

/** The rows of a table by the words in its first heading; cells as written. */
function table(text: string, heading: string): string[][] {
  const lines = text.split('\n')
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`))
  const rows = lines.slice(start + 2)
  const end = rows.findIndex((line) => !line.startsWith('|'))
  return rows.slice(0, end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('the README', () => {
  const readme = read('README.md')

  test('maps the rooms that there are, foundation first', () => {
    const mapped = table(readme, 'room').map(([room = '']) => /\]\(src\/(.+)\/README\.md\)/.exec(room)?.[1])
    expect(mapped).toEqual(order.filter((room) => existsSync(join(root, 'src', room))))
  })

  test('signs in as sample employees who are there, with their password', () => {
    const { staff } = parse(read('city/sample/staff.yaml')) as { staff: Record<string, unknown> }
    const handles = table(readme, 'handle').map(([handle = '']) => handle.replaceAll('`', ''))
    expect(handles.length).toBeGreaterThan(2)
    expect(handles.filter((handle) => !(handle in staff))).toEqual([])
    expect(readme).toContain(`\`${samplePassword}\``)
  })

  test('answers for every sentence of the policy once, with a test that is there or the words “Not yet”', () => {
    const { clauses } = parse(read('city/policy.yaml')) as { clauses: { sentences: { id: string }[] }[] }
    const rows = table(readme, 'The policy says')
    const answered = rows.flatMap(([says = '']) => says.match(/\bp\d+\.\d+\b/g) ?? [])
    expect(answered).toEqual(clauses.flatMap(({ sentences }) => sentences.map(({ id }) => id)))
    for (const [says = '', keeps = '', tests = ''] of rows) {
      const named = [...tests.matchAll(/\]\(([^)]+)\) “([^”]+)”/g)]
      if (named.length === 0) expect(keeps, says).toMatch(/^Not yet: /)
      for (const [, file = '', title = ''] of named) expect(read(file), says).toContain(`'${title}'`)
    }
  })
})

test('decisions are numbered without a gap, and each fits a page and says context, options, decision and cost', () => {
  const decisions = globSync('docs/decisions/*.md', { cwd: root }).sort()
  expect(decisions.length).toBeGreaterThan(11)
  for (const [at, file] of decisions.entries()) {
    const number = at + 1
    const text = read(file)
    expect(relative('docs/decisions', file)).toMatch(new RegExp(`^${String(number).padStart(4, '0')}-[a-z0-9-]+\\.md$`))
    expect(text.startsWith(`# ${String(number)}. `)).toBe(true)
    expect(text.match(/^## .+$/gm)).toEqual(['## Context', '## Options', '## Decision', '## Cost'])
    expect(text.split('\n').length).toBeLessThanOrEqual(45)
  }
})

import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem, type CpuInfo } from 'node:os'
import type { Figure } from './figures.ts'
import { postgresVersion } from './postgres-version.ts'

const head = `# Results of \`npm run bench\`

Each part measures its own raw limit in the same run, and tells the ratio: machines differ, ratios less. How it is
measured stands in [README.md](README.md). A part that was not run again keeps its earlier figures and their date.
`

/** The whole file: the parts just measured, and the others as they stand in it. */
export async function results(file: string, figures: ReadonlyMap<string, readonly Figure[]>): Promise<string> {
  const kept = existsSync(file) ? sectionsOf(readFileSync(file, 'utf8')) : new Map<string, string>()
  const machine = await machineNow()
  for (const [part, measured] of figures) kept.set(part, `${machine}\n\n${table(measured)}`)
  return `${head}${[...kept].map(([part, text]) => `\n## ${part}\n\n${text}\n`).join('')}`
}

export function table(figures: readonly Figure[]): string {
  const rows = figures.map(({ what, value, target, met }) => [
    what,
    value,
    target ?? '',
    met === undefined ? '' : met ? 'met' : '**missed**',
  ])
  const all = [['what', 'measured', 'target', ''], ...rows]
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...all.map((row) => row[column]?.length ?? 0)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [line(all[0] ?? []), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join(
    '\n',
  )
}

function sectionsOf(text: string): Map<string, string> {
  const sections = text.split(/^## /m).slice(1)
  return new Map(
    sections.map((section) => {
      const end = section.indexOf('\n')
      return [section.slice(0, end).trim(), section.slice(end).trim()]
    }),
  )
}

async function machineNow(): Promise<string> {
  const [first] = cpus() as (CpuInfo | undefined)[]
  const memory = Math.round(totalmem() / 2 ** 30)
  return [
    new Date().toISOString().slice(0, 16).replace('T', ' ') + ' UTC',
    `${String(availableParallelism())} cores (${first?.model.trim() ?? 'unknown'}), ${String(memory)} GB`,
    `Node.js ${process.version}`,
    `PostgreSQL ${await postgresVersion()} (embedded)`,
  ].join(', ')
}

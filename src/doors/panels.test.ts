import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { sql } from '../plumbing/index.ts'

// A case's page asks a room's panel only where correspondence.beside_in_hand says that the room keeps something of it.
// A room that it forgets would show nothing, for ever.

let database: TestDatabase
let lookedAt: string
beforeAll(async () => {
  database = await createTestDatabase({ max: 1 })
  const [row] = await database.owner.once<{ source: string }>(
    sql`select prosrc as source from pg_proc where oid = 'correspondence.beside_in_hand()'::regprocedure`,
  )
  lookedAt = row?.source ?? ''
})
afterAll(() => database.drop())

const source = (path: string) => readFileSync(join(import.meta.dirname, path), 'utf8')

/** The rooms whose panels the program hands to a case's page, as its doors import them. */
function roomsWithPanels(): readonly string[] {
  const doors = source('open-doors.ts')
  const list = /panels: \[([^\]]*)\]/.exec(doors)?.[1] ?? ''
  const panels = [...list.matchAll(/^ *(\w+)/gm)].map(([, name = '']) => name)
  expect(panels.length).toBeGreaterThanOrEqual(12)
  const imports = [
    ...doors.matchAll(/import (?:type )?\{([^}]*)\} from '\.\.\/(?:services|people)\/([\w-]+)\/index\.ts'/g),
  ]
  return panels.map((panel) => {
    const from = imports.find(([, names = '']) => new RegExp(`\\b${panel}\\b`).test(names))
    if (!from?.[2]) throw new Error(`nobody knows of which room ${panel} is`)
    return from[2].replaceAll('-', '_')
  })
}

/** Tables of such rooms that point to a case, of which no panel shows anything. */
const notShown: Readonly<Record<string, string>> = {
  'open311.brought': 'which program brought it: only that program’s own requests ask',
  'open311.update': 'what other programs are told when they ask what is new',
  'routing.taught': 'what a moved letter taught the suggestions; they are counts of words, of no case',
}

const isLookedAt = (what: string) => new RegExp(`\\bfrom ${what.replace('.', '\\.')}\\b`).test(lookedAt)

test('every room that shows a panel on a case is looked into', () => {
  expect(roomsWithPanels().filter((room) => !isLookedAt(`${room}.\\w+`))).toEqual([])
})

test('and in such a room every table that points to a case, but those of which nothing is shown', async () => {
  const rooms = roomsWithPanels()
  const pointing = await database.owner.once<{ room: string; name: string }>(sql`
    select distinct n.nspname as room, c.relname as name
    from pg_constraint f join pg_class c on c.oid = f.conrelid join pg_namespace n on n.oid = c.relnamespace
    where f.contype = 'f' and f.confrelid = 'correspondence.casefile'::regclass and n.nspname = any (${[...rooms]})`)
  const tables = pointing.map(({ room, name }) => `${room}.${name}`)
  expect(tables.length).toBeGreaterThanOrEqual(10)
  expect(tables.filter((table) => !isLookedAt(table)).sort()).toEqual(Object.keys(notShown).sort())
})

test('what it names is what a panel may find', () => {
  const said = [...lookedAt.matchAll(/then '(\w+)' end/g)].map(([, name]) => name)
  const type = /export type Beside =([^/]*)\/\*\*/.exec(source('../services/correspondence/panel.ts'))?.[1] ?? ''
  expect(said.length).toBeGreaterThan(10)
  expect([...type.matchAll(/'(\w+)'/g)].map(([, name]) => name).sort()).toEqual(said.sort())
})

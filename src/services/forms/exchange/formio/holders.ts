import { isThing, type Thing } from '../thing.ts'

const holders = ['container', 'panel', 'columns', 'fieldset', 'well', 'table', 'tabs', 'wizard']
const tables = ['datagrid', 'editgrid', 'datatable', 'tree']

/** What is there only to hold others; whatever has parts and is no question of its own is one. */
export const isHolder = (type: string, thing: Thing): boolean =>
  holders.includes(type) ||
  (!tables.includes(type) && type !== 'address' && thing.input !== true && innerOf(thing).length > 0)
export const isTable = (type: string): boolean => tables.includes(type)

type Inner = Readonly<{ at: string; thing: Thing }>

/** What stands in a component, wherever it may: under components, in columns, in the cells of rows, or on tabs. */
export function innerOf(thing: Thing): readonly Inner[] {
  const within = (at: string, list: unknown): Inner[] =>
    Array.isArray(list)
      ? (list as unknown[]).flatMap((one, index): Inner[] => {
          const here = `${at}/${String(index)}`
          if (Array.isArray(one)) return within(here, one)
          if (!isThing(one)) return []
          if (typeof one.type === 'string' || !Array.isArray(one.components)) return [{ at: here, thing: one }]
          return within(`${here}/components`, one.components)
        })
      : []
  return [
    ...within('/components', thing.components),
    ...within('/columns', thing.columns),
    ...within('/rows', thing.rows),
  ]
}

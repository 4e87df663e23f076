import { readFileSync, statSync } from 'node:fs'
import type { Refusal } from '../../../../city/index.ts'
import { isThing, type Thing } from '../thing.ts'

export type Foreign = 'digital-form-builder' | 'form.io' | 'cityhall'
export type ForeignForm = Readonly<{ from: Foreign; form: Thing }>
export type ForeignRefused = Refusal<'no-file' | 'too-big' | 'too-deep' | 'not-json' | 'not-a-form', { says: string }>

const mostBytes = 8 * 1024 * 1024
const mostDepth = 100

const refuse = (refused: ForeignRefused['refused'], says: string): ForeignRefused => ({ refused, says })

/** A form made with another program, from its file; whoever made the file may mean harm, so nothing in it is run or followed. */
export function readForeignFile(path: string): ForeignForm | ForeignRefused {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) return refuse('no-file', `There is no file ${path}.`)
  if (found.size > mostBytes) return refuse('too-big', `${path} is larger than 8 MiB. No form is.`)
  return readForeign(readFileSync(path, 'utf8'))
}

export function readForeign(text: string): ForeignForm | ForeignRefused {
  if (text.length > mostBytes) return refuse('too-big', 'The file is larger than 8 MiB. No form is.')
  if (depthOf(text) > mostDepth)
    return refuse('too-deep', `It goes more than ${String(mostDepth)} levels deep. No form does.`)
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    return refuse('not-json', 'It is not JSON. Export the form as JSON first.')
  }
  return recognise(parsed)
}

/** How deep brackets stand in one another, outside of texts: found by reading once, so that no depth can hurt. */
function depthOf(text: string): number {
  let depth = 0
  let deepest = 0
  let inText = false
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at]
    if (inText) {
      if (sign === '\\') at += 1
      else if (sign === '"') inText = false
    } else if (sign === '"') inText = true
    else if (sign === '{' || sign === '[') deepest = Math.max(deepest, (depth += 1))
    else if (sign === '}' || sign === ']') depth -= 1
  }
  return deepest
}

function recognise(parsed: unknown): ForeignForm | ForeignRefused {
  const form = isThing(parsed) && isThing(own(parsed, 'form')) && !own(parsed, '$schema') ? own(parsed, 'form') : parsed
  if (isThing(form)) {
    const schema = own(form, '$schema')
    if (typeof schema === 'string' && schema.endsWith('/api/privacy-vocabulary')) return { from: 'cityhall', form }
    if (Array.isArray(own(form, 'pages'))) return { from: 'digital-form-builder', form }
    if (Array.isArray(own(form, 'components'))) return { from: 'form.io', form }
  }
  return refuse(
    'not-a-form',
    'It is neither a form of the GOV.UK, DEFRA or XGov form builder (pages), nor of form.io (components), nor a JSON Schema that a Cityhall exported.',
  )
}

const own = (thing: Thing, key: string): unknown => (Object.hasOwn(thing, key) ? thing[key] : undefined)

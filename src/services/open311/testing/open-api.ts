import { XMLParser } from 'fast-xml-parser'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { openTestHouse, type TestHouse } from '../../../../test/support/house.ts'
import { createServer, html, type Clock } from '../../../plumbing/index.ts'
import { addClient } from '../clients.ts'
import { open311Routes } from '../routes.ts'

export type Said = Readonly<{ status: number; type: string; body: string; headers: Record<string, unknown> }>
export type Fields = readonly (readonly [string, string])[]

/** The sample city's Open311, on a database of its own, and two programs with keys. */
export type OpenApi = Readonly<{
  house: TestHouse
  app: FastifyInstance
  key: string
  otherKey: string
  faults: readonly string[]
  get(path: string, headers?: Record<string, string>): Promise<Said>
  post(path: string, fields: Fields, headers?: Record<string, string>): Promise<Said>
  close(): Promise<void>
}>

export async function openApi(options: { clock?: Clock; perMinute?: number } = {}): Promise<OpenApi> {
  const house = await openTestHouse(options.clock ? { clock: options.clock } : {})
  const faults: string[] = []
  const publicUrl = 'http://city.test'
  const log = { info: () => undefined, error: (fields: object) => void faults.push(JSON.stringify(fields)) }
  const app = await createServer({ publicUrl, log, problemPage: ({ status }) => html`<h1>${status}</h1>` })
  await open311Routes(app, { ...house, publicUrl })
  const keyFor = async (name: string) => {
    const limits = { perMinute: options.perMinute ?? 10_000, perDay: 1_000_000, mayPost: true, mayUpdate: true }
    const added = await house.database.owner.transaction((tx) => addClient(tx, house.keys, { name, ...limits }))
    if ('refused' in added) throw new Error(added.refused)
    return added.key
  }
  const ask = async (request: InjectOptions): Promise<Said> => {
    const { statusCode, headers, body } = await app.inject(request)
    return { status: statusCode, type: String(headers['content-type']), body, headers }
  }
  return {
    house,
    app,
    key: await keyFor('App'),
    otherKey: await keyFor('Other app'),
    faults,
    get: (path, headers = {}) => ask({ url: `/open311/v2/${path}`, headers }),
    post: (path, fields, headers = {}) =>
      ask({
        method: 'POST',
        url: `/open311/v2/${path}`,
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        payload: new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value])).toString(),
      }),
    close: async () => {
      await app.close()
      await house.close()
    },
  }
}

const parser = new XMLParser({ parseTagValue: false, trimValues: false, isArray: (name) => lists.has(name) })
const lists = new Set(['service', 'request', 'request_update', 'attribute', 'value', 'error', 'endpoint', 'format'])

/** An XML answer as JSON would say it: every leaf a text, lists as lists. */
export function fromXml(body: string): unknown {
  const document = parser.parse(body) as Record<string, unknown>
  return unwrapped(Object.entries(document).find(([name]) => !name.startsWith('?'))?.[1])
}

function unwrapped(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(unwrapped)
  const [[name, only] = ['', undefined], ...more] = Object.entries(value)
  if (more.length === 0 && lists.has(name)) return unwrapped(only)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]))
}

/** A JSON answer with every leaf a text, as XML has it. */
export function asTexts(value: unknown): unknown {
  if (value === null) return ''
  if (Array.isArray(value)) return value.length === 0 ? '' : value.map(asTexts)
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value)
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, asTexts(inner)]))
}

import type { FastifyInstance, FastifyReply } from 'fastify'
import { sql, type Db } from '../../plumbing/index.ts'
import { formatBundle } from './bundle.ts'
import { hashBytes } from './merkle.ts'
import { verifierOf } from './note.ts'
import { parseTilePath, tileWidth } from './tile.ts'

export type LedgerRoutes = { readonly db: Db; readonly vkey: string; readonly origin: string }

const forever = 'public, max-age=31536000, immutable'
const bytes = 'application/octet-stream'
const text = 'text/plain; charset=utf-8'

/**
 * C2SP tlog-tiles under `/ledger`: the same bytes for everyone, for any outside tool to check. A tile of a given width
 * never changes again, so it may be kept forever; the checkpoint may not be kept at all. Tiles and checkpoint become
 * visible in one commit, so a checkpoint never promises a tile that cannot be read.
 */
export function ledgerRoutes(app: FastifyInstance, { db, vkey, origin }: LedgerRoutes): void {
  if (verifierOf(vkey)?.name !== origin) throw new Error(`the ledger's key is not named ${origin}`)

  app.get('/ledger/checkpoint', async (_request, reply) => {
    const [head] = await db.once<{ note: string }>(sql`select note from ledger.checkpoint order by size desc limit 1`)
    return head ? reply.type(text).header('cache-control', 'no-cache').send(head.note) : notThere(reply)
  })

  app.get('/ledger/key', (_request, reply) =>
    reply.type(text).header('cache-control', 'public, max-age=300').send(`${vkey}\n`),
  )

  app.get<{ Params: { '*': string } }>('/ledger/tile/*', async (request, reply) => {
    const address = parseTilePath(`tile/${request.params['*']}`)
    if (!address) return notThere(reply)
    const { level, n, width } = address
    const found = level === 'entries' ? await bundle(db, n, width) : await tile(db, level, n, width)
    return found ? reply.type(bytes).header('cache-control', forever).send(found) : notThere(reply)
  })
}

/** Of a tile that has grown since, its beginning is what the narrower address always meant. */
async function tile(db: Db, level: number, n: number, width: number): Promise<Buffer | undefined> {
  const [row] = await db.once<{ hashes: Buffer }>(sql`
    select hashes from ledger.tile where level = ${level}::int and n = ${n}::bigint and width >= ${width}::int`)
  return row?.hashes.subarray(0, width * hashBytes)
}

async function bundle(db: Db, n: number, width: number): Promise<Buffer | undefined> {
  const first = n * tileWidth
  const rows = await db.once<{ commitment: Buffer }>(sql`
    select commitment from ledger.leaf
    where seq >= ${first}::bigint and seq < ${first + width}::bigint order by seq`)
  return rows.length === width ? formatBundle(rows.map((row) => row.commitment)) : undefined
}

/** A tile that is not there yet will be: nobody may remember that it was missing. */
function notThere(reply: FastifyReply): FastifyReply {
  return reply.code(404).type(text).header('cache-control', 'no-store').send('not there\n')
}

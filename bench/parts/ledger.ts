import { sql } from '../../src/plumbing/index.ts'
import { batchSize } from '../../src/trust/ledger/index.ts'
import { makePlace } from '../program.ts'
import { atMost, informs, whole, type Figure } from '../figures.ts'
import { verify } from '../verify-whole.ts'
import { untilSequenced, withProgram, type Inside } from '../with-program.ts'
import { fill, many } from './desk.ts'

const part = 'ledger'

const waitingEntries = 45_000

/**
 * The ledger of a city with a million cases: how long it takes to compute everything anew. Beside it, in a small city,
 * how quickly the keeper gives waiting entries their place.
 */
export async function ledger(data: string): Promise<Figure[]> {
  const sequencing = await sequencingRate()
  return withProgram(async (inside) => {
    await fill(inside, many)
    await untilSequenced(inside, 600)
    const { entries, seconds, mostMb } = await verify(data)
    return [
      sequencing,
      atMost(
        part,
        `\`ledger verify\` of ${whole(entries)} entries`,
        seconds,
        15,
        's',
        ` (${whole(entries / seconds)}/s)`,
      ),
      informs(part, 'most memory of the verifying process', `${mostMb.toFixed(0)} MB`),
    ]
  }, data)
}

/** Entries pile up while only the web runs; then the keeper comes, and its full batches tell by their times. */
async function sequencingRate(): Promise<Figure> {
  const place = makePlace()
  try {
    await withProgram((inside) => fill(inside, waitingEntries), place.data, 'web')
    const sequenced = await withProgram(async (inside) => {
      await untilSequenced(inside, 120)
      return betweenCheckpoints(inside)
    }, place.data)
    return informs(part, 'sequencing of entries that wait', `${whole(sequenced)}/s`)
  } finally {
    place.remove()
  }
}

/** Entries a second between the first and the last checkpoint of the batches that were full. */
async function betweenCheckpoints({ db }: Inside): Promise<number> {
  const [row] = await db.once<{ rate: number }>(sql`
    select ((max(size) - min(size)) / extract(epoch from max(at) - min(at)))::float8 as rate
    from (select size, at, size - lag(size) over (order by size) as step from ledger.checkpoint) c
    where step = ${batchSize}::int`)
  return row?.rate ?? NaN
}

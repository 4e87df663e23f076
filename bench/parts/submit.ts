import { sql } from '../../src/plumbing/index.ts'
import { atLeast, informs, median, percentile, spread, whole, type Figure } from '../figures.ts'
import { request } from '../letters.ts'
import { startBeside } from '../program.ts'
import { openRawInsert } from '../raw-insert.ts'
import { rate, storm, type Storm } from '../storm.ts'
import { verifyWhole } from '../verify-whole.ts'
import { countCases, untilSequenced, withProgram, type Inside } from '../with-program.ts'
import { ledgerShare } from './ledger-share.ts'

const part = 'submit'
const connections = 16
const rounds = 9
const seconds = 3
/** How long V8 goes on compiling what letters need, at full rate: until then a seventh of the machine is its. */
const warmingSeconds = 15
const accepted = 303

/**
 * `POST /forms/contact-the-city` beside the raw limit, in turns, so that both meet the machine in the same mood. Every
 * answer must be a 303; afterwards there must be exactly as many cases more, and the ledger must be whole.
 */
export function submit(): Promise<Figure[]> {
  return withProgram(async (inside) => {
    const casesBefore = await countCases(inside)
    const { figures, letters } = await sideBySide(inside)
    const lag = await keeperLag(inside)
    const kept = (await countCases(inside)) - casesBefore
    const acknowledged = letters + lag.letters
    if (kept !== acknowledged)
      throw new Error(`${String(acknowledged)} letters were acknowledged, but ${String(kept)} cases were kept`)
    await untilSequenced(inside, 120)
    const entries = await verifyWhole(inside.data)
    const ledger = await ledgerShare(inside)
    return [
      ...figures,
      informs(part, 'cases kept of letters acknowledged', `${whole(kept)} of ${whole(acknowledged)}`),
      informs(part, 'ledger after it', `whole, ${whole(entries)} entries`),
      ...lag.figures,
      ...ledger,
    ]
  })
}

async function sideBySide(inside: Inside): Promise<{ figures: Figure[]; letters: number }> {
  const raw = await openRawInsert(inside.ownerUrl)
  try {
    let letters = onlyAccepted(await stormOf(inside.program.port, warmingSeconds, inside.nextPost))
    await raw.round(seconds, inside.nextLetter)
    const measured: Round[] = []
    for (let round = 0; round < rounds; round++) {
      const limit = await raw.round(seconds, inside.nextLetter)
      const storming = await stormOf(inside.program.port, seconds, inside.nextPost)
      letters += onlyAccepted(storming)
      measured.push({ limit, letters: rate(storming, accepted), ownCost: storming.ownCost })
    }
    return { figures: told(measured, await bareRoute(inside)), letters }
  } finally {
    await raw.close()
  }
}

/** The same HTTP route with nothing behind it but a raw insert, in letters a second. */
async function bareRoute(inside: Inside): Promise<number> {
  const bare = await startBeside('bare-insert.ts', [inside.ownerUrl])
  const post = () => request(bare.port, '/forms/contact-the-city', inside.nextLetter())
  try {
    await stormOf(bare.port, seconds, post)
    return rate(await stormOf(bare.port, seconds, post), accepted)
  } finally {
    await bare.stop()
  }
}

type Round = Readonly<{ limit: number; letters: number; ownCost: number }>

function told(measured: readonly Round[], route: number): Figure[] {
  const ratios = measured.map((round) => round.letters / round.limit)
  const of = (key: keyof Round) => median(measured.map((round) => round[key]))
  return [
    informs(part, 'raw limit: one-row inserts through pg, 16 connections, fsync on', `${whole(of('limit'))}/s`),
    informs(part, 'letters accepted, 16 connections', `${whole(of('letters'))}/s`),
    atLeast(part, 'letters to raw limit', median(ratios), 0.2, ` (${spread(ratios, 2)}; aim 0.35)`),
    informs(part, 'for comparison: the same route with one raw insert, to raw limit', (route / of('limit')).toFixed(2)),
    informs(part, 'CPU of the sender itself, on the same cores', `${whole(of('ownCost'))} µs a letter`),
  ]
}

/** How long an entry waits for its place in the tree while letters pour in: asked twenty times a second. */
async function keeperLag(inside: Inside): Promise<{ figures: Figure[]; letters: number }> {
  const lags: number[] = []
  const over = new AbortController()
  const asking = (async () => {
    while (!over.signal.aborted) {
      const [row] = await inside.db.once<{ lag: number }>(sql`select ledger.lag() as lag`)
      lags.push(row?.lag ?? 0)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  })()
  const letters = onlyAccepted(await stormOf(inside.program.port, 5, inside.nextPost))
  over.abort()
  await asking
  const p95 = percentile(lags, 95)
  return {
    letters,
    figures: [
      {
        part,
        what: 'oldest entry waiting for the tree under this load, p95',
        value: `${p95.toFixed(2)} s`,
        target: 'at most 1 s',
        met: p95 <= 1,
      },
    ],
  }
}

export function stormOf(port: number, forSeconds: number, next: () => Buffer): Promise<Storm> {
  return storm({ port, connections, seconds: forSeconds, next })
}

export function onlyAccepted({ statuses }: Storm): number {
  for (const [status, count] of statuses)
    if (status !== accepted) throw new Error(`${String(count)} letters were answered ${String(status)} instead of 303`)
  return statuses.get(accepted) ?? 0
}

import { request as ask } from 'node:http'
import { join } from 'node:path'
import { issueToken } from '../../src/services/correspondence/index.ts'
import { sql } from '../../src/plumbing/index.ts'
import { cityWithRush } from '../city-with-rush.ts'
import { atMost, informs, percentile, whole, type Figure } from '../figures.ts'
import { withProgram, type Inside } from '../with-program.ts'

const part = 'activities'
const people = 2000
const places = 500
const withinSeconds = 10

/**
 * Registration opens: 2,000 people on 500 places, each on a connection of her own, at any moment of ten seconds. Every one
 * has to be answered with a receipt; 500 have a place, nobody has another's, and the others have a number each.
 */
export async function activities(): Promise<Figure[]> {
  const city = cityWithRush(join(import.meta.dirname, '../../city'), places)
  try {
    return await withProgram(rush, undefined, 'all', { CITYHALL_CITY: city.folder })
  } finally {
    city.remove()
  }
}

async function rush(inside: Inside): Promise<Figure[]> {
  const before = await standing(inside)
  // The first request after a start compiles what all the others use.
  for (let n = 0; n < 20; n += 1) await fetch(`${inside.program.origin}/forms/class-registration?session=chess-winter`).then((page) => page.text()) // prettier-ignore
  const arrivals = Array.from({ length: people }, (_, n) => ((n * 7919) % people) * ((withinSeconds * 1000) / people))
  const answered = await Promise.all(arrivals.map((at, n) => signUp(inside, n, at)))
  const after = await standing(inside)
  const statuses = new Map<number, number>()
  for (const { status } of answered) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  const joined = after.enrolled + after.waiting - before.enrolled - before.waiting
  if (after.enrolled !== places) throw new Error(`${String(after.enrolled)} people have ${String(places)} places`)
  if (after.places !== places) throw new Error(`${String(after.places)} different places of ${String(places)}`)
  if (after.numbers !== after.waiting) throw new Error('two people have the same number in the line')
  const times = answered.map(({ ms }) => ms)
  return [
    { part, what: '2,000 sign up for 500 places within ten seconds: answered with a receipt', value: whole(statuses.get(303) ?? 0), target: whole(people), met: statuses.get(303) === people }, // prettier-ignore
    { part, what: 'of them kept, each with a place or a number', value: whole(joined), target: whole(people), met: joined === people }, // prettier-ignore
    informs(part, 'places given, numbers in the line', `${whole(after.enrolled)}, ${whole(after.waiting)}`),
    atMost(part, 'time to the answer, p95', percentile(times, 95) / 1000, 2, 's'),
    informs(part, 'time to the answer, median and longest', `${percentile(times, 50).toFixed(0)} ms, ${Math.max(...times).toFixed(0)} ms`), // prettier-ignore
  ]
}

type Standing = { enrolled: number; waiting: number; places: number; numbers: number }

async function standing({ db }: Inside): Promise<Standing> {
  const [row] = await db.once<Standing>(sql`select count(*) filter (where state = 'enrolled')::int as enrolled,
    count(*) filter (where state in ('waiting', 'offered'))::int as waiting, count(distinct place) filter (where state = 'enrolled')::int as places,
    count(distinct turn) filter (where state in ('waiting', 'offered'))::int as numbers
    from activities.enrolment where session = 'chess-winter'`)
  if (!row) throw new Error('the session was not counted')
  return row
}

/** Arrives after so many milliseconds; the time runs from then to the last byte of the answer. */
async function signUp({ program, keys }: Inside, n: number, at: number): Promise<{ status: number; ms: number }> {
  await new Promise((resolve) => setTimeout(resolve, at))
  const begun = performance.now()
  const body = new URLSearchParams({
    token: issueToken(keys),
    session: 'chess-winter',
    name: `Player ${String(n)}`,
    email: `player${String(n)}@example.org`,
  }).toString()
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': Buffer.byteLength(body),
    origin: program.origin,
  }
  return new Promise((resolve, reject) => {
    const posted = ask(
      {
        host: '127.0.0.1',
        port: program.port,
        path: '/forms/class-registration',
        method: 'POST',
        headers,
        agent: false,
      },
      (answer) => {
        answer.resume()
        answer.once('end', () => {
          resolve({ status: answer.statusCode ?? 0, ms: performance.now() - begun })
        })
      },
    )
    posted.once('error', reject)
    posted.end(body)
  })
}

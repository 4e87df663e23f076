import { sql } from '../../src/plumbing/index.ts'
import { signIn, type Answered, type Clerk } from '../clerk.ts'
import { informs, percentile, whole, type Figure } from '../figures.ts'
import { command } from '../program.ts'
import { countCases, untilSequenced, withProgram, type Inside } from '../with-program.ts'

const part = 'desk'
const few = 10_000
export const many = 1_000_000
const limitMs = 25
const factor = 1.5
const repeats = 80
/** Each question is asked so often before it is measured: clerks do not work at a program that was started a minute ago. */
const warming = 60
/** Between them they cover most topics: two busy desks, a small one, a wide one. */
const handles = ['rosa', 'dan', 'tom', 'nora']

/** `undefined`: she has nothing left to ask it of. */
type Question = Readonly<{ what: string; ask: (clerk: Clerk, n: number) => Promise<Answered | undefined> }>
type Times = Map<string, Readonly<{ small: readonly number[]; large: readonly number[] }>>

/**
 * A clerk's questions at ten thousand cases and at a million, in turns, so that both meet the machine in the same mood:
 * what she waits for, measured from outside over a kept connection; the server's own time is less. `data` is the city of
 * a million, or where it is to be made.
 */
export function desk(data: string): Promise<Figure[]> {
  return withProgram(async (large) => {
    const loading = await fill(large, many)
    return withProgram(async (small) => {
      await fill(small, few)
      for (const inside of [small, large]) await untilSequenced(inside, 600)
      return [...loading, ...compared(await times(small, large))]
    })
  }, data)
}

/** Makes as many cases as are missing, with the program's own command. */
export async function fill(inside: Inside, cases: number): Promise<Figure[]> {
  const missing = cases - (await countCases(inside))
  if (missing <= 0) return []
  const { code, says, seconds } = await command(inside.data, ['sample', '--cases', String(missing)], () => 0)
  if (code !== 0) throw new Error(`the cases could not be made: ${says}`)
  const each = `${whole(missing / seconds)}/s`
  return [informs(part, `${whole(missing)} cases made by \`cityhall sample\``, `${seconds.toFixed(0)} s (${each})`)]
}

async function times(small: Inside, large: Inside): Promise<Times> {
  const measured: Times = new Map()
  const desks = await Promise.all([small, large].map(deskOf))
  const [here, there] = desks
  if (!here || !there) throw new Error('both cities must be there')
  try {
    for (const [at, { what }] of here.questions.entries()) {
      const lists = [here, there].map(({ clerks, questions }) => ({
        clerks,
        ask: questions[at]?.ask,
        list: [] as number[],
      }))
      for (let n = -warming; n < repeats; n++) {
        for (const { clerks, ask, list } of lists) {
          const clerk = clerks[(n + warming) % clerks.length]
          if (!clerk || !ask) throw new Error('nobody to ask')
          const answered = await ask(clerk, n + warming)
          if (!answered) continue
          const { status, ms } = answered
          if (status !== 200 && status !== 303) throw new Error(`${what} was answered ${String(status)}`)
          if (n >= 0) list.push(ms)
        }
      }
      measured.set(what, { small: lists[0]?.list ?? [], large: lists[1]?.list ?? [] })
    }
  } finally {
    for (const { clerks } of desks) for (const clerk of clerks) clerk.leave()
  }
  return measured
}

async function deskOf(inside: Inside): Promise<{ clerks: readonly Clerk[]; questions: readonly Question[] }> {
  const clerks = await Promise.all(handles.map((handle) => signIn(inside.program.origin, handle)))
  return { clerks, questions: await questionsOf(inside) }
}

async function questionsOf(inside: Inside): Promise<Question[]> {
  const shelf = (name: string): Question => ({
    what: `shelf “${name}”`,
    ask: (clerk) => clerk.get(`/desk?shelf=${name}`),
  })
  const lines = new Map<Clerk, string[]>()
  const caseFor = async (clerk: Clerk, n: number): Promise<string> => {
    const ids = lines.get(clerk) ?? casesOn((await clerk.get('/desk')).text)
    lines.set(clerk, ids)
    const id = ids[Math.floor(n / handles.length) % ids.length]
    if (id === undefined) throw new Error('a desk is empty')
    return id
  }
  // On a small desk every case is open at last; reading one again would be counted as opening it.
  const opened = async (clerk: Clerk, n: number): Promise<Answered | undefined> => {
    const id = await caseFor(clerk, n)
    const { text } = await clerk.get(`/desk/cases/${id}`)
    const reason = /<select id="reason"[^]*?<option[^>]*value="([^"]+)"/.exec(text)?.[1]
    if (reason === undefined) return undefined
    const begun = performance.now()
    const opening = await clerk.post(`/desk/cases/${id}/openings`, { reason })
    if (opening.status !== 303) return opening
    const page = await clerk.get(opening.location ?? '')
    return { ...page, ms: performance.now() - begun }
  }
  const middle = await middleNumber(inside)
  return [
    { what: 'inbox', ask: (clerk) => clerk.get('/desk') },
    ...['mine', 'answered', 'closed'].map(shelf),
    { what: 'case, sealed', ask: async (clerk, n) => clerk.get(`/desk/cases/${await caseFor(clerk, n)}`) },
    { what: 'opening a case, and its page', ask: opened },
    { what: 'search by number', ask: (clerk, n) => clerk.post('/desk/search', { q: String(middle + n) }) },
    { what: 'search by telephone', ask: (clerk, n) => clerk.post('/desk/search', { q: telephone(middle + n) }) },
    {
      what: 'search by e-mail that nobody has',
      ask: (clerk, n) => clerk.post('/desk/search', { q: `nobody${String(n)}@example.org` }),
    },
  ]
}

function casesOn(page: string): string[] {
  return [...new Set([...page.matchAll(/\/desk\/cases\/([0-9a-f-]{36})/g)].map(([, id]) => id ?? ''))]
}

/** The sample command gives its n-th case this telephone number. */
const telephone = (n: number): string => `555 01${String(n).padStart(8, '0')}`

/** A case number in the middle of those that are there. */
async function middleNumber({ db }: Inside): Promise<number> {
  const [row] = await db.once<{ most: number }>(sql`select max(number) as most from correspondence.casefile`)
  return Math.floor((row?.most ?? 0) / 2)
}

function compared(times: Times): Figure[] {
  const ms = (of: readonly number[]): string => `${percentile(of, 50).toFixed(1)}, ${percentile(of, 95).toFixed(1)}`
  return [...times].map(([what, { small, large }]) => {
    const [before, after] = [percentile(small, 95), percentile(large, 95)]
    return {
      part,
      what: `${what}: p50, p95 at ${whole(few)}; at ${whole(many)}`,
      value: `${ms(small)}; ${ms(large)} ms (${(after / before).toFixed(2)} times)`,
      target: `p95 under ${String(limitMs)} ms, at most ${String(factor)} times`,
      met: after < limitMs && after <= before * factor,
    }
  })
}

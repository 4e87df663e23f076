import { signIn, type Clerk } from '../clerk.ts'
import { percentile, type Figure } from '../figures.ts'
import { withProgram } from '../with-program.ts'

const part = 'long-case'
const messages = 200
const limitMs = 60
const repeats = 60
const warming = 8

/** Opening a case of 200 messages: the look in the ledger, its commit, and the page with every message unsealed. */
export function longCase(): Promise<Figure[]> {
  return withProgram(async ({ program }) => {
    const clerk = await signIn(program.origin, 'dan')
    try {
      const id = /\/desk\/cases\/([0-9a-f-]{36})/.exec((await clerk.get('/desk')).text)?.[1]
      if (id === undefined) throw new Error('the desk is empty')
      const sealed = (await clerk.get(`/desk/cases/${id}`)).text
      const reason = /<select id="reason"[^]*?<option[^>]*value="([^"]+)"/.exec(sealed)?.[1] ?? ''
      await fill(clerk, id, reason)
      const times: number[] = []
      for (let n = -warming; n < repeats; n++) {
        const begun = performance.now()
        const opening = await clerk.post(`/desk/cases/${id}/openings`, { reason })
        const page = await clerk.get(opening.location ?? '')
        if (page.status !== 200 || !page.text.includes(`Note ${String(messages - 1)} of the bench`))
          throw new Error('the long case did not open')
        if (n >= 0) times.push(performance.now() - begun)
      }
      const [p50, p95] = [percentile(times, 50), percentile(times, 95)]
      return [
        {
          part,
          what: `opening a case of ${String(messages)} messages, and its page: p50, p95, from outside`,
          value: `${p50.toFixed(1)}, ${p95.toFixed(1)} ms`,
          target: `p95 under ${String(limitMs)} ms`,
          met: p95 < limitMs,
        },
      ]
    } finally {
      clerk.leave()
    }
  })
}

/** Notes until the case has as many messages as are wanted, in a letter that is open. */
async function fill(clerk: Clerk, id: string, reason: string): Promise<void> {
  await clerk.post(`/desk/cases/${id}/openings`, { reason })
  const text = 'The crew looked at it again and measured: '.repeat(8)
  for (let n = 1; n < messages; n++) {
    const words = `Note ${String(n)} of the bench. ${text}`
    const kept = await clerk.post(`/desk/cases/${id}/notes`, { words })
    if (kept.status !== 303) throw new Error(`a note was answered ${String(kept.status)}`)
  }
}

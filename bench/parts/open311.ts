import { atMost, informs, percentile, whole, type Figure } from '../figures.ts'
import { withProgram, type Inside } from '../with-program.ts'
import { fill } from './desk.ts'

const part = 'open311'
const cases = 40_000
const rounds = 40
const warming = 5
const limitMs = 150
/** Of the made cases, spread over two years, more than a thousand problems lie in any ninety days. */
const asked = '/open311/v2/requests'

/** `GET requests` of a thousand, in both formats, measured from outside. */
export function open311(): Promise<Figure[]> {
  return withProgram(async (inside) => {
    await fill(inside, cases)
    return [...(await timed(inside, 'xml')), ...(await timed(inside, 'json'))]
  })
}

async function timed({ program }: Inside, format: 'xml' | 'json'): Promise<Figure[]> {
  const times: number[] = []
  let bytes = 0
  for (let n = -warming; n < rounds; n++) {
    const begun = performance.now()
    const answer = await fetch(`${program.origin}${asked}.${format}`)
    const body = await answer.text()
    const listed = body.split(format === 'xml' ? '<service_request_id>' : '"service_request_id"').length - 1
    if (answer.status !== 200 || listed !== 1_000)
      throw new Error(`${asked}.${format} was answered ${String(answer.status)} with ${String(listed)} requests`)
    if (n >= 0) times.push(performance.now() - begun)
    bytes = body.length
  }
  return [
    atMost(part, `GET requests.${format} of 1,000, p95`, percentile(times, 95), limitMs, 'ms'),
    informs(part, `GET requests.${format} of 1,000`, `${whole(bytes / 1_000)} kB`),
  ]
}

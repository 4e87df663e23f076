import { Agent, request } from 'node:http'
import { samplePassword } from '../src/services/forms/index.ts'

export type Answered = Readonly<{ status: number; location: string | undefined; text: string; ms: number }>

/** An employee of the sample city at her desk, over one kept connection, one question after the other. */
export type Clerk = Readonly<{
  get(path: string): Promise<Answered>
  post(path: string, fields: Readonly<Record<string, string>>): Promise<Answered>
  leave(): void
}>

export async function signIn(origin: string, handle: string): Promise<Clerk> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let cookie = ''
  const ask = (path: string, body?: string): Promise<Answered & { cookie: string | undefined }> =>
    new Promise((resolve, reject) => {
      const begun = performance.now()
      const headers = {
        ...(cookie && { cookie }),
        ...(body !== undefined && {
          origin,
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        }),
      }
      const asking = request(
        `${origin}${path}`,
        { agent, method: body === undefined ? 'GET' : 'POST', headers },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8').on('data', (some: string) => (text += some))
          answer.once('end', () => {
            const { statusCode: status = 0 } = answer
            const { location, 'set-cookie': set } = answer.headers
            resolve({ status, location, text, ms: performance.now() - begun, cookie: set?.[0]?.split(';', 1)[0] })
          })
        },
      )
      asking.once('error', reject)
      asking.setTimeout(60_000, () =>
        asking.destroy(new Error(`no answer from ${path.split('?', 1)[0] ?? ''} in a minute`)),
      )
      asking.end(body)
    })
  const posted = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString()
  const started = await ask('/desk/sign-in', posted({ handle, password: samplePassword }))
  if (started.status !== 303 || started.cookie === undefined)
    throw new Error(`${handle} could not sign in: ${String(started.status)}`)
  cookie = started.cookie
  return {
    get: (path) => ask(path),
    post: (path, fields) => ask(path, posted(fields)),
    leave: () => agent.destroy(),
  }
}

import type { FastifyInstance } from 'fastify'

/** A page as a browser without JavaScript has it: what its form would post, and where it is. */
export type Paper = Readonly<{
  status: number
  text: string
  title: string
  location?: string
  fields: readonly [string, string][]
}>

/** Walks through a form as a browser without JavaScript does: what is in the page is posted, with what is typed in it. */
export function paper(app: FastifyInstance) {
  const read = async (
    answer: Promise<{ statusCode: number; body: string; headers: Record<string, unknown> }>,
  ): Promise<Paper> => {
    const { statusCode, body, headers } = await answer
    const location = typeof headers['location'] === 'string' ? { location: headers['location'] } : {}
    return {
      status: statusCode,
      text: body,
      title: /<title>([^<]*)/.exec(body)?.[1] ?? '',
      ...location,
      fields: fieldsIn(body),
    }
  }
  return {
    open: (url: string): Promise<Paper> => read(app.inject({ url })),
    /** A form with files in it. */
    async send(url: string, form: FormData): Promise<Paper> {
      const sent = new Response(form)
      const headers = { 'content-type': sent.headers.get('content-type') ?? '' }
      return read(app.inject({ method: 'POST', url, payload: Buffer.from(await sent.arrayBuffer()), headers }))
    },
    post(url: string, page: Pick<Paper, 'fields'>, typed: Typed, button?: string): Promise<Paper> {
      const kept = page.fields.filter(([name]) => !Object.hasOwn(typed, name))
      const written = Object.entries(typed).flatMap(([name, value]) =>
        [value].flat().map((one) => [name, one] as [string, string]),
      )
      const pressed = button === undefined ? [] : [button.split('=') as [string, string]]
      const payload = new URLSearchParams([...kept, ...written, ...pressed]).toString()
      return read(
        app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/x-www-form-urlencoded' } }),
      )
    },
  }
}
export type Typed = Readonly<Record<string, string | readonly string[]>>

/** Hidden fields, what is typed, chosen and checked; not the buttons. */
function fieldsIn(body: string): [string, string][] {
  const form = /<form[^>]*id="letter"[\s\S]*?<\/form>/.exec(body)?.[0] ?? ''
  const attribute = (tag: string, name: string) => plain(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
  const inputs = [...form.matchAll(/<input[^>]*>/g)].flatMap(([tag]): [string, string][] => {
    const type = attribute(tag, 'type')
    if (type === 'file' || ((type === 'radio' || type === 'checkbox') && !/\schecked/.test(tag))) return []
    return [[attribute(tag, 'name'), attribute(tag, 'value')]]
  })
  const areas = [...form.matchAll(/(<textarea[^>]*>)\n?([^<]*)/g)].map(
    ([, tag = '', inside = '']): [string, string] => [attribute(tag, 'name'), plain(inside)],
  )
  const selects = [...form.matchAll(/(<select[^>]*>)([\s\S]*?)<\/select>/g)].map(
    ([, tag = '', inside = '']): [string, string] => [
      attribute(tag, 'name'),
      plain(/value="([^"]*)" selected/.exec(inside)?.[1] ?? ''),
    ],
  )
  return [...inputs, ...areas, ...selects].filter(([name]) => name !== '')
}

const plain = (text: string): string =>
  text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

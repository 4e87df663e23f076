import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/**
 * A small bucket that speaks as much of S3 as a store needs, and checks every signature itself (AWS Signature Version 4,
 * written from the specification, with nothing of the client's code): the secret, the headers, the body's hash and the
 * time. What it refused is kept for the test to look at.
 */
export type TestBucket = Readonly<{
  address: (changed?: { secret?: string }) => string
  objects: Map<string, { body: Buffer; at: Date }>
  uploads: Map<string, { key: string; parts: Map<number, Buffer>; at: Date }>
  refusals: string[]
  largestBody: () => number
  port: number
  /** How far its clock is ahead, in milliseconds. */
  clock: { ahead: number }
  close: () => Promise<void>
}>

const [access, secret, region] = ['city', 'the secret/of+the city', 'eu-test-1']

export async function openBucket(): Promise<TestBucket> {
  const objects: TestBucket['objects'] = new Map()
  const uploads: TestBucket['uploads'] = new Map()
  const refusals: string[] = []
  const clock = { ahead: 0 }
  let largest = 0
  const server = createServer((request, response) => {
    void (async () => {
      const raw = await buffer(request)
      largest = Math.max(largest, raw.length)
      const checked = check(request, raw, Date.now() + clock.ahead)
      if (typeof checked === 'string') {
        refusals.push(checked)
        fail(response, 403, checked)
      } else act(request, response, checked.body, { objects, uploads })
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    address: (changed = {}) =>
      `s3://${access}:${encodeURIComponent(changed.secret ?? secret)}@127.0.0.1:${String(port)}/city-files?region=${region}&tls=0`,
    objects,
    uploads,
    refusals,
    largestBody: () => largest,
    port,
    clock,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => {
          resolve()
        })
      }),
  }
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest()

/** The body when the signature holds; else why it does not. */
function check(request: IncomingMessage, raw: Buffer, now: number): { body: Buffer } | string {
  const given = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? '',
  )
  if (!given) return 'AccessDenied'
  const [, credential = '', signed = '', signature = ''] = given
  const date = header(request, 'x-amz-date')
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`
  if (credential !== `${access}/${scope}`) return 'InvalidAccessKeyId'
  const at = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(now - at) < 15 * 60_000)) return 'RequestTimeTooSkewed'
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed.split(';').includes(name)))
    return 'AccessDenied'
  const url = new URL(request.url ?? '/', 'http://bucket')
  const hash = header(request, 'x-amz-content-sha256')
  const canonical = [
    request.method,
    url.pathname,
    query(url),
    ...signed.split(';').map((name) => `${name}:${header(request, name).trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    hash,
  ].join('\n')
  const key = [date.slice(0, 8), region, 's3', 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secret}`)
  const wanted = hmac(key, ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n'))
  if (!timingSafeEqual(wanted, Buffer.from(signature, 'hex'))) return 'SignatureDoesNotMatch'
  // A body that is not hashed as a whole (`UNSIGNED-PAYLOAD`, chunks) has no hash that is equal: refused here.
  return sha256(raw) === hash ? { body: raw } : 'XAmzContentSHA256Mismatch'
}

const header = (request: IncomingMessage, name: string): string => String(request.headers[name] ?? '')

function query(url: URL): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  return [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
}

type Shelves = Pick<TestBucket, 'objects' | 'uploads'>

function act(request: IncomingMessage, response: ServerResponse, body: Buffer, { objects, uploads }: Shelves): void {
  const url = new URL(request.url ?? '/', 'http://bucket')
  const [, bucket, ...rest] = url.pathname.split('/')
  const key = rest.join('/')
  const asked = url.searchParams
  if (bucket !== 'city-files') {
    fail(response, 404, 'NoSuchBucket')
    return
  }
  const uploadId = asked.get('uploadId')
  const upload = uploadId === null ? undefined : uploads.get(uploadId)
  const etag = () => response.setHeader('etag', `"${createHash('md5').update(body).digest('hex')}"`)
  switch (request.method) {
    case 'HEAD':
      response.writeHead(objects.has(key) ? 200 : 404).end()
      return
    case 'PUT':
      if (uploadId !== null && !upload) fail(response, 404, 'NoSuchUpload')
      else if (upload) {
        upload.parts.set(Number(asked.get('partNumber')), body)
        etag().end()
      } else {
        objects.set(key, { body, at: new Date() })
        etag().end()
      }
      return
    case 'POST':
      if (asked.has('uploads')) {
        const id = randomBytes(8).toString('hex')
        uploads.set(id, { key, parts: new Map(), at: new Date() })
        xml(
          response,
          'InitiateMultipartUploadResult',
          `<Bucket>${bucket}</Bucket><Key>${key}</Key><UploadId>${id}</UploadId>`,
        )
      } else if (upload) {
        const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part)
        objects.set(key, { body: Buffer.concat(parts), at: new Date() })
        uploads.delete(String(uploadId))
        xml(response, 'CompleteMultipartUploadResult', `<Bucket>${bucket}</Bucket><Key>${key}</Key><ETag>"x"</ETag>`)
      } else fail(response, 404, 'NoSuchUpload')
      return
    case 'DELETE':
      if (uploadId === null) objects.delete(key)
      else uploads.delete(uploadId)
      response.writeHead(204).end()
      return
    default:
      get(response, asked, key, { objects, uploads })
  }
}

function get(response: ServerResponse, asked: URLSearchParams, key: string, { objects, uploads }: Shelves): void {
  if (asked.has('uploads')) {
    const inside = [...uploads].map(
      ([id, { key, at }]) =>
        `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${at.toISOString()}</Initiated></Upload>`,
    )
    xml(response, 'ListMultipartUploadsResult', inside.join(''))
    return
  }
  if (asked.get('list-type') === '2') {
    // Two to a page, so that the client has to turn one.
    const from = Number(asked.get('continuation-token') ?? 0)
    const keys = [...objects].filter(([name]) => name.startsWith(asked.get('prefix') ?? ''))
    const inside = keys
      .slice(from, from + 2)
      .map(
        ([name, { at }]) => `<Contents><Key>${name}</Key><LastModified>${at.toISOString()}</LastModified></Contents>`,
      )
    const more = from + 2 < keys.length
    const next = more ? `<NextContinuationToken>${String(from + 2)}</NextContinuationToken>` : ''
    xml(response, 'ListBucketResult', `<IsTruncated>${String(more)}</IsTruncated>${next}${inside.join('')}`)
    return
  }
  const found = objects.get(key)
  if (found) response.setHeader('content-length', found.body.length).end(found.body)
  else fail(response, 404, 'NoSuchKey')
}

function xml(response: ServerResponse, name: string, inside: string): void {
  const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
  response
    .setHeader('content-type', 'application/xml')
    .end(`<?xml version="1.0" encoding="UTF-8"?><${name} xmlns="${namespace}">${inside}</${name}>`)
}

function fail(response: ServerResponse, status: number, code: string): void {
  response
    .writeHead(status, { 'content-type': 'application/xml' })
    .end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
}

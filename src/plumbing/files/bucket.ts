import type { Readable } from 'node:stream'
import type { S3Client } from '@aws-sdk/client-s3'
import { mustBeFileId, isFileId, type FileStore } from './store.ts'

/** The least that S3 takes for a part; one at a time, so a file on its way costs this much memory. */
const partLength = 5 * 1024 * 1024

/** What every file's name begins with, so that a bucket may hold other things besides. */
const prefix = 'cityhall/'

/**
 * A store in a bucket that speaks S3. `address`: `s3://key:secret@host:port/bucket?region=...`; over TLS unless `tls=0`. A
 * file appears when it is whole; what an interrupted upload leaves are parts without a name, which `sweep` aborts.
 * The client is loaded here, so a city with a folder does not hold it in memory.
 */
export async function bucketStore(address: string): Promise<FileStore> {
  const s3 = await import('@aws-sdk/client-s3')
  const { Upload } = await import('@aws-sdk/lib-storage')
  const { client, bucket } = clientFor(s3.S3Client, address)
  const at = (id: string) => ({ Bucket: bucket, Key: prefix + mustBeFileId(id) })
  return {
    async put(id, content) {
      const { Readable } = await import('node:stream')
      const body = Readable.from(content, { objectMode: false })
      const upload = new Upload({
        client,
        params: { ...at(id), Body: body },
        partSize: partLength,
        queueSize: 1,
      })
      await upload.done().finally(() => body.destroy())
    },
    async get(id) {
      try {
        const found = await client.send(new s3.GetObjectCommand(at(id)))
        return found.Body as Readable | undefined
      } catch (error) {
        if (error instanceof s3.NoSuchKey) return undefined
        throw error
      }
    },
    async has(id) {
      try {
        await client.send(new s3.HeadObjectCommand(at(id)))
        return true
      } catch (error) {
        // An answer to HEAD has no body, so it says the status and no code.
        if (error instanceof s3.NotFound) return false
        throw error
      }
    },
    async remove(id) {
      await client.send(new s3.DeleteObjectCommand(at(id)))
    },
    async *olderThan(moment) {
      for await (const page of s3.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix }))
        for (const { Key = '', LastModified } of page.Contents ?? []) {
          const id = Key.slice(prefix.length)
          if (isFileId(id) && LastModified && LastModified < moment) yield id
        }
    },
    async sweep(moment) {
      const { Uploads = [] } = await client.send(new s3.ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix }))
      for (const { Key, UploadId, Initiated } of Uploads)
        if (Initiated && Initiated < moment)
          await client.send(new s3.AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }))
    },
  }
}

function clientFor(Client: typeof S3Client, address: string): { client: S3Client; bucket: string } {
  const url = new URL(address)
  const protocol = url.searchParams.get('tls') === '0' ? 'http' : 'https'
  const client = new Client({
    endpoint: `${protocol}://${url.host}`,
    region: url.searchParams.get('region') ?? 'us-east-1',
    // The bucket stands in the path: a bucket in the host's name needs a certificate and a name server for each.
    forcePathStyle: true,
    credentials: {
      accessKeyId: decodeURIComponent(url.username),
      secretAccessKey: decodeURIComponent(url.password),
    },
    maxAttempts: 3,
  })
  return { client, bucket: url.pathname.replaceAll('/', '') }
}

// A program of its own for the tests that kill it: serves an embedded PostgreSQL from the folder in its first argument,
// says its process on the first line, and then, one line each, the number of every row whose commit was acknowledged.
import { connect, sql } from '../../src/plumbing/index.ts'
import { startCluster } from './cluster.ts'

const data = process.argv[2]
if (data === undefined) throw new Error('say the data folder')
const cluster = await startCluster({ data })
const db = connect({ url: cluster.ownerUrl, max: 8 })
await db.once(sql`create table if not exists drops (n int primary key)`)
console.log(cluster.pid())
let next = 0
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (;;) {
      const n = (next += 1)
      await db.once(sql`insert into drops values (${n})`)
      console.log(n)
    }
  }),
)

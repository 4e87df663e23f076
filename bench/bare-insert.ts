// A process of its own: the same HTTP route with nothing behind it but one raw insert. Its argument is the database's
// address; it says its port on the first line and serves until it is ended.
import type { AddressInfo } from 'node:net'
import formbody from '@fastify/formbody'
import Fastify from 'fastify'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.argv[2], max: 16 })
const app = Fastify()
await app.register(formbody)
app.post('/forms/contact-the-city', async (request, reply) => {
  await pool.query({
    name: 'raw',
    text: 'insert into bench.raw (letter) values ($1)',
    values: [JSON.stringify(request.body)],
  })
  return reply.redirect('/receipt/1234', 303)
})
await app.listen({ host: '127.0.0.1', port: 0 })
console.log((app.server.address() as AddressInfo).port)

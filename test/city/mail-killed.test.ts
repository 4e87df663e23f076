import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect, sql } from '../../src/plumbing/index.ts'
import { joinEmbedded } from '../../src/plumbing/postgres/embedded/join.ts'
import { plainMail, talk } from '../../src/services/mailroom/testing/talk.ts'
import { copyMadeCluster, temporaryFolder } from '../support/cluster.ts'
import { freePort } from '../support/free-port.ts'
import { startProgram, type Program } from '../support/program.ts'

const folder = temporaryFolder()
let program: Program | undefined
let smtp = 0
const start = async () => {
  program = await startProgram({ CITYHALL_DATA: folder.path, CITYHALL_SMTP_PORT: String(smtp) })
}
beforeAll(async () => {
  await copyMadeCluster(folder.path)
  smtp = await freePort()
  await start()
}, 120_000)
afterAll(async () => {
  await program?.stop()
  folder.remove()
})

/** Sends one mail; whether the city said 250. A line that breaks says nothing. */
async function send(raw: string): Promise<boolean> {
  const line = await talk(smtp)
  try {
    for (const words of ['EHLO x', 'MAIL FROM:<ana@home.example>', 'RCPT TO:<hello@almendra.example.org>', 'DATA'])
      if (!/^[23]/.test(await line.say(words))) return false
    return (await line.data(raw)).startsWith('250')
  } finally {
    line.hangUp()
  }
}

test('killed with -9 between DATA and 250, the city has every mail to which it said 250, and none twice', async () => {
  const mails = Array.from({ length: 64 }, (_, n) => plainMail({ 'Message-ID': `<${String(n)}@home.example>` }))
  const waiting = new Set(mails)
  let acknowledged = 0
  const sender = async () => {
    for (const raw of mails) {
      if (!waiting.delete(raw)) continue
      if (await send(raw)) acknowledged += 1
      else waiting.add(raw)
      if (acknowledged >= 24) return
    }
  }
  const senders = Promise.all(Array.from({ length: 8 }, sender))
  while (acknowledged < 12) await new Promise((resolve) => setTimeout(resolve, 5))
  await program?.kill()
  await senders
  const said = mails.length - waiting.size
  expect(said).toBeLessThan(mails.length)
  await start()
  // Whoever heard no 250 sends again, the same mail; a few who did hear it send again too.
  const again = [...waiting, ...mails.slice(0, 3)]
  expect(await Promise.all(again.map(send))).toEqual(again.map(() => true))
  const owner = connect({ url: joinEmbedded(folder.path).ownerUrl, max: 1 })
  try {
    const [row] = await owner.once<{ n: number }>(sql`select count(*)::int as n from mailroom.received`)
    expect(row?.n).toBe(mails.length)
  } finally {
    await owner.close()
  }
}, 180_000)

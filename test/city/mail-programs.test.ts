import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { takeUnread } from '../../src/services/mailroom/poll-mailbox.ts'
import { openMailTest, type MailTest } from '../../src/services/mailroom/testing/mail-house.ts'
import { plainMail } from '../../src/services/mailroom/testing/talk.ts'
import { freePort } from '../support/free-port.ts'

// Debian's own programs against the city's mail door: swaks, exim4 and Dovecot.
let all: MailTest
let folder: string
const started: ChildProcess[] = []
beforeAll(async () => {
  all = await openMailTest()
  folder = mkdtempSync(join(tmpdir(), 'cityhall-mail-'))
  chmodSync(folder, 0o755)
})
afterAll(async () => {
  for (const one of started) one.kill('SIGTERM')
  await all.close()
  rmSync(folder, { recursive: true, force: true })
})

const need = (program: string, debian: string): string => {
  if (!existsSync(program)) throw new Error(`${program} is missing: apt-get install ${debian}`)
  return program
}
const mails = () =>
  all.house.database.owner.once<{ state: string; via: string }>(
    sql`select state, via from mailroom.received order by received_at`,
  )

test('swaks sends over STARTTLS, and hears that nobody has a made-up address', async () => {
  const swaks = need('/usr/bin/swaks', 'swaks')
  const run = (to: string, ...more: string[]) =>
    new Promise<{ code: number | null; said: string }>((resolve) => {
      const words = [
        '--server',
        `127.0.0.1:${String(all.listening.port)}`,
        '--from',
        'ana@home.example',
        '--to',
        to,
        ...more,
      ]
      const child = spawn(swaks, words)
      let said = ''
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)))
      child.on('close', (code) => {
        resolve({ code, said })
      })
    })
  const sent = await run('publicworks@almendra.example.org', '--tls', '--header', 'Subject: From swaks')
  expect(sent.said).toContain('250 2.0.0 The city has your mail')
  expect(sent.code).toBe(0)
  const refused = await run('nobody@almendra.example.org')
  expect(refused.said).toContain('550 5.1.1')
  await all.sorted()
  expect(await mails()).toEqual([{ state: 'filed', via: 'smtp' }])
}, 60_000)

test('exim4 hands over what it was given', async () => {
  const exim = need('/usr/sbin/exim4', 'exim4-daemon-light')
  const before = (await mails()).length
  const spool = join(folder, 'exim')
  mkdirSync(spool)
  spawnSync('chown', ['nobody:nogroup', spool])
  const conf = join(folder, 'exim.conf')
  writeFileSync(
    conf,
    [
      `spool_directory = ${spool}`,
      `log_file_path = ${spool}/%slog`,
      'primary_hostname = relay.home.example',
      'exim_user = nobody',
      'exim_group = nogroup',
      'keep_environment =',
      'begin routers',
      'city:',
      '  driver = manualroute',
      '  route_list = * 127.0.0.1',
      '  transport = smtp',
      '  self = send',
      'begin transports',
      'smtp:',
      '  driver = smtp',
      '  user = nobody',
      `  port = ${String(all.listening.port)}`,
      '  hosts_avoid_tls =',
      'begin retry',
      '* * F,1h,1m',
      '',
    ].join('\n'),
  )
  chmodSync(conf, 0o644)
  const child = spawn(exim, ['-C', conf, '-odf', '-i', '-f', 'ana@home.example', 'hello@almendra.example.org'])
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += String(part)))
  child.stdin.end(plainMail().replaceAll('\r\n', '\n'))
  await new Promise((resolve) => child.on('close', resolve))
  await all.sorted()
  expect((await mails()).length, said).toBe(before + 1)
}, 60_000)

test('Dovecot’s mailbox is emptied of its unread mail, once; what was marked stays read', async () => {
  const dovecot = need('/usr/sbin/dovecot', 'dovecot-imapd')
  const before = (await mails()).length
  const port = await freePort()
  startDovecot(dovecot, port)
  await answers(port)
  const inbox = join(folder, 'mail', 'new')
  for (const n of [1, 2]) {
    const path = join(inbox, `${String(n)}.mail`)
    writeFileSync(
      path,
      plainMail({ 'Message-ID': `<box${String(n)}@home.example>`, To: 'police@almendra.example.org' }),
    )
    chmodSync(path, 0o666)
  }
  const url = `imap://city:secret@127.0.0.1:${String(port)}/INBOX`
  await takeUnread(all.mail, { url })
  await takeUnread(all.mail, { url })
  await all.sorted()
  const now = await mails()
  expect(now.length).toBe(before + 2)
  expect(now.filter(({ via }) => via === 'imap')).toHaveLength(2)
  // A mailbox made anew shows everything as unread: the same mails are the same letters.
  writeFileSync(join(inbox, '3.mail'), plainMail({ 'Message-ID': '<box3@home.example>' }))
  chmodSync(join(inbox, '3.mail'), 0o666)
  await takeUnread(all.mail, { url })
  expect((await mails()).length).toBe(before + 3)
}, 90_000)

function startDovecot(dovecot: string, port: number): void {
  const box = join(folder, 'mail')
  for (const part of ['', 'new', 'cur', 'tmp']) mkdirSync(join(box, part), { recursive: true })
  spawnSync('chown', ['-R', 'nobody:nogroup', box])
  const conf = join(folder, 'dovecot.conf')
  const root = process.getuid?.() === 0
  const user = root ? 'nobody' : (process.env['USER'] ?? 'nobody')
  writeFileSync(join(folder, 'users'), `city:{PLAIN}secret:${user}::::: \n`.replace(' \n', '\n'))
  chmodSync(join(folder, 'users'), 0o644)
  writeFileSync(
    conf,
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
first_valid_gid = 0
mail_location = maildir:${box}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${box}
}
service imap-login {
  inet_listener imap {
    port = ${String(port)}
  }
  inet_listener imaps {
    port = 0
  }
}
`,
  )
  started.push(spawn(dovecot, ['-F', '-c', conf], { stdio: 'ignore' }))
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const ready = await new Promise<boolean>((resolve) => {
      const socket = connectTcp(port, '127.0.0.1')
      socket.once('data', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => {
        resolve(false)
      })
    })
    if (ready) return
    await sleep(100)
  }
  throw new Error('dovecot did not answer')
}

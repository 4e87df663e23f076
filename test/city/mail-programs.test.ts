import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { connect as connectTcp } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { dkimSign } from 'mailauth/lib/dkim/sign.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/plumbing/index.ts'
import { nameServer } from '../../src/services/mailroom/name-server.ts'
import { takeNew } from '../../src/services/mailroom/poll-mailbox.ts'
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
  expect((await run('somebody@elsewhere.example')).said).toContain('550 5.7.1 This server takes mail for')
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

describe('Dovecot’s mailbox', () => {
  let url: string
  const box = (part: string) => join(folder, 'mail', part)
  /** A mail as Dovecot keeps it: in `new`, or read by a person, in `cur` under its flags. */
  const put = (name: string, { read = false, raw = '', at = new Date() } = {}) => {
    const path = read ? join(box('cur'), `${name}:2,S`) : join(box('new'), name)
    writeFileSync(path, raw || plainMail({ 'Message-ID': `<${name}@home.example>`, To: 'police@almendra.example.org' }))
    chmodSync(path, 0o666)
    spawnSync('chown', ['nobody:nogroup', path])
    // Dovecot takes the file's time for the time of arrival.
    utimesSync(path, at, at)
    return path
  }
  const count = async () => (await mails()).length
  const visit = () => takeNew(all.mail, { url, ask: nameServer((domain, type) => askTest(domain, type)) })
  const askTest = (domain: string, type: string) => {
    const found = all.dns.get(`${type} ${domain.toLowerCase()}`)
    return found ? Promise.resolve(found) : Promise.reject(Object.assign(new Error('none'), { code: 'ENOTFOUND' }))
  }

  beforeAll(async () => {
    const dovecot = need('/usr/sbin/dovecot', 'dovecot-imapd')
    const port = await freePort()
    startDovecot(dovecot, port)
    await answers(port)
    url = `imap://city:secret@127.0.0.1:${String(port)}/INBOX`
  })

  test('is emptied of its unread mail, once; what a person had read before the city came stays hers', async () => {
    const before = await count()
    put('old', { read: true, at: new Date('2026-01-05') })
    put('one')
    put('two')
    await visit()
    await visit()
    await all.sorted()
    expect(await count()).toBe(before + 2)
    expect((await mails()).filter(({ via }) => via === 'imap')).toHaveLength(2)
  }, 90_000)

  test('loses nothing that a person reads before the city comes by', async () => {
    const before = await count()
    put('read-first', { read: true })
    await visit()
    expect(await count()).toBe(before + 1)
  })

  test('made anew, with its numbers from one and all its marks lost, neither loses nor doubles a mail', async () => {
    const before = await count()
    const validity = async () =>
      (
        await all.house.database.owner.once<{ validity: number; next_uid: number }>(
          sql`select validity, next_uid from mailroom.mailbox`,
        )
      )[0]
    const first = await validity()
    // Dovecot takes the second in which a mailbox is made for its validity: two mailboxes of one second would be the same.
    await expect.poll(() => Date.now() / 1000, { interval: 50 }).toBeGreaterThan((first?.validity ?? 0) + 1)
    for (const name of readdirSync(folder + '/mail').filter((one) => one.startsWith('dovecot')))
      rmSync(box(name), { recursive: true })
    for (const name of readdirSync(box('cur')))
      renameSync(
        join(box('cur'), name),
        name.startsWith('old') ? join(box('cur'), 'old:2,S') : join(box('new'), name.replace(/:.*/, '')),
      )
    put('new-unread')
    put('new-read', { read: true })
    await visit()
    await visit()
    expect(await count()).toBe(before + 2)
    const second = await validity()
    expect(second?.validity).not.toBe(first?.validity)
    expect(second?.next_uid).toBe(7)
  })

  test('has of a sender’s checks the signature left: signed, it is verified', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    all.dns.set('TXT s1._domainkey.bank.example', [[`v=DKIM1; k=rsa; p=${p}`]])
    all.dns.set('TXT _dmarc.bank.example', [['v=DMARC1; p=reject']])
    const raw = plainMail({ From: 'Bea <bea@bank.example>', 'Message-ID': '<signed@bank.example>' })
    const key = String(privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const signing = { signingDomain: 'bank.example', selector: 's1', privateKey: key }
    const { signatures } = await dkimSign(raw, { ...signing, signatureData: [signing] })
    const posted = async () =>
      (await all.house.database.owner.once<{ n: number }>(sql`select count(*)::int as n from correspondence.mail`))[0]
        ?.n ?? 0
    const before = await posted()
    put('signed', { raw: signatures + raw })
    put('unsigned', { raw: raw.replace('signed@', 'unsigned@') })
    await visit()
    await all.sorted()
    // Only who is verified is sent an acknowledgement; nothing is called a forgery for what can no more be checked.
    expect((await posted()) - before).toBe(1)
    expect((await mails()).slice(-2).map(({ state }) => state)).toEqual(['filed', 'filed'])
  })
})

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

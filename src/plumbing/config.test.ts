import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, type Config, type ConfigMistake } from './config.ts'
import { variables } from './variables.ts'

function config(env: Record<string, string>): Config {
  const read = readConfig(env)
  if ('refused' in read) throw new Error(JSON.stringify(read.mistakes))
  return read
}

function mistakes(env: Record<string, string>): ConfigMistake[] {
  const read = readConfig(env)
  return 'refused' in read ? read.mistakes : []
}

test('with nothing set the city serves on this machine only, from an embedded database, without sample data', () => {
  expect(config({})).toEqual({
    role: 'all',
    host: '127.0.0.1',
    port: 8080,
    publicUrl: 'http://localhost:8080',
    data: resolve('data'),
    city: resolve('city'),
    database: { kind: 'embedded' },
    smtpPort: 2525,
    dkimSelector: 'cityhall',
    smtpHost: '127.0.0.1',
    mailRelays: ['127.0.0.1', '::1'],
    keyFile: resolve('data/secrets/key'),
    files: 'folder',
    payments: { way: 'reference' },
    sample: false,
    logLevel: 'info',
    production: false,
  })
})

test('each variable reaches the setting it names', () => {
  const read = config({
    PORT: '80',
    HOST: '::1',
    PUBLIC_URL: 'https://city.example/',
    CITYHALL_ROLE: 'worker',
    CITYHALL_DATA: '/srv/data',
    CITYHALL_CITY: '/srv/city',
    CITYHALL_KEY: 'file:/srv/key',
    DATABASE_URL: 'postgres://serve:x@db/city',
    CITYHALL_MIGRATE_URL: 'postgres://own:y@db/city',
    CITYHALL_KEEPER_URL: 'postgres://keep:z@db/city',
    CITYHALL_SMTP_PORT: '25',
    CITYHALL_DKIM_SELECTOR: 'spring',
    CITYHALL_FILES: 's3://key:secret@store.example/letters',
    CITYHALL_CLAMD: 'scanner.example:3310',
    CITYHALL_SMTP_HOST: '0.0.0.0',
    CITYHALL_SMTP_CERTIFICATE: 'file:/srv/mail.pem',
    CITYHALL_MAIL_RELAYS: '10.0.0.25, 10.0.0.26',
    CITYHALL_NAME_SERVERS: '10.0.0.53, [fd00::53]:5353',
    CITYHALL_IMAP_URL: 'imaps://city:x@mail/INBOX',
    SMTP_URL: 'smtp://mail:587',
    CITYHALL_PAYMENTS: 'stripe',
    CITYHALL_STRIPE_API: 'http://127.0.0.1:12111',
    CITYHALL_METRICS_PORT: '9090',
    CITYHALL_SAMPLE: '1',
    LOG_LEVEL: 'warn',
  })
  expect(read).toEqual({
    role: 'worker',
    host: '::1',
    port: 80,
    publicUrl: 'https://city.example',
    data: '/srv/data',
    city: '/srv/city',
    keyFile: '/srv/key',
    database: {
      kind: 'external',
      url: 'postgres://serve:x@db/city',
      migrateUrl: 'postgres://own:y@db/city',
      keeperUrl: 'postgres://keep:z@db/city',
    },
    smtpPort: 25,
    smtpHost: '0.0.0.0',
    smtpCertificate: '/srv/mail.pem',
    mailRelays: ['10.0.0.25', '10.0.0.26'],
    nameServers: ['10.0.0.53', '[fd00::53]:5353'],
    imapUrl: 'imaps://city:x@mail/INBOX',
    smtpUrl: 'smtp://mail:587',
    dkimSelector: 'spring',
    files: 's3://key:secret@store.example/letters',
    clamd: 'scanner.example:3310',
    payments: { way: 'stripe', api: 'http://127.0.0.1:12111' },
    metricsPort: 9090,
    sample: true,
    logLevel: 'warn',
    production: false,
  })
})

test.each([
  ['PORT', '80a'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['HOST', 'a b'],
  ['PUBLIC_URL', 'city.example'],
  ['PUBLIC_URL', 'https://city.example/path'],
  ['CITYHALL_ROLE', 'queen'],
  ['CITYHALL_KEY', '/srv/key'],
  ['CITYHALL_NAME_SERVERS', 'dns.example'],
  ['CITYHALL_PAYMENTS', 'paypal'],
  ['CITYHALL_SAMPLE', 'yes'],
  ['LOG_LEVEL', 'loud'],
])('%s=%s is refused with its name, its value and what is allowed', (name, value) => {
  const allowed = variables.find((variable) => variable.name === name)?.kind.allowed
  expect(mistakes({ [name]: value })).toEqual([{ name, value, says: 'has a value that is not allowed', allowed }])
})

test.each(['DATABASE_URL', 'CITYHALL_MIGRATE_URL', 'CITYHALL_KEEPER_URL', 'SMTP_URL'])(
  'a %s that cannot be read is refused without repeating it, for it may hold a password',
  (name) => {
    const said = mistakes({ [name]: 'mysql://me:hunter2@db' })
    expect(said.map((one) => one.name)).toContain(name)
    expect(JSON.stringify(said)).not.toContain('hunter2')
  },
)

test('every mistake is told at once', () => {
  const names = mistakes({ PORT: 'x', LOG_LEVEL: 'y', CITYHALL_ROLE: 'z' }).map((one) => one.name)
  expect(names.sort()).toEqual(['CITYHALL_ROLE', 'LOG_LEVEL', 'PORT'])
})

test('an unknown Cityhall name is refused with the nearest known one, and without its value', () => {
  expect(mistakes({ CITYHALL_SMTP_PROT: 'hunter2' })).toEqual([
    { name: 'CITYHALL_SMTP_PROT', says: 'is not a setting of Cityhall', allowed: 'did you mean CITYHALL_SMTP_PORT?' },
  ])
})

test('sample people and open sign-ins are refused in production', () => {
  expect(mistakes({ CITYHALL_SAMPLE: '1', NODE_ENV: 'production' })[0]?.name).toBe('CITYHALL_SAMPLE')
  expect(mistakes({ CITYHALL_SAMPLE: '0', NODE_ENV: 'production' })).toEqual([])
})

test('another server than Stripe’s is refused over plain HTTP elsewhere, and where nobody pays at Stripe', () => {
  const at = (api: string) =>
    mistakes({ CITYHALL_PAYMENTS: 'stripe', CITYHALL_STRIPE_API: api }).map(({ name }) => name)
  expect(at('http://stripe.example')).toEqual(['CITYHALL_STRIPE_API'])
  expect(at('https://stripe.example')).toEqual([])
  expect(mistakes({ CITYHALL_STRIPE_API: 'http://127.0.0.1:1' }).map(({ name }) => name)).toEqual([
    'CITYHALL_STRIPE_API',
  ])
})

test('a login to migrate with is refused without a database to serve from', () => {
  expect(mistakes({ CITYHALL_MIGRATE_URL: 'postgres://own:y@db/city' })[0]?.name).toBe('CITYHALL_MIGRATE_URL')
})

test('the table that operators read names every variable, its value when unset and what is allowed', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/operate.md'), 'utf8')
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  expect(rows.map(([, name, unset, allowed]) => ({ name, unset, allowed }))).toEqual(
    variables.map(({ name, unset, kind }) => ({ name, unset: unset ?? '', allowed: kind.allowed })),
  )
  expect(rows.every(([, , , , decides]) => decides !== undefined && decides !== '')).toBe(true)
})

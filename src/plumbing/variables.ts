import { isIP } from 'node:net'
import type { ConfigMistake } from './config.ts'

export type Parsed = string | number | boolean | undefined

type Kind = { allowed: string; parse: (text: string) => Parsed; secret?: true }

const refusedValue = undefined

const port: Kind = {
  allowed: 'a whole number from 0 to 65535 (0: any free port)',
  parse: (text) => (/^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : refusedValue),
}
const oneOf = (...words: string[]): Kind => ({
  allowed: words.join(', '),
  parse: (text) => (words.includes(text) ? text : refusedValue),
})
const flag: Kind = {
  allowed: '1, 0',
  parse: (text) => (text === '1' ? true : text === '0' ? false : refusedValue),
}
const folder: Kind = { allowed: 'a path', parse: (text) => (text.includes('\0') ? refusedValue : text) }
const host: Kind = {
  allowed: 'an address or host name of this machine',
  parse: (text) => (/^[\w.:-]+$/.test(text) ? text : refusedValue),
}
const keyFile: Kind = {
  allowed: 'file:PATH (relative to the data folder)',
  parse: (text) => /^file:(.+)$/.exec(text)?.[1],
}

function url(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
const site: Kind = {
  allowed: 'https://host or http://host, with a port if need be, and nothing after it',
  parse: (text) => {
    const parsed = url(text)
    const plain = parsed && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.host !== ''
    return plain === true && parsed.href === `${parsed.origin}/` ? parsed.origin : refusedValue
  },
}
/** Plain HTTP only to this very machine: over a network, whoever sits between could be anybody. */
const issuer: Kind = {
  allowed: 'https://host/path, or http:// on this machine, without what follows a ? or #',
  parse: (text) => {
    const parsed = url(text)
    if (!parsed || parsed.username !== '' || parsed.search !== '' || parsed.hash !== '') return refusedValue
    const near = parsed.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname)
    return near || parsed.protocol === 'https:' ? text : refusedValue
  },
}
const word: Kind = {
  allowed: 'up to 200 printable characters without spaces',
  parse: (text) => (/^[\x21-\x7e]{1,200}$/.test(text) ? text : refusedValue),
}
/** Another server than Stripe's own, in tests: near by, or by TLS. */
const api: Kind = {
  allowed: 'https://host, or http:// on this machine, with a port if need be, and nothing after it',
  parse: (text) => {
    const parsed = site.parse(text)
    return typeof parsed === 'string' && issuer.parse(parsed) !== refusedValue ? parsed : refusedValue
  },
}
const seconds: Kind = {
  allowed: 'a whole number of seconds from 0 to 240',
  parse: (text) => (/^\d{1,3}$/.test(text) && Number(text) <= 240 ? Number(text) : refusedValue),
}
const database: Kind = {
  allowed: 'postgres://login:password@host:port/database',
  secret: true,
  parse: (text) => {
    const parsed = url(text)
    const whole = parsed && /^postgres(ql)?:$/.test(parsed.protocol) && parsed.username !== ''
    return whole === true && parsed.pathname.length > 1 ? text : refusedValue
  },
}
const selector: Kind = {
  allowed: 'small letters, digits and hyphens, at most 63',
  parse: (text) => (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text) ? text : refusedValue),
}
const mail: Kind = {
  allowed: 'smtp://host:port or smtps://login:password@host:port',
  secret: true,
  parse: (text) => (/^smtps?:$/.test(url(text)?.protocol ?? '') && url(text)?.hostname !== '' ? text : refusedValue),
}

const files: Kind = {
  allowed: 'folder, or s3://key:secret@host:port/bucket with ?region=... and ?tls=0 if need be',
  secret: true,
  parse: (text) => {
    const parsed = url(text)
    const whole = parsed?.protocol === 's3:' && parsed.username !== '' && parsed.password !== '' && parsed.host !== ''
    return text === 'folder' || (whole && /^\/[a-z0-9.-]{3,63}\/?$/.test(parsed.pathname)) ? text : refusedValue
  },
}
const clamd: Kind = {
  allowed: 'host:port or unix:/path',
  parse: (text) => (/^unix:\/.+$/.test(text) || /^[\w.-]+:\d{1,5}$/.test(text) ? text : refusedValue),
}

const pemFile: Kind = {
  allowed: 'file:PATH (relative to the data folder) of a PEM file with key and certificate',
  parse: (text) => /^file:(.+)$/.exec(text)?.[1],
}
const addresses: Kind = {
  allowed: 'IP addresses separated by commas, or none',
  parse: (text) => (text === 'none' || text.split(',').every((one) => isIP(one.trim()) > 0) ? text : refusedValue),
}
const nameServers: Kind = {
  allowed: 'IP addresses, with :port if need be ([address]:port for IPv6), separated by commas',
  parse: (text) => {
    const isOne = (one: string) =>
      isIP(/^(?:\[([^\]]+)\]|([\d.]+)):\d{1,5}$/.exec(one)?.slice(1).find(Boolean) ?? one) > 0
    return text.split(',').every((one) => isOne(one.trim())) ? text : refusedValue
  },
}
const mailbox: Kind = {
  allowed: 'imaps://login:password@host:port/FOLDER or imap:// for a server that offers STARTTLS',
  secret: true,
  parse: (text) => {
    const parsed = url(text)
    const whole = parsed && /^imaps?:$/.test(parsed.protocol) && parsed.username !== '' && parsed.hostname !== ''
    return whole === true ? text : refusedValue
  },
}

/** Every variable, in the order of the table in docs/operate.md; a test holds the two together. */
export const variables = [
  { name: 'PORT', unset: '8080', kind: port },
  { name: 'HOST', unset: '127.0.0.1', kind: host },
  { name: 'PUBLIC_URL', unset: undefined, kind: site },
  { name: 'CITYHALL_ROLE', unset: 'all', kind: oneOf('all', 'web', 'worker') },
  { name: 'CITYHALL_DATA', unset: './data', kind: folder },
  { name: 'CITYHALL_CITY', unset: './city', kind: folder },
  { name: 'CITYHALL_KEY', unset: 'file:secrets/key', kind: keyFile },
  { name: 'CITYHALL_FILES', unset: 'folder', kind: files },
  { name: 'CITYHALL_CLAMD', unset: undefined, kind: clamd },
  { name: 'DATABASE_URL', unset: undefined, kind: database },
  { name: 'CITYHALL_MIGRATE_URL', unset: undefined, kind: database },
  { name: 'CITYHALL_KEEPER_URL', unset: undefined, kind: database },
  { name: 'CITYHALL_SMTP_PORT', unset: '2525', kind: port },
  { name: 'CITYHALL_SMTP_HOST', unset: undefined, kind: host },
  { name: 'CITYHALL_SMTP_CERTIFICATE', unset: undefined, kind: pemFile },
  { name: 'CITYHALL_MAIL_RELAYS', unset: '127.0.0.1,::1', kind: addresses },
  { name: 'CITYHALL_NAME_SERVERS', unset: undefined, kind: nameServers },
  { name: 'CITYHALL_IMAP_URL', unset: undefined, kind: mailbox },
  { name: 'SMTP_URL', unset: undefined, kind: mail },
  { name: 'CITYHALL_DKIM_SELECTOR', unset: 'cityhall', kind: selector },
  { name: 'CITYHALL_OIDC_ISSUER', unset: undefined, kind: issuer },
  { name: 'CITYHALL_OIDC_CLIENT_ID', unset: undefined, kind: word },
  { name: 'CITYHALL_OIDC_CLIENT_SECRET_FILE', unset: undefined, kind: folder },
  { name: 'CITYHALL_OIDC_GROUPS_CLAIM', unset: 'groups', kind: word },
  { name: 'CITYHALL_OIDC_ONLY', unset: '0', kind: flag },
  { name: 'CITYHALL_OIDC_GRACE', unset: '0', kind: seconds },
  { name: 'CITYHALL_PAYMENTS', unset: 'reference', kind: oneOf('reference', 'stripe') },
  { name: 'CITYHALL_STRIPE_API', unset: undefined, kind: api },
  { name: 'CITYHALL_METRICS_PORT', unset: undefined, kind: port },
  { name: 'CITYHALL_SAMPLE', unset: '0', kind: flag },
  { name: 'LOG_LEVEL', unset: 'info', kind: oneOf('debug', 'info', 'warn', 'error', 'silent') },
] as const satisfies readonly { name: string; unset: string | undefined; kind: Kind }[]

export type Variable = (typeof variables)[number]
export type VariableName = Variable['name']

/** The value of one variable, its value when unset, or the mistake. An empty text counts as unset. */
export function parseVariable(variable: Variable, given: string | undefined): Parsed | { mistake: ConfigMistake } {
  const { name, unset }: { name: string; unset: string | undefined } = variable
  const kind: Kind = variable.kind
  const text = given === undefined || given === '' ? unset : given
  if (text === undefined) return undefined
  const value = kind.parse(text)
  if (value !== refusedValue) return value
  const shown = kind.secret === true ? {} : { value: text }
  return { mistake: { name, ...shown, says: 'has a value that is not allowed', allowed: kind.allowed } }
}

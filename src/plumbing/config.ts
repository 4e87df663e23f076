import { resolve } from 'node:path'
import {
  identityProviderMistakes,
  identityProviderOf,
  type IdentityProviderConfig,
} from './config-identity-provider.ts'
import { nearest } from './nearest.ts'
import { parseVariable, variables, type Parsed, type VariableName } from './variables.ts'

/** What the environment decides. The addresses hold passwords: never print them. */
export type Config = {
  role: 'all' | 'web' | 'worker'
  host: string
  port: number
  /** Where residents reach the site, without a slash at the end. */
  publicUrl: string
  /** Absolute. */
  data: string
  /** Absolute. */
  city: string
  database: { kind: 'embedded' } | { kind: 'external'; url: string; migrateUrl?: string; keeperUrl?: string }
  smtpPort: number
  smtpHost: string
  /** A PEM file with key and certificate, absolute. Absent: the program makes its own. */
  smtpCertificate?: string
  /** Addresses of the city's own relays. */
  mailRelays: readonly string[]
  /** Asked about the domains of senders. Absent: those of this machine. */
  nameServers?: readonly string[]
  /** Absent: no mailbox is polled. */
  imapUrl?: string
  /** Absent: outgoing mail stays in the desk's outbox. */
  smtpUrl?: string
  /** Under which name in the DNS the key stands that signs outgoing mail. */
  dkimSelector: string
  /** The file with the key-encryption key, absolute. */
  keyFile: string
  /** `folder` (in the data folder), or the address of a bucket with its secret. */
  files: string
  /** Where clamd listens; absent: files are not scanned. */
  clamd?: string
  /** The city's own sign-in for staff. Absent: employees have passwords and passkeys of this site only. */
  identityProvider?: IdentityProviderConfig
  /** How people pay besides at the counter and by reference. `api`: not Stripe's own server, in tests. */
  payments: { way: 'reference' } | { way: 'stripe'; api?: string }
  sample: boolean
  /** Absent: no metrics are served. */
  metricsPort?: number
  logLevel: string
  production: boolean
}

export type ConfigMistake = { name: string; value?: string; says: string; allowed: string }
export type ConfigRefused = { refused: 'config'; mistakes: ConfigMistake[] }

/**
 * Reads the environment. Every mistake is found in one pass, each with the variable's name and what is allowed; the
 * value too, unless it may hold a secret. An unknown `CITYHALL_` name is a mistake: a setting that is misspelt and
 * passed over in silence is worse than one that stops the start.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config | ConfigRefused {
  const values = new Map<VariableName, Parsed>()
  const mistakes = unknownNames(env)
  for (const variable of variables) {
    const read = parseVariable(variable, env[variable.name])
    if (typeof read === 'object' && 'mistake' in read) mistakes.push(read.mistake)
    else values.set(variable.name, read)
  }
  const production = env['NODE_ENV'] === 'production'
  mistakes.push(...together(values, production))
  return mistakes.length > 0 ? { refused: 'config', mistakes } : configOf(values, production)
}

function unknownNames(env: Readonly<Record<string, string | undefined>>): ConfigMistake[] {
  const known = variables.map(({ name }) => name)
  return Object.keys(env)
    .filter((name) => name.startsWith('CITYHALL_') && !known.some((one) => one === name))
    .sort()
    .map((name) => ({ name, says: 'is not a setting of Cityhall', allowed: suggestion(name, known) }))
}

function suggestion(name: string, known: readonly string[]): string {
  const close = nearest(name, known)
  return close === undefined ? 'the names in docs/operate.md' : `did you mean ${close}?`
}

/** Mistakes that lie between two variables. */
function together(values: ReadonlyMap<VariableName, Parsed>, production: boolean): ConfigMistake[] {
  const mistakes: ConfigMistake[] = [...identityProviderMistakes(values)]
  if (values.get('CITYHALL_SAMPLE') === true && production) {
    const says = 'makes sample people and open sign-ins, which a city in production must not have (NODE_ENV=production)'
    mistakes.push({ name: 'CITYHALL_SAMPLE', value: '1', says, allowed: '0, or unset' })
  }
  if (values.get('CITYHALL_STRIPE_API') !== undefined && values.get('CITYHALL_PAYMENTS') !== 'stripe') {
    const says = 'is set, but CITYHALL_PAYMENTS is not stripe'
    mistakes.push({ name: 'CITYHALL_STRIPE_API', says, allowed: 'set both, or neither' })
  }
  for (const name of ['CITYHALL_MIGRATE_URL', 'CITYHALL_KEEPER_URL'] as const) {
    if (values.get(name) === undefined || values.get('DATABASE_URL') !== undefined) continue
    mistakes.push({ name, says: 'is set, but DATABASE_URL is not', allowed: 'set both, or neither' })
  }
  return mistakes
}

/** Browsers allow passkeys at `localhost`, and at no address in numbers. */
function hostInUrl(host: string): string {
  if (host === '127.0.0.1' || host === '::1') return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

const listed = (text: string): string[] => text.split(',').map((one) => one.trim())

function configOf(values: ReadonlyMap<VariableName, Parsed>, production: boolean): Config {
  const text = (name: VariableName): string => String(values.get(name) ?? '')
  const optional = <K extends string>(key: K, name: VariableName): { [P in K]?: string } =>
    (values.get(name) === undefined ? {} : { [key]: text(name) }) as { [P in K]?: string }
  const port = Number(values.get('PORT'))
  const host = text('HOST')
  const data = resolve(text('CITYHALL_DATA'))
  const metricsPort = values.get('CITYHALL_METRICS_PORT')
  return {
    role: text('CITYHALL_ROLE') as Config['role'],
    host,
    port,
    publicUrl: text('PUBLIC_URL') || `http://${hostInUrl(host)}:${String(port)}`,
    data,
    city: resolve(text('CITYHALL_CITY')),
    database:
      values.get('DATABASE_URL') === undefined
        ? { kind: 'embedded' }
        : {
            kind: 'external',
            url: text('DATABASE_URL'),
            ...optional('migrateUrl', 'CITYHALL_MIGRATE_URL'),
            ...optional('keeperUrl', 'CITYHALL_KEEPER_URL'),
          },
    smtpPort: Number(values.get('CITYHALL_SMTP_PORT')),
    smtpHost: text('CITYHALL_SMTP_HOST') || host,
    ...(values.get('CITYHALL_SMTP_CERTIFICATE') !== undefined && {
      smtpCertificate: resolve(data, text('CITYHALL_SMTP_CERTIFICATE')),
    }),
    mailRelays: listed(text('CITYHALL_MAIL_RELAYS')).filter((one) => one !== 'none'),
    ...(values.get('CITYHALL_NAME_SERVERS') !== undefined && { nameServers: listed(text('CITYHALL_NAME_SERVERS')) }),
    ...optional('imapUrl', 'CITYHALL_IMAP_URL'),
    ...optional('smtpUrl', 'SMTP_URL'),
    dkimSelector: text('CITYHALL_DKIM_SELECTOR'),
    keyFile: resolve(data, text('CITYHALL_KEY')),
    files: text('CITYHALL_FILES'),
    ...optional('clamd', 'CITYHALL_CLAMD'),
    ...identityProviderOf(values, data),
    payments:
      values.get('CITYHALL_PAYMENTS') === 'stripe'
        ? { way: 'stripe', ...optional('api', 'CITYHALL_STRIPE_API') }
        : { way: 'reference' },
    sample: values.get('CITYHALL_SAMPLE') === true,
    ...(typeof metricsPort === 'number' ? { metricsPort } : {}),
    logLevel: text('LOG_LEVEL'),
    production,
  }
}

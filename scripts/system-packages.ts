import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'

type Wanted = { package: string; found: () => boolean; without: string }

const wanted: readonly Wanted[] = [
  {
    package: 'chromium',
    found: () => ['chromium', 'chromium-browser', 'google-chrome'].some((name) => existsSync(`/usr/bin/${name}`)),
    without: 'the browser tests fail',
  },
  {
    package: 'chromium-headless-shell',
    found: () => existsSync('/usr/bin/chromium-headless-shell'),
    without: 'the browser tests take half as long again',
  },
  {
    package: 'postgresql-15',
    found: () => existsSync('/usr/lib/postgresql/15/bin/postgres'),
    without: 'the tests of an external PostgreSQL use the embedded one',
  },
  {
    package: 'clamav-daemon',
    found: () => existsSync('/usr/sbin/clamd'),
    without: 'the tests with a real virus scanner fail',
  },
  ...(
    [
      ['swaks', '/usr/bin/swaks'],
      ['libnet-ssleay-perl', '/usr/share/doc/libnet-ssleay-perl'],
      ['exim4-daemon-light', '/usr/sbin/exim4'],
      ['dovecot-imapd', '/usr/sbin/dovecot'],
    ] as const
  ).map(([name, path]) => ({
    package: name,
    found: () => existsSync(path),
    without: 'the tests of mail with real programs fail',
  })),
]

/** Installs what the tests need from Debian, where that is possible; says what to install elsewhere. Never fails. */
export async function installSystemPackages(): Promise<void> {
  const missing = () => wanted.filter((one) => !one.found())
  const names = missing().map((one) => one.package)
  if (names.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await apt('update')
    await apt('install', '--yes', '--no-install-recommends', ...names)
    // One that this Debian does not have keeps back all the others: then each by itself.
    for (const one of missing()) await apt('install', '--yes', '--no-install-recommends', one.package)
  }
  for (const one of missing()) console.log(`Please install ${one.package}: without it ${one.without}.`)
}

async function apt(...words: string[]): Promise<void> {
  console.log(`apt-get ${words.join(' ')} ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const ran = promisify(execFile)('apt-get', ['--quiet', ...words], { env, timeout: 600_000, maxBuffer: 64_000_000 })
  await ran.catch((error: unknown) => {
    console.log(String(error).trim().split('\n').slice(-5).join('\n'))
  })
}

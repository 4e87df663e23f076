/** The cookie of who signed in: one for staff, one for a resident's own page. A visitor of the public site never gets any. */
export type SessionCookie = Readonly<{
  read(header: string | undefined): Buffer | undefined
  set(secret: Buffer): string
  clear(): string
}>

/**
 * Over HTTPS the name begins with `__Host-`, which a browser keeps to this host, to secure connections and to `/`; plain
 * HTTP (a developer's machine) allows none of it, and the cookie is kept to the desk's addresses.
 */
export function sessionCookie(publicUrl: string, of: CookieOf = desk): SessionCookie {
  const secure = publicUrl.startsWith('https:')
  const name = `${secure ? '__Host-' : ''}${of.name}`
  const rules = `${secure ? 'Path=/; Secure' : `Path=${of.path}`}; HttpOnly; SameSite=${of.sameSite}`
  return {
    read(header) {
      const found = header?.split(';').find((pair) => pair.trim().startsWith(`${name}=`))
      const secret = Buffer.from(found?.trim().slice(name.length + 1) ?? '', 'base64url')
      return secret.length === 32 ? secret : undefined
    },
    set: (secret) => `${name}=${secret.toString('base64url')}; ${rules}`,
    clear: () => `${name}=; ${rules}; Max-Age=0`,
  }
}

/** `Lax`: who follows a link of a mail to her own page is signed in there; what changes anything asks for the same origin. */
export type CookieOf = Readonly<{ name: string; path: string; sameSite: 'Strict' | 'Lax' }>

const desk: CookieOf = { name: 'cityhall', path: '/desk', sameSite: 'Strict' }

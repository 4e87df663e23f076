/** The one cookie there is, for staff who signed in. A visitor of the public site never gets it. */
export type SessionCookie = Readonly<{
  read(header: string | undefined): Buffer | undefined
  set(secret: Buffer): string
  clear(): string
}>

/**
 * Over HTTPS the name begins with `__Host-`, which a browser keeps to this host, to secure connections and to `/`; plain
 * HTTP (a developer's machine) allows none of it, and the cookie is kept to the desk's addresses.
 */
export function sessionCookie(publicUrl: string): SessionCookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? '__Host-cityhall' : 'cityhall'
  const rules = `${secure ? 'Path=/; Secure' : 'Path=/desk'}; HttpOnly; SameSite=Strict`
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

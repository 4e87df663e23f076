export type AttemptCookie = Readonly<{
  read(header: string | undefined): Buffer | undefined
  set(browser: Buffer): string
  clear(): string
}>

const path = '/desk/sign-in/city'

/**
 * Binds the way to the provider to this browser for ten minutes. `Lax`, not `Strict`: the provider's redirect comes from
 * another site, and must bring it along; it is good for nothing but to finish what this browser began.
 */
export function attemptCookie(publicUrl: string): AttemptCookie {
  const secure = publicUrl.startsWith('https:')
  const name = secure ? '__Secure-cityhall-way' : 'cityhall-way'
  const rules = `Path=${path}; ${secure ? 'Secure; ' : ''}HttpOnly; SameSite=Lax`
  return {
    read(header) {
      const found = header?.split(';').find((pair) => pair.trim().startsWith(`${name}=`))
      const browser = Buffer.from(found?.trim().slice(name.length + 1) ?? '', 'base64url')
      return browser.length === 32 ? browser : undefined
    },
    set: (browser) => `${name}=${browser.toString('base64url')}; ${rules}; Max-Age=600`,
    clear: () => `${name}=; ${rules}; Max-Age=0`,
  }
}

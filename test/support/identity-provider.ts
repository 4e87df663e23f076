import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose'
import Provider, { type Configuration } from 'oidc-provider'
import { freePort } from './free-port.ts'

export type Person = { name: string; preferred_username: string; groups: string[]; email?: string }

/** A real OpenID provider on 127.0.0.1, where everybody is who `signsIn` says, as soon as a browser comes along. */
export type IdentityProvider = {
  issuer: string
  people: Map<string, Person>
  /** Who signs in next; undefined: the provider refuses (access_denied). */
  signsIn: string | undefined
  provider: Provider
  /** A browser at the provider: follows an authorization address to the address it leads back to. */
  visit(address: string, browser?: Browser): Promise<URL>
  /** A token that the provider signed, whatever it says. */
  sign(claims: Record<string, unknown>): Promise<string>
  /** The provider's machine is gone, and back again on the same port. */
  goDown(): Promise<void>
  comeUp(): Promise<void>
  close(): Promise<void>
}

export const clientId = 'cityhall'
export const clientSecret = 'a secret between the two of them, long enough'

type Options = {
  publicUrl: string
  backchannel?: string
  /** Seconds for which an access token is good. */
  accessSeconds?: number
  /** Groups are told in ID tokens only, not at the userinfo endpoint. */
  groupsInIdToken?: boolean
}

/** The cookies of one browser at the provider. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  take(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }
  header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }
}

export async function startIdentityProvider(options: Options): Promise<IdentityProvider> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${String(port)}`
  const people = new Map<string, Person>()
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'of-the-test', alg: 'RS256', use: 'sig' }
  const provider = new Provider(issuer, configuration(options, people, key))
  provider.proxy = false
  const handle = provider.callback()
  let server: Server | undefined
  const idp: IdentityProvider = {
    issuer,
    people,
    signsIn: undefined,
    provider,
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: key.kid }).sign(privateKey),
    visit: (address, browser = new Browser()) => visit(address, browser, options.publicUrl),
    async goDown() {
      server?.closeAllConnections()
      await new Promise((done) => server?.close(done) ?? done(undefined))
    },
    async comeUp() {
      server = createServer((request, response) => {
        if (request.url?.startsWith('/interaction/')) void interact(idp, request, response)
        else void handle(request, response)
      })
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close: () => idp.goDown(),
  }
  await idp.comeUp()
  return idp
}

function configuration(options: Options, people: ReadonlyMap<string, Person>, key: JWK): Configuration {
  const { publicUrl, backchannel, accessSeconds = 3600, groupsInIdToken = false } = options
  return {
    jwks: { keys: [key] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${publicUrl}/desk/sign-in/city/return`],
        post_logout_redirect_uris: [`${publicUrl}/desk/sign-in`],
        ...(backchannel && { backchannel_logout_uri: backchannel, backchannel_logout_session_required: true }),
      },
    ],
    claims: { openid: ['sub', 'sid', 'auth_time'], profile: ['name', 'preferred_username'], groups: ['groups'] },
    conformIdTokenClaims: !groupsInIdToken,
    scopes: ['openid', 'offline_access', 'profile', 'groups'],
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `<html>${form}</html>`
        },
      },
      userinfo: { enabled: true },
    },
    ttl: {
      AccessToken: accessSeconds,
      IdToken: 3600,
      Interaction: 600,
      Session: 3600,
      Grant: 3600,
      RefreshToken: 3600,
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, id) => {
      const person = people.get(id)
      if (!person) return undefined
      return {
        accountId: id,
        claims: (use) => {
          const { groups, ...rest } = person
          return { sub: id, ...rest, ...((use === 'id_token') === groupsInIdToken && { groups }) }
        },
      }
    },
    cookies: { keys: ['for tests only'] },
  }
}

/** What a person does at the provider's pages: gives her password, agrees. */
async function interact(idp: IdentityProvider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { provider, signsIn } = idp
  const details = await provider.interactionDetails(request, response)
  if (signsIn === undefined) {
    const denied = { error: 'access_denied', error_description: 'the person said no' }
    return provider.interactionFinished(request, response, denied, { mergeWithLastSubmission: false })
  }
  if (details.prompt.name === 'login')
    return provider.interactionFinished(
      request,
      response,
      { login: { accountId: signsIn } },
      { mergeWithLastSubmission: false },
    )
  const grant = new provider.Grant({ accountId: details.session?.accountId ?? signsIn, clientId })
  grant.addOIDCScope('openid profile groups offline_access')
  const grantId = await grant.save()
  await provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true })
}

async function visit(address: string, browser: Browser, publicUrl: string): Promise<URL> {
  let at = new URL(address)
  for (let step = 0; step < 12; step++) {
    const response = await fetch(at, { redirect: 'manual', headers: { cookie: browser.header() } })
    browser.take(response)
    const next = response.headers.get('location')
    if (next === null)
      throw new Error(`the provider stopped at ${at.pathname}: ${(await response.text()).slice(0, 400)}`)
    at = new URL(next, at)
    if (at.origin === publicUrl) return at
  }
  throw new Error('the provider leads nowhere')
}

import * as client from 'openid-client'
import { sql } from '../../../plumbing/index.ts'
import type { DeskDoor } from '../desk.ts'
import { unsealTokens } from './tokens.ts'

/** Where to sign her out at the provider as well; ask before her session ends. Undefined where she came in otherwise, or there is no such place. */
export async function signOutAddress({ db, sealer, provider }: DeskDoor, secret: Buffer): Promise<string | undefined> {
  if (!provider) return undefined
  const [held] = await db.once<{ sealed: Buffer }>(sql`select sealed from need_to_know.city_session(${secret}::bytea)`)
  if (!held) return undefined
  try {
    const configuration = await provider.ready()
    if (configuration.serverMetadata().end_session_endpoint === undefined) return undefined
    const back = `${provider.settings.publicUrl}/desk/sign-in`
    const hint = unsealTokens(sealer, secret, held.sealed).id
    return client.buildEndSessionUrl(configuration, { post_logout_redirect_uri: back, id_token_hint: hint }).href
  } catch {
    // It cannot be reached: she is signed out here, which is what she asked for.
    return undefined
  }
}

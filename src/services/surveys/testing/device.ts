import { RSABSSA } from '@cloudflare/blindrsa-ts'
import type { Db } from '../../../plumbing/index.ts'
import type { Keys } from '../../../trust/vault/index.ts'
import { invitationCode } from '../invitation-code.ts'
import type { Pass } from '../put-answer.ts'
import { signTicket } from '../sign-ticket.ts'
import type { Survey } from '../survey.ts'

const suite = RSABSSA.SHA384.PSS.Randomized()

/** A ticket as a browser makes it, with the same library: covered for the city, uncovered once it is signed. */
export type MadeTicket = Readonly<{ ticket: Buffer; blinded: Buffer; uncover(signed: Buffer): Promise<Pass> }>

export async function makeTicket(publicKey: Buffer): Promise<MadeTicket> {
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const key = await crypto.subtle.importKey('spki', new Uint8Array(publicKey), algorithm, true, ['verify'])
  const ticket = suite.prepare(crypto.getRandomValues(new Uint8Array(32)))
  const { blindedMsg, inv } = await suite.blind(key, ticket)
  return {
    ticket: Buffer.from(ticket),
    blinded: Buffer.from(blindedMsg),
    uncover: async (signed) => ({
      kind: 'ticket',
      ticket: Buffer.from(ticket),
      signature: Buffer.from(await suite.finalize(key, ticket, new Uint8Array(signed), inv)),
    }),
  }
}

/** Takes a ticket for an invitation, all the way. */
export async function takeTicket(
  house: Readonly<{ db: Db; keys: Keys }>,
  survey: Survey,
  invitation: string,
): Promise<Pass> {
  if (!survey.publicKey) throw new Error('this survey signs no tickets')
  const made = await makeTicket(survey.publicKey)
  const signed = await signTicket(house, survey.id, invitationCode(house.keys, invitation), made.blinded)
  if ('refused' in signed) throw new Error(`no ticket: ${signed.refused}`)
  return made.uncover(signed.signature)
}

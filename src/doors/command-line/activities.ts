import type { Command } from 'commander'
import type { SessionId } from '../../city/index.ts'
import { checkDraw, readDraw, type DrawFault } from '../../services/activities/index.ts'
import { verifierOf } from '../../trust/ledger/index.ts'
import { answer, exitCodes, refuse, type Program } from './program.ts'

export function activitiesCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const activities = cityhall.command('activities').description('what people take part in')
  activities
    .command('draw <session>')
    .description('show how the places of a session were drawn; --check computes it anew from the public ledger')
    .option('--check', 'recompute the drawing: the entry, the checkpoint, the seed and the order')
    .option('--json', 'answer as JSON')
    .action(async (session: string, { check, json }: { check?: boolean; json?: boolean }) => {
      end(
        await program.ground(process.env, async ({ keeper, owner, signer }) => {
          const draw = await owner.transaction((tx) => readDraw(tx, session as SessionId))
          if (!draw) return refuse(json, 'not-drawn', `Nothing has been drawn for '${session}'.`)
          const order = draw.tickets.map(({ rank, ticket }) => `${String(rank)}. ${ticket}`)
          const { size, seed, tickets } = draw
          const drawn = { session, tickets, checkpoint: size, seed: seed.toString('hex') }
          if (!check) {
            answer(json, drawn, [`Drawn from checkpoint ${String(size)}, seed ${drawn.seed}:`, ...order])
            return exitCodes.done
          }
          const verifier = verifierOf(signer.vkey)
          if (!verifier) throw new Error('the city’s ledger key cannot verify')
          const faults = await keeper.transaction((tx) => checkDraw(tx, draw, verifier))
          if (faults.length > 0) return refuse(json, 'does-not-hold', faults.map((fault) => words[fault]).join('\n'))
          answer(json, { ...drawn, faults }, `The drawing holds: ${String(tickets.length)} tickets, in this order.`)
          return exitCodes.done
        }),
      )
    })
}

const words: Readonly<Record<DrawFault, string>> = {
  statement: 'The entry does not say what was drawn: another session, number of tickets, or digest.',
  'not-in-ledger': 'The entry that fixed the tickets is not in the ledger.',
  checkpoint: 'The checkpoint is not signed by the city’s key, or says something else.',
  'not-the-first-checkpoint': 'An earlier checkpoint held the entry already: that one had to be drawn from.',
  tickets: 'The tickets are not those that the digest stands for.',
  seed: 'The seed does not follow from the root.',
  order: 'The order does not follow from the seed.',
}

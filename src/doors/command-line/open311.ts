import type { Command } from 'commander'
import { addClient, listClients, revokeClient, type Client } from '../../services/open311/index.ts'
import { answer, exitCodes, refuse, type Program } from './program.ts'

type Added = { json?: boolean; perMinute: string; perDay: string; post: boolean; update: boolean }

const refusals = {
  'bad-name': 'A name has 1 to 80 characters.',
  'bad-limit': 'Limits are whole numbers: 1 to 10000 a minute, 1 to 1000000 a day.',
  'not-there': 'There is no such program, or its key was taken back already.',
} as const

/** The programs that may report to the city through Open311. Reading what is public needs no key. */
export function open311Commands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const client = cityhall
    .command('open311')
    .description('programs that may report through Open311 (docs/open311.md)')
    .command('client')
    .description('programs and their keys')

  client
    .command('add <name...>')
    .description('let a program report; prints its key, this once')
    .option('--json', 'answer as JSON')
    .option('--per-minute <count>', 'requests with this key a minute', '60')
    .option('--per-day <count>', 'requests with this key a day', '2000')
    .option('--no-post', 'may not send reports')
    .option('--no-update', 'may not add to reports it sent')
    .action(async (name: string[], given: Added) => {
      const asked = {
        name: name.join(' '),
        perMinute: Number(given.perMinute),
        perDay: Number(given.perDay),
        mayPost: given.post,
        mayUpdate: given.update,
      }
      end(
        await program.ground(process.env, async ({ owner, keys }) => {
          const added = await owner.transaction((tx) => addClient(tx, keys, asked))
          if ('refused' in added) return refuse(given.json, added.refused, refusals[added.refused])
          answer(given.json, added, [`Program ${String(added.id)} is added. Its key, which is not kept:`, added.key])
          return exitCodes.done
        }),
      )
    })

  client
    .command('list')
    .description('all of them, also those whose key was taken back')
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      end(
        await program.ground(process.env, async ({ owner }) => {
          const all = await owner.transaction((tx) => listClients(tx))
          answer(json, all, all.length === 0 ? 'No program has a key.' : all.map(line))
          return exitCodes.done
        }),
      )
    })

  client
    .command('revoke <id>')
    .description('take a key back; what the program sent stays')
    .option('--json', 'answer as JSON')
    .action(async (id: string, { json }: { json?: boolean }) => {
      end(
        await program.ground(process.env, async ({ owner }) => {
          const number = /^\d{1,9}$/.test(id) ? Number(id) : 0
          const revoked = await owner.transaction((tx) => revokeClient(tx, number))
          if ('refused' in revoked) return refuse(json, revoked.refused, refusals[revoked.refused])
          answer(json, { done: true }, 'The key is taken back.')
          return exitCodes.done
        }),
      )
    })
}

function line({ id, name, perMinute, perDay, mayPost, mayUpdate, revokedAt }: Client): string {
  const may = [mayPost && 'reports', mayUpdate && 'additions'].filter(Boolean).join(', ') || 'nothing'
  const state = revokedAt ? 'taken back' : `${may}; ${String(perMinute)} a minute, ${String(perDay)} a day`
  return `${String(id)}  ${name}  ${state}`
}

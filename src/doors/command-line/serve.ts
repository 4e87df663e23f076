import type { Command } from 'commander'
import { answer, exitCodes, type Program } from './program.ts'

export function serveCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  cityhall
    .command('serve')
    .description('serve the site and the desk, and do the work behind them')
    .action(async () => {
      end(await program.serve(process.env))
    })
  cityhall
    .command('worker')
    .description('only the work behind: the ledger’s sequence, outgoing mail')
    .action(async () => {
      end(await program.serve({ ...process.env, CITYHALL_ROLE: 'worker' }))
    })
  cityhall
    .command('migrate')
    .description('bring the database up to this version and to the city’s files')
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const code = await program.ground(
        process.env,
        () => {
          answer(json, { migrated: true }, 'The database is up to date.')
          return Promise.resolve(exitCodes.done)
        },
        'migrate',
      )
      end(code)
    })
}

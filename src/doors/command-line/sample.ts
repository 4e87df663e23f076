import type { Command } from 'commander'
import { systemClock } from '../../plumbing/index.ts'
import { loadSampleCases } from '../../services/forms/index.ts'
import { answer, exitCodes, misused, refuse, type Program } from './program.ts'

export function sampleCommand(cityhall: Command, program: Program, end: (code: number) => void): void {
  cityhall
    .command('sample')
    .description('make many invented cases, to try how the desk works with them; never in production')
    .requiredOption('--cases <number>', 'how many')
    .option('--json', 'answer as JSON')
    .action(async ({ cases, json }: { cases: string; json?: boolean }) => {
      if (!/^[1-9]\d{0,7}$/.test(cases)) {
        end(misused(json, 'not-a-number', '--cases takes a whole number from 1 to 99999999'))
        return
      }
      if (process.env.NODE_ENV === 'production') {
        end(refuse(json, 'production', 'Invented cases are refused where NODE_ENV=production.'))
        return
      }
      end(
        await program.ground(process.env, async ({ owner, ...rest }) => {
          const made = await loadSampleCases({ ...rest, db: owner, clock: systemClock }, Number(cases))
          answer(json, made, `${String(made.cases)} cases were made.`)
          return exitCodes.done
        }),
      )
    })
}

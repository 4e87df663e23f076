import { Command, CommanderError } from 'commander'
import { activitiesCommands } from './activities.ts'
import { caseCommands } from './case.ts'
import { consentCommands } from './consent.ts'
import { cityCommands } from './city.ts'
import { formsCommands } from './forms.ts'
import { ledgerCommands } from './ledger.ts'
import { open311Commands } from './open311.ts'
import { mailCommands } from './mail.ts'
import { exitCodes, type Program } from './program.ts'
import { sampleCommand } from './sample.ts'
import { serveCommands } from './serve.ts'
import { staffCommands } from './staff.ts'

/** Runs one command. The exit code says how it went: 0 done, 1 refused, 2 the words were not understood. */
export async function runCommand(argv: readonly string[], program: Program): Promise<number> {
  let code: number = exitCodes.done
  const end = (ended: number) => {
    code = ended
  }
  const cityhall = new Command('cityhall')
    .description(
      'The city’s website and desk, and what its operator does. Settings come from the environment: see docs/operate.md.',
    )
    .exitOverride()
  for (const add of [
    serveCommands,
    cityCommands,
    caseCommands,
    consentCommands,
    activitiesCommands,
    formsCommands,
    staffCommands,
    open311Commands,
    ledgerCommands,
    mailCommands,
    sampleCommand,
  ])
    add(cityhall, program, end)
  try {
    await cityhall.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
  return code
}

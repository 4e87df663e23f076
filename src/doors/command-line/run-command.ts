import { Command, CommanderError } from 'commander'
import { exitCodes, type Program } from './program.ts'

type Add = (cityhall: Command, program: Program, end: (code: number) => void) => void

/** The words that commands begin with, as the help tells them. A command loads its own rooms, and no other's. */
const commands: readonly (readonly [words: string, load: () => Promise<Add>])[] = [
  ['serve worker migrate', async () => (await import('./serve.ts')).serveCommands],
  ['city', async () => (await import('./city.ts')).cityCommands],
  ['case', async () => (await import('./case.ts')).caseCommands],
  ['consent', async () => (await import('./consent.ts')).consentCommands],
  ['activities', async () => (await import('./activities.ts')).activitiesCommands],
  ['forms', async () => (await import('./forms.ts')).formsCommands],
  ['staff', async () => (await import('./staff.ts')).staffCommands],
  ['open311', async () => (await import('./open311.ts')).open311Commands],
  ['ledger', async () => (await import('./ledger.ts')).ledgerCommands],
  ['mail', async () => (await import('./mail.ts')).mailCommands],
  ['sample', async () => (await import('./sample.ts')).sampleCommand],
]

/** All of them where the first word is none of theirs: then help is wanted, or needed. */
function wanted(word = ''): Promise<Add[]> {
  const meant = commands.filter(([words]) => words.split(' ').includes(word))
  return Promise.all((meant.length > 0 ? meant : commands).map(([, load]) => load()))
}

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
  for (const add of await wanted(argv[2])) add(cityhall, program, end)
  try {
    await cityhall.parseAsync(argv)
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  }
  return code
}

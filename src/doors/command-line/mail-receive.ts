import { statSync } from 'node:fs'
import type { Command } from 'commander'
import { systemClock } from '../../plumbing/index.ts'
import { sortWaiting, takeInFile } from '../../services/mailroom/index.ts'
import { mailHouse } from '../mail.ts'
import { answer, exitCodes, refuse, type Program } from './program.ts'

/** `mail receive`: mails from files come in through the same door as any other. */
export function receiveCommand(mail: Command, program: Program, end: (code: number) => void): void {
  mail
    .command('receive <file...>')
    .description('take in mails, one RFC 5322 message a file, and sort them')
    .option('--json', 'answer as JSON')
    .action(async (files: string[], { json }: { json?: boolean }) => {
      const missing = files.filter((file) => !statSync(file, { throwIfNoEntry: false })?.isFile())
      if (missing.length > 0) {
        end(refuse(json, 'no-file', missing.map((file) => `There is no file ${file}.`).join('\n')))
        return
      }
      end(
        await program.ground(process.env, async ({ keeper, publicUrl, ...ground }) => {
          const house = mailHouse({ ...ground, db: keeper, clock: systemClock, config: { publicUrl } })
          const taken = []
          for (const file of files) {
            const one = await takeInFile(house, file)
            taken.push({ file, ...('refused' in one ? one : { outcome: one.again ? 'again' : 'received' }) })
          }
          let faults = 0
          while (await sortWaiting(house, () => (faults += 1)));
          const refused = taken.some((one) => 'refused' in one)
          const lines = taken.map(
            (one) => `${one.file}: ${'refused' in one ? `refused (${one.refused})` : one.outcome}`,
          )
          answer(json, { mails: taken, unsorted: faults }, lines)
          return refused ? exitCodes.refused : exitCodes.done
        }),
      )
    })
}

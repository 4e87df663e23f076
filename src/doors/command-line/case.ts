import type { Command } from 'commander'
import { sql } from '../../plumbing/index.ts'
import { answer, exitCodes, misused, refuse, type Program } from './program.ts'

type Line = { number: number; state: string; topic: string; place: string | null; received: string; due: string }
type Act = { at: string; act: string; duty: string | null; reason: string | null; detail: string | null }

/** What an operator may see of cases: that they are there, and what was done. Words and persons stay sealed. */
export function caseCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const cases = cityhall.command('case').description('cases, without the words in them')
  cases
    .command('list')
    .description('the hundred most urgent open cases')
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      end(
        await program.ground(process.env, async ({ owner }) => {
          const lines =
            await owner.once<Line>(sql`select number, state, topic, place, received_at::date::text as received,
          due_on::text as due from correspondence.casefile where state in ('new', 'open') order by due_on, number limit 100`)
          answer(json, lines, lines.length === 0 ? 'No case is open.' : lines.map(inWords))
          return exitCodes.done
        }),
      )
    })
  cases
    .command('show <number>')
    .description('one case and everything done with it, from the ledger')
    .option('--json', 'answer as JSON')
    .action(async (number: string, { json }: { json?: boolean }) => {
      if (!/^\d{1,12}$/.test(number)) {
        end(misused(json, 'not-a-number', `'${number}' is not a case number`))
        return
      }
      end(
        await program.ground(process.env, async ({ owner }) => {
          const [line] =
            await owner.once<Line>(sql`select number, state, topic, place, received_at::date::text as received,
          due_on::text as due from correspondence.casefile where number = ${Number(number)}`)
          if (!line) return refuse(json, 'not-there', `There is no case ${number}.`)
          const acts = await owner.once<Act>(sql`select e.at::text as at, e.act, e.duty, e.reason, e.detail
          from ledger.entry e join correspondence.casefile c on c.id = e.case_id and c.subject = e.subject
          where c.number = ${Number(number)} order by e.subject_count`)
          const told = acts.map(({ at, act, duty, reason, detail }) =>
            [at, act, duty, reason, detail].filter(Boolean).join('  '),
          )
          answer(json, { ...line, acts }, [inWords(line), ...told])
          return exitCodes.done
        }),
      )
    })
}

const inWords = ({ number, state, topic, place, received, due }: Line) =>
  [`case ${String(number)}`, state, topic, place, `received ${received}`, `due ${due}`].filter(Boolean).join('  ')

import { randomInt } from 'node:crypto'
import type { Command } from 'commander'
import type { Tx } from '../../plumbing/index.ts'
import { handBack } from '../../services/correspondence/index.ts'
import {
  appoint,
  charge,
  discharge,
  endAccount,
  employeeByHandle,
  leave,
  listEmployees,
  setPassword,
} from '../../trust/need-to-know/index.ts'
import { answer, exitCodes, refuse, type Ground, type Program } from './program.ts'

type Options = { json?: boolean; name?: string }
type Done = Readonly<{ refused: string }> | Readonly<{ words: string; password?: string }>

/** Employees and their duties. The desk has no page for it: who may see what is the operator's to say. */
export function staffCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const staff = cityhall.command('staff').description('employees, and the duties they are charged with')
  const act = (
    words: string,
    about: string,
    work: (tx: Tx, ground: Ground, given: string[], options: Options) => Promise<Done>,
  ) =>
    staff
      .command(words)
      .description(about)
      .option('--json', 'answer as JSON')
      .action(async (...all: unknown[]) => {
        const options = all.at(-2) as Options
        const given = all.slice(0, -2) as string[]
        end(
          await program.ground(process.env, async (ground) => {
            const done = await ground.owner.transaction((tx) => work(tx, ground, given, options))
            if ('refused' in done) return refuse(options.json, done.refused, refusals[done.refused] ?? done.refused)
            answer(options.json, { done: true, ...(done.password && { password: done.password }) }, done.words)
            return exitCodes.done
          }),
        )
      })

  staff
    .command('list')
    .description('everybody, also those who have left')
    .option('--json', 'answer as JSON')
    .action(async ({ json }: Options) => {
      end(
        await program.ground(process.env, async ({ owner }) => {
          const all = await owner.transaction((tx) => listEmployees(tx))
          answer(
            json,
            all,
            all.map(
              ({ handle, name, duties, leftAt }) => `${handle}  ${name}  ${leftAt ? 'has left' : duties.join(', ')}`,
            ),
          )
          return exitCodes.done
        }),
      )
    })
  act(
    'add <handle> <name...>',
    'appoint an employee; prints a password for the first sign-in',
    async (tx, ground, [handle = '', name]) => {
      const appointed = await appoint(tx, { handle, name: [name].flat().join(' ') })
      return 'refused' in appointed ? appointed : freshPassword(tx, ground, appointed.employee)
    },
  )
  act('password <handle>', 'set a new password and print it; ends her sessions', (tx, ground, [handle = '']) =>
    known(tx, handle, (employee) => freshPassword(tx, ground, employee)),
  )
  act('charge <handle> <duty>', 'charge an employee with a duty', (tx, _ground, [handle = '', duty = '']) =>
    known(tx, handle, async (employee) => saying(await charge(tx, employee, duty), 'Charged.')),
  )
  act(
    'discharge <handle> <duty>',
    'take a duty from an employee; its cases are gone from her sight at once',
    (tx, _ground, [handle = '', duty = '']) =>
      known(tx, handle, async (employee) =>
        handingBack(tx, employee, await discharge(tx, employee, duty), 'Discharged.'),
      ),
  )
  act(
    'unlink <handle>',
    'take back the link to a city account: its sessions and the duties of its groups end',
    (tx, _ground, [handle = '']) =>
      known(tx, handle, async (employee) => handingBack(tx, employee, await endAccount(tx, employee), 'Unlinked.')),
  )
  act(
    'leave <handle>',
    'end an employment: duties, sessions and sign-ins are gone at once',
    (tx, _ground, [handle = '']) =>
      known(tx, handle, async (employee) => handingBack(tx, employee, await leave(tx, employee), 'Left.')),
  )
}

async function known(tx: Tx, handle: string, work: (employee: number) => Promise<Done>): Promise<Done> {
  const employee = await employeeByHandle(tx, handle)
  return employee === undefined ? { refused: 'not-there' } : work(employee)
}

const saying = (outcome: object, words: string): Done =>
  'refused' in outcome ? (outcome as { refused: string }) : { words }

async function handingBack(tx: Tx, employee: number, outcome: object, words: string): Promise<Done> {
  if ('refused' in outcome) return outcome as { refused: string }
  const cases = await handBack(tx, employee)
  return { words: cases === 0 ? words : `${words} ${String(cases)} waiting cases have nobody's name on them now.` }
}

async function freshPassword(tx: Tx, { keys }: Ground, employee: number): Promise<Done> {
  const password = Array.from({ length: 5 }, () =>
    randomInt(36 ** 4)
      .toString(36)
      .padStart(4, '0'),
  ).join('-')
  const set = await setPassword(tx, employee, password, keys.derive('password-pepper'))
  return 'refused' in set ? set : { words: `Password, shown once: ${password}`, password }
}

const refusals: Record<string, string> = {
  'no-account': 'No city account is linked to her.',
  'not-there': 'No such employee is employed, or she has no such duty.',
  'no-such-duty': 'The city’s files have no such duty (duties.yaml).',
  'bad-handle': 'A handle is 2 to 40 of a-z, 0-9, dot and hyphen, and begins with a letter.',
  'bad-name': 'A name has 1 to 120 characters.',
  'handle-taken': 'That handle belongs to somebody, perhaps to somebody who has left.',
}

import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import {
  openCustodyCopy,
  previewAsOperator,
  readCustodyCopy,
  revokeAsOperator,
  showRequest,
  type ConsentId,
} from '../../people/consent/index.ts'
import { custodyPrivateKey } from '../../trust/vault/index.ts'
import { answer, exitCodes, misused, refuse, type Program } from './program.ts'

const isId = (text: string): text is ConsentId => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)

/** What an operator may do with consents: look at one request, and take consents back on a word that came on paper. */
export function consentCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const consents = cityhall.command('consent').description('consents for children, without a name in them')
  consents
    .command('show <number>')
    .description('one request by its number: its consents, and everything done with them, from the ledger')
    .option('--json', 'answer as JSON')
    .action(async (number: string, { json }: { json?: boolean }) => {
      if (!/^\d{1,9}$/.test(number)) {
        end(misused(json, 'not-a-number', `'${number}' is not the number of a request`))
        return
      }
      end(
        await program.ground(process.env, async ({ owner }) => {
          const shown = await showRequest(owner, Number(number))
          if (!shown) return refuse(json, 'not-there', `There is no request ${number}.`)
          answer(json, shown, [
            `request ${number}  ${shown.thing}  ${shown.state}  asked ${shown.asked}  ends ${shown.ends}`,
            ...shown.consents.map(
              (one) => `${one.id}  ${one.purpose}  ${one.state}  until ${one.until}  answers held ${String(one.held)}`,
            ),
            ...shown.acts.map(({ at, act, duty, detail }) => [at, act, duty, detail].filter(Boolean).join('  ')),
          ])
          return exitCodes.done
        }),
      )
    })
  consents
    .command('revoke <consent...>')
    .description('take consents of one child back; without --yes only says what would follow')
    .option('--yes', 'do it')
    .option('--json', 'answer as JSON')
    .action(async (ids: string[], { json, yes }: { json?: boolean; yes?: boolean }) => {
      const wanted = ids.filter(isId)
      if (wanted.length !== ids.length) {
        end(misused(json, 'not-a-consent', 'a consent is named by its identifier; consent show prints it'))
        return
      }
      end(
        await program.ground(process.env, async ({ owner }) => {
          const follows = await previewAsOperator(owner, wanted)
          if (!follows) return refuse(json, 'not-there', 'None of these is in force.')
          const lines = follows.follows.map(({ consent, code, thing, detail }) =>
            [consent, code, thing, detail].filter(Boolean).join('  '),
          )
          if (yes !== true) {
            answer(json, { follows: follows.follows }, [...lines, 'Nothing was done. Add --yes to do it.'])
            return exitCodes.done
          }
          const done = await revokeAsOperator(owner, wanted)
          if ('refused' in done)
            return refuse(
              json,
              done.refused,
              'Not done: these are not consents of one child, or something changed. Try again.',
            )
          answer(json, { ...done, follows: follows.follows }, [...lines, `receipt ${done.receipt}`])
          return exitCodes.done
        }),
      )
    })
  consents
    .command('custody <file>')
    .description('open a copy that the desk handed out of custody; needs no database, only the private custody key')
    .requiredOption(
      '--keys <folder>',
      'the folder with custody.key, which belongs in a safe and not on a serving machine',
    )
    .option('--json', 'answer as JSON')
    .action((file: string, { json, keys }: { json?: boolean; keys: string }) => {
      end(openCopy(file, keys, json))
    })
}

function openCopy(file: string, keys: string, json?: boolean): number {
  const copy = readCustodyCopy(textOf(file))
  if (!copy) return refuse(json, 'not-a-copy', `${file} is not a copy that the desk handed out.`)
  try {
    const values = openCustodyCopy(custodyPrivateKey(keys), copy)
    answer(json, { ...copy, key: undefined, held: values }, [
      `consent ${copy.consent}  ${copy.thing}  ${copy.purpose}`,
      ...values.map(({ field, text }) => `${field}: ${text}`),
    ])
    return exitCodes.done
  } catch {
    return refuse(
      json,
      'not-this-key',
      'There is no custody key in that folder, or the copy was wrapped for another one.',
    )
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import {
  checkProof,
  openWitness,
  prove,
  sayFault,
  sayHttpRefusal,
  sayNoProof,
  sayProofRefusal,
  verifyDatabase,
  verifyOverHttp,
  type HttpRefusal,
  type Verified,
} from '../../trust/ledger/index.ts'
import { answer, exitCodes, refuse, type Program } from './program.ts'

export function ledgerCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const ledger = cityhall.command('ledger').description('what happened, and the proof of it')
  ledger
    .command('verify')
    .description('compute the whole ledger anew, from the database or from the tiles a city serves')
    .option('--url <origin>', 'check the tiles served there, for example http://127.0.0.1:8080')
    .option('--key <vkey>', 'with --url: the public key to believe, instead of the one served beside the tiles')
    .option('--json', 'answer as JSON')
    .action(async ({ url, key, json }: { url?: string; key?: string; json?: boolean }) => {
      if (url !== undefined) {
        end(overHttp(json, await verifyOverHttp({ origin: url, vkey: key })))
        return
      }
      end(
        await program.ledger(process.env, async ({ keeper, signer, data }) => {
          const seen = await openWitness(join(data, 'ledger-checkpoint'), signer.vkey).last()
          return tell(json, await verifyDatabase({ db: keeper, vkey: signer.vkey, seen }))
        }),
      )
    })
  ledger
    .command('prove <entry>')
    .description('print the proof of one entry, to be checked offline')
    .action(async (entry: string) => {
      end(
        await program.ledger(process.env, async ({ keeper }) => {
          if (!/^[0-9a-f-]{36}$/.test(entry))
            return refuse(false, 'not-an-entry', `'${entry}' is not an entry's identifier`)
          const proof = await prove(keeper, entry)
          if (typeof proof !== 'string')
            return refuse(
              false,
              proof.refused,
              proof.refused === 'not-yet'
                ? 'The entry is not in the tree yet; try again in a second.'
                : 'There is no such entry.',
            )
          process.stdout.write(proof)
          return exitCodes.done
        }),
      )
    })
  ledger
    .command('check <file>')
    .description('check a proof against the city’s public key; needs no database and no network')
    .requiredOption('--key <vkey>', 'the city’s public key, as served at /ledger/key')
    .option('--json', 'answer as JSON')
    .action((file: string, { key, json }: { key: string; json?: boolean }) => {
      const proof = readable(file)
      if (proof === undefined) {
        end(refuse(json, 'no-file', sayNoProof(file)))
        return
      }
      const checked = checkProof(proof, key)
      if ('refused' in checked) end(refuse(json, checked.refused, sayProofRefusal(checked)))
      else
        answer(
          json,
          { index: checked.index, statement: checked.statement },
          `The proof holds. It says:\n${checked.statement}`,
        )
    })
}

/** Undefined when there is no such file, or it may not be read. */
function readable(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function overHttp(json: boolean | undefined, verified: Verified | HttpRefusal): number {
  return 'refused' in verified ? refuse(json, verified.refused, sayHttpRefusal(verified)) : tell(json, verified)
}

function tell(json: boolean | undefined, verified: Verified): number {
  const { faults, furtherFaults, size, checkpoints } = verified
  const words =
    faults.length === 0
      ? `The ledger is whole: ${String(size)} entries, ${String(checkpoints)} checkpoints.`
      : [...faults.map(sayFault), `${String(faults.length + furtherFaults)} faults in ${String(size)} entries.`]
  answer(json, verified, words)
  return faults.length === 0 ? exitCodes.done : exitCodes.refused
}

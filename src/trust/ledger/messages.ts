import { catalogue } from '../../plumbing/index.ts'
import type { LedgerFault } from './fault.ts'
import type { ProofRefusal } from './proof-file.ts'
import type { HttpRefusal } from './verify-over-http.ts'

const en = {
  'fault.entry-changed': 'Entry {entry} at sequence {seq} was changed.',
  'fault.entry-missing': 'Entry {entry} at sequence {seq} is missing.',
  'fault.entry-added': 'Entry {entry} was added without being put in sequence.',
  'fault.entry-waits': 'Entry {entry} has waited more than a minute to be put in sequence. Is a worker running?',
  'fault.entry-waits-again': 'Entry {entry} waits to be put in sequence, but already has its place.',
  'fault.pending-without-entry': 'Entry {entry} waits to be put in sequence, but is missing.',
  'fault.sequence-missing': 'Sequence {seq} is missing.',
  'fault.sequence-changed': 'What stands at sequence {seq} was changed.',
  'fault.sequences-exchanged': 'Sequences {seq} and {with} are exchanged.',
  'fault.sequence-moved':
    '{count, plural, one {Sequence {seq} holds} other {Sequence {seq} and those after it, # in all, hold}} what was ' +
    'signed from sequence {from} on.',
  'fault.sequence-beyond':
    'Sequence {seq} is there, but the last checkpoint covers {size, plural, one {# entry} other {# entries}} only.',
  'fault.tile-changed': 'The tile {tile} was changed.',
  'fault.tile-missing': 'The tile {tile} is missing or too short.',
  'fault.tile-beyond': 'The tile {tile} is there, but the last checkpoint does not reach it.',
  'fault.bundle-unreadable': 'The entries {tile} are missing or cannot be read.',
  'fault.checkpoint-missing': 'There is no checkpoint.',
  'fault.checkpoint-changed':
    'The checkpoint of {size, plural, one {# entry} other {# entries}} was changed: it says something else than what was signed.',
  'fault.checkpoint-unsigned':
    'The checkpoint of {size, plural, one {# entry} other {# entries}} is not signed by the key of this ledger.',
  'fault.history-rewritten':
    'The first {size, plural, one {entry is} other {# entries are}} not what was signed: something at or after ' +
    'sequence {after} was changed, and the tree with it.',
  'fault.witness-ahead':
    'The ledger has {size, plural, one {# entry} other {# entries}}, but a checkpoint of {seen} was seen before: entries are lost.',
  'fault.subject-gap':
    'The entries of subject {subject} are not complete: number {expected} was expected, number {found} was found.',
  'http.not-an-address': 'That is not the address of a site. Write it like https://city.example.',
  'http.no-answer': 'Nobody answers there, or not as a ledger does. Nothing was verified.',
  'http.no-key': 'There is no public key of a ledger there, at /ledger/key.',
  'http.bad-key': 'That is not the public key of a ledger.',
  'http.no-checkpoint': 'There is no checkpoint there, at /ledger/checkpoint.',
  'http.checkpoint-malformed': 'The checkpoint that is served there cannot be read.',
  'http.checkpoint-unsigned': 'The checkpoint that is served there is not signed by this key.',
  'http.checkpoint-other-ledger': 'The checkpoint that is served there is of another ledger.',
  'http.saved-malformed': 'The saved checkpoint cannot be read.',
  'http.saved-unsigned': 'The saved checkpoint is not signed by this key.',
  'http.saved-other-ledger': 'The saved checkpoint is of another ledger.',
  'proof.no-file': 'There is no file {file} that can be read.',
  'proof.bad-key': 'That is not the public key of a ledger.',
  'proof.not-a-proof': 'That file is not a proof.',
  'proof.checkpoint-malformed': 'The checkpoint in the proof cannot be read.',
  'proof.not-signed-by-this-key': 'The proof does not hold: its checkpoint is not signed by this key.',
  'proof.other-ledger': 'The proof does not hold: its checkpoint is of another ledger.',
  'proof.not-included': 'The proof does not hold: the statement is not in the ledger at this place.',
}

const say = catalogue({ en })

/** One sentence for the operator who verifies. */
export function sayFault({ fault, ...values }: LedgerFault): string {
  const plain = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, plainNumber(key, value)]))
  return say('en', `fault.${fault}`, plain)
}

export function sayNoProof(file: string): string {
  return say('en', 'proof.no-file', { file })
}

export function sayProofRefusal({ refused }: ProofRefusal): string {
  return say('en', `proof.${refused}`)
}

/** One sentence for the outsider whose checking came to nothing. */
export function sayHttpRefusal({ refused }: HttpRefusal): string {
  return say('en', `http.${refused}`)
}

/** Sequences are names, not amounts: no thousands separators, so that they can be searched for. */
function plainNumber(key: string, value: string | number): string | number {
  return key === 'size' || key === 'count' ? value : String(value)
}

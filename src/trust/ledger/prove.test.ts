import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../plumbing/index.ts'
import { checkProof } from './proof-file.ts'
import { prove, proveInHand } from './prove.ts'
import { openTestLedger, type TestLedger } from '../../../test/support/ledger.ts'

let ledger: TestLedger
const receipt = Buffer.from('one receipt')
const theCase = '33333333-3333-4333-8333-333333333333'
let own = ''
let others: string[] = []

beforeAll(async () => {
  ledger = await openTestLedger()
  others = await ledger.write(40)
  await ledger.owner.transaction(async (tx) => {
    await tx.rows(sql`insert into city.department values ('streets')`)
    await tx.rows(sql`insert into city.topic values ('potholes', 'streets')`)
    await tx.rows(sql`insert into vault.subject (id, wrapped_key, kek) values (${theCase}::uuid, sha256(''), 'test')`)
    await tx.rows(sql`
      insert into correspondence.casefile (id, topic, language, channel, form, form_version, subject, received_at, due_on,
        state_since, receipt_hash)
      values (${theCase}::uuid, 'potholes', 'en', 'form', 'report-a-problem', 1, ${theCase}::uuid, now(), now(), now(),
        sha256(${receipt}))`)
    const row = await tx.row<{ id: string }>(sql`
      select ledger.write('letter.opened', 'staff', ${theCase}::uuid, ${theCase}::uuid, 1, 7, null, 'case-work',
        'answer-letter') as id`)
    own = row?.id ?? expect.unreachable()
  })
  await ledger.keep()
})
afterAll(() => ledger.end())

const inHand = (secret: Buffer, entry: string) =>
  ledger.app.transaction(async (tx) => {
    await tx.rows(sql`select need_to_know.enter_receipt(${secret})`)
    return proveInHand(tx, entry)
  })

test('a person takes home a proof of who looked at her case, and it checks with the public key alone', async () => {
  const proof = await inHand(receipt, own)
  if (typeof proof !== 'string') throw new Error(proof.refused)
  const checked = checkProof(proof, ledger.signer.vkey)
  expect(checked).toMatchObject({ index: 40, checkpoint: { size: 41 } })
  if ('refused' in checked) return
  const [version, id, subject, count, casefile, , act, kind, duty, , tag, purpose, reason] =
    checked.statement.split('\n')
  expect([version, id, subject, count, casefile]).toEqual(['cityhall/entry/v1', own, theCase, '1', theCase])
  expect([act, kind, duty, purpose, reason]).toEqual(['letter.opened', 'staff', '-', 'case-work', 'answer-letter'])
  expect(tag).toMatch(/^[0-9a-f]{64}$/)
})

test('the city can show who the employee of a statement was, and nobody else can tell', async () => {
  const proof = await prove(ledger.keeper, own)
  const checked = checkProof(typeof proof === 'string' ? proof : '', ledger.signer.vkey)
  const tag = 'statement' in checked ? checked.statement.split('\n')[10] : undefined
  const [row] = await ledger.owner.once<{ employee_salt: Buffer }>(sql`
    select employee_salt from ledger.entry where id = ${own}::uuid`)
  expect(
    createHash('sha256')
      .update(row?.employee_salt ?? '')
      .update('7')
      .digest('hex'),
  ).toBe(tag)
  await expect(ledger.app.once(sql`select employee_salt from ledger.entry`)).rejects.toMatchObject({ code: '42501' })
})

test('an entry of another case, one that never was, and any entry without a receipt are alike not there', async () => {
  const other = others[3] ?? expect.unreachable()
  expect(await inHand(receipt, other)).toEqual({ refused: 'not-there' })
  expect(await inHand(receipt, theCase)).toEqual({ refused: 'not-there' })
  expect(await inHand(Buffer.from('a guess'), own)).toEqual({ refused: 'not-there' })
  expect(await prove(ledger.keeper, theCase)).toEqual({ refused: 'not-there' })
  const named = await ledger.app.once(sql`select ledger.statement_in_hand(${own}::uuid) as statement`)
  expect(named).toEqual([{ statement: null }])
})

test('every entry can be proven by the keeper, the first and the last alike', async () => {
  for (const [index, entry] of [...others, own].entries()) {
    const proof = await prove(ledger.keeper, entry)
    expect(checkProof(typeof proof === 'string' ? proof : proof.refused, ledger.signer.vkey)).toMatchObject({ index })
  }
})

test('the script in docs/check-a-proof.md checks a proof with nothing of ours, and refuses a changed one', async () => {
  const docs = await readFile(join(import.meta.dirname, '../../../docs/check-a-proof.md'), 'utf8')
  const script = /```js\n([^]+?)```/.exec(docs)?.[1] ?? expect.unreachable()
  const at = (name: string) => join(ledger.folder, name)
  await writeFile(at('check.mjs'), script)
  const check = async (name: string, proof: string) => {
    await writeFile(at(name), proof)
    return promisify(execFile)(process.execPath, [at('check.mjs'), at(name), ledger.signer.vkey])
  }
  for (const entry of [others[0], others[22], own]) {
    const proof = await prove(ledger.keeper, entry ?? '')
    if (typeof proof !== 'string') throw new Error(proof.refused)
    const { stdout } = await check('look.tlog-proof', proof)
    expect(stdout).toMatch(new RegExp(`^The proof holds\\.\\ncityhall/entry/v1\\n${entry ?? ''}\\n`))
    const moved = proof.replace(/^index .*$/m, 'index 1')
    await expect(check('moved.tlog-proof', moved)).rejects.toMatchObject({ code: 1 })
    const signed = proof.replace(/\n41\n/, '\n42\n')
    await expect(check('grown.tlog-proof', signed)).rejects.toMatchObject({ code: 1 })
  }
})

test('an entry that the keeper has not reached yet is proven a moment later', async () => {
  const [fresh = ''] = await ledger.write(1)
  expect(await prove(ledger.keeper, fresh)).toEqual({ refused: 'not-yet' })
  await ledger.keep()
  expect(await prove(ledger.keeper, fresh)).toContain('index 41\n')
})

test('of an entry that was changed no proof is made', async () => {
  const changed = others[9] ?? expect.unreachable()
  await ledger.tamper(sql`update ledger.entry set act = 'letter.closed' where id = ${changed}::uuid`)
  await expect(prove(ledger.keeper, changed)).rejects.toThrow('no longer is what was signed')
})

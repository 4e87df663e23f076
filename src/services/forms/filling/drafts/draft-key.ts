import { createSecretKey } from 'node:crypto'
import { codeFor, tokenFrom, type ReceiptCode } from '../../../correspondence/index.ts'
import type { DataKey, Keys, Standing, SubjectId } from '../../../../trust/vault/index.ts'

/** What leads to one draft: its resume code, and what follows from that. */
export type DraftKey = Readonly<{
  code: ReceiptCode
  /** Presented to the database, which keeps its hash. */
  secret: Buffer
  id: string
  /** Under which the draft’s own key is sealed. Only who has the code can make it, and only with the city’s keys. */
  lock: DataKey
}>

/** The code follows from the form’s token: what is saved twice from one page is one draft. */
export const draftOfToken = (keys: Keys, token: string): DraftKey =>
  draftOfCode(keys, codeFor(keys, tokenFrom(keys, mac(keys, `token|${token}`).subarray(0, 16))))

export function draftOfCode(keys: Keys, code: ReceiptCode): DraftKey {
  const hex = mac(keys, `id|${code}`).toString('hex')
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  const lock = { subject: id as SubjectId, key: createSecretKey(mac(keys, `lock|${code}`)) }
  return { code, secret: mac(keys, `secret|${code}`), id, lock }
}

export const standing = (id: string, column: 'wrapped' | 'sealed'): Standing => ({ table: 'draft', column, row: id })

const mac = (keys: Keys, text: string): Buffer => keys.mac('form-draft', text)

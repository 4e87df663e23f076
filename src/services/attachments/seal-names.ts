import { seal, unseal, type DataKey } from '../../trust/vault/index.ts'
import { sql, type Sql } from '../../plumbing/index.ts'
import type { TakenFile } from './cabinet.ts'

/** What of a file only the person's key opens: what it is called, and the key to its bytes. */
export type Inside = Readonly<{ name: string; fileKey: Buffer; sha256: Buffer }>

const standing = (id: string) => ({ table: 'attachment', column: 'sealed', row: id })

/** The files of an act as its SQL function takes them: the last five arguments, sealed under the person's data key. */
export function filesSealed(key: DataKey, files: readonly TakenFile[]): Sql {
  const each = <T>(of: (file: TakenFile) => T) => files.map(of)
  return sql`${each(({ id }) => id)}, ${each(({ kind }) => kind)}, ${each(({ bytes }) => bytes)},
    ${each(({ state }) => state)}, ${each((file) => sealInside(key, file))}`
}

function sealInside(key: DataKey, { id, name, fileKey, sha256 }: TakenFile): Buffer {
  const inside = { name, fileKey: fileKey.toString('base64'), sha256: sha256.toString('base64') }
  return seal(key, standing(id), JSON.stringify(inside))
}

export function unsealInside(key: DataKey, id: string, sealed: Buffer): Inside {
  const inside = JSON.parse(unseal(key, standing(id), sealed)) as { name: string; fileKey: string; sha256: string }
  return {
    name: inside.name,
    fileKey: Buffer.from(inside.fileKey, 'base64'),
    sha256: Buffer.from(inside.sha256, 'base64'),
  }
}

import { realpathSync } from 'node:fs'
import { chooseIdentity } from './identity.ts'
import type { Embedded } from './index.ts'
import { makePlaces } from './places.ts'
import { readPasswords } from './secrets.ts'
import { urlOf } from './urls.ts'

/** The addresses of the embedded PostgreSQL that another program on this data folder runs: for a command beside it. */
export function joinEmbedded(folder: string): Pick<Embedded, 'ownerUrl' | 'appUrl' | 'keeperUrl'> {
  const data = realpathSync(folder)
  const { sockets } = makePlaces(data, chooseIdentity())
  const passwords = readPasswords(data)
  const url = (login: 'owner' | 'web' | 'worker') => urlOf(sockets, login, passwords, 'cityhall')
  return { ownerUrl: url('owner'), appUrl: url('web'), keeperUrl: url('worker') }
}

// A post office in a process of its own, for the tests that kill it: the keeper's database, the city's key file and the
// server that mail is handed to are its arguments.
import { join } from 'node:path'
import { loadCity } from '../../src/city/index.ts'
import { connect, createMailer } from '../../src/plumbing/index.ts'
import { runResidentsPost } from '../../src/people/residents/index.ts'
import { runPostOffice } from '../../src/services/correspondence/index.ts'
import { openKeyFile } from '../../src/trust/vault/index.ts'

const [, , keeperUrl = '', keyFile = '', smtpUrl = '', whose = 'letters'] = process.argv
const city = loadCity(join(import.meta.dirname, '..', '..', 'city'))
if ('refused' in city) throw new Error('the sample city is not in order')
const office = {
  keeper: connect({ url: keeperUrl, role: 'cityhall_keeper', max: 10 }),
  keys: openKeyFile(keyFile),
  city,
  publicUrl: 'https://almendra.example.org',
  codesOnDesk: false,
  mailer: createMailer(smtpUrl),
}
await (whose === 'people' ? runResidentsPost : runPostOffice)(office, new AbortController().signal, (error) => {
  console.error(error)
})

import { join } from 'node:path'
import type { Command } from 'commander'
import { openDkimKey, readConfig } from '../../plumbing/index.ts'
import { mailDns, mailDomain, zoneLine } from '../../services/correspondence/index.ts'
import { receiveCommand } from './mail-receive.ts'
import { answer, refuse, type Program } from './program.ts'

export function mailCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const mail = cityhall.command('mail').description('the city’s mail')
  receiveCommand(mail, program, end)
  mail
    .command('dns')
    .description(
      'print the DNS records with which outgoing mail is believed; makes the signing key where there is none',
    )
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const config = readConfig({ LOG_LEVEL: 'warn', ...process.env })
      if ('refused' in config) {
        end(refuse(json, 'settings', config.mistakes.map(({ name, says }) => `${name} ${says}`).join('\n')))
        return
      }
      const files = await program.readFiles(config.city)
      if ('says' in files) {
        end(refuse(json, 'city-files', files.says.join('\n')))
        return
      }
      const name = { domain: mailDomain(files.city), selector: config.dkimSelector }
      const key = await openDkimKey(join(config.data, 'secrets'), name)
      const server = config.smtpUrl === undefined ? undefined : new URL(config.smtpUrl).hostname
      const records = mailDns(key, server)
      answer(
        json,
        { domain: name.domain, records },
        records.flatMap((record) => [`; ${record.why}`, zoneLine(record), '']),
      )
    })
}

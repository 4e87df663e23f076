import type { Command } from 'commander'
import { importActivities } from '../../services/activities/index.ts'
import { importFacilities } from '../../services/bookings/index.ts'
import { takeForms } from '../../services/forms/index.ts'
import { listTopics } from '../../services/open311/index.ts'
import { importCity } from '../../trust/need-to-know/index.ts'
import { answer, exitCodes, refuse, type Program } from './program.ts'

export function cityCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const city = cityhall.command('city').description('the folder of the city’s files')
  city
    .command('check [folder]')
    .description('read the files and tell every mistake, with file and line')
    .option('--json', 'answer as JSON')
    .action(async (folder: string | undefined, { json }: { json?: boolean }) => {
      const files = await program.readFiles(folder ?? process.env.CITYHALL_CITY ?? './city')
      if ('says' in files) end(refuse(json, 'city-files', files.says.join('\n')))
      else {
        const { city: read, forms } = files
        const counts = {
          departments: read.departments.size,
          topics: read.topics.size,
          duties: read.duties.size,
          forms: [...forms.values()].length,
        }
        answer(
          json,
          { city: read.id, ...counts },
          `${read.name.en}: the files are in order (${String(counts.topics)} topics, ${String(counts.forms)} forms).`,
        )
      }
    })
  city
    .command('import')
    .description('bring departments, topics, places and duties into the database: all, or nothing')
    .option('--json', 'answer as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      end(
        await program.ground(process.env, async ({ owner, city: read, forms }) => {
          const imported = await owner.transaction(async (tx) => {
            const done = await importCity(tx, read)
            if ('refused' in done) return done
            const listed = await listTopics(tx, read)
            const lent = await importFacilities(tx, read)
            const active = await importActivities(tx, read)
            const taken = await takeForms(tx, forms)
            return {
              changed: done.changed || listed.changed || lent.changed || active.changed || taken.published.length > 0,
            }
          })
          if ('refused' in imported) {
            const uses = imported.uses.map(
              ({ kind, id, by, count }) => `the ${kind} '${id}' still has ${String(count)} ${by}`,
            )
            return refuse(json, imported.refused, uses.join('\n'))
          }
          answer(json, imported, imported.changed ? 'Imported.' : 'Nothing had changed.')
          return exitCodes.done
        }),
      )
    })
}

import type { Command } from 'commander'
import { loadCity, type City, type FormId } from '../../city/index.ts'
import { isMistaken, systemClock, type Mistake } from '../../plumbing/index.ts'
import { exportForm, formFormats, loadForm, openForms, type FormFormat } from '../../services/forms/index.ts'
import { importCommand } from './forms-import.ts'
import { answer, exitCodes, refuse, type Program } from './program.ts'

type Json = { json?: boolean }

/** Forms as files: looked over before they are the city’s, and written out in the formats others read. */
export function formsCommands(cityhall: Command, program: Program, end: (code: number) => void): void {
  const forms = cityhall.command('forms').description('forms: check, export, and import from other programs')
  forms
    .command('check <file...>')
    .description('read form files and tell every mistake, with file and line; the city’s other files say what there is')
    .option('--json', 'answer as JSON')
    .action((files: string[], { json }: Json) => {
      const city = cityOf(json)
      end(typeof city === 'number' ? city : check(city, files, json))
    })
  forms
    .command('export <id>')
    .description('print a form as it is published now in another format')
    .requiredOption('--as <format>', formFormats.join(', '))
    .option('--json', 'answer as JSON: the document, and what it is')
    .action(async (id: string, { as, json }: Json & { as: string }) => {
      end(await exported(program, id, as, json))
    })
  importCommand(forms, program, end)
}

export function cityOf(json: boolean | undefined): City | number {
  const city = loadCity(process.env.CITYHALL_CITY ?? './city')
  return 'refused' in city ? refuse(json, 'city-files', city.mistakes.map(inWords).join('\n')) : city
}

function check(city: City, files: readonly string[], json: boolean | undefined): number {
  const read = files.map((file) => ({ file, form: loadForm(file, city) }))
  const mistakes = read.flatMap(({ form }) => (isMistaken(form) ? form.mistakes : []))
  if (mistakes.length > 0) {
    if (!json) return refuse(json, 'form-files', mistakes.map(inWords).join('\n'))
    answer(json, { refused: 'form-files', mistakes }, [])
    return exitCodes.refused
  }
  const done = read.flatMap(({ file, form }) => (isMistaken(form) ? [] : [{ file, form: form.id, version: form.version, questions: form.fields.length }])) // prettier-ignore
  answer(
    json,
    { forms: done },
    done.map(({ file, questions }) => `${file}: in order (${String(questions)} questions).`),
  )
  return exitCodes.done
}

async function exported(program: Program, id: string, as: string, json: boolean | undefined): Promise<number> {
  const format = formFormats.find((one) => one === as)
  if (!format) {
    process.stderr.write(`There is no format '${as}': ${formFormats.join(', ')}\n`)
    return exitCodes.usage
  }
  return program.ground(process.env, async ({ owner, city, publicUrl }) => {
    const forms = await openForms({ db: owner, city, clock: systemClock }, ({ form, says }) => {
      process.stderr.write(`${form}: ${says}\n`)
    })
    const form = forms.get(id as FormId)
    const published = [...forms.values()].map((one) => one.id).join(', ')
    if (!form) return refuse(json, 'not-there', `No form '${id}' is published. There are: ${published}`)
    const document = exportForm(form, format satisfies FormFormat, city, publicUrl)
    if (json) answer(json, { form: id, version: form.version, as: format, document }, [])
    else process.stdout.write(document)
    return exitCodes.done
  })
}

export const inWords = ({ file, line, column, says, allowed }: Mistake): string =>
  `${file}:${String(line)}:${String(column)}: ${says} (${allowed})`

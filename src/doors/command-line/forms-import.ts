import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { asYaml, formImporter, type Imported } from '../../services/forms/index.ts'
import { answer, exitCodes, refuse } from './program.ts'

type Given = Readonly<{ json?: boolean; out?: string; topic?: string; id?: string }>

/** `forms import`: what another program made becomes a draft, and everything that is not in it is said. */
export function importCommand(forms: Command, end: (code: number) => void): void {
  forms
    .command('import <file...>')
    .description(
      'make drafts of forms from the GOV.UK, DEFRA or XGov form builder, from form.io, or from another Cityhall',
    )
    .option('--out <file>', 'write the draft there as YAML (for one form); else it is only reported')
    .option('--topic <id>', 'the topic of its letters')
    .option('--id <id>', 'the form’s identifier; else made of its title')
    .option('--json', 'answer as JSON: draft and report')
    .action(async (files: string[], given: Given) => {
      if (given.out !== undefined && files.length > 1) {
        process.stderr.write('--out takes one form\n')
        end(exitCodes.usage)
      } else end(run(await formImporter(), files, given))
    })
}

type Importer = Awaited<ReturnType<typeof formImporter>>

function run(importer: Importer, files: readonly string[], { json, out, topic, id }: Given): number {
  const done: (Imported & { file: string })[] = []
  for (const file of files) {
    const imported = importer.importFormFile(file, {
      ...(topic !== undefined && { topic }),
      ...(id !== undefined && { id }),
    })
    if ('refused' in imported) return refuse(json, imported.refused, `${file}: ${imported.says}`)
    done.push({ file, ...imported })
    if (out !== undefined) {
      try {
        writeFileSync(out, asYaml(imported.draft), { flag: 'wx' })
      } catch (error) {
        return refuse(json, 'not-written', `${out}: ${(error as NodeJS.ErrnoException).code ?? 'cannot be written'}`)
      }
    }
  }
  answer(
    json,
    done.length === 1 ? done[0] : done,
    done.flatMap((one) => wordsOf(importer, one)),
  )
  return exitCodes.done
}

function wordsOf(
  { reportWords }: Importer,
  { file, from, draft, report }: Imported & { file: string },
): readonly string[] {
  const not = report.filter(({ outcome }) => outcome === 'not-mapped').length
  const needing = report.filter(({ needs }) => needs.includes('purpose')).length
  const questions = Object.keys(draft.fields).length
  return [
    `${file}: a form of ${from}`,
    ...reportWords(report),
    `${String(questions)} questions; ${String(needing)} need a purpose before publishing; ${String(not)} parts were not taken.`,
    'forms check tells what is missing, with its line.',
  ]
}

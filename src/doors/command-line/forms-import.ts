import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { asYaml, formImporter, importToDesk, type Imported } from '../../services/forms/index.ts'
import type { FormId, TopicId } from '../../city/index.ts'
import { answer, exitCodes, refuse, type Ground, type Program } from './program.ts'

type Given = Readonly<{ json?: boolean; out?: string; reportOnly?: boolean; topic?: string; id?: string }>
type Brought = Imported & { file: string; desk?: { form: string; version: number; topic: TopicId } }

/** `forms import`: what another program made becomes a draft, and everything that is not in it is said. */
export function importCommand(forms: Command, program: Program, end: (code: number) => void): void {
  forms
    .command('import <file...>')
    .description(
      'make drafts at the desk from forms of the GOV.UK, DEFRA or XGov form builder, from form.io, or from another Cityhall',
    )
    .option('--out <file>', 'write the draft there as YAML (for one form), and not to the desk')
    .option('--report-only', 'keep nothing: tell only what would be taken over')
    .option('--topic <id>', 'the topic of its letters')
    .option('--id <id>', 'the form’s identifier; else made of its title')
    .option('--json', 'answer as JSON: draft and report')
    .action(async (files: string[], given: Given) => {
      if (given.out !== undefined && files.length > 1) {
        process.stderr.write('--out takes one form\n')
        end(exitCodes.usage)
      } else end(await run(program, await formImporter(), files, given))
    })
}

type Importer = Awaited<ReturnType<typeof formImporter>>

async function run(program: Program, importer: Importer, files: readonly string[], given: Given): Promise<number> {
  const { json, out, reportOnly, topic, id } = given
  const done: Brought[] = []
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
  const tell = (brought: readonly Brought[]) => {
    const words = brought.flatMap((one) => wordsOf(importer, one))
    answer(json, brought.length === 1 ? brought[0] : brought, words)
    return exitCodes.done
  }
  if (out !== undefined || reportOnly) return tell(done)
  return program.ground(process.env, (ground) => toDesk(ground, done, json, tell))
}

/** All of them, or where one cannot be put there, those before it: each is a draft of its own. */
async function toDesk(
  { owner, city, forms }: Ground,
  done: readonly Brought[],
  json: boolean | undefined,
  tell: (brought: readonly Brought[]) => number,
): Promise<number> {
  const otherwise = forms.get('contact-the-city' as FormId)?.topic ?? [...city.topics.keys()][0]
  const kept: Brought[] = []
  for (const one of done) {
    const desk = await importToDesk(owner, city, one, otherwise as TopicId)
    if (!('refused' in desk)) {
      kept.push({ ...one, desk })
      continue
    }
    const says =
      desk.refused === 'open'
        ? `a draft of the form “${one.draft.id}” is open at the desk: finish it or throw it away there, or give --id`
        : desk.mistakes.map(({ file, says }) => `${file}: ${says}`).join('\n')
    return refuse(json, desk.refused, `${one.file}: ${says}`)
  }
  return tell(kept)
}

function wordsOf({ reportWords }: Importer, { file, from, draft, report, desk }: Brought): readonly string[] {
  const not = report.filter(({ outcome }) => outcome === 'not-mapped').length
  const needing = report.filter(({ needs }) => needs.includes('purpose')).length
  const questions = Object.keys(draft.fields).length
  return [
    `${file}: a form of ${from}`,
    ...reportWords(report),
    `${String(questions)} questions; ${String(needing)} need a purpose before publishing; ${String(not)} parts were not taken.`,
    desk
      ? `It is a draft at the desk: /desk/forms/${desk.form}, version ${String(desk.version)}, topic ${desk.topic}. What is missing is told there.`
      : 'forms check tells what is missing, with its line.',
  ]
}

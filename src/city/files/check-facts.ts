import { Temporal } from 'temporal-polyfill'
import type { Mistake, Path, Yaml } from '../../plumbing/index.ts'
import { parseHolidayRule, ruleExamples } from '../holiday-rule.ts'
import type { CityFiles } from './read.ts'

/** What a schema cannot know: dates that no calendar has, a colour nobody can read, a sentence numbered twice. */
export function checkFacts(files: CityFiles): Mistake[] {
  return [...checkCity(files.city), ...checkCalendar(files.calendar), ...checkPolicy(files.policy)]
}

/** White text on the accent needs a contrast of 4.5 to 1 (WCAG 2.1, 1.4.3). */
function checkCity(file: CityFiles['city']): Mistake[] {
  const mistakes: Mistake[] = []
  if (contrastWithWhite(file.value.accent) < 4.5) {
    mistakes.push(file.mistake(['accent'], 'White words on this colour would be hard to read.', 'a darker colour'))
  }
  if (!isTimeZone(file.value['time-zone'])) {
    const says = `“${file.value['time-zone']}” is not a time zone.`
    mistakes.push(file.mistake(['time-zone'], says, 'a name such as America/Los_Angeles'))
  }
  return mistakes
}

function checkCalendar(file: CityFiles['calendar']): Mistake[] {
  const { holidays, closures = [] } = file.value
  return [
    ...holidays.flatMap(({ falls, from, until }, index) => [
      ...(parseHolidayRule(falls)
        ? []
        : [
            file.mistake(
              ['holidays', index, 'falls'],
              `“${falls}” is not a day that can be found in every year.`,
              ruleExamples,
            ),
          ]),
      ...checkDay(file, ['holidays', index, 'from'], from),
      ...checkDay(file, ['holidays', index, 'until'], until),
      ...(from !== undefined && until !== undefined && until < from
        ? [file.mistake(['holidays', index, 'until'], 'This ends before it begins.', `a day after ${from}`)]
        : []),
    ]),
    ...closures.flatMap(({ date }, index) => checkDay(file, ['closures', index, 'date'], date)),
  ]
}

/** What keeps each promise is named by its sentence's number, so a number means one sentence, under its own clause. */
function checkPolicy(file: CityFiles['policy']): Mistake[] {
  const mistakes = checkDay(file, ['effective'], file.value.effective)
  const seen = new Set<string>()
  const once = (id: string, path: Path) => {
    if (seen.has(id)) mistakes.push(file.mistake(path, `“${id}” is used twice.`, 'a number of its own'))
    seen.add(id)
  }
  for (const [index, clause] of file.value.clauses.entries()) {
    once(clause.id, ['clauses', index, 'id'])
    for (const [position, { id }] of clause.sentences.entries()) {
      const path = ['clauses', index, 'sentences', position, 'id']
      once(id, path)
      if (!id.startsWith(`${clause.id}.`)) {
        mistakes.push(
          file.mistake(path, `“${id}” stands under clause ${clause.id}.`, `${clause.id}.1, ${clause.id}.2, …`),
        )
      }
    }
  }
  return mistakes
}

function checkDay(file: Yaml<unknown>, path: Path, day: string | undefined): Mistake[] {
  if (day === undefined || isDay(day)) return []
  return [file.mistake(path, `There is no ${day}.`, 'a day of the calendar, as year-month-day')]
}

function isDay(day: string): boolean {
  try {
    return Temporal.PlainDate.from(day).toString() === day
  } catch {
    return false
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** WCAG contrast ratio of `#rrggbb` with white. */
function contrastWithWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}

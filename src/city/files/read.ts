import { join } from 'node:path'
import { isMistaken, readYaml, type Static, type TSchema, type Mistaken, type Yaml } from '../../plumbing/index.ts'
import { calendarFile } from './calendar-file.ts'
import { cityFile } from './city-file.ts'
import {
  agenciesFile,
  councilFile,
  departmentsFile,
  dutiesFile,
  legalBasesFile,
  placesFile,
  policyFile,
  retentionFile,
  templatesFile,
  topicsFile,
} from './lists.ts'

const schemas = {
  city: cityFile,
  departments: departmentsFile,
  council: councilFile,
  topics: topicsFile,
  places: placesFile,
  duties: dutiesFile,
  agencies: agenciesFile,
  'legal-bases': legalBasesFile,
  calendar: calendarFile,
  retention: retentionFile,
  policy: policyFile,
  templates: templatesFile,
}

/** The city's files, each right on its own; whether they agree with one another is checked next. */
export type CityFiles = { readonly [Name in keyof typeof schemas]: Yaml<Static<(typeof schemas)[Name]>> }

/** Reads every file, so that the mistakes of all of them are told at once. */
export function readCityFiles(folder: string): CityFiles | Mistaken {
  const files = Object.entries(schemas).map(
    ([name, schema]) => [name, readYaml<TSchema>(join(folder, `${name}.yaml`), schema)] as const,
  )
  const mistakes = files.flatMap(([, file]) => (isMistaken(file) ? file.mistakes : []))
  return mistakes.length > 0 ? { mistakes } : (Object.fromEntries(files) as CityFiles)
}

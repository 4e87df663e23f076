import type { Agency, City, LegalBasis } from '../../city/index.ts'
import type { Language } from '../../plumbing/index.ts'
import type { CaseLine } from '../correspondence/index.ts'
import type { RequestFields } from '../open311/index.ts'
import type { Field, LeavingFile } from './fields.ts'
import { say } from './messages.ts'

/** Exactly what leaves, before its envelope: what the clerk looks over is what is sealed is what is sent. */
export type Leaving =
  | Readonly<{
      way: 'email'
      to: string
      subject: string
      title: string
      parts: readonly { words: string }[]
      files: readonly LeavingFile[]
    }>
  | Readonly<{ way: 'open311'; url: string; fields: RequestFields }>

type ByMail = Extract<Leaving, { way: 'email' }>
/** As it was sealed: before files could leave, it named none. */
type Sealed = Exclude<Leaving, ByMail> | (Omit<ByMail, 'files'> & Partial<Pick<ByMail, 'files'>>)

/** What was sealed, read again. */
export function readLeaving(text: string): Leaving {
  const sealed = JSON.parse(text) as Sealed
  return sealed.way === 'email' ? { ...sealed, files: sealed.files ?? [] } : sealed
}

type About = Readonly<{ line: CaseLine; fields: readonly Field[]; basis: LegalBasis; because: string }>

/** Undefined where the agency takes nothing. */
export function leavingOf(city: City, agency: Agency, about: About): Leaving | undefined {
  const { takes } = agency
  if (!takes) return undefined
  const { line, fields, basis, because } = about
  const body = fields.filter(({ file }) => !file).map(({ label, value }) => `${label}:\n${value}`)
  const files = fields.flatMap(({ file }) => file ?? [])
  if (takes.way === 'open311') {
    const value = (code: string) => fields.find((one) => one.code === code)?.value
    const places = fields.filter(({ category }) => category === 'place').map((one) => one.value)
    const rest = fields.filter(({ category }) => category !== 'place' && category !== 'contact' && category !== 'name')
    return {
      way: 'open311',
      url: takes.url,
      fields: {
        serviceCode: takes.services.get(line.topic) ?? takes.otherwise,
        description: [...rest.map((one) => `${one.label}: ${one.value}`), because].join('\n\n'),
        ...(places.length > 0 && { addressString: places.join(', ') }),
        ...optional('email', value('contact:email')),
        ...optional('phone', value('contact:telephone')),
        ...optional('lastName', value('name:name')),
      },
    }
  }
  const said = { city: city.name.en, agency: agency.name.en, number: String(line.number) }
  return {
    way: 'email',
    to: takes.address,
    subject: say('en', 'toAgencySubject', said),
    title: say('en', 'toAgencyTitle', said),
    parts: [
      { words: say('en', 'toAgencyLead', said) },
      { words: say('en', 'toAgencyBasis', { basis: basis.text.en, source: basis.source, because }) },
      ...body.map((words) => ({ words })),
      ...(files.length > 0
        ? [{ words: say('en', 'toAgencyFiles', { names: files.map(({ name }) => name).join('\n') }) }]
        : []),
      { words: say('en', 'toAgencyAnswer') },
    ],
    files,
  }
}

const optional = <K extends string>(key: K, value: string | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: string }

/** What leaves, as text: for the clerk to look over. */
export function leavingWords(leaving: Leaving): string {
  if (leaving.way === 'email')
    return [leaving.subject, leaving.title, ...leaving.parts.map(({ words }) => words)].join('\n\n')
  return Object.entries(leaving.fields)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n\n')
}

/** What the person is told: to whom, because of what, and which parts. */
export function toldWords(city: City, language: Language, agency: Agency, about: About): string {
  const count = about.fields.filter(({ file }) => file).length
  const labels = about.fields.filter(({ file }) => !file).map(({ label }) => label)
  const parts = [...labels, ...(count > 0 ? [say(language, 'files', { count })] : [])].join('; ')
  return say(language, 'told', {
    agency: agency.name[language],
    does: agency.responsibleFor[language],
    basis: about.basis.text[language],
    because: about.because,
    parts,
    city: city.name[language],
  })
}

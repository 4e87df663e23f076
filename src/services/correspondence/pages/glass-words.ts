import type { Temporal } from 'temporal-polyfill'
import type { City } from '../../../city/index.ts'
import { dateWords, notice } from '../../../city/look/index.ts'
import { html, type Html, type Language } from '../../../plumbing/index.ts'
import type { EntryLine } from '../read-case.ts'
import { say } from './receipt-messages.ts'

const stakes = ['danger-to-life', 'danger-to-a-child', 'danger-to-the-public', 'right-at-risk'] as const

/** The value of one code in an entry's detail. */
export function codeIn({ detail }: Pick<EntryLine, 'detail'>, name: string): string | undefined {
  const found = detail?.split(' ').find((pair) => pair.startsWith(`${name}=`))
  return found?.slice(name.length + 1)
}

/** What was at stake, in the person's words; undefined where the entry does not say. */
export function stakeWords(language: Language, entry: EntryLine): string | undefined {
  const stake = stakes.find((one) => one === codeIn(entry, 'because'))
  return stake && say(language, `glass-${stake}`)
}

export function verdictWords(language: Language, entry: EntryLine): string {
  return say(language, codeIn(entry, 'verdict') === 'proper' ? 'glass-proper' : 'glass-not-proper')
}

/** The emergencies above all else: by which duty, when, why, and how a second person judged it. From the entries alone. */
export function emergencies(city: City, language: Language, history: readonly EntryLine[]): readonly Html[] {
  const day = (at: Temporal.Instant) => dateWords(language, at.toZonedDateTimeISO(city.timeZone).toPlainDate())
  return history
    .filter(({ act }) => act === 'glass.broken')
    .map((broken) => {
      const review = history.find(
        (entry) => entry.act === 'glass.reviewed' && codeIn(entry, 'of') === String(broken.subjectCount),
      )
      const duty = broken.duty && city.duties.get(broken.duty)
      const department = (broken.department && city.departments.get(broken.department)?.name[language]) ?? ''
      const by = {
        duty: duty ? duty.title[language] : say(language, 'glassSomebody'),
        department,
        date: day(broken.at),
      }
      return notice(
        'wrong',
        html`<p><strong>${say(language, 'glassOpened', by)}</strong> ${stakeWords(language, broken)}</p>
          <p>${review ? say(language, 'glassReviewed', { date: day(review.at), verdict: verdictWords(language, review) }) : say(language, 'glassWaits')}</p>`,
      )
    })
}

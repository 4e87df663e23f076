import type { City } from '../../../city/index.ts'
import { dateWords, empty, page } from '../../../city/look/index.ts'
import { html, inLanguage, localeOf, type Html, type Language } from '../../../plumbing/index.ts'
import { barChart } from '../chart.ts'
import { say } from '../messages.ts'
import type { Published } from '../published.ts'
import { percent, readTables, type ReadTable, type Row } from '../results-table.ts'
import type { Results } from '../results.ts'
import type { Survey } from '../survey.ts'

/** What came out, for everybody: a chart and a table for each question, and the words that were let through. */
export function resultsPage(city: City, language: Language, survey: Survey, published: Published | undefined): Html {
  const { form } = survey.questions
  const path = `/surveys/${survey.id}/results`
  const title = say(language, 'resultsTitle', { title: form.title[language] })
  const until = dateWords(language, survey.closesOn)
  const body = html`<div class="wrap page">
    <h1>${title}</h1>
    ${published ? shown(language, survey, published) : nothing(language, survey, until)}
    ${
      survey.state === 'open' &&
      survey.way === 'open' &&
      html`<p>
        <a class="usa-button" href="${inLanguage(language, `/surveys/${survey.id}`)}"
          >${say(language, 'resultsTake')}</a
        >
      </p>`
    }
    <p class="on"><a href="${inLanguage(language, '/surveys')}">${say(language, 'thanksMore')}</a></p>
  </div>`
  return page({ city, language, path, title, description: form.intro[language], body })
}

function nothing(language: Language, survey: Survey, until: string): Html {
  const word = survey.state === 'open' && survey.results === 'after-closing' ? 'resultsNoneClosing' : 'resultsNoneOpen'
  return empty(say(language, 'resultsNone'), html`<p>${say(language, word, { date: until })}</p>`)
}

function shown(language: Language, survey: Survey, { on, results, words }: Published): Html {
  const { smallest } = survey
  if (results.counted === undefined)
    return empty(say(language, 'resultsNone'), html`<p>${say(language, 'resultsFew', { smallest })}</p>`)
  const csv = inLanguage(language, `/surveys/${survey.id}/results.csv`)
  return html`<p class="lead">
      ${say(language, 'resultsOf', { counted: results.counted, date: dateWords(language, on) })}
    </p>
    ${
      survey.state === 'open' &&
      html`<p class="soft">${say(language, 'resultsMore', { date: dateWords(language, survey.closesOn) })}</p>`
    }
    <p class="soft">${say(language, 'resultsHidden', { smallest })}</p>
    ${tablesOf(language, survey, results)} ${inTheirWords(language, survey, words)}
    <p class="on"><a href="${csv}">${say(language, 'resultsCsv')}</a></p>`
}

/** Also the preview at the desk. */
export function tablesOf(language: Language, survey: Survey, results: Results, level: 2 | 3 = 2): Html {
  const tables = readTables(language, survey.questions.form, results)
  return html`${tables.map((table, at) => figure(language, table, at, level))}`
}

function figure(language: Language, table: ReadTable, at: number, level: 2 | 3): Html {
  const bars = table.rows
    .filter(({ label }) => label !== say(language, 'noAnswer'))
    .map(({ label, share }) => ({ label, share, says: shareWords(language, share) }))
  const parts = bars.map(({ label, says }) => say(language, 'chartPart', { choice: label, share: says })).join(', ')
  return html`<section class="result" aria-labelledby="question-${at}">
    ${level === 2 ? html`<h2 id="question-${at}">${table.title}</h2>` : html`<h3 id="question-${at}">${table.title}</h3>`}
    <div class="beside">
      ${barChart(bars, say(language, 'chartOf', { parts }))}
      <table>
        <thead>
          <tr>
            <th scope="col">${say(language, 'answerHead')}</th>
            <th scope="col" class="number">${say(language, 'numberHead')}</th>
            <th scope="col" class="number">${say(language, 'shareHead')}</th>
          </tr>
        </thead>
        <tbody>
          ${table.rows.map((row) => line(language, row))}
        </tbody>
      </table>
    </div>
    ${table.several && html`<p class="soft">${say(language, 'severalNote')}</p>`}
  </section>`
}

function line(language: Language, { label, answers, share }: Row): Html {
  return html`<tr>
    <th scope="row">${label}</th>
    <td class="number">
      ${answers === undefined ? say(language, 'hidden') : answers.toLocaleString(localeOf(language))}
    </td>
    <td class="number">${share === undefined ? '' : percent(language, share)}</td>
  </tr> `
}

const shareWords = (language: Language, share: number | undefined) =>
  share === undefined ? say(language, 'hidden') : percent(language, share)

function inTheirWords(language: Language, survey: Survey, words: Published['words']): Html | undefined {
  if (words.length === 0) return undefined
  const asked = survey.questions.form.fields.filter(({ name }) => words.some(({ question }) => question === name))
  return html`<section class="result">
    <h2>${say(language, 'inWords')}</h2>
    <p class="soft">${say(language, 'inWordsLead')}</p>
    ${asked.map(
      ({ name, label }) =>
        html`<h3>${label[language]}</h3>
          <ul class="voices">
            ${words.filter(({ question }) => question === name).map((one) => html`<li>${one.words}</li> `)}
          </ul>`,
    )}
  </section>`
}

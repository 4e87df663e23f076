import type { City, DepartmentId, DutyId } from '../../../city/index.ts'
import { fileList, filesControl, limitsWords, type FileQuestion, type KeptFile } from '../../attachments/index.ts'
import type { ReceiptHouse } from '../house.ts'
import {
  dateWords,
  factsList,
  errorSummary,
  field,
  lettersList,
  page,
  paragraphs,
  stepsList,
  weekdayWords,
  type Letter as Shown,
} from '../../../city/look/index.ts'
import { html, inLanguage, type Html, type Language } from '../../../plumbing/index.ts'
import { mailedWords } from '../mails/mail-state.ts'
import type { Letter } from '../read-case.ts'
import type { Receipt } from '../receipt.ts'
import { inGroups, type ReceiptCode } from '../receipt-code.ts'
import { receiptLooks } from './receipt-looks.ts'
import { say } from './receipt-messages.ts'
import { departmentOf, doneAtOnce, receiptSteps, statusWords } from './receipt-steps.ts'

export interface ReceiptView {
  readonly receipt: Receipt
  readonly code: ReceiptCode
  /** Makes a repeated post of what is added here one letter. */
  readonly token: string
  /** Where the proof file of an entry is fetched, without language prefix. */
  readonly proofPath: (entry: string) => string
  /** What was typed and refused, kept (422). */
  readonly writing?: {
    readonly words: string
    readonly error?: 'empty' | 'too-long'
    /** What is wrong with the files that came, in words. */
    readonly filesWrong?: readonly string[]
    readonly kept?: readonly KeptFile[]
  }
}

/**
 * The person's page on her letter: the code while it is fresh, how it stands, what was written, room to write again, and
 * who opened it. Whoever holds the code sees it; it is never cached and no address of it leaves by a referrer.
 */
export function receiptPage(
  { city, keptFor }: Pick<ReceiptHouse, 'city' | 'keptFor'>,
  language: Language,
  view: ReceiptView,
): Html {
  const { receipt, code, writing } = view
  const { line, fresh, letters } = receipt
  const topic = city.topics.get(line.topic)?.name[language] ?? line.topic
  const path = `/receipt/${code}`
  const error = writing?.error && say(language, `writeError-${writing.error}`)
  const filesWrong = writing?.filesWrong?.join(' ') || undefined
  const wrong = [error && { name: 'words', says: error }, filesWrong && { name: receiptFiles.field, says: filesWrong }]
  const isNew = fresh && line.state === 'new'
  const title = isNew ? say(language, 'freshTitle') : say(language, 'title', { topic })
  const body = html`<div class="wrap page">
    ${errorSummary(
      language,
      wrong.filter((one) => typeof one === 'object'),
    )}
    <h1>${title}</h1>
    ${isNew ? expected(city, language, receipt) : html`<p>${statusNow(city, language, receipt)}</p>`}
    ${fresh && codePart(language, view)} ${receipt.top}
    ${stepsList(language, receiptSteps(city, language, receipt))} ${facts(city, language, receipt, topic)}
    <h2 class="later" id="letters">${say(language, 'lettersTitle')}</h2>
    ${lettersList(
      language,
      city.timeZone,
      letters.filter(({ kind }) => kind !== 'note').map((letter) => shown(city, language, letter, view)),
    )}
    ${receipt.panels} ${writeAgain(language, path, view, keptFor(receipt.line.form)?.[language] ?? '', { error, filesWrong })}
    <h2 class="later" id="looks">${say(language, 'lookedTitle')}</h2>
    ${receiptLooks(city, language, receipt.history, view.proofPath)}
    <p class="soft screen">${say(language, 'shared')}</p>
  </div>`
  return page({
    city,
    language,
    path,
    title,
    body,
    personal: true,
    wrong: error !== undefined || filesWrong !== undefined,
  })
}

function expected(city: City, language: Language, { line }: Receipt): Html {
  const due = weekdayWords(language, line.dueOn)
  const department = departmentOf(city, language, line.topic)
  return html`<p class="lead">${say(language, 'freshLead', { department, due })}</p>`
}

function codePart(language: Language, { receipt: { hasEmail }, code }: ReceiptView): Html {
  return html`<section class="code">
      <h2>${say(language, 'codeTitle')}</h2>
      <p class="digits">
        ${inGroups(code)
          .split(' ')
          .map((group) => html`<span>${group}</span> `)}
      </p>
      <p>${say(language, 'codeWhy')}</p>
      ${hasEmail && html`<p>${say(language, 'codeEmail')}</p>`}
    </section>`
}

function facts(city: City, language: Language, { line }: Receipt, topic: string): Html {
  const received = line.receivedAt.toZonedDateTimeISO(city.timeZone).toPlainDate()
  const place = line.place && city.places.get(line.place)?.name[language]
  const isWaiting = line.state === 'new' || line.state === 'open'
  return factsList([
    [say(language, 'caseNumber'), line.number],
    [say(language, 'about'), topic],
    [say(language, 'with'), departmentOf(city, language, line.topic)],
    place !== undefined && [say(language, 'place'), place],
    [say(language, 'received'), dateWords(language, received)],
    isWaiting && [say(language, 'due'), weekdayWords(language, line.dueOn)],
  ])
}

function shown(city: City, language: Language, letter: Letter, { code, receipt }: ReceiptView): Shown {
  const mailed = mailedWords(language, city.timeZone, receipt.mails, letter)
  const { kind, writtenAt: at, answers = [], words = '', duty, files = [] } = letter
  const body = html`${answers.map(
    ({ label, value }) => html`<h4>${label}</h4>
      ${paragraphs(value)}`,
  )}${words && paragraphs(words)}${fileList(
    language,
    files,
    ({ id }) => inLanguage(language, `/receipt/${code}/attachments/${id}`),
    'names',
  )}${mailed !== undefined && html`<p class="soft small">${mailed}</p>`}`
  if (kind === 'agency') {
    const name = (letter.agency && city.agencies.get(letter.agency)?.name[language]) ?? say(language, 'anotherAgency')
    return { from: 'city', title: say(language, 'agencyWrote', { agency: name }), at, body }
  }
  if (kind !== 'reply' && kind !== 'referral') {
    return { from: 'resident', title: say(language, kind === 'letter' ? 'yourLetter' : 'youAdded'), at, body }
  }
  const department = city.departments.get(city.duties.get(duty as DutyId)?.department as DepartmentId)?.name[language]
  return {
    from: 'city',
    title: say(language, kind === 'referral' ? 'citySentOn' : 'cityWrote', {
      department: department ?? city.name[language],
    }),
    at,
    body,
  }
}

/** What the person may send along when she writes again. */
export const receiptFiles: FileQuestion = { field: 'files', most: 5 }

function writeAgain(
  language: Language,
  path: string,
  view: ReceiptView,
  kept: string,
  { error, filesWrong }: { error: string | undefined; filesWrong: string | undefined },
): Html {
  return html`<section class="screen">
    <h2 id="write">${say(language, 'writeTitle')}</h2>
    <form class="form" method="post" action="${inLanguage(language, `${path}/messages`)}" enctype="multipart/form-data" novalidate>
      <input type="hidden" name="token" value="${view.token}" />
      ${field(language, {
        name: 'words',
        label: say(language, 'writeLabel'),
        control: { kind: 'lines' },
        needed: true,
        value: view.writing?.words ?? '',
        ...(error !== undefined && { error }),
        why: { necessity: say(language, 'writeWhy'), kept },
      })}
      ${field(language, {
        name: receiptFiles.field,
        label: say(language, 'filesLabel'),
        control: filesControl(language, receiptFiles, view.writing?.kept),
        needed: false,
        hint: limitsWords(language, receiptFiles.most),
        ...(filesWrong !== undefined && { error: filesWrong }),
        why: { necessity: say(language, 'filesWhy'), kept },
      })}
      <div class="actions"><button class="usa-button" type="submit">${say(language, 'writeSend')}</button></div>
    </form>
  </section>`
}

function statusNow(city: City, language: Language, receipt: Receipt): Html {
  const atOnce = doneAtOnce(receipt)
  if (!atOnce) return statusWords(city, language, receipt.line)
  return html`<span class="status done">${say(language, atOnce === 'booked' ? 'statusBooked' : 'statusSignedUp')}</span>`
}

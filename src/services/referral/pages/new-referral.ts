import { deskPage, notice, paragraphs } from '../../../city/look/index.ts'
import type { Agency, City } from '../../../city/index.ts'
import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { say } from '../desk-messages.ts'
import { sizeOf } from '../../attachments/index.ts'
import { isNeeded, mayLeave, type Field, type LeavingFile } from '../fields.ts'
import { leavingWords, type Leaving } from '../leaving.ts'
import type { LaidOut, ToRefer } from '../refer.ts'

type Viewer = Readonly<{ name: string; employee: number }>
export type Asked = Omit<ToRefer, 'caseId' | 'version'>
export type NewReferral = Readonly<{
  laid: LaidOut
  /** Undefined until an agency was chosen. */
  agency?: Agency
  asked?: Asked
  id: string
  leaving?: Leaving
  wrong?: string
}>

/** Which agency; what it needs and what stays; on what basis; and, before it goes, exactly what leaves. */
export function newReferralPage(city: City, staff: Viewer, parts: NewReferral): Html {
  const { laid, agency, leaving, wrong } = parts
  const main = html`<article class="referral">
    <a class="back" href="/desk/cases/${laid.line.id}" data-key="u">${say('en', 'backToCase')}</a>
    <h1>${say('en', 'title')}</h1>
    <p class="soft">${say('en', 'lead')}</p>
    ${wrong !== undefined && html`<div role="alert">${notice('wrong', html`<p>${wrong}</p>`)}</div>`}
    ${leaving && agency ? lookedOver(parts, agency, leaving) : html`${agencies(city, parts)} ${agency && form(city, parts, agency)}`}
  </article>`
  return deskPage({ city, staff, here: 'inbox', title: say('en', 'title'), wrong: wrong !== undefined, main })
}

function agencies(city: City, { laid, agency }: NewReferral): Html {
  const taking = [...city.agencies.values()].filter(({ takes }) => takes !== undefined)
  const often = taking.filter(({ topics }) => topics.includes(laid.line.topic))
  const group = (label: 'often' | 'others', some: readonly Agency[]) =>
    some.length > 0 &&
    html`<optgroup label="${say('en', label)}">
      ${some.map(({ id, name }) => html`<option ${attributes({ value: id, selected: id === agency?.id })}>${name.en}</option>`)}
    </optgroup>`
  return html`<form method="get" action="/desk/cases/${laid.line.id}/referrals/new" class="write">
    <label for="agency">${say('en', 'choose')}</label>
    <select id="agency" name="agency">
      ${group('often', often)}${group(
        'others',
        taking.filter((one) => !often.includes(one)),
      )}
    </select>
    <button class="button outline" type="submit">${say('en', 'chooseDo')}</button>
    ${agency && html`<p>${say('en', 'does', { does: agency.responsibleFor.en })}</p>`}
  </form>`
}

function form(city: City, { laid, asked, id }: NewReferral, agency: Agency): Html {
  const { line, fields } = laid
  const leaves = fields.filter((field) => mayLeave(agency, field))
  const stays = fields.filter((field) => !mayLeave(agency, field))
  return html`<form method="post" action="/desk/cases/${line.id}/referrals" class="write">
    ${hidden({ version: line.version, referral: asked?.id ?? id, agency: agency.id })} ${whatLeaves(laid, asked, agency, leaves)}
    ${
      stays.length > 0 &&
      html`<h2>${say('en', 'stays')}</h2>
        <p class="hint">${say('en', 'staysLead', { agency: agency.name.en })}</p>
        <ul class="stay">
          ${stays.map(({ label, file, value }) => html`<li>${label}${file && `: ${value}`}</li>`)}
        </ul>`
    }
    <label for="basis">${say('en', 'basis')}</label>
    <select id="basis" name="basis">
      ${[...city.legalBases.values()].map(
        (basis) =>
          html`<option ${attributes({ value: basis.id, selected: basis.id === asked?.basis })}>${basis.text.en}</option>`,
      )}
    </select>
    <label for="because">${say('en', 'because')}</label>
    <p class="hint" id="because-hint">${say('en', 'becauseHint')}</p>
    <textarea id="because" name="because" rows="2" maxlength="1000" aria-describedby="because-hint">
${asked?.because ?? ''}</textarea>
    <button class="button" type="submit" name="step" value="preview">${say('en', 'preview')}</button>
  </form>`
}

/** Ticked is what the agency needs; a file that it did not ask for is the clerk's choice. */
function whatLeaves({ line }: LaidOut, asked: Asked | undefined, agency: Agency, leaves: readonly Field[]): Html {
  const named = { agency: agency.name.en }
  const box = ({ code, category, label, value, file }: Field) => {
    const checked = asked?.fields.includes(code) ?? isNeeded(agency.needs, category)
    const id = `part-${String(leaves.findIndex((one) => one.code === code))}`
    return html`<li>
      <input ${attributes({ type: 'checkbox', id, name: `field:${code}`, value: 'yes', checked })} />
      <label for="${id}">${label}${file && `: ${value}`}</label>
      <span class="value ${!file && 'words'}">${file ? lookAt(line.id, value, file) : value}</span>
    </li> `
  }
  const files = leaves.filter(({ file }) => file)
  return html`<fieldset>
    <legend>${say('en', 'leaves')}</legend>
    <p class="hint">${say('en', 'leavesLead', named)}</p>
    <ul class="leaves">
      ${leaves.map((field) =>
        field.category === 'case'
          ? html`<li>
              <span></span><span class="part">${field.label} <span class="soft">(${say('en', 'always')})</span></span>
              <span class="value">${field.value}</span>
            </li> `
          : !field.file && box(field),
      )}
    </ul>
    ${
      files.length > 0 &&
      html`<p class="hint">${say('en', 'filesLead', named)}</p>
        <ul class="leaves">
          ${files.map(box)}
        </ul>`
    }
  </fieldset>`
}

/** A file to look at before it leaves, and how large it is. */
const lookAt = (caseId: string, own: string, { id, bytes }: LeavingFile): Html =>
  html`<a ${attributes({ href: `/desk/cases/${caseId}/attachments/${id}`, 'aria-label': say('en', 'lookAtOne', { name: own }) })}
      >${say('en', 'lookAt')}</a
    >
    <span class="soft">${sizeOf('en', bytes)}</span>`

function lookedOver({ laid, asked, id }: NewReferral, agency: Agency, leaving: Leaving): Html {
  const { line } = laid
  const where = leaving.way === 'email' ? leaving.to : leaving.url
  const chosen = Object.fromEntries((asked?.fields ?? []).map((code) => [`field:${code}`, 'yes']))
  const { basis = '', because = '' } = asked ?? {}
  const files = leaving.way === 'email' ? leaving.files : []
  return html`<h2>${say('en', 'previewTitle')}</h2>
    <p>${say('en', 'previewTo', { agency: agency.name.en, where })}</p>
    <blockquote class="goes">${paragraphs(leavingWords(leaving))}</blockquote>
    ${
      files.length > 0 &&
      html`<h3 id="files-with">${say('en', 'filesWith')}</h3>
        <ul aria-labelledby="files-with">
          ${files.map((file) => {
            const own = laid.fields.find(({ code }) => code === file.code)?.value ?? file.name
            return html`<li>${own} ${lookAt(line.id, own, file)} <span class="soft">${say('en', 'leavesAs', { name: file.name })}</span></li>`
          })}
        </ul>`
    }
    <form method="post" action="/desk/cases/${line.id}/referrals" class="row">
      ${hidden({ version: line.version, referral: asked?.id ?? id, agency: agency.id, basis, because, ...chosen })}
      <button class="button" type="submit" name="step" value="send">${say('en', 'send')}</button>
      <button class="button outline" type="submit" name="step" value="change">${say('en', 'change')}</button>
    </form>`
}

const hidden = (fields: Readonly<Record<string, string | number>>): Html =>
  html`${Object.entries(fields).map(([name, value]) => html`<input ${attributes({ type: 'hidden', name, value })} />`)}`

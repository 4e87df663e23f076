import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import { simpleKinds } from '../../define-file.ts'
import { insideOf } from '../edits/parts.ts'
import { say } from '../messages.ts'
import { both, choose } from './inputs.ts'
import { kindOptions } from './question-rows.ts'
import type { QuestionView } from './question.ts'
import { under } from './told.ts'

/** The columns of a table, or what is asked of a person or a child; to change, move, remove, and to add to. */
export function partRows({ draft, name, told, focus }: QuestionView): Html | undefined {
  const inside = insideOf(draft, name)
  if (!inside) return undefined
  const action = `/desk/forms/${draft.id}/edits`
  const where = `schema/properties/${name}${draft.fields[name]?.kind === 'table' ? '/items' : ''}/properties`
  return html`<section id="parts">
    <h2>${say('en', 'parts')}</h2>
    <ol class="questions">
      ${Object.entries(inside.parts).map(([part, { label, kind }]) => {
        const words = label.en || part
        const says = [...under(told, `fields/${name}/parts/${part}`), ...under(told, `${where}/${part}`)]
        const button = (act: string, sign: string, says: string) =>
          html`<button ${attributes({ class: 'quiet', type: 'submit', name: 'do', value: `${act} ${part}`, 'aria-label': says, autofocus: focus === `${act} ${part}` })}>${sign}</button>`
        return html`<li>
          <div class="line">
            <a href="/desk/forms/${draft.id}/questions/${name}--${part}" data-line>${words}</a>
            <span class="soft small">${say('en', `kind-${kind}`)}</span>
            <form method="post" action="${action}" class="moves">
              <input type="hidden" name="edit" value="arrange-part" /><input type="hidden" name="question" value="${name}" />
              ${button('up', '↑', say('en', 'moveUp', { label: words }))} ${button('down', '↓', say('en', 'moveDown', { label: words }))}
              ${button('remove', '×', say('en', 'removeNamed', { label: words }))}
            </form>
          </div>
          ${says.length > 0 && html`<p class="error">${says.join(' ')}</p>`}
        </li> `
      })}
    </ol>
    <form method="post" action="${action}" class="write">
      <h3>${say('en', 'addPart')}</h3>
      <input type="hidden" name="edit" value="add-part" /><input type="hidden" name="question" value="${name}" />
      ${both('part-label', say('en', 'label'), undefined)}
      ${choose({ name: 'part-kind', label: say('en', 'kind'), value: 'text' }, kindOptions(draft, simpleKinds))}
      <button class="button outline" type="submit">${say('en', 'add')}</button>
    </form>
  </section>`
}

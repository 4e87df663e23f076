import { attributes, html, type Html } from '../../../plumbing/index.ts'
import { acceptedTypes, keptName, type KeptFile } from '../../attachments/index.ts'
import { scannedPages } from '../house.ts'
import { say } from '../messages.ts'
import { orderName } from '../page-order.ts'

export type ScansView = Readonly<{ kept: readonly KeptFile[]; wrong: readonly string[] }>

/**
 * The pages of a letter: those that came, each with its number, and room for more. Numbers order them without script;
 * with it they also move up and down by a button.
 */
export function scansPart({ kept, wrong }: ScansView): Html {
  const { field, most } = scannedPages
  const id = `${field}-new`
  return html`<fieldset class="ask scans${wrong.length > 0 && ' wrong'}" id="${field}" tabindex="-1">
    <legend>${say('en', 'pages')}</legend>
    ${wrong.map((says) => html`<p class="error"><span class="unseen">${say('en', 'error')}</span> ${says}</p>`)}
    ${kept.length > 0 && order(kept)}
    <label for="${id}">${say('en', kept.length > 0 ? 'pagesMore' : 'pagesNew')}</label>
    <p class="hint" id="${id}-hint">${say('en', 'pagesHint', { most })}</p>
    <input
      ${attributes({ type: 'file', id, name: field, multiple: true, accept: acceptedTypes, 'aria-describedby': `${id}-hint` })}
    />
    <button class="button outline" type="submit" name="do" value="add">${say('en', 'pagesDo')}</button>
  </fieldset>`
}

function order(kept: readonly KeptFile[]): Html {
  return html`<p class="hint" id="order-hint">${say('en', 'orderHint')}</p>
    <ol class="in-order" data-order data-up="${say('en', 'orderUp')}" data-down="${say('en', 'orderDown')}">
      ${kept.map(({ value, name }, at) => {
        const id = `order-${String(at)}`
        const number = { id, name: orderName, value: at + 1, inputmode: 'numeric', size: 3, maxlength: 3 }
        return html`<li>
          <input type="hidden" name="${keptName(scannedPages.field)}" value="${value}" />
          <input ${attributes({ ...number, 'aria-describedby': 'order-hint', autocomplete: 'off' })} />
          <label for="${id}">${name}</label>
        </li> `
      })}
    </ol>`
}

import type { City } from '../../../../city/index.ts'
import { attributes, html, type Html } from '../../../../plumbing/index.ts'
import type { FieldEntry } from '../../define-file.ts'
import {
  bases,
  categories,
  purposes,
  sensitiveCategories,
  usualBasis,
  type Basis,
  type Category,
  type Purpose,
} from '../../define-privacy.ts'
import type { DraftProperty } from '../draft.ts'
import { kindShapes } from '../kind-shape.ts'
import { say } from '../messages.ts'
import { both, check, choose, errorAt, type Option } from './inputs.ts'
import { at, type Told } from './told.ts'

type Parts = Readonly<{ field: Partial<FieldEntry>; answer: DraftProperty; part: boolean; told: Told; place: string }>

/** Why this may be asked: what for, of what kind, why it is needed, how long it is kept, and on what basis. */
export function privacyFields(city: City, { field, answer, part, told, place }: Parts): Html {
  const { privacy } = answer
  const said = typeof privacy === 'object' ? privacy : {}
  const says = (key: string) => at(told, `${place}/${key}`)
  const unsaid: Option = { value: '', label: say('en', 'notSaid') }
  const options = <Key extends string>(names: readonly Key[], words: (name: Key) => string): Option[] => [
    unsaid,
    ...names.map((value) => ({ value, label: words(value) })),
  ]
  const kind = field.kind ?? 'text'
  const usual = said.purpose && usualBasis[said.purpose]
  const inside = html`${both('necessity', say('en', 'necessity'), said.necessity, {
    hint: say('en', 'necessityHint'),
    says: (language) => [...(language === 'en' ? says('necessity') : []), ...says(`necessity/${language}`)],
    long: true,
  })}
    <div class="both">
      ${choose(
        { name: 'purpose', label: say('en', 'purpose'), value: said.purpose, says: says('purpose') },
        options(Object.keys(purposes) as Purpose[], (name) => say('en', `purpose-${name}`)),
      )}
      ${choose({ name: 'category', label: say('en', 'category'), value: said.category, says: says('category') }, options(Object.keys(categories) as Category[], categoryWords))}
      ${choose(
        { name: 'retention', label: say('en', 'retention'), value: said.retention, says: says('retention') },
        options([...city.retention.keys()], (name) => city.retention.get(name)?.text.en ?? name),
      )}
      ${choose({ name: 'needed', label: say('en', 'needed'), value: said.needed === undefined ? '' : said.needed ? 'yes' : 'no', says: says('needed') }, [unsaid, { value: 'yes', label: say('en', 'neededYes') }, { value: 'no', label: say('en', 'neededNo') }])}
      ${choose({ name: 'basis', label: say('en', 'basis'), value: said.basis }, [
        {
          value: '',
          label: usual ? say('en', 'usualBasis', { basis: say('en', `basis-${usual}`) }) : say('en', 'basisOfPurpose'),
        },
        ...(Object.keys(bases) as Basis[]).map((value) => ({ value, label: say('en', `basis-${value}`) })),
      ])}
      ${choose({ name: 'sensitivity', label: say('en', 'sensitivity'), value: said.sensitivity }, [
        { value: '', label: say('en', 'sensitivityUsual') },
        { value: 'sensitive', label: say('en', 'sensitivitySensitive') },
      ])}
    </div>`
  return html`<fieldset class="privacy" id="privacy">
    <legend>${say('en', 'privacy')}</legend>
    ${errorAt('privacy', at(told, place))} ${personal(kind, part, privacy)} ${inside}
  </fieldset>`
}

function personal(kind: FieldEntry['kind'], part: boolean, privacy: DraftProperty['privacy']): Html | undefined {
  if (part) return check('own-privacy', say('en', 'ownPrivacy'), privacy !== undefined, say('en', 'ownPrivacyHint'))
  if (!kindShapes[kind].chosen) return html`<p class="hint">${say('en', 'writtenFreely')}</p>`
  const about = typeof privacy === 'object'
  return html`<div class="ask">
    ${(['no', 'yes'] as const).map((value) => {
      const its = attributes({ type: 'radio', name: 'personal', value, checked: about === (value === 'yes') })
      return html`<label class="inline"><input ${its} /> ${say('en', value === 'yes' ? 'aboutPerson' : 'notPersonal')}</label> `
    })}
  </div>`
}

const categoryWords = (name: Category): string =>
  sensitiveCategories.has(name)
    ? say('en', 'sensitiveCategory', { name: say('en', `category-${name}`) })
    : say('en', `category-${name}`)

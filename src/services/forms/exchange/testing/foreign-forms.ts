// Forms as the form builder of GOV.UK, DEFRA and XGov, and form.io, write them; invented.

export const digitalV1 = {
  name: 'Dog licence',
  startPage: '/dog',
  pages: [
    {
      path: '/dog',
      title: 'Your dog',
      section: 'animals',
      components: [
        { type: 'Para', name: 'intro', content: '<p>Every dog needs a <b>licence</b>.</p>', options: {} },
        { type: 'YesNoField', name: 'hasDog', title: 'Do you have a dog?', options: {} },
      ],
      next: [{ path: '/how-many', condition: 'withDog' }, { path: '/you' }],
    },
    {
      path: '/how-many',
      title: 'How many dogs',
      components: [
        {
          type: 'NumberField',
          name: 'dogs',
          title: 'How many?',
          schema: { min: 1, max: 20, precision: 0 },
          options: {},
        },
        { type: 'RadiosField', name: 'breed', title: 'Breed', list: 'breeds', options: { required: false } },
        { type: 'DatePartsField', name: 'since', title: 'Since when?', options: { maxDaysInFuture: 0 } },
      ],
      next: [{ path: '/you' }],
    },
    {
      path: '/you',
      title: 'About you',
      components: [
        {
          type: 'TextField',
          name: 'fullName',
          title: 'Your name',
          schema: { max: 70 },
          options: { autocomplete: 'name' },
        },
        { type: 'UkAddressField', name: 'address', title: 'Your address', options: {} },
        { type: 'EmailAddressField', name: 'email', title: 'Your email', options: {} },
        { type: 'TelephoneNumberField', name: 'phone', title: 'Your phone', options: { required: false } },
        { type: 'FileUploadField', name: 'proof', title: 'Proof', options: { required: false } },
      ],
      next: [{ path: '/summary' }],
    },
    { path: '/summary', title: 'Summary', controller: './pages/summary.js', components: [], next: [] },
  ],
  lists: [{ name: 'breeds', title: 'Breeds', type: 'string', items: [{ text: 'Labrador', value: 'lab' }, { text: 'Other', value: 'other' }] }], // prettier-ignore
  conditions: [
    {
      name: 'withDog',
      displayName: 'Has a dog',
      value: { name: 'Has a dog', conditions: [{ field: { name: 'animals.hasDog', type: 'YesNoField', display: 'Dog' }, operator: 'is', value: { type: 'Value', value: 'true', display: 'Yes' } }] }, // prettier-ignore
    },
  ],
  sections: [{ name: 'animals', title: 'Animals' }],
  fees: [{ description: 'Licence', amount: 12.5, multiplier: 'dogs', condition: 'withDog' }],
  outputs: [{ name: 'mail', type: 'email', outputConfiguration: { emailAddress: 'a@example.org' } }],
  declaration: '<p>What I say is true.</p>',
}

export const digitalV2 = {
  engine: 'V2',
  schema: 2,
  name: 'Hire a hall',
  pages: [
    {
      id: 'p1',
      path: '/what',
      title: 'What to hire',
      next: [],
      components: [
        { id: 'c1', type: 'SelectField', name: 'shape', title: 'What?', list: 'l1', options: {} },
        { id: 'c2', type: 'MultilineTextField', name: 'notes', title: 'Notes', schema: { max: 500 }, options: { rows: 4, required: false } }, // prettier-ignore
      ],
    },
    {
      id: 'p2',
      path: '/days',
      title: 'Which days',
      condition: 'cond1',
      next: [],
      components: [
        { id: 'c3', type: 'CheckboxesField', name: 'days', title: 'Days', list: 'l2', options: {} },
        { id: 'c4', type: 'MonthYearField', name: 'month', title: 'Month', options: {} },
      ],
    },
    {
      id: 'p3',
      path: '/people',
      title: 'Who comes',
      controller: 'RepeatPageController',
      repeat: { options: { name: 'people', title: 'Person' }, schema: { min: 1, max: 5 } },
      next: [],
      components: [{ id: 'c5', type: 'TextField', name: 'fullName', title: 'Name', schema: { max: 60 }, options: {} }],
    },
    { id: 'p4', path: '/you', title: 'You', next: [], components: [{ id: 'c6', type: 'EmailAddressField', name: 'email', title: 'Your email', options: {} }] }, // prettier-ignore
    { id: 'p5', path: '/summary', title: 'Summary', controller: 'SummaryPageController', components: [] },
  ],
  lists: [
    { id: 'l1', name: 'shapes', title: 'Shapes', type: 'string', items: [{ id: 'i1', text: 'Hall', value: 'hall' }, { id: 'i2', text: 'Field', value: 'field' }] }, // prettier-ignore
    { id: 'l2', name: 'days', title: 'Days', type: 'string', items: [{ id: 'i3', text: 'Monday', value: 'mo' }, { id: 'i4', text: 'Tuesday', value: 'tu' }] }, // prettier-ignore
  ],
  conditions: [
    { id: 'cond1', displayName: 'A hall', items: [{ id: 'x', componentId: 'c1', operator: 'is', type: 'ListItemRef', value: { listId: 'l1', itemId: 'i1' } }] }, // prettier-ignore
  ],
  sections: [],
}

export const formioWizard = {
  title: 'Day trip',
  display: 'wizard',
  components: [
    {
      type: 'panel',
      key: 'page1',
      title: 'The trip',
      components: [
        { type: 'number', key: 'adults', label: 'Adults', input: true, validate: { required: true, min: 1 } },
        { type: 'number', key: 'children', label: 'Children', input: true },
        { type: 'number', key: 'total', label: 'Total', input: true, calculateValue: 'value = data.adults * 12.5 + data.children * 5;' }, // prettier-ignore
        { type: 'columns', key: 'cols', columns: [{ components: [{ type: 'radio', key: 'need', label: 'Need help?', input: true, values: [{ label: 'Yes', value: 'yesPlease' }, { label: 'No', value: 'no' }] }] }] }, // prettier-ignore
        { type: 'textfield', key: 'scripted', label: 'Scripted', input: true, customConditional: 'show = data.adults > 2', validate: { required: true } }, // prettier-ignore
        { type: 'recaptcha', key: 'robot', label: 'Robot', input: true },
      ],
    },
    {
      type: 'panel',
      key: 'page2',
      title: 'Details',
      components: [
        {
          type: 'textarea',
          key: 'why',
          label: 'Why?',
          input: true,
          conditional: { show: true, when: 'need', eq: 'yesPlease' },
        },
        { type: 'currency', key: 'price', label: 'Most you would pay', input: true, validate: { min: 10 } },
        { type: 'datetime', key: 'start', label: 'Start', input: true },
        { type: 'datagrid', key: 'guests', label: 'Guests', input: true, components: [{ type: 'textfield', key: 'name', label: 'Name', input: true }, { type: 'file', key: 'photo', label: 'Photo', input: true }] }, // prettier-ignore
        { type: 'checkbox', key: 'agree', label: 'I agree', input: true, validate: { required: true } },
        { type: 'signature', key: 'sign', label: 'Sign', input: true },
      ],
    },
    { type: 'button', key: 'submit', label: 'Submit', input: true },
  ],
}

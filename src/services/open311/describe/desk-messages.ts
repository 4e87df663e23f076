import { catalogue } from '../../../plumbing/index.ts'

/** What a clerk reads about what is public of a case. */
export const sayOnDesk = catalogue({
  en: {
    title: 'Published through Open311',
    lead: 'Everybody can read of this case: its number, “{topic}”, {place}, and that it is {state}. Nothing the person wrote is public.',
    placeNone: 'no neighborhood',
    stateOpen: 'open',
    stateClosed: 'closed',
    wordsOf: 'Public description',
    since: 'Public since {when}.',
    takeBack: 'Take it back',
    add: 'Add a public description',
    change: 'Write another one',
    label: 'Description for everybody',
    hint: 'In your own words: what is being done, and roughly where. No names, no house numbers, nothing copied from the letter. 500 characters at most.',
    openFirst: 'Open the letter first: the check needs to know what must not get out.',
    look: 'See how it looks',
    previewTitle: 'Before everybody can read it',
    previewCase: 'Letter {number}: {topic}',
    previewLead: 'This is what will be public. It stays so until it is taken back, and others may copy it.',
    previewClean: 'Nothing in it looks personal. Read it once more all the same: the check knows shapes, not people.',
    previewFound:
      '{count, plural, one {One place looks as if it told about a person} other {# places look as if they told about a person}}:',
    sign_email: 'an e-mail address',
    sign_web: 'a web address',
    sign_telephone: 'a telephone number',
    sign_address: 'a street address',
    sign_plate: 'a license plate',
    sign_name: 'a name',
    sign_copied: 'copied from the letter',
    checked: 'I have looked at each of them. None tells about a person.',
    notChecked: 'Look at each marked place, then confirm it here, or change the text below.',
    publish: 'Publish',
    changeText: 'Change the text',
    again: 'See it again',
    back: '← Back to the letter',
    empty: 'There is nothing in the box yet.',
    tooLong: 'That is too long: 500 characters at most.',
    changed:
      'While you were writing, this case changed. Look at it again before you publish; your words are still here.',
  },
})

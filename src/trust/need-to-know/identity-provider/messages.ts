import { catalogue } from '../../../plumbing/index.ts'

/** The words of signing in with the city's own account. */
export const say = catalogue({
  en: {
    onwardTitle: 'To the city’s sign-in',
    onward: 'Opening the city’s sign-in page …',
    again: 'Try again',
    otherWay: 'Back to the sign-in page',
    heldTitle: 'The city’s sign-in service cannot be reached',
    heldLead:
      'Before each page we ask it whether your duties still hold. Right now it does not answer, so the desk stays closed. You are still signed in.',
    heldKept: 'Nothing was lost: what you wrote waits in this page, sealed. Try again in a moment.',
    heldHelp: 'If it goes on, tell your IT desk.',
    unreachableTitle: 'The city’s sign-in service cannot be reached',
    unreachable: 'It does not answer. Try again in a moment; if it goes on, tell your IT desk.',
    'refused-thereTitle': 'The city’s sign-in service did not let you in',
    'refused-there': 'It ended the sign-in, or you did. You can start again.',
    lateTitle: 'This sign-in cannot be finished',
    late: 'It took longer than ten minutes, was finished already, or was begun in another window. Start again.',
    'not-checkedTitle': 'This sign-in could not be checked',
    'not-checked':
      'What came back from the city’s sign-in service does not belong to what this browser began. Nobody was signed in. Start again from here.',
    'no-groupTitle': 'Your account has no work at this desk',
    'no-group':
      'The city’s sign-in service knows you, but none of your groups has a duty here. Ask your manager or your IT desk for the group that your work needs, then sign in again.',
    busyTitle: 'Many people are signing in right now',
    busy: 'Try again in a moment.',
    linkedTitle: 'The city’s account is linked',
    linked: 'From now on you can sign in here with it, as the same person.',
    toAccount: 'Back to your account',
    notLinkedTitle: 'The city’s account was not linked',
    anothers:
      'That account signs somebody in here already, perhaps you under another user name. Ask the person who runs this site for your city.',
    'has-one': 'Another account of the city’s is linked to yours. Take that link back first.',
    'not-proved':
      'Your session here ended, or too long ago you confirmed that it is you. Confirm it once more, then try again.',
    outTitle: 'You are signed out here',
    outLead: 'Signing you out of the city’s account as well …',
  },
})

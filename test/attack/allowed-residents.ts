const own = 'tells only of whoever entered with a secret in this transaction'
const proof = 'does nothing without a MAC that only the web process can make'

/** What the app may call of the room people/residents, each with the reason why it is safe with the app’s password alone. */
export const residentsCalls: Record<string, string> = {
  'residents.acting': own,
  'residents.add_child': 'for the acting resident herself: what the caller sealed; in the ledger of the child',
  'residents.add_passkey': 'for the acting resident herself, who signed in within ten minutes',
  'residents.answer_invitation': 'its argument is a keyed hash, and the acting resident has the address that was asked',
  'residents.appoint_guardian':
    'of a child this session has open, after asking for a duty with the power consent; in the ledger',
  'residents.ask_code': proof,
  'residents.attest_guardian':
    'of a child this session has open, after asking for a duty with the power consent; in the ledger',
  'residents.change_address': proof,
  'residents.correct_child': 'of a child the acting resident stands for; in the ledger',
  'residents.correct_contact': 'of the acting resident only; in the ledger',
  'residents.discharge_guardian':
    'of a child this session has open, after asking for a duty with the power consent; in the ledger',
  'residents.emancipate':
    'of a child this session has open, after asking for a duty with the power consent; in the ledger',
  'residents.end_guardianship': 'of the acting resident only; in the ledger',
  'residents.end_session': 'ends sessions of the acting resident only',
  'residents.enter': 'the caller presents a secret of which the database keeps the hash',
  'residents.find_people':
    'opens children and whoever stands for them, after asking for a duty with the power consent, and writes the ledger',
  'residents.guardians_of_hers': own,
  'residents.hand_over':
    'of a child this session has open, after asking for a duty with the power consent; in the ledger',
  'residents.invitations': own,
  'residents.invite_guardian': 'of a child the acting resident stands for; in the ledger',
  'residents.kept_mails': 'kinds and times of mails, for who has the power consent; nobody sees any',
  'residents.leave': 'ends the page of the acting resident only, who signed in within ten minutes',
  'residents.note_copy': own,
  'residents.note_passkey_use': 'raises a counter of a credential whose identifier only its holder has',
  'residents.open_mail': 'opens one kept mail, after asking for a duty with that power, and writes the ledger',
  'residents.open_page': 'opens the acting resident and the children she stands for and writes the ledger',
  'residents.opened_mail': 'a wrapped key, after the entry of its opening has committed; to the session that opened',
  'residents.own_passkeys': own,
  'residents.own_sessions': own,
  'residents.page': 'wrapped keys, after the entries of their openings have committed; to the session that opened',
  'residents.passkey_material': 'a public key, for a credential identifier that only its holder has',
  'residents.people_in_hand':
    'wrapped keys, after the entries of their openings have committed; to the session that opened',
  'residents.posted':
    'drops the words of one letter that was posted, after asking for a duty with that power; in the ledger',
  'residents.record_of_hers': own,
  'residents.remove_passkey': 'of the acting resident only, who signed in within ten minutes',
  'residents.settle_kept': 'drops the words of one kept mail, after asking for a duty with that power; in the ledger',
  'residents.sign_in_by_code': proof,
  'residents.start_session': proof,
  'residents.statement_of_hers': own,
  'residents.write_emancipated':
    'asks for a duty with the power consent; writes one child whose page is the address’s own; in her ledger',
  'residents.take_back_invitation': 'of a child the acting resident stands for',
}

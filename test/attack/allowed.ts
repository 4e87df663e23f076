/**
 * What the serving roles may do in the database, each with the reason why it is safe in the hands of somebody who has
 * nothing but that role's password. A right that is not here fails the test until somebody has thought about it.
 */
const own = 'tells only of whoever entered with a secret in this transaction'
const proof = 'does nothing without a MAC that only the web process can make'
const inHand = 'acts on the case in hand only, after asking for a duty with that power'
const keyed = 'its argument is a keyed hash, which cannot be made from a name'

const asAct = 'an act of correspondence and its files, under the same rules; it reads nothing back'
const programs = 'a program presents its key, of which the database keeps a hash; the cases it brought, and no others'
const listed = 'public: number, topic, neighbourhood, times and state of listed topics, and words a clerk made public'

const appCalls: Record<string, string> = {
  'attachments.add': asAct,
  'attachments.in_hand': own,
  'attachments.note': asAct,
  'attachments.receive': asAct,
  'attachments.reply': asAct,
  'city.now': 'the time; only the owner can pretend another',
  'correspondence.add': 'adds to the case of the receipt that was presented',
  'correspondence.assign': inHand,
  'correspondence.close': inHand,
  'correspondence.drafts_in_hand':
    'the drafts of the acting employee, sealed; none where the letter is not open on her desk',
  'correspondence.drop_filter': 'of the acting employee only',
  'correspondence.end_draft': 'ends drafts of the acting employee only',
  'correspondence.keep_filter': 'for the acting employee herself; codes only',
  'correspondence.keep_draft': 'keeps what the caller sealed, on the case in hand, for the acting employee alone',
  'correspondence.copy_in_hand': 'a sealed copy of a mail of the case in hand; it opens with the person’s key only',
  'correspondence.end_news': 'of the acting employee only',
  'correspondence.filters': own,
  'correspondence.in_hand': own,
  'correspondence.mails_in_hand': own,
  'correspondence.messages_in_hand': own,
  'correspondence.move': inHand,
  'correspondence.note': inHand,
  'correspondence.receive': 'anybody may write to the city; it reads nothing back but what was sent',
  'correspondence.reopen': inHand,
  'correspondence.reply': inHand,
  'correspondence.own_news': own,
  'correspondence.own_wish': own,
  'correspondence.revise_template':
    'for a department in which a duty of the acting employee keeps templates; in the ledger',
  'correspondence.say_writing': inHand,
  'correspondence.search_words':
    'staff only, her topics only; its arguments are keyed hashes; each hit is in the ledger',
  'counter.add': 'asks for a duty with the power; the case in hand, or the one whose receipt secret the caller has',
  'counter.print_reply': inHand,
  'counter.readings_in_hand': own,
  'counter.print_again':
    'of a letter whose receipt secret the caller has, for the employee who recorded it, ten minutes long',
  'counter.record': 'asks for a duty with the power; only of a letter received in this very transaction',
  'counter.renew_receipt': 'of the case of the receipt that was presented',
  'correspondence.resend_mail': inHand,
  'correspondence.search': 'staff only, her topics only; its argument is a keyed hash; each hit is in the ledger',
  'correspondence.templates': 'of departments in which the acting employee has a duty; about nobody',
  'correspondence.wish_news': 'for the acting employee herself',
  'correspondence.writers_in_hand': 'names of employees who write on the case in hand, for staff only',
  'ledger.entries_in_hand': own,
  'ledger.lag': 'one number: how far the keeper is behind',
  'ledger.statement_in_hand': own,
  'mailroom.decide': 'on a mail that the acting employee has opened, after asking for a duty with that power',
  'mailroom.mark_junk': 'on a mail that the acting employee has opened, after asking for a duty with that power',
  'mailroom.of_case': own,
  'mailroom.raw_piece': 'sealed bytes of a mail of the case in hand, or opened by whoever asks',
  'mailroom.undecided': 'topic and age of mails of the topics of whoever entered; nobody sees any',
  'need_to_know.add_passkey': 'for the acting employee herself, who proved it within five minutes',
  'need_to_know.admit_account': proof,
  'need_to_know.break_glass':
    'one case for an hour, where a duty of hers may; both entries in the same transaction, five tries a day, each reviewed',
  'need_to_know.city_session':
    'the caller presents the secret of the session; sealed under a key that is not in the database',
  'need_to_know.clock': 'the time, by which proofs are dated',
  'need_to_know.confirm_duties': proof,
  'need_to_know.end_provider_sessions': proof,
  'need_to_know.glass_at_hand': own,
  'need_to_know.glass_in_hand': own,
  'need_to_know.glass_to_review': 'for who has the power to review; never her own; the words are sealed',
  'need_to_know.own_glass': own,
  'need_to_know.prove_again': proof,
  'need_to_know.proved': own,
  'need_to_know.review_glass': 'for who has the power to review, once, never her own',
  'need_to_know.start_attempt': 'stores what the caller sealed, under a hash that the caller made',
  'need_to_know.start_city_session': proof,
  'need_to_know.take_attempt': 'what the caller sealed, under the hash of what only the browser has; once',
  'need_to_know.was_hers': 'whether a session was the acting employee’s own',
  'need_to_know.case_in_hand': own,
  'need_to_know.change_password': proof,
  'need_to_know.colleagues': 'names of employees, for staff only',
  'need_to_know.context': own,
  'need_to_know.duty_for': own,
  'need_to_know.duty_in': own,
  'need_to_know.employee': own,
  'need_to_know.end_session': 'ends sessions of the acting employee only',
  'need_to_know.enter_receipt': 'the caller presents a secret of which the database keeps the hash',
  'need_to_know.enter_staff': 'the caller presents a secret of which the database keeps the hash',
  'need_to_know.here': 'the connection and the transaction of the caller',
  'need_to_know.issue_challenge': 'stores a hash that the caller made',
  'need_to_know.kind': own,
  'need_to_know.note_passkey_use': 'raises a counter of a credential whose identifier only its holder has',
  'need_to_know.note_sign_in': keyed,
  'need_to_know.own_passkeys': own,
  'need_to_know.own_sessions': own,
  'need_to_know.passkey_material': 'a public key, for a credential identifier that only its holder has',
  'need_to_know.remove_passkey': 'of the acting employee only, who proved it within five minutes',
  'need_to_know.sign_in_material': proof,
  'need_to_know.start_session': proof,
  'need_to_know.topics': own,
  'need_to_know.use_challenge': 'uses up a challenge whose hash the caller knows',
  'need_to_know.wait_before_sign_in': keyed,
  'open311.add': programs,
  'open311.bring': programs,
  'open311.client_of': 'the caller presents a secret of which the database keeps the hash; limits only',
  'open311.description_in_hand': 'public words of the case in hand',
  'open311.key_for_addition': `${programs}; a wrapped key, after the entry of its use has committed`,
  'open311.publish_description': inHand,
  'open311.requests': listed,
  'open311.requests_by_number': listed,
  'open311.take_back_description': inHand,
  'open311.updates': listed,
  'open311.use_key': programs,
  'routing.ageing': 'numbers, capped, of the topics of the acting employee and of the department she oversees',
  'routing.calling': own,
  'routing.join_case': inHand,
  'routing.joined_in_hand': own,
  'routing.learn': 'counts keyed hashes of the case in hand, which this session has opened; once a case and topic',
  'routing.reminders_of': own,
  'routing.reported_near': 'age in days and state of at most three problems; of no sensitive topic, and of nobody',
  'routing.separate_case': inHand,
  'routing.weights': 'weights of keyed hashes that stood in five letters or more; staff only',
  'vault.key': 'a wrapped key, after the entry of its opening has committed; to whoever opened',
  'vault.key_of_mail': 'a wrapped key, after the entry of its opening has committed; to whoever opened',
  'vault.missing_keys': 'identifiers of key-encryption keys, which are not secret',
  'vault.open': 'opens the case in hand and writes the ledger',
  'vault.open_mail': 'opens an undecided mail of the acting employee’s topics and writes the ledger',
  'vault.opening_in_hand': own,
}

const appReads: Record<string, string> = {
  'city.department': 'public',
  'city.place': 'public',
  'city.topic': 'public',
  'correspondence.posted': 'mails of the topics of whoever entered; nobody sees any',
  'correspondence.visible': 'cases of the topics of whoever entered; nobody sees any',
  'ledger.checkpoint': 'published',
  'ledger.leaf.commitment': 'published: salted hashes',
  'ledger.leaf.seq': 'published',
  'ledger.tile': 'published',
  'migrations.applied': 'names of files of this repository',
  'need_to_know.duty': 'public: the duties of the city’s files',
  'need_to_know.duty_topic': 'public: the duties of the city’s files',
}

const keeperCalls: Record<string, string> = {
  'counter.lease_scans': 'identifiers of scans that wait to be read; the leased only wait longer',
  'counter.settle_scan': 'what was read of one waiting scan, sealed, in the ledger',
  'vault.key_for_reading': 'a wrapped key for one waiting scan, after the entry of its opening has committed',
  'vault.open_for_reading': 'opens the case of one waiting scan and writes the ledger',
  'attachments.lease_held': 'identifiers of files that wait for the scanner; the leased only wait longer',
  'attachments.named': 'which of these files a case names: yes or no',
  'attachments.receive': 'the worker takes in what came by mail, as anybody may write to the city',
  'attachments.settle': 'says what the scanner found, in the ledger',
  'city.now': 'the time',
  'correspondence.receive': 'the worker takes in what came by mail, as anybody may write to the city',
  'correspondence.bounce_mail': 'says of one mail that it came back, in the ledger',
  'correspondence.keep_copies': 'keeps sealed copies of mails that wait; what is kept stays',
  'correspondence.lease_mail': 'identifiers of mails that wait; the leased only wait longer',
  'correspondence.settle_mail': 'says how a mail fared, in the ledger',
  'correspondence.gather_news': 'counts of what happened, of which the caller sees one number',
  'correspondence.lease_news': 'addresses of employees at work who wished it, and counts by topic',
  'correspondence.settle_news': 'says how a mail of news fared, in the ledger',
  'correspondence.sweep_news': 'removes what has run out',
  'correspondence.sweep_drafts': 'ends drafts that ran out, each in the ledger',
  'ledger.lag': 'one number',
  'ledger.statement': 'words of an entry that the keeper may read',
  'ledger.words': 'words of what the caller brings',
  'mailroom.accept': 'anybody may write to the city; it reads nothing back but what was sent',
  'mailroom.about':
    'notes that a waiting mail is about one that the city sent; tells no more than whether there is such',
  'mailroom.file': 'files one waiting mail on the case that was opened for it, in the ledger',
  'mailroom.keep_piece': 'adds to a mail that the same transaction accepts',
  'mailroom.lease': 'identifiers of mails that wait; the leased only wait longer',
  'mailroom.piece_for_sorting': 'sealed bytes of a waiting mail; the key comes from an opening only',
  'mailroom.put_by': 'puts a waiting mail where a clerk decides, in the ledger',
  'mailroom.sender_fits': 'its argument is a keyed hash; it tells of the case that a waiting mail is addressed to',
  'need_to_know.sweep': 'removes what has run out',
  'need_to_know.sweep_sign_in': 'removes what has run out',
  'vault.key_for_scan': 'a wrapped key for one held file, after the entry of its opening has committed',
  'vault.key_for_filing': 'a wrapped key for one waiting mail’s case, after the entry of its opening has committed',
  'vault.key_for_sorting': 'a wrapped key for one waiting mail, after the entry of its opening has committed',
  'vault.open_for_filing': 'opens the case that a waiting mail goes to and writes the ledger',
  'vault.open_for_sorting': 'opens one waiting mail and writes the ledger',
  'vault.open_for_scan': 'opens the case of one held file and writes the ledger',
  'vault.key_for_delivery': 'a wrapped key for each waiting mail, after the entry of its opening has committed',
  'routing.due_reminders': 'numbers of cases by employee and kind of reminder',
  'routing.end_round': 'notes that a working day’s reminders went out; sweeps reminders of what no longer waits',
  'routing.remind':
    'assigns by the city’s rules, reminds and escalates, each in the ledger; returns no more than where it stopped',
  'routing.round_done': 'a date',
  'vault.missing_keys': 'identifiers of keys, which are not secret',
  'vault.open_for_delivery': 'opens the cases of waiting mails and writes the ledger',
}

const keeperRights: Record<string, string> = {
  'select city.department': 'public',
  'select city.place': 'public',
  'select city.topic': 'public',
  'select ledger.entry': 'sequencing and verification read entries: codes, no words',
  'select ledger.pending': 'sequencing',
  'delete ledger.pending': 'sequencing; an entry dropped here is named by verification',
  'select ledger.leaf': 'sequencing',
  'insert ledger.leaf': 'sequencing; what is not an entry is named by verification',
  'select ledger.tile': 'sequencing',
  'insert ledger.tile': 'sequencing',
  'update ledger.tile': 'the last tile of a level grows; a changed one no longer gives the signed root',
  'select ledger.checkpoint': 'sequencing',
  'insert ledger.checkpoint': 'sequencing; the signing key is not in the database',
  'select migrations.applied': 'names of files of this repository',
}

const schemas = [
  'attachments',
  'city',
  'correspondence',
  'counter',
  'ledger',
  'mailroom',
  'migrations',
  'need_to_know',
  'routing',
  'vault',
]

/** The views through which the app reads: their owner sees only what the policies show it. */
const readerColumns =
  'id number topic state place language channel form form_version subject sealed_contact received_at due_on state_since closed_because assignee version messages'

/** The queue's tables are the keeper's: a job holds the identifier of a mail. Its day's partitions have the day's name. */
export const isQueueRight = (right: string): boolean =>
  /^((select|insert|update|delete|call) pgboss\.\w+|usage schema pgboss)$/.test(right)

const all = (verb: string, of: Record<string, string>): string[] => Object.keys(of).map((name) => `${verb} ${name}`)
const usage = schemas.map((schema) => `usage schema ${schema}`)

export const allowed: Record<string, readonly string[]> = {
  cityhall_app: [
    ...all('call', appCalls),
    ...all('select', appReads),
    ...usage,
    'usage schema open311',
    'connect database',
  ],
  cityhall_keeper: [...all('call', keeperCalls), ...Object.keys(keeperRights), ...usage, 'connect database'],
  cityhall_reader: [
    ...readerColumns.split(' ').map((column) => `select correspondence.casefile.${column}`),
    'select correspondence.mail',
    'usage schema correspondence',
  ],
}

/** Tables without row-level security, and why none of their rows is about a person. */
export const aboutNobody: Record<string, string> = {
  'city.department': 'the city',
  'city.place': 'the city',
  'city.topic': 'the city',
  'ledger.checkpoint': 'published',
  'ledger.leaf': 'published: a salted hash; which entry it is, the app may not read',
  'ledger.pending': 'identifiers of entries; granted to the keeper only',
  'ledger.tile': 'published',
  'migrations.applied': 'this repository',
  'need_to_know.duty': 'the city',
  'need_to_know.duty_topic': 'the city',
  'open311.service': 'the city: topics',
}

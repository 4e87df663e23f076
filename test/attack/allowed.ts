import { keeperCalls, keeperRights } from './allowed-keeper.ts'

/**
 * What the serving roles may do in the database, each with the reason why it is safe in the hands of somebody who has
 * nothing but that role's password. A right that is not here fails the test until somebody has thought about it.
 */
const own = 'tells only of whoever entered with a secret in this transaction'
const proof = 'does nothing without a MAC that only the web process can make'
const inHand = 'acts on the case in hand only, after asking for a duty with that power'
const runs = 'asks for a duty that runs the surveys of its department; nothing of who answered'
const keyed = 'its argument is a keyed hash, which cannot be made from a name'

const cashOffice = 'acts on one charge, after asking for a duty with that power; in the ledger of the person'
const asAct = 'an act of correspondence and its files, under the same rules; it reads nothing back'
const programs = 'a program presents its key, of which the database keeps a hash; the cases it brought, and no others'
const listed = 'public: number, topic, neighbourhood, times and state of listed topics, and words a clerk made public'

const keptBookings = 'asks for a duty that keeps the bookings of the facility; in the ledger'

const takenOut = 'asks for a duty that exports these answers; in the ledger of the export and of each person first'
const builtForms = 'asks for a duty that builds forms of the department; in the ledger'

const appCalls: Record<string, string> = {
  'exchange.begin': takenOut,
  'exchange.counted_since': 'one day, the same for everybody; staff only',
  'exchange.left_of': own,
  'exchange.open_next': takenOut,
  'exchange.show': inHand,
  'exchange.uses': 'counts by form, version, question and month: no case and no person; staff only',
  'vault.key_for_export': 'a wrapped key of an opening that this session’s export made, once its entry has committed',
  'attachments.add': asAct,
  'attachments.in_hand': own,
  'attachments.note': asAct,
  'attachments.receive': asAct,
  'attachments.reply': asAct,
  'bookings.block_out': keptBookings,
  'bookings.blocks_on_desk':
    'times that the city keeps, of facilities whose bookings a duty of the acting employee keeps',
  'bookings.book': 'only for a letter received in this very transaction, as anybody may write to the city',
  'bookings.call_off': keptBookings,
  'bookings.cancel': 'a booking of the case of the receipt that was presented; in the ledger',
  'bookings.confirm': keptBookings,
  'bookings.free': 'public: times, and how many places are free',
  'bookings.in_hand': own,
  'bookings.kept': own,
  'bookings.mark': keptBookings,
  'bookings.one_on_desk': 'a number and times, where a duty of the acting employee keeps the bookings of the facility',
  'bookings.on_desk': 'numbers and times, of facilities whose bookings a duty of the acting employee keeps',
  'bookings.unblock': keptBookings,
  'forms.draft_of': 'a draft, sealed under its code, for whoever presents the secret made from that code',
  'forms.end_draft': 'destroys the draft of the secret that is presented; in the ledger',
  'forms.keep_draft': 'keeps what the caller sealed under a secret of her own; in the ledger; reads nothing back',
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
  'counter.receive': 'asks for a duty with the power; receives and records in one act',
  'correspondence.make_receipt': 'only for who presents the secret of a mail’s link, once; in the ledger',
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
  'forms.approve': 'asks for a duty that approves, of somebody who wrote none of it; in the ledger',
  'forms.discard_draft': builtForms,
  'forms.letters_on_desk': 'how many letters came by each form, where a duty builds or approves it',
  'forms.now_serving': 'one number',
  'forms.on_desk': 'definitions, which are about nobody; drafts only where a duty builds or approves them',
  'forms.publish': builtForms,
  'forms.retire': builtForms,
  'forms.save_draft': builtForms,
  'forms.serving': 'public: what the city asks, and asked yesterday',
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
  'payments.ask_refund': cashOffice,
  'payments.begin_hosted': 'the amount that is due under a reference; writes that it is disclosed; misses are limited',
  'payments.cancel': cashOffice,
  'payments.demand': 'only of a letter received in this very transaction',
  'payments.disclosed_in_hand': own,
  'payments.export_takings': 'references and amounts, for a duty that collects; written down',
  'payments.find': 'lines and amounts, for a duty that collects; in the ledger of the person',
  'payments.hear': 'lets the worker ask the company sooner; what it says is not believed',
  'payments.in_hand': own,
  'payments.judge_refund': cashOffice,
  'payments.opened_hosted': 'where a way leads that was just begun; the worker asks the company what came of it',
  'payments.owed': 'the amount that is due under a reference, and nothing else; misses are limited',
  'payments.refunds_asked': 'references and amounts, for a duty that refunds',
  'payments.take_payment': cashOffice,
  'payments.takings': 'references and amounts, for a duty that collects',
  'payments.troubles': 'references and amounts, for a duty that collects',
  'payments.waive': cashOffice,
  'routing.ageing': 'numbers, capped, of the topics of the acting employee and of the department she oversees',
  'routing.calling': own,
  'routing.join_case': inHand,
  'routing.joined_in_hand': own,
  'routing.learn': 'counts keyed hashes of the case in hand, which this session has opened; once a case and topic',
  'routing.reminders_of': own,
  'routing.reported_near': 'age in days and state of at most three problems; of no sensitive topic, and of nobody',
  'routing.separate_case': inHand,
  'routing.weights': 'weights of keyed hashes that stood in five letters or more; staff only',
  'referral.in_hand': own,
  'referral.send_again': inHand,
  'referral.refer':
    'acts on the case in hand, open on her desk, after asking for a duty with that power; governments only, needed fields only',
  'surveys.approved_words': 'published: words that a clerk let through',
  'surveys.close': runs,
  'surveys.counted_on_desk': runs,
  'surveys.invite': runs,
  'surveys.judge_words': 'publishes or destroys words that this session has opened, in the ledger',
  'surveys.listed': 'published: which surveys there are, and the keys under which tickets are signed',
  'surveys.on_desk': 'numbers of the surveys that the acting employee runs; never who answered',
  'surveys.open_words': 'opens the masked words of a survey she runs and writes the ledger',
  'surveys.print_slips': runs,
  'surveys.published': 'published: tables with small numbers hidden',
  'surveys.put': 'puts an answer of nobody into the box of an open survey; reads nothing back',
  'surveys.sealing_key':
    'a wrapped key of no person: what seals the words of an answer, without the city’s key file noise',
  'surveys.sign':
    'its argument is the hash of an invitation’s secret; notes that a ticket was signed for it, and when it was not',
  'surveys.signing_key': 'a sealed key of no person, noise without the city’s key file',
  'surveys.start': runs,
  'surveys.tally_on_desk': runs,
  'surveys.trade': runs,
  'surveys.words_in_hand': 'sealed words of a survey she runs, which this session has opened',
  'surveys.words_open': 'a wrapped key, after the entry of its opening has committed; to whoever opened',
  'vault.key': 'a wrapped key, after the entry of its opening has committed; to whoever opened',
  'vault.key_of_mail': 'a wrapped key, after the entry of its opening has committed; to whoever opened',
  'vault.missing_keys': 'identifiers of key-encryption keys, which are not secret',
  'vault.open': 'opens the case in hand and writes the ledger',
  'need_to_know.own_account': own,
  'need_to_know.link_account':
    'asks for a session that was proved, and a proof of the web process that the provider vouched',
  'need_to_know.unlink_account': 'the acting employee’s own; asks for a proof of who she is',
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

const schemas = [
  'attachments',
  'bookings',
  'city',
  'correspondence',
  'counter',
  'forms',
  'ledger',
  'mailroom',
  'migrations',
  'need_to_know',
  'payments',
  'routing',
  'surveys',
  'vault',
  'referral',
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
    'usage schema exchange',
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
  'bookings.closed_day': 'the city: days of closing',
  'bookings.facility': 'the city: what can be booked',
  'bookings.opening': 'the city: hours',
  'bookings.unit': 'the city: tables and courts',
  'city.agency': 'other governments',
  'city.department': 'the city',
  'city.legal_basis': 'the city',
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

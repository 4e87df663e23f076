import { catalogue } from '../../plumbing/index.ts'

/** What the city's mails say. They tell a topic, the reply and where to read on; never the person's own words. */
export const sayInMail = catalogue({
  en: {
    sender: '{department}, {city}',
    acknowledgementSubject: '{city}: we have your letter (case {number})',
    replySubject: '{city}: an answer to your letter (case {number})',
    acknowledgementTitle: 'We have your letter',
    replyTitle: 'An answer to your letter',
    acknowledgement:
      'Thank you for writing to {city}.\n\nYour letter is with {department}. It is case {number}, about: {topic}.\nYou can expect an answer by {due}.',
    reply: '{department} has answered your letter (case {number}, about: {topic}):',
    referralSubject: '{city}: we sent your letter on (case {number})',
    referralTitle: 'We sent your letter on',
    referral: '{department} sent parts of your letter (case {number}, about: {topic}) to another agency:',
    agencySubject: '{city}: another agency answered (case {number})',
    agencyTitle: 'Another agency answered',
    agency: 'This came to your letter (case {number}, about: {topic}) from the agency to which we sent it:',
    'not-oursSubject': '{city}: your letter belongs to another government (case {number})',
    'not-oursTitle': 'Your letter belongs to another government',
    'not-ours':
      'We closed your letter (case {number}, about: {topic}), because it is not the city’s to answer. It belongs to {agency}: {does}.\n\nYou reach them at {phone} and {url}',
    bookingSubject: '{city}: your booking (case {number})',
    bookingTitle: 'Your booking',
    enrolmentSubject: '{city}: what you signed up for (case {number})',
    enrolmentTitle: 'What you signed up for',
    enrolment: 'There is news about what you signed up for (case {number}, about: {topic}).',
    booking: 'There is news about your booking (case {number}, about: {topic}).',
    files:
      '{count, plural, one {One file belongs} other {# files belong}} to this answer. Mail travels open, so nothing is attached: what belongs to it can be read at your receipt.',
    follow:
      'To follow your case, see who looked at it, or write again, open {link} and enter your receipt code.\nWe do not know your code and cannot send it: it stands on the receipt you were given when your letter came in.',
    followMade:
      'To follow your case, see who looked at it, or write again, open {link} and enter your receipt code.\nWe do not know your code and cannot send it: you saw it when you made your receipt.',
    makeReceipt:
      'To follow your case, see who looked at it, or get the files of an answer, make your receipt: {link}\nThis link works once, for 30 days. Who opens it can read your letter, so do not pass it on.',
    answer: 'You can also answer this mail: what you write comes to the same case.',
    open: 'Mail travels open, like a postcard. Do not write in it what nobody else should read.',
  },
  es: {
    sender: '{department}, {city}',
    acknowledgementSubject: '{city}: recibimos su carta (caso {number})',
    replySubject: '{city}: respuesta a su carta (caso {number})',
    acknowledgementTitle: 'Recibimos su carta',
    replyTitle: 'Respuesta a su carta',
    acknowledgement:
      'Gracias por escribir a {city}.\n\nSu carta está en {department}. Es el caso {number}, sobre: {topic}.\nPuede esperar una respuesta a más tardar el {due}.',
    reply: '{department} respondió a su carta (caso {number}, sobre: {topic}):',
    referralSubject: '{city}: enviamos su carta a otra dependencia (caso {number})',
    referralTitle: 'Enviamos su carta a otra dependencia',
    referral: '{department} envió partes de su carta (caso {number}, sobre: {topic}) a otra dependencia:',
    agencySubject: '{city}: otra dependencia respondió (caso {number})',
    agencyTitle: 'Otra dependencia respondió',
    agency: 'Esto llegó para su carta (caso {number}, sobre: {topic}) de la dependencia a la que la enviamos:',
    'not-oursSubject': '{city}: su carta corresponde a otro gobierno (caso {number})',
    'not-oursTitle': 'Su carta corresponde a otro gobierno',
    'not-ours':
      'Cerramos su carta (caso {number}, sobre: {topic}) porque no le toca a la ciudad responderla. Corresponde a {agency}: {does}.\n\nPuede comunicarse al {phone} y en {url}',
    bookingSubject: '{city}: su reserva (caso {number})',
    bookingTitle: 'Su reserva',
    enrolmentSubject: '{city}: su inscripción (caso {number})',
    enrolmentTitle: 'Su inscripción',
    enrolment: 'Hay noticias sobre su inscripción (caso {number}, sobre: {topic}).',
    booking: 'Hay noticias sobre su reserva (caso {number}, sobre: {topic}).',
    files:
      '{count, plural, one {Un archivo acompaña} other {# archivos acompañan}} esta respuesta. El correo viaja abierto, por eso no se adjunta nada: lo que la acompaña se puede leer en su recibo.',
    follow:
      'Para seguir su caso, ver quién lo ha consultado o escribir de nuevo, abra {link} y escriba su código de recibo.\nNo conocemos su código ni podemos enviarlo: está en el recibo que le dimos cuando llegó su carta.',
    followMade:
      'Para seguir su caso, ver quién lo ha consultado o escribir de nuevo, abra {link} y escriba su código de recibo.\nNo conocemos su código ni podemos enviarlo: usted lo vio cuando creó su recibo.',
    makeReceipt:
      'Para seguir su caso, ver quién lo ha consultado o recibir los archivos de una respuesta, cree su recibo: {link}\nEste enlace sirve una vez, durante 30 días. Quien lo abre puede leer su carta: no lo comparta.',
    answer: 'También puede responder este correo: lo que escriba llega al mismo caso.',
    open: 'El correo viaja abierto, como una postal. No escriba en él lo que nadie más deba leer.',
  },
})

import { catalogue } from '../../../plumbing/index.ts'

/** Where the link of a mail leads. */
export const say = catalogue({
  en: {
    title: 'Make your receipt',
    lead: 'You wrote to the city by e-mail. With a receipt you can follow your letter here.',
    gives: 'What your receipt gives you',
    answers: 'every answer, with the files that belong to it',
    looks: 'who opened your letter, when, and why',
    write: 'a way to write again, and to send files',
    once: 'You will see a code of 24 digits. Write it down: this link works once, and a mail never carries the code.',
    make: 'Make my receipt',
    pastTitle: 'This link leads nowhere any more',
    past: 'A link like this works once, for 30 days. If you made your receipt, enter its code.',
    notYou: 'Did somebody else use it? Answer the mail or call {phone}. Each look at your letter is written down.',
    enter: 'Enter a receipt code',
    laterTitle: 'Your letter is just being filed',
    later: 'Try again in a minute. The link stays good.',
  },
  es: {
    title: 'Cree su recibo',
    lead: 'Usted escribió a la ciudad por correo electrónico. Con un recibo puede seguir aquí su carta.',
    gives: 'Lo que le da su recibo',
    answers: 'cada respuesta, con los archivos que la acompañan',
    looks: 'quién abrió su carta, cuándo y por qué',
    write: 'la manera de escribir de nuevo y de enviar archivos',
    once: 'Verá un código de 24 cifras. Anótelo: este enlace sirve una vez, y ningún correo lleva el código.',
    make: 'Crear mi recibo',
    pastTitle: 'Este enlace ya no lleva a ninguna parte',
    past: 'Un enlace como este sirve una vez, durante 30 días. Si ya creó su recibo, escriba el código.',
    notYou: '¿Lo usó otra persona? Responda el correo o llame al {phone}. Cada consulta de su carta queda anotada.',
    enter: 'Escribir un código de recibo',
    laterTitle: 'Su carta se está archivando ahora',
    later: 'Inténtelo de nuevo en un minuto. El enlace sigue sirviendo.',
  },
})

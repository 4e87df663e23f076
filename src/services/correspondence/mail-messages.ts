import { catalogue } from '../../plumbing/index.ts'

/** What the city's mails say. They tell a topic, the reply and where to read on; never the person's own words. */
export const sayInMail = catalogue({
  en: {
    acknowledgementSubject: '{city}: we have your letter (case {number})',
    replySubject: '{city}: an answer to your letter (case {number})',
    acknowledgement:
      'Thank you for writing to {city}.\n\nYour letter is with {department}. It is case {number}, about: {topic}.\nYou can expect an answer by {due}.',
    reply: '{department} has answered your letter (case {number}, about: {topic}):',
    follow:
      'To follow your case, see who looked at it, or write again, open {link} and enter your receipt code.\nWe do not know your code and cannot send it: it was shown once, when you sent your letter.',
    noReply: 'This mail was sent by a program. Please do not reply to it; write at the address above instead.',
  },
  es: {
    acknowledgementSubject: '{city}: recibimos su carta (caso {number})',
    replySubject: '{city}: respuesta a su carta (caso {number})',
    acknowledgement:
      'Gracias por escribir a {city}.\n\nSu carta está en {department}. Es el caso {number}, sobre: {topic}.\nPuede esperar una respuesta a más tardar el {due}.',
    reply: '{department} respondió a su carta (caso {number}, sobre: {topic}):',
    follow:
      'Para seguir su caso, ver quién lo ha consultado o escribir de nuevo, abra {link} y escriba su código de recibo.\nNo conocemos su código ni podemos enviarlo: se mostró una sola vez, cuando usted envió su carta.',
    noReply: 'Un programa envió este correo. Por favor no lo responda; escriba en la dirección de arriba.',
  },
})

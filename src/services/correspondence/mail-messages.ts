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
    follow:
      'To follow your case, see who looked at it, or write again, open {link} and enter your receipt code.\nWe do not know your code and cannot send it: it stands on the receipt you were given when your letter came in.',
    answer: 'You can also answer this mail: what you write comes to the same case.',
    answerOnly: 'To write again, answer this mail: what you write comes to the same case.',
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
    follow:
      'Para seguir su caso, ver quién lo ha consultado o escribir de nuevo, abra {link} y escriba su código de recibo.\nNo conocemos su código ni podemos enviarlo: está en el recibo que le dimos cuando llegó su carta.',
    answer: 'También puede responder este correo: lo que escriba llega al mismo caso.',
    answerOnly: 'Para escribir de nuevo, responda este correo: lo que escriba llega al mismo caso.',
    open: 'El correo viaja abierto, como una postal. No escriba en él lo que nadie más deba leer.',
  },
})

import { catalogue } from '../../plumbing/index.ts'

/** What stands on the receipt that goes home with the person, in her language. */
export const sayOnSlip = catalogue({
  en: {
    title: 'Receipt for your letter',
    'came-letter': 'Your letter came in on {day}.',
    'came-counter': 'You came to the counter on {day}.',
    'came-telephone': 'You called on {day}.',
    number: 'Case number',
    about: 'About',
    with: 'With',
    next: 'What happens next',
    nextSays:
      '{department} answers by {due}. You can read the answer with this code, and who opened your letter and why.',
    nextMail: 'The answer also comes by e-mail.',
    nextPost: 'The answer also comes by post.',
    code: 'Your code',
    where: 'Type it at {address}, or say it when you call.',
    keep: 'Keep this slip like a key: whoever has the code can read your letter. At that address you can also make a new code that only you know.',
    call: 'Questions: {phone}',
    paperSubject: 'Our answer to your letter, case number {number}',
    paperFollow:
      'With the code on your receipt you can write to us again, and read who opened your letter, at {address}.',
    renewTitle: 'Make a code that only you know',
    renewLead:
      'Your code was printed by a clerk, who saw it. You can have a new one, shown only to you. The old one then opens nothing.',
    renewDo: 'Make a new code',
  },
  es: {
    title: 'Recibo de su carta',
    'came-letter': 'Su carta llegó el {day}.',
    'came-counter': 'Usted vino a la ventanilla el {day}.',
    'came-telephone': 'Usted llamó el {day}.',
    number: 'Número de caso',
    about: 'Asunto',
    with: 'A cargo de',
    next: 'Qué sigue',
    nextSays:
      '{department} responde a más tardar el {due}. Con este código puede leer la respuesta, y quién abrió su carta y por qué.',
    nextMail: 'La respuesta llega también por correo electrónico.',
    nextPost: 'La respuesta llega también por correo postal.',
    code: 'Su código',
    where: 'Escríbalo en {address}, o dígalo cuando llame.',
    keep: 'Guarde este recibo como una llave: quien tenga el código puede leer su carta. En esa dirección también puede crear un código nuevo que solo usted conozca.',
    call: 'Preguntas: {phone}',
    paperSubject: 'Nuestra respuesta a su carta, caso número {number}',
    paperFollow: 'Con el código de su recibo puede escribirnos de nuevo y leer quién abrió su carta en {address}.',
    renewTitle: 'Cree un código que solo usted conozca',
    renewLead:
      'Su código lo imprimió una persona de la ventanilla, que lo vio. Puede tener uno nuevo que solo se le muestra a usted. El anterior ya no abre nada.',
    renewDo: 'Crear un código nuevo',
  },
})

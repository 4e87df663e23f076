import { catalogue } from '../../plumbing/index.ts'

/** The words around every form, and for each way in which an answer can be wrong. */
export const say = catalogue({
  en: {
    needed: 'Questions are needed unless they say “optional”. You do not need an account.',
    send: 'Send to the city',
    afterwards:
      'You get a receipt with a code of 24 digits. With it you read our answer, add what you forgot, and see who opened your letter.',
    policy: 'Everything we promise is in <a>our privacy policy</a>.',
    yes: 'Yes',
    no: 'No',
    chooseOne: 'Choose one',
    laterTitle: 'We could not take your letter just now',
    later:
      'Something on our side is being restarted. Nothing you typed is lost: it is below. Wait half a minute and send it again; it will not arrive twice.',
    nearTitle: 'Is it one of these?',
    nearLead:
      'Somebody reported the same kind of problem in the same neighborhood. Nothing of yours has been sent or kept yet.',
    nearLine: '{topic}, {place}: {days, plural, =0 {today} one {yesterday} other {# days ago}}, {state}',
    nearInWork: 'being worked on',
    nearWaiting: 'waiting for the city',
    nearSame: 'If it is the same one, the city knows already. You need to do nothing, and can <a>leave this page</a>.',
    nearOther: 'If it is another one, or you want an answer of your own, send yours. What you typed is below.',
    nearSend: 'Send mine',
    differentTitle: 'A letter from this page is already with us',
    different:
      'It said something else, so we did not change it. What you typed now is below. Send it again and it will be a second letter.',
    'error-missing': '“{label}” needs an answer.',
    'error-unreadable': '“{label}” has a sign in it that we cannot read. Type it again, without pasting.',
    'error-too-long':
      '“{label}” has {length, number} characters; there is room for {limit, number}. Shorten it, or send the rest as a second letter.',
    'error-too-short': '“{label}” needs at least {limit, number} characters.',
    'error-not-a-choice': 'Choose one of the answers offered for “{label}”.',
    'error-too-few':
      '{limit, plural, one {Choose at least one answer} other {Choose at least # answers}} for “{label}”.',
    'error-too-many':
      '{limit, plural, one {Choose at most one answer} other {Choose at most # answers}} for “{label}”.',
    'error-not-an-email': 'Write the e-mail address in full, like name@example.org.',
    'error-not-a-telephone': 'Write the telephone number with its area code, like (530) 555-0123.',
    'error-not-a-date': 'Give “{label}” as a date with day, month and year.',
    'error-not-a-number': 'Write “{label}” as a number.',
    'error-out-of-range': '“{label}” is outside what is possible. The limit is {limit, number}.',
    'error-out-of-order': '“{label}” is before the date it follows.',
    'error-wrong': 'Check your answer to “{label}”.',
  },
  es: {
    needed: 'Las preguntas son necesarias, salvo las que dicen “opcional”. No necesita una cuenta.',
    send: 'Enviar a la ciudad',
    afterwards:
      'Recibirá un recibo con un código de 24 dígitos. Con él puede leer nuestra respuesta, agregar lo que olvidó y ver quién abrió su carta.',
    policy: 'Todo lo que prometemos está en <a>nuestra política de privacidad</a>.',
    yes: 'Sí',
    no: 'No',
    chooseOne: 'Elija una opción',
    laterTitle: 'No pudimos recibir su carta en este momento',
    later:
      'Algo de nuestro lado se está reiniciando. Lo que escribió no se pierde: está abajo. Espere medio minuto y envíela otra vez; no llegará dos veces.',
    nearTitle: '¿Es uno de estos?',
    nearLead:
      'Alguien reportó el mismo tipo de problema en el mismo vecindario. Todavía no se ha enviado ni guardado nada de lo suyo.',
    nearLine: '{topic}, {place}: {days, plural, =0 {hoy} one {ayer} other {hace # días}}, {state}',
    nearInWork: 'se está atendiendo',
    nearWaiting: 'espera a la ciudad',
    nearSame: 'Si es el mismo, la ciudad ya lo sabe. No tiene que hacer nada y puede <a>salir de esta página</a>.',
    nearOther: 'Si es otro, o si quiere una respuesta propia, envíe el suyo. Lo que escribió está abajo.',
    nearSend: 'Enviar el mío',
    differentTitle: 'Ya tenemos una carta enviada desde esta página',
    different:
      'Decía otra cosa, así que no la cambiamos. Abajo está lo que escribió ahora. Si lo envía otra vez, será una segunda carta.',
    'error-missing': 'Falta la respuesta a “{label}”.',
    'error-unreadable': '“{label}” tiene un signo que no podemos leer. Escríbalo otra vez, sin pegar.',
    'error-too-long':
      '“{label}” tiene {length, number} caracteres; caben {limit, number}. Acórtelo o envíe el resto en una segunda carta.',
    'error-too-short': '“{label}” necesita al menos {limit, number} caracteres.',
    'error-not-a-choice': 'Elija una de las respuestas ofrecidas para “{label}”.',
    'error-too-few':
      '{limit, plural, one {Elija al menos una respuesta} other {Elija al menos # respuestas}} para “{label}”.',
    'error-too-many':
      '{limit, plural, one {Elija como máximo una respuesta} other {Elija como máximo # respuestas}} para “{label}”.',
    'error-not-an-email': 'Escriba el correo electrónico completo, como nombre@example.org.',
    'error-not-a-telephone': 'Escriba el teléfono con su código de área, como (530) 555-0123.',
    'error-not-a-date': 'Dé “{label}” como una fecha con día, mes y año.',
    'error-not-a-number': 'Escriba “{label}” como un número.',
    'error-out-of-range': '“{label}” está fuera de lo posible. El límite es {limit, number}.',
    'error-out-of-order': '“{label}” es anterior a la fecha que le precede.',
    'error-wrong': 'Revise su respuesta a “{label}”.',
  },
})

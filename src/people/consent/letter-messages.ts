import { catalogue } from '../../plumbing/index.ts'

/** Letters to parents, guardians, and somebody who came of age. */
export const say = catalogue({
  en: {
    askTitle: '{firstName} asks for your consent: {title}',
    remindTitle: 'Reminder: {firstName} asks for your consent: {title}',
    ask: '{firstName} wants to take part in “{title}” with {city}, and is under 18. Before we ask {firstName} anything more, we need the consent of a parent or legal guardian. You can say yes or no to each part.',
    remind:
      'A few days ago {firstName} asked for your consent to “{title}” with {city}. You have not answered yet. This is our only reminder.',
    purpose: '{title} ({need})\nWhy: {why}\nWhat we ask: {asks}\nWho sees it: {sees}\nHow long we keep it: {kept}',
    needed: 'needed to take part',
    optional: 'optional',
    asksNothing: 'nothing',
    answer: 'Sign in with this e-mail address to answer. You need no password: we mail you a code.\n\n{link}',
    nothing:
      'If you do nothing, that is a no. After {days, plural, one {# day} other {# days}} we delete your address and the first name. We use both for this letter only.',
    revoke:
      'You can take your consent back at any time on your page, in a minute. We then stop using the information at once.',
    whyThisMail:
      'You get this mail because your address was given to us as a parent’s. If you do not know the child, say no on the page, or do nothing. Questions? {phone}',
    toParent: 'Parent or guardian of {firstName}',
    codeIs: 'Your code: {code}',
    answerByPost:
      'To answer, open {site} and sign in with any e-mail address of yours: we mail you a code to sign in. Then type the code of this letter.\n\nOr come to {address} with this letter and an identity document. We look at the document and keep no copy.',
    nothingByPost:
      'If you do nothing, that is a no. After {until} we delete your address and the first name. We use both for this letter and one reminder only.',
    revokeByPost:
      'You can take your consent back at any time: on your page if you answer there, else at {address} or by a letter to us. We then stop using the information at once.',
    whyThisLetter:
      'You get this letter because your address was given to us as a parent’s. If you do not know the child, do nothing, or call {phone}.',
    givenTitle: 'You said yes: {title}, {firstName}',
    given: 'You consented that {city} asks {firstName} for “{title}”. You said yes to:',
    givenRevoke: 'You see what we hold, who looked, and can take your consent back on your page at any time:\n\n{link}',
    givenNotYou: 'Was that not you? Call {phone}, or sign in with this address and take it back.',
    endingTitle: 'Your consent for {firstName} ends on {until}: {title}',
    ending:
      'On {until} what you said yes to for {firstName}, “{title}”, ends by itself. After that day nobody at {city} uses it any more:',
    endingNothing: 'If it may end, you need do nothing. This is our only letter about it.',
    endingRenew:
      'To renew it, sign in on your page. You read what we ask, and what has changed since you said yes, and answer anew:\n\n{link}',
    endingRenewByPost:
      'To renew it, come to {address} with an identity document, or call {phone}. You read what we ask, and what has changed, and answer anew.',
    endingSeason: 'It ends with the season. If {firstName} wants to take part again, we ask you again.',
    stopTitle: 'Stop using what was given under reference {reference}',
    stop: 'A consent has ended. Whatever you were given under reference {reference} ({thing}) may not be used any more from now on. Destroy it, unless a law makes you keep it, and then close it.',
    stopHow:
      'Please confirm by answering this mail, or call {phone}. This mail names nobody on purpose: find the data by its reference.',
  },
  es: {
    askTitle: '{firstName} le pide su consentimiento: {title}',
    remindTitle: 'Recordatorio: {firstName} le pide su consentimiento: {title}',
    ask: '{firstName} quiere participar en “{title}” con {city} y tiene menos de 18 años. Antes de preguntarle algo más, necesitamos el consentimiento de su madre, padre o tutor legal. Usted puede decir sí o no a cada parte.',
    remind:
      'Hace unos días {firstName} le pidió su consentimiento para “{title}” con {city}. Todavía no ha respondido. Este es nuestro único recordatorio.',
    purpose:
      '{title} ({need})\nPor qué: {why}\nQué preguntamos: {asks}\nQuién lo ve: {sees}\nCuánto tiempo lo guardamos: {kept}',
    needed: 'necesario para participar',
    optional: 'opcional',
    asksNothing: 'nada',
    answer:
      'Entre con esta dirección de correo para responder. No necesita contraseña: le enviamos un código.\n\n{link}',
    nothing:
      'Si no hace nada, es un no. Después de {days, plural, one {# día} other {# días}} borramos su dirección y el nombre. Los usamos solo para esta carta.',
    revoke:
      'Puede retirar su consentimiento cuando quiera en su página, en un minuto. Entonces dejamos de usar la información de inmediato.',
    whyThisMail:
      'Recibe este correo porque nos dieron su dirección como la de su madre, padre o tutor. Si no conoce al menor, diga no en la página o no haga nada. ¿Preguntas? {phone}',
    toParent: 'Madre, padre o tutor de {firstName}',
    codeIs: 'Su código: {code}',
    answerByPost:
      'Para responder, abra {site} y entre con cualquier dirección de correo electrónico suya: le enviamos un código para entrar. Después escriba el código de esta carta.\n\nO venga a {address} con esta carta y un documento de identidad. Lo miramos y no guardamos copia.',
    nothingByPost:
      'Si no hace nada, es un no. Después del {until} borramos su dirección y el nombre. Los usamos solo para esta carta y un recordatorio.',
    revokeByPost:
      'Puede retirar su consentimiento cuando quiera: en su página si responde ahí; si no, en {address} o con una carta a nosotros. Entonces dejamos de usar la información de inmediato.',
    whyThisLetter:
      'Recibe esta carta porque nos dieron su dirección como la de su madre, padre o tutor. Si no conoce al menor, no haga nada o llame al {phone}.',
    givenTitle: 'Usted dijo sí: {title}, {firstName}',
    given: 'Usted consintió que {city} pregunte a {firstName} para “{title}”. Dijo sí a:',
    givenRevoke:
      'En su página ve qué guardamos y quién lo miró, y puede retirar su consentimiento cuando quiera:\n\n{link}',
    givenNotYou: '¿No fue usted? Llame al {phone}, o entre con esta dirección y retírelo.',
    endingTitle: 'Su consentimiento para {firstName} termina el {until}: {title}',
    ending:
      'El {until} termina por sí solo lo que usted consintió para {firstName}, “{title}”. Después de ese día nadie en {city} lo usa:',
    endingNothing: 'Si puede terminar, no tiene que hacer nada. Esta es nuestra única carta sobre esto.',
    endingRenew:
      'Para renovarlo, entre en su página. Ahí lee qué preguntamos y qué cambió desde que dijo que sí, y responde de nuevo:\n\n{link}',
    endingRenewByPost:
      'Para renovarlo, venga a {address} con un documento de identidad o llame al {phone}. Lee qué preguntamos y qué cambió, y responde de nuevo.',
    endingSeason: 'Termina con la temporada. Si {firstName} quiere participar otra vez, le preguntamos de nuevo.',
    stopTitle: 'Deje de usar lo entregado con la referencia {reference}',
    stop: 'Un consentimiento terminó. Lo que recibió con la referencia {reference} ({thing}) ya no se puede usar desde ahora. Destrúyalo, salvo que una ley obligue a guardarlo; en ese caso, ciérrelo.',
    stopHow:
      'Confirme respondiendo a este correo o llame al {phone}. Este correo no nombra a nadie a propósito: busque los datos por su referencia.',
  },
})

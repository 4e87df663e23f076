import { catalogue } from '../../../plumbing/index.ts'

const en = {
  childTitle: 'What we know of {child}',
  firstName: 'First name',
  firstNameNeed: 'So that you and those who look after your child know who is meant.',
  firstNameKept: 'Until you consent to nothing for this child any more and end your page, or the child is of age.',
  firstNameWrong: 'Write a first name, at most 60 letters.',
  born: 'Birthday',
  bornHint: 'Year, month, day: 2016-05-04',
  bornNeed: 'For what takes children of an age, and to know the day on which the child decides alone.',
  'bornWrong-no-date': 'Write the birthday as year, month and day, like 2016-05-04.',
  'bornWrong-of-age': 'Who was born then is of age. Come to the counter, so that consents pass to the right person.',
  save: 'Save',
  done: 'Saved.',
  who: 'Who stands for {child}',
  you: 'You: {kind}',
  another: 'Another guardian: {kind}',
  stateClaimed: 'by word, since {date}',
  stateShown: 'shown to a clerk, since {date}',
  whoSays:
    'Each of you sees the same and can take back each consent alone. Where two of you want opposite things, we stop, and a ' +
    'clerk calls you both.',
  shownSays:
    'To show what you are to {child} (such as a court paper or a foster placement), come to the counter. The paper is not kept.',
  inviteTitle: 'Ask a second guardian',
  inviteEmail: 'Their e-mail address',
  inviteNeed: 'To mail them the question, once.',
  inviteKept: 'Until they answer, or fourteen days.',
  inviteKind: 'What they are to {child}',
  kindEmpty: 'Choose',
  kindWrong: 'Choose what they are to the child.',
  emailWrong: 'Write an e-mail address like name@example.org.',
  invite: 'Mail the question',
  invited: 'The question is on its way. You hear from us when it is answered.',
  inviteMany: 'Enough were asked for now. Take one question back first.',
  waiting: 'Asked {date}: {kind}. No answer yet.',
  takeBack: 'Take the question back',
  takenBack: 'The question is taken back, and the address forgotten.',
  endTitle: 'You no longer stand for {child}?',
  endLast:
    'Nobody else stands for {child} here. If you end this, everything that you consented to for {child} ends too, and what we ' +
    'know of {child} is destroyed, but for what the law has us keep under lock.',
  endOthers: 'The other guardian stays, and so does what was consented to.',
  end: 'End it for {child}',

  invitationTitle: 'Will you stand for this child?',
  invitationLead:
    'Somebody with a page at {city} says that you are a parent or guardian of a child of theirs too. The mail you got names both.',
  invitationMeans:
    'If you accept, the child is on your page. You see what it takes part in, what was consented to and who looked, and you ' +
    'can take each consent back. The one who asked you is told that you accepted.',
  invitationOnly:
    'It can be answered once, signed in with the address to which the mail came. You are signed in as {email}.',
  accept: 'I am a parent or guardian of this child',
  decline: 'No. Forget my address',
  invitationOver:
    'There is no such question any more, or it was sent to another address than the one you are signed in with.',

  leavingTitle: 'End your page?',
  leavingWhat:
    'We destroy the key to your name, address and telephone, your passkeys, and every session. Nobody can read them again.',
  leavingChildren:
    '{count, plural, one {One child has} other {# children have}} nobody else here. What you consented to ends, and what we know of them goes too.',
  leavingStays:
    'What stays are codes without a name: that somebody had a page, and what was done. Back-ups run out within their days.',
  leavingLetters: 'Your letters to the city are not part of this page. You reach them with their receipt codes.',
  leavingDo: 'End my page now',
  leavingKeep: 'Keep it',
  'leavingRefused-consents':
    'There are consents of yours in force. Take them back first, so that you see what follows.',
  'leavingRefused-enrolments':
    'You take part in something. Cancel that first, so that your place goes to somebody else.',
  leavingRefused: 'Something must be settled first. Please call us.',

  downloadTitle: 'Your copy',
  downloadLead: 'All that the city has under this page, as a file in JSON: you can read it, and programs can.',
  downloadHas:
    'In it are your contact, your children as the city knows them, and what you consented to. Keep it where nobody else looks.',
  downloadDo: 'Download it',
}

type Words = typeof en
const es: Words = {
  childTitle: 'Lo que sabemos de {child}',
  firstName: 'Nombre de pila',
  firstNameNeed: 'Para que usted y quienes cuidan a su hija o hijo sepan de quién se trata.',
  firstNameKept: 'Hasta que no consienta nada más para este menor y termine su página, o sea mayor de edad.',
  firstNameWrong: 'Escriba un nombre de pila, con 60 letras como mucho.',
  born: 'Fecha de nacimiento',
  bornHint: 'Año, mes, día: 2016-05-04',
  bornNeed: 'Para lo que admite a menores de cierta edad, y para saber qué día decidirá por su cuenta.',
  'bornWrong-no-date': 'Escriba la fecha como año, mes y día, por ejemplo 2016-05-04.',
  'bornWrong-of-age':
    'Quien nació ese día es mayor de edad. Venga a la ventanilla para que los consentimientos pasen a la persona correcta.',
  save: 'Guardar',
  done: 'Guardado.',
  who: 'Quién responde por {child}',
  you: 'Usted: {kind}',
  another: 'Otra persona responsable: {kind}',
  stateClaimed: 'de palabra, desde el {date}',
  stateShown: 'mostrado en la ventanilla, desde el {date}',
  whoSays:
    'Cada uno ve lo mismo y puede retirar cada consentimiento por su cuenta. Si dos quieren cosas opuestas, nos detenemos y una ' +
    'empleada llama a ambos.',
  shownSays:
    'Para mostrar qué es usted de {child} (por ejemplo, un papel del juzgado o de acogida), venga a la ventanilla. El papel no se guarda.',
  inviteTitle: 'Pedírselo a otra persona responsable',
  inviteEmail: 'Su correo electrónico',
  inviteNeed: 'Para enviarle la pregunta, una sola vez.',
  inviteKept: 'Hasta que responda, o catorce días.',
  inviteKind: 'Qué es de {child}',
  kindEmpty: 'Elija',
  kindWrong: 'Elija qué es del menor.',
  emailWrong: 'Escriba una dirección como nombre@example.org.',
  invite: 'Enviar la pregunta',
  invited: 'La pregunta está en camino. Le avisaremos cuando se responda.',
  inviteMany: 'Por ahora se ha preguntado a bastantes personas. Retire antes una pregunta.',
  waiting: 'Preguntado el {date}: {kind}. Aún sin respuesta.',
  takeBack: 'Retirar la pregunta',
  takenBack: 'La pregunta se retiró y la dirección se olvidó.',
  endTitle: '¿Ya no responde por {child}?',
  endLast:
    'Nadie más responde aquí por {child}. Si lo termina, termina también todo lo que usted consintió para {child}, y lo que ' +
    'sabemos de {child} se destruye, salvo lo que la ley nos hace guardar bajo llave.',
  endOthers: 'La otra persona responsable se queda, y también lo que se consintió.',
  end: 'Terminarlo para {child}',

  invitationTitle: '¿Responderá por este menor?',
  invitationLead:
    'Alguien con una página en {city} dice que usted también es madre, padre o tutor de un menor suyo. El correo que recibió los nombra.',
  invitationMeans:
    'Si acepta, el menor estará en su página. Verá en qué participa, qué se consintió y quién miró, y podrá retirar cada ' +
    'consentimiento. A quien se lo pidió se le dice que aceptó.',
  invitationOnly:
    'Se responde una sola vez, entrando con la dirección a la que llegó el correo. Usted entró como {email}.',
  accept: 'Soy madre, padre o tutor de este menor',
  decline: 'No. Olviden mi dirección',
  invitationOver: 'Esa pregunta ya no existe, o se envió a otra dirección que aquella con la que usted entró.',

  leavingTitle: '¿Terminar su página?',
  leavingWhat:
    'Destruimos la llave de su nombre, dirección y teléfono, sus llaves de acceso y todas las sesiones. Nadie podrá leerlos otra vez.',
  leavingChildren:
    '{count, plural, one {Un menor no tiene} other {# menores no tienen}} aquí a nadie más. Lo que usted consintió termina, y lo que sabemos de ellos también se va.',
  leavingStays:
    'Quedan códigos sin nombre: que alguien tuvo una página y qué se hizo. Las copias de seguridad caducan en su plazo.',
  leavingLetters: 'Sus cartas a la ciudad no son parte de esta página. Llega a ellas con los códigos de sus recibos.',
  leavingDo: 'Terminar mi página ahora',
  leavingKeep: 'Conservarla',
  'leavingRefused-consents': 'Hay consentimientos suyos en vigor. Retírelos antes, para que vea qué ocurre.',
  'leavingRefused-enrolments': 'Usted participa en algo. Cancélelo antes, para que su lugar sea de otra persona.',
  leavingRefused: 'Antes hay que resolver algo. Llámenos, por favor.',

  downloadTitle: 'Su copia',
  downloadLead: 'Todo lo que la ciudad tiene en esta página, en un archivo JSON: lo leen personas y programas.',
  downloadHas:
    'Contiene sus datos de contacto, sus hijas e hijos tal como la ciudad los conoce y lo que usted consintió. Guárdelo donde nadie más mire.',
  downloadDo: 'Descargarla',
}

/** The words of a household's pages. */
export const say = catalogue({ en, es })

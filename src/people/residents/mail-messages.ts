import { catalogue } from '../../plumbing/index.ts'

const en = {
  codeTitle: 'Your code for {city}',
  codeIs: 'Your code to sign in is {code}',
  codeUntil: 'It is good for ten minutes, and once. Type it on the page where you asked for it.',
  codeNotYou:
    'Did you not ask for it? Then somebody typed your address by mistake, and you need do nothing. Nobody from {city} will ' +
    'ever ask you for this code.',
  newAddressTitle: 'Is this your new address? – {city}',
  newAddressCodeIs: 'The code that shows that this address is yours is {code}',
  movedTitle: 'Your page at {city} has a new address',
  moved: 'From now on one signs in to your page with another e-mail address. No more codes come here.',
  movedNotYou: 'Was it not you? Then call {city} at once: {phone}.',
  inviteTitle: '{who} asks you to look after {child}’s consents with them',
  invite:
    '{who} has a page at {city} for what {child} takes part in, and says that you are a parent or guardian of {child} too. ' +
    'If you accept, you see there what {child} takes part in and what was consented to, and either of you can take a consent back.',
  inviteLink: 'Read more and answer within fourteen days, signed in as {email}: {link}',
  inviteNotYou: 'Do you not know {who} or {child}? Then do nothing; the city forgets your address.',
  ofAgeTitle: 'From today {child} decides alone',
  ofAge:
    'What you consented to for {child} has passed to the person herself or himself. You no longer see it on your page at {city}, and ' +
    'nobody asks you about it any more.',
  ofAgeHers:
    'Please tell {child}: within {days} days she or he says whether these consents stand; those that are not confirmed end. For that, and ' +
    'to see what the city has, she or he signs in with an address of her or his own and comes to the counter with an identity document, or calls {phone}.',
  joinedTitle: 'The other guardian of {child} has accepted',
  joined:
    'The person you asked now has {child} on a page of her or his own at {city}. Either of you can take a consent back.',
}

const es: typeof en = {
  codeTitle: 'Su código para {city}',
  codeIs: 'Su código para entrar es {code}',
  codeUntil: 'Sirve diez minutos y una sola vez. Escríbalo en la página donde lo pidió.',
  codeNotYou:
    '¿No lo pidió usted? Entonces alguien escribió su dirección por error y no tiene que hacer nada. Nadie de {city} le ' +
    'pedirá nunca este código.',
  newAddressTitle: '¿Es esta su nueva dirección? – {city}',
  newAddressCodeIs: 'El código que muestra que esta dirección es suya es {code}',
  movedTitle: 'Su página de {city} tiene otra dirección',
  moved: 'Desde ahora se entra en su página con otra dirección de correo. Aquí ya no llegan códigos.',
  movedNotYou: '¿No fue usted? Llame enseguida a {city}: {phone}.',
  inviteTitle: '{who} le pide cuidar juntos los consentimientos de {child}',
  invite:
    '{who} tiene en {city} una página para aquello en lo que participa {child}, y dice que usted también es madre, padre o ' +
    'tutor de {child}. Si acepta, verá en qué participa {child} y qué se consintió, y cualquiera de los dos puede retirar un consentimiento.',
  inviteLink: 'Lea más y responda en catorce días, entrando como {email}: {link}',
  inviteNotYou: '¿No conoce a {who} ni a {child}? Entonces no haga nada; la ciudad olvidará su dirección.',
  ofAgeTitle: 'Desde hoy {child} decide por su cuenta',
  ofAge:
    'Lo que usted consintió para {child} pasó a la propia persona. Usted ya no lo ve en su página de {city}, y nadie le preguntará más por ello.',
  ofAgeHers:
    'Por favor, avise a {child}: en {days} días debe decir si estos consentimientos siguen; los que no confirme terminan. Para eso, y ' +
    'para ver qué guarda la ciudad, entra con una dirección propia y viene a la ventanilla con un documento de identidad, o llama al {phone}.',
  joinedTitle: 'La otra persona responsable de {child} aceptó',
  joined:
    'La persona a quien usted se lo pidió ya tiene a {child} en su propia página de {city}. Cualquiera de los dos puede retirar un consentimiento.',
}

/** The words of mails to residents. */
export const say = catalogue({ en, es })

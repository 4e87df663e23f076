import { catalogue } from '../../../plumbing/index.ts'

const en = {
  title: 'Who looked',
  lead: 'Everything that was done with what we know of you and your children, newest first. A number that is missing would show.',
  ofYou: 'You',
  nothing: 'Nobody at the city looked or did anything',
  own: 'What you and other guardians did: {count}',
  program: 'A program of the city',
  soon: 'Proof in a moment',
  'did-resident.joined': 'Your page was made',
  'did-resident.signed-in': 'You signed in',
  'did-resident.signed-out': 'You signed out',
  'did-contact.opened': 'Your contact was opened',
  'did-contact.opened-own': 'You looked at your contact',
  'did-contact.corrected': 'You corrected your contact',
  'did-address.changed': 'You moved your page to another address',
  'did-passkey.added': 'You made a passkey',
  'did-passkey.removed': 'You removed a passkey',
  'did-copy.taken': 'You downloaded your copy',
  'did-mail.opened': 'A mail to you was opened',
  'did-mail.opened-system': 'A program opened your mail to deliver it',
  'did-mail.sent': 'A mail to you was sent',
  'did-mail.kept': 'A mail to you was kept at the desk, since no mail could go out',
  'did-mail.failed': 'A mail to you could not be delivered',
  'did-mail.handed': 'A clerk told you by other means what a mail said',
  'did-child.added': 'The child was added',
  'did-child.opened': 'First name and birthday were opened',
  'did-child.opened-own': 'A guardian looked at first name and birthday',
  'did-child.corrected': 'A guardian corrected what we know',
  'did-child.came-of-age': 'The child came of age',
  'did-child.emancipated': 'A clerk saw that the child decides alone',
  'did-child.handed-over': 'What the city has passed to the person herself',
  'did-child.forgotten': 'The city forgot the child',
  'did-guardian.invited': 'A second guardian was asked',
  'did-guardian.joined': 'A second guardian accepted',
  'did-guardian.shown': 'A clerk saw who stands for the child',
  'did-guardian.ended': 'A guardian no longer stands for the child',
  'did-other': 'Act {act}',
}

type Words = typeof en
const es: Words = {
  title: 'Quién miró',
  lead: 'Todo lo que se hizo con lo que sabemos de usted y de sus hijas e hijos, lo más nuevo primero. Un número que faltara se vería.',
  ofYou: 'Usted',
  nothing: 'Nadie de la ciudad miró ni hizo nada',
  own: 'Lo que hicieron usted y otras personas responsables: {count}',
  program: 'Un programa de la ciudad',
  soon: 'La prueba, en un momento',
  'did-resident.joined': 'Se creó su página',
  'did-resident.signed-in': 'Usted entró',
  'did-resident.signed-out': 'Usted salió',
  'did-contact.opened': 'Se abrieron sus datos de contacto',
  'did-contact.opened-own': 'Usted miró sus datos de contacto',
  'did-contact.corrected': 'Usted corrigió sus datos de contacto',
  'did-address.changed': 'Usted pasó su página a otra dirección',
  'did-passkey.added': 'Usted creó una llave de acceso',
  'did-passkey.removed': 'Usted quitó una llave de acceso',
  'did-copy.taken': 'Usted descargó su copia',
  'did-mail.opened': 'Se abrió un correo para usted',
  'did-mail.opened-system': 'Un programa abrió su correo para entregarlo',
  'did-mail.sent': 'Se le envió un correo',
  'did-mail.kept': 'Un correo para usted quedó en el escritorio, porque no pudo salir',
  'did-mail.failed': 'Un correo para usted no se pudo entregar',
  'did-mail.handed': 'Una empleada le dijo por otro medio lo que decía un correo',
  'did-child.added': 'Se añadió al menor',
  'did-child.opened': 'Se abrieron el nombre y la fecha de nacimiento',
  'did-child.opened-own': 'Una persona responsable miró el nombre y la fecha de nacimiento',
  'did-child.corrected': 'Una persona responsable corrigió lo que sabemos',
  'did-child.came-of-age': 'El menor cumplió la mayoría de edad',
  'did-child.emancipated': 'Una empleada vio que el menor decide por su cuenta',
  'did-child.handed-over': 'Lo que tiene la ciudad pasó a la propia persona',
  'did-child.forgotten': 'La ciudad olvidó al menor',
  'did-guardian.invited': 'Se preguntó a otra persona responsable',
  'did-guardian.joined': 'Otra persona responsable aceptó',
  'did-guardian.shown': 'Una empleada vio quién responde por el menor',
  'did-guardian.ended': 'Una persona ya no responde por el menor',
  'did-other': 'Acto {act}',
}

/** The acts of this room in the ledger, in words. */
export const say = catalogue({ en, es })

const acts = Object.keys(en).flatMap((key) => (key.startsWith('did-') ? [key as keyof Words & `did-${string}`] : []))

/** What was done, in words. Who looked at her own is told apart from whoever else looked. */
export function didWords(language: 'en' | 'es', act: string, actorKind: string): string {
  const suffix = actorKind === 'person' ? '-own' : actorKind === 'system' ? '-system' : ''
  const known = acts.find((one) => one === `did-${act}${suffix}`) ?? acts.find((one) => one === `did-${act}`)
  return known ? say(language, known) : say(language, 'did-other', { act })
}

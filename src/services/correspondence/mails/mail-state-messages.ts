import { catalogue } from '../../../plumbing/index.ts'

/** How a mail fared: what the clerk and the person read beside the letter it is about. */
export const say = catalogue({
  en: {
    waiting: 'Waits to be mailed.',
    tried: 'Not mailed yet: {why}. It is tried again, for three days.',
    sent: 'Mailed on {when}.',
    kept: 'Not mailed: the city has no mail server set up. It can be read here.',
    failed: 'Could not be delivered: {why}. It can be read here.',
    confirmation: 'Confirmation by mail: {state}',
    'why-no-address': 'there is no e-mail address',
    'why-no-mailbox': 'the mailbox is not there, or takes no mail',
    'why-full': 'the mailbox is full',
    'why-unreachable': 'the mail server could not be reached',
    'why-other': 'the other side did not take it ({code})',
  },
  es: {
    waiting: 'Espera a ser enviado por correo.',
    tried: 'Aún no enviado por correo: {why}. Se intenta de nuevo durante tres días.',
    sent: 'Enviado por correo el {when}.',
    kept: 'No se envió por correo: la ciudad no tiene servidor de correo. Puede leerlo aquí.',
    failed: 'No se pudo entregar: {why}. Puede leerlo aquí.',
    confirmation: 'Confirmación por correo: {state}',
    'why-no-address': 'no hay dirección de correo',
    'why-no-mailbox': 'el buzón no existe o no recibe correo',
    'why-full': 'el buzón está lleno',
    'why-unreachable': 'no se pudo llegar al servidor de correo',
    'why-other': 'el otro lado no lo aceptó ({code})',
  },
})

import { catalogue } from '../../plumbing/index.ts'

/** What a person reads of a referral, and what the agency is sent. */
export const say = catalogue({
  en: {
    'field-topic': 'What it is about',
    'field-place': 'Neighborhood',
    'field-words': 'What was written later',
    'field-name': 'Name',
    'field-email': 'E-mail',
    'field-telephone': 'Telephone',
    told: 'We sent this to {agency}, because it is responsible for: {does}.\n\nWhy: {basis} {because}\n\nThese parts of your letter left {city}: {parts}. Nothing else did.',
    toAgencySubject: '{city}: a letter that is yours to answer (our case {number})',
    toAgencyTitle: 'A letter from {city}',
    toAgencyLead:
      'A person wrote this to {city}. It falls to {agency}, so we send you what you need of it, and no more. The person has been told.',
    toAgencyBasis: 'Legal basis: {basis} {source}\nReason: {because}',
    toAgencyAnswer:
      'Please answer this mail: your answer comes to our case, and the person can read it. Use what we sent for this matter only.',
    agencySays: '{agency} says: {status}',
    statusOpen: 'in work',
    statusClosed: 'closed',
    panelTitle: 'Sent to another agency',
    panelWaiting: 'waits to be sent',
    panelSent: 'sent',
    panelKept: 'kept here: the city has no mail server set up',
    panelFailed: 'could not be sent; we look after it',
    panelAnswered: 'answered',
    panelLine: '{agency}: {state}',
    panelBasis: 'Basis: {basis} {source}',
  },
  es: {
    'field-topic': 'De qué se trata',
    'field-place': 'Vecindario',
    'field-words': 'Lo que se escribió después',
    'field-name': 'Nombre',
    'field-email': 'Correo electrónico',
    'field-telephone': 'Teléfono',
    told: 'Enviamos esto a {agency}, porque es responsable de: {does}.\n\nPor qué: {basis} {because}\n\nEstas partes de su carta salieron de {city}: {parts}. Nada más salió.',
    toAgencySubject: '{city}: una carta que le toca responder (nuestro caso {number})',
    toAgencyTitle: 'Una carta de {city}',
    toAgencyLead:
      'Una persona escribió esto a {city}. Le toca a {agency}, así que le enviamos lo que necesita de ella y nada más. La persona está informada.',
    toAgencyBasis: 'Base legal: {basis} {source}\nMotivo: {because}',
    toAgencyAnswer:
      'Por favor responda este correo: su respuesta llega a nuestro caso y la persona puede leerla. Use lo enviado solo para este asunto.',
    agencySays: '{agency} dice: {status}',
    statusOpen: 'en trámite',
    statusClosed: 'cerrado',
    panelTitle: 'Enviada a otra dependencia',
    panelWaiting: 'espera a ser enviada',
    panelSent: 'enviada',
    panelKept: 'guardada aquí: la ciudad no tiene servidor de correo',
    panelFailed: 'no se pudo enviar; nos ocupamos de ello',
    panelAnswered: 'respondió',
    panelLine: '{agency}: {state}',
    panelBasis: 'Base: {basis} {source}',
  },
})

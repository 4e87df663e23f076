import { catalogue } from '../../plumbing/index.ts'

/** The invitation, as it is mailed. */
export const say = catalogue({
  en: {
    subject: 'You are invited: {title}',
    ask: 'The city asks for your opinion: “{title}”. The survey is open until {until}.',
    link: 'Answer here. The link is yours alone and works once:\n\n{link}',
    anonymous:
      'Nobody can tell what you answered. Your browser makes a ticket that the city signs without seeing it, as one signs an envelope with carbon paper inside. Your answer comes with the ticket, not with this link.',
    paper:
      'If the link does not work on your device, ask at City Hall for a printed code. Bring this invitation code: {code}',
    why: 'You get this mail because {department} put your address on the list of this survey. It is used for this mail only and destroyed when the survey closes. There is no reminder: the city does not look at who has answered.',
  },
  es: {
    subject: 'Invitación: {title}',
    ask: 'La ciudad le pide su opinión: “{title}”. La encuesta está abierta hasta el {until}.',
    link: 'Responda aquí. El enlace es solo suyo y funciona una vez:\n\n{link}',
    anonymous:
      'Nadie puede saber qué respondió. Su navegador hace un boleto que la ciudad firma sin verlo, como quien firma un sobre con papel carbón dentro. Su respuesta llega con el boleto, no con este enlace.',
    paper:
      'Si el enlace no funciona en su dispositivo, pida un código impreso en el Ayuntamiento. Lleve este código de invitación: {code}',
    why: 'Recibe este correo porque {department} puso su dirección en la lista de esta encuesta. Se usa solo para este correo y se destruye al cerrar la encuesta. No hay recordatorio: la ciudad no mira quién respondió.',
  },
})

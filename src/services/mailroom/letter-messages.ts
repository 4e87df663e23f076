import { catalogue } from '../../plumbing/index.ts'

/** How the parts of a mail are called in the letter that it becomes; its writer reads them at her receipt. */
export const sayInLetter = catalogue({
  en: {
    subject: 'Subject',
    message: 'Your e-mail',
    files: 'Files that could not be shown (they are in the original)',
    broken: 'This e-mail could not be read. The original is kept, and an employee can open it.',
    empty: 'There are no words in this e-mail.',
    cut: 'This e-mail goes on. The whole of it is kept in the original.',
    charset: 'Some signs may be shown wrongly. The original is kept.',
  },
  es: {
    subject: 'Asunto',
    message: 'Su correo',
    files: 'Archivos que no se pudieron mostrar (están en el original)',
    broken: 'No se pudo leer este correo. Se guarda el original y el personal puede abrirlo.',
    empty: 'Este correo no tiene palabras.',
    cut: 'Este correo continúa. El original completo está guardado.',
    charset: 'Algunos signos pueden verse mal. Se guarda el original.',
  },
})

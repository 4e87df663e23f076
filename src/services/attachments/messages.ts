import { catalogue } from '../../plumbing/index.ts'

/** Words about files, for residents and staff alike. */
export const say = catalogue({
  en: {
    files: 'Attached',
    'kind-jpeg': 'picture',
    'kind-png': 'picture',
    'kind-webp': 'picture',
    'kind-gif': 'picture',
    'kind-pdf': 'PDF',
    'kind-docx': 'Word document',
    'kind-xlsx': 'Excel workbook',
    'kind-pptx': 'PowerPoint slides',
    'kind-odt': 'text document',
    'kind-ods': 'spreadsheet',
    'kind-text': 'text',
    'kind-csv': 'table',
    'kind-mail': 'e-mail',
    bytes: '{bytes, number} bytes',
    kilobytes: '{count, number} kB',
    megabytes: '{count, number} MB',
    held: 'It is being checked for viruses. It can be opened when that is done.',
    refused: 'Our check found something harmful in this file. We removed it.',
    'wrong-empty': '“{name}” has nothing in it.',
    'wrong-too-large': '“{name}” is too large. One file may have {limit} MB.',
    'wrong-kind':
      '“{name}” is of a kind we cannot take. Send a picture (JPEG, PNG, WebP, GIF), a PDF, an office document (docx, xlsx, pptx, odt, ods) or plain text.',
    'wrong-heic':
      '“{name}” is a HEIC picture, which we cannot open. On an iPhone: choose Settings, Camera, Formats, “Most Compatible”, and take it again. Or open it, take a screenshot and send that.',
    'wrong-broken': '“{name}” cannot be read, or is too big to open. Save it again and try once more.',
    'wrong-locked': '“{name}” is locked with a password. Save it without one and try once more.',
    'wrong-active':
      '“{name}” has a program or another file inside, or loads something from elsewhere. Print it to a new PDF and send that one.',
    'wrong-infected': '“{name}” has something harmful in it, so we did not keep it.',
    'wrong-later': 'We could not take “{name}” just now. Please try once more in a few minutes.',
    'wrong-gone': 'Please choose your files again: we no longer have them.',
    kept: 'Chosen already. Take the mark away to leave one out:',
    keptFile: '{name} ({size})',
    limits:
      'Up to {most, plural, one {one file} other {# files}} of {limit} MB each: pictures, PDFs, office documents or plain text.',
    'wrong-too-many': 'You may send {most, plural, one {# file} other {# files}} at once. The others were not kept.',
  },
  es: {
    files: 'Adjuntos',
    'kind-jpeg': 'imagen',
    'kind-png': 'imagen',
    'kind-webp': 'imagen',
    'kind-gif': 'imagen',
    'kind-pdf': 'PDF',
    'kind-docx': 'documento de Word',
    'kind-xlsx': 'libro de Excel',
    'kind-pptx': 'presentación de PowerPoint',
    'kind-odt': 'documento de texto',
    'kind-ods': 'hoja de cálculo',
    'kind-text': 'texto',
    'kind-csv': 'tabla',
    'kind-mail': 'correo',
    bytes: '{bytes, number} bytes',
    kilobytes: '{count, number} kB',
    megabytes: '{count, number} MB',
    held: 'Lo estamos revisando por si tiene virus. Se podrá abrir cuando terminemos.',
    refused: 'Nuestra revisión encontró algo dañino en este archivo. Lo eliminamos.',
    'wrong-empty': '“{name}” no tiene nada adentro.',
    'wrong-too-large': '“{name}” es demasiado grande. Un archivo puede tener {limit} MB.',
    'wrong-kind':
      '“{name}” es de un tipo que no podemos recibir. Envíe una imagen (JPEG, PNG, WebP, GIF), un PDF, un documento de oficina (docx, xlsx, pptx, odt, ods) o texto simple.',
    'wrong-heic':
      '“{name}” es una imagen HEIC, que no podemos abrir. En un iPhone: elija Configuración, Cámara, Formatos, “Más compatible”, y tómela de nuevo. O ábrala, tome una captura de pantalla y envíe esa.',
    'wrong-broken':
      '“{name}” no se puede leer o es demasiado grande para abrirlo. Guárdelo de nuevo e intente otra vez.',
    'wrong-locked': '“{name}” está cerrado con una contraseña. Guárdelo sin ella e intente otra vez.',
    'wrong-active':
      '“{name}” tiene un programa u otro archivo adentro, o carga algo de otro lugar. Imprímalo como un PDF nuevo y envíe ese.',
    'wrong-infected': '“{name}” tiene algo dañino, así que no lo guardamos.',
    'wrong-later': 'No pudimos recibir “{name}” en este momento. Intente otra vez en unos minutos.',
    'wrong-gone': 'Elija sus archivos de nuevo: ya no los tenemos.',
    kept: 'Ya elegidos. Quite la marca para no enviar alguno:',
    keptFile: '{name} ({size})',
    limits:
      'Hasta {most, plural, one {un archivo} other {# archivos}} de {limit} MB cada uno: imágenes, PDF, documentos de oficina o texto simple.',
    'wrong-too-many':
      'Puede enviar {most, plural, one {# archivo} other {# archivos}} a la vez. Los demás no se guardaron.',
  },
})

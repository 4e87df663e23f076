import { catalogue } from '../../../plumbing/index.ts'

const en = {
  title: 'What will follow',
  lead: 'Nothing has been done yet. If you take this back, exactly this follows, at once:',
  backToChild: 'Keep everything as it is',
  takeBack: 'You take back',
  go: 'Take it back now',
  changed: 'Something changed while you read. This is what would follow now.',
  needed: 'Taking part needs this. It ends.',
  today: 'now',
  'code-use-stops':
    'Use stops everywhere: nobody at the city can open it from that moment, and screens that show it are empty at the next click.',
  'code-withdrawn':
    'What became a city record is closed. It stays under custody, which only a hold, a records request or a court order opens, until its retention ends ({kept}).',
  'code-custody-until': 'Unless a hold is on it, its key is destroyed after',
  'code-destroyed': 'What we hold is destroyed: its key is deleted, and nobody can read it again.',
  'code-mail-dropped':
    '{letters, plural, one {# letter that waits} other {# letters that wait}} for the post about it: thrown away unread.',
  'code-agency-told': '{agency} is told to stop using it.',
  'code-backups-expire': 'The last back-up that may hold a copy expires.',
  'code-other': '{code}',
  of: '{title}',
  receiptTitle: 'Receipt: taken back',
  receiptLead:
    'You took this back on {date}. It was done at that moment, in one step. Keep this receipt: it can be checked without us.',
  receiptWhat: 'Taken back',
  receiptDone: 'What was done',
  receiptProof: 'How to check it',
  receiptProofSays:
    'The receipt has the fingerprint below (SHA-256). The fingerprint stands in the city’s public ledger; the proof shows that, and the ledger’s signed checkpoint is the signature.',
  receiptFile: 'Receipt (JSON)',
  proofFile: 'Proof (.tlog-proof)',
  proofSoon: 'The proof is ready in a moment. Reload the page.',
  fingerprint: 'Fingerprint',
  receiptUndo: 'You can say yes again at any time. That is a new consent, and begins with nothing held.',
  receiptNumber: 'Receipt number',
}

type Words = typeof en
const es: Words = {
  title: 'Qué pasará',
  lead: 'Todavía no se hizo nada. Si retira esto, pasa exactamente lo siguiente, de inmediato:',
  backToChild: 'Dejar todo como está',
  takeBack: 'Usted retira',
  go: 'Retirarlo ahora',
  changed: 'Algo cambió mientras leía. Esto pasaría ahora.',
  needed: 'Participar necesita esto. Termina.',
  today: 'ahora',
  'code-use-stops':
    'El uso termina en todas partes: nadie en la ciudad puede abrirlo desde ese momento, y las pantallas que lo muestran quedan vacías al siguiente clic.',
  'code-withdrawn':
    'Lo que llegó a ser registro de la ciudad se cierra. Queda bajo custodia, que solo abre una retención legal, una petición de registros o una orden judicial, hasta que termine su plazo ({kept}).',
  'code-custody-until': 'Si ninguna retención legal lo impide, su llave se destruye después del',
  'code-destroyed': 'Lo que guardamos se destruye: se borra su llave y nadie puede volver a leerlo.',
  'code-mail-dropped':
    '{letters, plural, one {# carta que espera} other {# cartas que esperan}} en el correo sobre ello: se descartan sin leer.',
  'code-agency-told': 'Se avisa a {agency} que deje de usarlo.',
  'code-backups-expire': 'Vence la última copia de seguridad que puede contenerlo.',
  'code-other': '{code}',
  of: '{title}',
  receiptTitle: 'Recibo: retirado',
  receiptLead:
    'Usted retiró esto el {date}. Se hizo en ese momento, en un solo paso. Guarde este recibo: se puede comprobar sin nosotros.',
  receiptWhat: 'Retirado',
  receiptDone: 'Qué se hizo',
  receiptProof: 'Cómo comprobarlo',
  receiptProofSays:
    'El recibo tiene la huella de abajo (SHA-256). La huella está en el registro público de la ciudad; la prueba lo muestra, y el punto de control firmado del registro es la firma.',
  receiptFile: 'Recibo (JSON)',
  proofFile: 'Prueba (.tlog-proof)',
  proofSoon: 'La prueba estará lista en un momento. Vuelva a cargar la página.',
  fingerprint: 'Huella',
  receiptUndo: 'Puede volver a decir sí cuando quiera. Es un consentimiento nuevo y empieza sin nada guardado.',
  receiptNumber: 'Número del recibo',
}

/** What a guardian reads before and after she takes something back. */
export const say = catalogue({ en, es })

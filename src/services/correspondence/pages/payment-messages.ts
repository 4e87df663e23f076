import { catalogue, type Language } from '../../../plumbing/index.ts'

/** What was done about what a letter costs, for the person and the clerk alike. */
export const sayOfPayments = catalogue({
  en: {
    'charge.made': 'It was set down what this costs',
    'charge.seen': 'The cash office looked at what is owed: lines and amounts, not your letter',
    'charge.waived': 'Something of what is owed was waived',
    'charge.cancelled': 'The charge was taken back',
    'payment.taken': 'A payment was taken at the counter',
    'payment.begun': 'Somebody chose to pay online: the payment company was told amount, reference and time',
    'payment.received': 'A payment came in online',
    'payment.surplus': 'A payment came in online that was not owed; it goes back',
    'payment.mismatched': 'A payment came in online in another amount than was asked; the cash office looks into it',
    'refund.asked': 'A refund was asked for; a second person has to agree',
    'refund.agreed': 'A second person agreed to a refund',
    'refund.declined': 'A second person declined a refund',
    'refund.begun': 'A refund was sent on its way',
    'refund.paid': 'A refund was paid',
    'refund.failed': 'A refund did not go through',
  },
  es: {
    'charge.made': 'Se anotó lo que esto cuesta',
    'charge.seen': 'La caja miró lo que se debe: conceptos y montos, no su carta',
    'charge.waived': 'Se eximió algo de lo que se debe',
    'charge.cancelled': 'El cobro se retiró',
    'payment.taken': 'Se recibió un pago en la ventanilla',
    'payment.begun': 'Alguien eligió pagar en línea: a la empresa de pagos se le dijo monto, referencia y hora',
    'payment.received': 'Llegó un pago en línea',
    'payment.surplus': 'Llegó en línea un pago que no se debía; se devuelve',
    'payment.mismatched': 'Llegó en línea un pago de otro monto que el pedido; la caja lo está revisando',
    'refund.asked': 'Se pidió una devolución; una segunda persona debe aprobarla',
    'refund.agreed': 'Una segunda persona aprobó una devolución',
    'refund.declined': 'Una segunda persona rechazó una devolución',
    'refund.begun': 'Una devolución se puso en camino',
    'refund.paid': 'Se pagó una devolución',
    'refund.failed': 'Una devolución no se pudo hacer',
  },
})

/** The words of such an act; undefined where an entry is about something else. */
export function paymentActWords(language: Language, act: string): string | undefined {
  const known = Object.keys(sayOfPayments.words.en).find((one) => one === act)
  return known && sayOfPayments(language, known as Parameters<typeof sayOfPayments>[1])
}

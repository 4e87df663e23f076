import type { City } from '../../city/index.ts'
import type { CasePanel } from '../correspondence/index.ts'
import { deskPanel } from './desk/panel.ts'
import { receiptPanel } from './pages/receipt-panel.ts'

/** What is owed and paid for a case: on a clerk's desk and on the person's own page. */
export function paymentPanel(city: City, company?: string): CasePanel {
  if (!city.payments) return {}
  return {
    onDesk: (tx, seen) => deskPanel(tx, city, seen),
    onReceipt: (tx, { language, path }) =>
      receiptPanel(tx, { city, language, path, ...(company !== undefined && { company }) }),
  }
}

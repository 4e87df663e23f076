import type { City, PaymentRules } from '../../city/index.ts'
import type { House } from '../correspondence/index.ts'
import type { PaymentCompany } from './company/company.ts'

/** What this room needs: a city that takes payments, and the payment company where it has one. */
export type PaymentHouse = House & Readonly<{ publicUrl: string; company?: PaymentCompany }>

/** The city's rules. Only what is reached where there are some asks for them. */
export function rulesOf({ payments }: City): PaymentRules {
  if (!payments) throw new Error('the city has no payments.yaml')
  return payments
}

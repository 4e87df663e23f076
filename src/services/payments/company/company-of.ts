import { join } from 'node:path'
import { readSecretFile, type Config } from '../../../plumbing/index.ts'
import type { PaymentCompany } from './company.ts'
import { openStripe } from './open-stripe.ts'

/** The payment company of the configuration, where there is one. Faults: a secret's file is not there, or others can read it. */
export async function companyOf({
  payments,
  data,
}: Pick<Config, 'payments' | 'data'>): Promise<PaymentCompany | undefined> {
  if (payments.way === 'reference') return undefined
  const secret = (name: string) => readSecretFile(join(data, 'secrets', name))
  return openStripe({
    secretKey: secret('stripe.key'),
    webhookSecret: secret('stripe-webhook.key'),
    ...(payments.api !== undefined && { api: payments.api }),
  })
}

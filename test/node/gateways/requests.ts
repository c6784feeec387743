import type { Gateway, KnownPayment, PaymentRequest } from '../../../src/providers/payments/gateway.ts'
import { newReference } from '../../providers/payments/gateway-contract.ts'

export const request = (more: Partial<PaymentRequest> = {}): PaymentRequest => ({
  reference: newReference(),
  amountMinor: 250_00,
  currency: 'USD',
  method: 'card',
  capture: 'manual',
  payer: { id: newReference(), email: 'a@example.com', name: null, phone: null, customerReference: null },
  returnUrl: 'https://app.example.com/return',
  description: 'Booking',
  ...more,
})

export async function made(gateway: Gateway, sent: PaymentRequest): Promise<KnownPayment> {
  const { gatewayReference } = await gateway.createPayment(sent)
  const { reference, currency, amountMinor } = sent
  return { reference, gatewayReference, currency, amountMinor }
}

import type { PayoutDestination } from '../../../src/providers/payments/gateway.ts'
import { paystack } from '../../../src/providers/payments/paystack.ts'
import { startPaystackSimulator } from '../../../tools/simulators/gateways/paystack.ts'
import { gatewayContract, impatientFetch } from '../../providers/payments/gateway-contract.ts'

const offered = [
  {
    currency: 'NGN',
    method: 'card',
    payout: { kind: 'bank', country: 'NG', bankCode: '058', accountNumber: '0123456789', holderName: 'Ama' },
  },
  {
    currency: 'GHS',
    method: 'mobile_money',
    payout: {
      kind: 'mobile_wallet',
      country: 'GH',
      network: 'mtn',
      phone: '+233551234987',
      holderName: 'Ama',
    },
  },
] as const satisfies { currency: string; method: string; payout: PayoutDestination }[]

const config = paystack.config.parse({ secretKey: 'sk_test_1' })

for (const { currency, method, payout } of offered) {
  const capabilities = paystack.open(config).capabilities(currency, method)
  if (!capabilities) throw new Error(`Paystack takes no ${method} of ${currency}`)
  gatewayContract(`paystack ${currency} ${method}`, {
    async start() {
      const simulator = await startPaystackSimulator()
      const gateway = paystack.open(paystack.config.parse(simulator.config), {
        now: simulator.now,
        fetch: impatientFetch,
      })
      return { gateway, simulator }
    },
    currency,
    decimals: 2,
    method,
    capabilities,
    voidsHolds: false,
    cancelsWaiting: false,
    decline: { code: 'Insufficient Funds', failureCode: 'insufficient_funds' },
    paths: {
      create: method === 'card' ? 'POST /transaction/initialize' : 'POST /charge$',
      capture: 'no capture',
      refund: 'POST /refund',
      payout: 'POST /transfer$',
    },
    payout,
    secrets: ['sk_test_simulated0002', '0123456789', '0551234987'],
  })
}

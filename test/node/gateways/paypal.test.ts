import { paypal } from '../../../src/providers/payments/paypal.ts'
import { startPayPalSimulator } from '../../../tools/simulators/gateways/paypal.ts'
import { gatewayContract, impatientFetch } from '../../providers/payments/gateway-contract.ts'

const config = paypal.config.parse({ clientId: 'client', clientSecret: 'secret', webhookIds: ['WH1'] })
const capabilities = paypal.open(config).capabilities('USD', 'paypal')
if (!capabilities) throw new Error('PayPal takes no dollars')

gatewayContract('paypal', {
  async start() {
    const simulator = await startPayPalSimulator()
    const gateway = paypal.open(paypal.config.parse(simulator.config), {
      now: simulator.now,
      fetch: impatientFetch,
    })
    return { gateway, simulator }
  },
  currency: 'USD',
  decimals: 2,
  method: 'paypal',
  capabilities,
  voidsHolds: true,
  cancelsWaiting: true,
  decline: { code: 'INSTRUMENT_DECLINED', failureCode: 'declined' },
  paths: {
    create: 'POST /v2/checkout/orders',
    capture: '/capture',
    refund: '/refund',
    payout: 'POST /v1/payments/payouts',
  },
  payout: { kind: 'paypal', email: 'tasker@example.com', holderName: 'A Tasker' },
  secrets: ['simulated-secret-0001', 'A21'],
})

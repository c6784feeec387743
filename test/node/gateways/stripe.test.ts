import { stripe } from '../../../src/providers/payments/stripe.ts'
import { startStripeSimulator } from '../../../tools/simulators/gateways/stripe.ts'
import { gatewayContract, impatientFetch } from '../../providers/payments/gateway-contract.ts'

const config = stripe.config.parse({
  secretKey: 'sk_test_1',
  publishableKey: 'pk_test_1',
  webhookSecrets: ['whsec_1'],
})
const capabilities = stripe.open(config).capabilities('EGP', 'card')
if (!capabilities) throw new Error('Stripe takes no cards')

gatewayContract('stripe', {
  async start() {
    const simulator = await startStripeSimulator()
    const gateway = stripe.open(stripe.config.parse(simulator.config), {
      now: simulator.now,
      fetch: impatientFetch,
    })
    return { gateway, simulator }
  },
  currency: 'EGP',
  decimals: 2,
  method: 'card',
  capabilities,
  voidsHolds: true,
  cancelsWaiting: true,
  decline: { code: 'insufficient_funds', failureCode: 'insufficient_funds' },
  paths: {
    create: 'POST /v1/payment_intents',
    capture: '/capture',
    refund: 'POST /v1/refunds',
    payout: 'POST /v1/transfers',
  },
  payout: null,
  secrets: ['sk_test_simulated0001', 'whsec_simulated0001'],
})

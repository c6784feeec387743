import { razorpay } from '../../../src/providers/payments/razorpay.ts'
import { startRazorpaySimulator } from '../../../tools/simulators/gateways/razorpay.ts'
import { gatewayContract, impatientFetch } from '../../providers/payments/gateway-contract.ts'

const config = razorpay.config.parse({
  keyId: 'rzp_test_1',
  keySecret: 'secret',
  webhookSecrets: ['hook'],
})
const capabilities = razorpay.open(config).capabilities('INR', 'card')
if (!capabilities) throw new Error('Razorpay takes no cards')

gatewayContract('razorpay', {
  async start() {
    const simulator = await startRazorpaySimulator()
    const gateway = razorpay.open(razorpay.config.parse(simulator.config), {
      now: simulator.now,
      fetch: impatientFetch,
    })
    return { gateway, simulator }
  },
  currency: 'INR',
  decimals: 2,
  method: 'card',
  capabilities,
  voidsHolds: false,
  cancelsWaiting: false,
  decline: { code: 'insufficient_funds', failureCode: 'insufficient_funds' },
  paths: {
    create: 'POST /v1/orders',
    capture: '/capture',
    refund: '/refund$',
    payout: 'POST /v1/payouts',
  },
  payout: {
    kind: 'bank',
    country: 'IN',
    bankCode: 'HDFC0001234',
    accountNumber: '765432123456789',
    holderName: 'Asha',
  },
  secrets: ['simulatedsecret0003', 'simulatedhook0003', '765432123456789'],
})

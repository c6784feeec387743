import { flutterwave } from '../../../src/providers/payments/flutterwave.ts'
import { startFlutterwaveSimulator } from '../../../tools/simulators/gateways/flutterwave.ts'
import { gatewayContract, impatientFetch } from '../../providers/payments/gateway-contract.ts'

const config = flutterwave.config.parse({
  secretKey: 'FLWSECK_TEST-1',
  webhookSecrets: ['hash'],
})
const capabilities = flutterwave.open(config).capabilities('GHS', 'card')
if (!capabilities) throw new Error('Flutterwave takes no cards')

gatewayContract('flutterwave', {
  async start() {
    const simulator = await startFlutterwaveSimulator()
    const gateway = flutterwave.open(flutterwave.config.parse(simulator.config), {
      now: simulator.now,
      fetch: impatientFetch,
    })
    return { gateway, simulator }
  },
  currency: 'GHS',
  decimals: 2,
  method: 'card',
  capabilities,
  voidsHolds: false,
  cancelsWaiting: false,
  forgetsMethods: false,
  decline: { code: 'Insufficient Funds', failureCode: 'insufficient_funds' },
  paths: {
    create: 'POST /v3/payments',
    capture: 'no capture',
    refund: '/refund$',
    payout: 'POST /v3/transfers',
  },
  payout: { kind: 'mobile_wallet', country: 'GH', network: 'mtn', phone: '+233551234987', holderName: 'Ama' },
  secrets: ['FLWSECK_TEST-simulated0004', 'simulatedhash0004', '233551234987'],
})

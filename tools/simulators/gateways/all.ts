import {
  type GatewayMethod,
  type GatewayName,
  gatewayNames,
} from '../../../src/providers/payments/gateway.ts'
import { startFlutterwaveSimulator } from './flutterwave.ts'
import type { GatewaySimulator } from './gateway-simulator.ts'
import { startPayPalSimulator } from './paypal.ts'
import { startPaystackSimulator } from './paystack.ts'
import { startRazorpaySimulator } from './razorpay.ts'
import { startStripeSimulator } from './stripe.ts'

export interface SimulatedGateway {
  simulator: GatewaySimulator
  /** Configuration of a client that speaks to it. */
  config: unknown
  /** As it would be configured in our markets: a configuration takes each of its methods in each of its currencies. */
  serves: Serves[]
}

interface Serves {
  countries: string[]
  currencies: string[]
  methods: GatewayMethod[]
  sendsPayouts?: true
}

type Start = (options: { webhookUrl: string }) => Promise<GatewaySimulator & { config: unknown }>

const starts: { [Name in GatewayName]: [Start, Serves[]] } = {
  stripe: [
    startStripeSimulator,
    [{ countries: ['EG', 'KG'], currencies: ['EGP', 'KGS'], methods: ['card'] }],
  ],
  // None of our currencies: it is there to be tried.
  paypal: [startPayPalSimulator, [{ countries: [], currencies: ['USD'], methods: ['paypal'] }]],
  paystack: [
    startPaystackSimulator,
    [
      { countries: ['NG'], currencies: ['NGN'], methods: ['card'], sendsPayouts: true },
      { countries: ['GH'], currencies: ['GHS'], methods: ['card', 'mobile_money'], sendsPayouts: true },
    ],
  ],
  flutterwave: [
    startFlutterwaveSimulator,
    [
      { countries: ['NG'], currencies: ['NGN'], methods: ['card', 'bank_transfer'] },
      { countries: ['GH'], currencies: ['GHS'], methods: ['card'] },
    ],
  ],
  razorpay: [
    startRazorpaySimulator,
    [{ countries: ['IN'], currencies: ['INR'], methods: ['card'], sendsPayouts: true }],
  ],
}

/** Every gateway there is, on ports of their own; their events go where the API of `origin` receives them. */
export const startGateways = (origin: string): Promise<SimulatedGateway[]> =>
  Promise.all(gatewayNames.map((name) => startGateway(name, `${origin}/v1/gateways/${name}/events`)))

export async function startGateway(name: GatewayName, webhookUrl: string): Promise<SimulatedGateway> {
  const [start, serves] = starts[name]
  const { config, ...simulator } = await start({ webhookUrl })
  return { simulator, config, serves }
}

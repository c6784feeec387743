import type { GatewayName } from '../../../src/providers/payments/gateway.ts'
import type { GatewaySimulator } from './gateway-simulator.ts'
import { startStripeSimulator } from './stripe.ts'

export interface SimulatedGateway {
  simulator: GatewaySimulator
  /** Configuration of a client that speaks to it. */
  config: unknown
  /** What it would be configured for in our markets. */
  serves: { countries: string[]; currencies: string[]; methods: string[] }
}

type Start = (options: { webhookUrl: string }) => Promise<GatewaySimulator & { config: unknown }>

const starts: { [Name in GatewayName]?: [Start, SimulatedGateway['serves']] } = {
  stripe: [startStripeSimulator, { countries: ['EG', 'KG'], currencies: ['EGP', 'KGS'], methods: ['card'] }],
}

/** Every gateway there is, on ports of their own; their events go where the API of `origin` receives them. */
export const startGateways = (origin: string): Promise<SimulatedGateway[]> =>
  Promise.all(
    Object.entries(starts).map(async ([name, [start, serves]]) => {
      const { config, ...simulator } = await start({ webhookUrl: `${origin}/v1/gateways/${name}/events` })
      return { simulator, config, serves }
    }),
  )

import type {
  FailureCode,
  Gateway,
  GatewayCapabilities,
  GatewayMethod,
  PayoutDestination,
} from '../../../src/providers/payments/gateway.ts'
import { type GatewaySimulator, silences } from '../../../tools/simulators/gateways/gateway-simulator.ts'
import { moneyBackRules } from './gateway-rules-money-back.ts'
import { furtherRules } from './gateway-rules-more.ts'
import { paymentRules } from './gateway-rules-payments.ts'
import { openScene } from './gateway-scene.ts'

export { newReference } from './gateway-scene.ts'

/** How one gateway takes part in the rules that all of them keep. */
export interface GatewayContract {
  /** A fresh simulator, and the client on its clock. Give it `impatientFetch`: some tests wait for an answer in vain. */
  start(): Promise<{ gateway: Gateway; simulator: GatewaySimulator }>
  currency: string
  /** Decimals of the currency, written down here and not read from the tables under test. */
  decimals: number
  method: GatewayMethod
  capabilities: GatewayCapabilities
  /** Whether a hold can be given back before it expires. */
  voidsHolds: boolean
  /** Whether a payment that waits for its payer can be ended at the gateway. */
  cancelsWaiting: boolean
  /** False: the gateway cannot forget a method, and only our copy of it is dropped. True by default. */
  forgetsMethods?: boolean
  /** A code of the gateway's own for a payer's decline, and what it is in ours. */
  decline: { code: string; failureCode: FailureCode }
  /** Part of `METHOD /path` of the one call that does the work. */
  paths: { create: string; capture: string; refund: string; payout: string }
  payout: PayoutDestination | null
  /** Text that must not be in any error. */
  secrets: string[]
}

/** Gives up as soon as the simulator has decided not to answer, as after a time-out, but without its wait. */
export const impatientFetch: typeof fetch = async (input, init) => {
  const giveUp = new AbortController()
  const { origin } = new URL(input instanceof Request ? input.url : input)
  const onSilence = () => giveUp.abort(new DOMException('No answer in time', 'TimeoutError'))
  silences.addEventListener(origin, onSilence)
  try {
    const signals = [giveUp.signal, ...(init?.signal ? [init.signal] : [])]
    return await fetch(input, { ...init, signal: AbortSignal.any(signals) })
  } finally {
    silences.removeEventListener(origin, onSilence)
  }
}

/** The rules that every gateway keeps. */
export function gatewayContract(name: string, contract: GatewayContract): void {
  const scene = openScene(name, contract)
  paymentRules(scene)
  moneyBackRules(scene)
  furtherRules(scene)
}

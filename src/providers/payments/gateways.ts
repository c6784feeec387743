import { lazy } from '../../core/lazy.ts'
import type { GatewayKind, GatewayName } from './gateway.ts'

/** Loaded when first asked for: the Worker's start does not pay for gateways that a deployment has not. */
const kinds: { [Name in GatewayName]?: () => GatewayKind | Promise<GatewayKind> } = {
  stripe: lazy(async () => (await import('./stripe.ts')).stripe),
  paypal: lazy(async () => (await import('./paypal.ts')).paypal),
  paystack: lazy(async () => (await import('./paystack.ts')).paystack),
  flutterwave: lazy(async () => (await import('./flutterwave.ts')).flutterwave),
  razorpay: lazy(async () => (await import('./razorpay.ts')).razorpay),
}

export async function gatewayKind(name: GatewayName): Promise<GatewayKind> {
  const load = kinds[name]
  if (!load) throw new Error(`No gateway ${name}`)
  return load()
}

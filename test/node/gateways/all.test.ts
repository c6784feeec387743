import { expect, it } from 'vitest'
import { gatewayKind } from '../../../src/providers/payments/gateways.ts'
import { startGateways } from '../../../tools/simulators/gateways/all.ts'

it('every gateway is configured out of the box for what its client offers', async () => {
  const gateways = await startGateways('http://127.0.0.1:9')
  try {
    for (const { simulator, config, serves } of gateways) {
      const kind = await gatewayKind(simulator.name)
      expect(kind.config.safeParse(config).success).toBe(true)
      const pairs = serves.flatMap(({ currencies, methods }) =>
        currencies.flatMap((currency) => methods.map((method) => [currency, method] as const)),
      )
      expect(pairs.length).toBeGreaterThan(0)
      const missing = pairs.filter(([currency, method]) => kind.capabilities(currency, method) === null)
      expect(missing, simulator.name).toEqual([])
    }
  } finally {
    await Promise.all(gateways.map(({ simulator }) => simulator.close()))
  }
})

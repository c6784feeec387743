import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { activateConfig, createConfig, testConfig } from '../../src/areas/money/gateways/configs.ts'
import { forgetConfigs, receiveEvent, workOnEvents } from '../../src/areas/money/gateways/receiving.ts'
import { Problem } from '../../src/core/problems.ts'
import type { GatewayName } from '../../src/providers/payments/gateway.ts'
import { startGateway } from '../../tools/simulators/gateways/all.ts'
import type { GatewaySimulator } from '../../tools/simulators/gateways/gateway-simulator.ts'
import { openWorld } from './integrity-world.ts'
import { type NodeContexts, openContexts } from './node-context.ts'

export interface GatewayOptions {
  gateway?: GatewayName
  currency?: string
}

export interface GatewayWorld {
  world: Awaited<ReturnType<typeof openWorld>>
  contexts: NodeContexts
  simulator: GatewaySimulator
  /** Configuration of a client that speaks to it. */
  config: unknown
  configId: string
  close(): Promise<void>
}

/** A database, verbs on it, and a gateway: an active configuration for one currency, and ears for what it tells. */
export async function openGatewayWorld(
  connections: number,
  { gateway = 'stripe', currency = 'EGP' }: GatewayOptions = {},
): Promise<GatewayWorld> {
  forgetConfigs()
  const world = await openWorld()
  const contexts = await openContexts(world.ownerUrl, connections)
  const ears = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const ctx = contexts.systemContext('gateways')
    const headers = new Headers(request.headers as Record<string, string>)
    try {
      const id = await receiveEvent(ctx, gateway, Buffer.concat(chunks), headers)
      if (id) await workOnEvents(contexts.systemContext('gateways'), id)
      response.writeHead(200).end()
    } catch (error) {
      response.writeHead(error instanceof Problem ? 401 : 500).end()
    }
  })
  await new Promise<void>((resolve) => ears.listen(0, '127.0.0.1', resolve))
  const webhookUrl = `http://127.0.0.1:${(ears.address() as AddressInfo).port}/`
  const { simulator, config } = await startGateway(gateway, webhookUrl)
  const ops = contexts.contextOf(world.ops)
  const serves = {
    displayName: gateway,
    countries: [],
    currencies: [currency],
    methods: [gateway === 'paypal' ? 'paypal' : 'card'],
    weight: 100,
  }
  const { id } = await createConfig(ops, gateway, config, serves)
  await testConfig(ops, id)
  await activateConfig(ops, id, null)
  return {
    world,
    contexts,
    simulator,
    config,
    configId: id,
    async close() {
      await simulator.close()
      await new Promise((resolve) => ears.close(resolve))
      await contexts.close()
      await world.close()
    },
  }
}

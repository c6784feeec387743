import { seal } from '../../src/core/crypto.ts'
import { gatewayConfigPurpose } from '../../src/core/encryption.ts'
import type { SimulatedGateway } from '../simulators/gateways/all.ts'
import { demoUuid } from './random.ts'
import type { SeedConnection } from './seed.ts'

/** Cards are taken out of the box: by simulators, whose ports are others at every start. */
export async function configureGateways(
  connection: SeedConnection,
  encryptionKeys: string,
  gateways: SimulatedGateway[],
): Promise<void> {
  const rows = await Promise.all(
    gateways.flatMap(({ simulator: { name }, config, serves }) =>
      serves.map(async ({ sendsPayouts = false, ...served }) => {
        const id = demoUuid(`gateway:${name}:${served.currencies}`)
        const sealed = await seal(encryptionKeys, gatewayConfigPurpose(id), JSON.stringify(config))
        return { id, gateway: name, config: sealed, sends_payouts: sendsPayouts, ...served }
      }),
    ),
  )
  await connection.query(
    `insert into payment_gateway_configs (id, gateway, display_name, config, status, countries, currencies, methods, sends_payouts,
                                          tested_at, activated_at)
     select g.id, g.gateway, 'Simulator of ' || g.gateway, g.config, 'active', g.countries, g.currencies, g.methods, g.sends_payouts,
            now(), now()
       from jsonb_to_recordset($1) as g (id uuid, gateway text, config text, countries text[], currencies text[], methods text[], sends_payouts boolean)
     on conflict (id) do update set config = excluded.config, countries = excluded.countries, currencies = excluded.currencies,
            methods = excluded.methods, sends_payouts = excluded.sends_payouts, failures = 0, paused_until = null`,
    [JSON.stringify(rows)],
  )
}

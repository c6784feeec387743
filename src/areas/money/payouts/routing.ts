import { sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { logFailure } from '../../../core/log.ts'
import { int, list, type RowOf, rowsOf, text, uuid } from '../../../db/rows.ts'
import { payoutAccountKinds } from '../../../db/schema/money/payouts.ts'
import type { Gateway, PayoutCapabilities, PayoutDestination } from '../../../providers/payments/gateway.ts'
import { openGateway, sealedConfig } from '../gateways/calls.ts'
import type { Via } from './sending.ts'

const configRow = { ...sealedConfig, countries: list(text), currencies: list(text), weight: int }
type ConfigRow = RowOf<typeof configRow>

/** A way for payouts of a currency to accounts of a kind: an account at a gateway, with its limits and its share. */
interface Route extends PayoutCapabilities {
  configId: string
  currency: string
  kind: PayoutDestination['kind']
  /** Countries of accounts; empty: all of them. */
  countries: string[]
  weight: number
}

/** The gateways that pay out now, and what each can reach. */
export interface Routes {
  gateways: Map<string, Gateway>
  routes: Route[]
}

/** Gateways that finance lets pay out, but for those whose breaker is open: what they would send waits, or goes into a batch. */
export async function payoutRoutes(ctx: Context): Promise<Routes> {
  const configs = await ctx.db.read(rowsOf(configRow)`
    select c.id as "configId", c.gateway, c.config, to_json(c.countries) as countries, to_json(c.currencies) as currencies, c.weight
      from payment_gateway_configs c
     where c.status = 'active' and c.sends_payouts and (c.paused_until is null or c.paused_until <= now())`)
  const gateways = new Map<string, Gateway>()
  const routes: Route[] = []
  for (const config of configs) {
    try {
      const gateway = await openGateway(ctx, config)
      gateways.set(config.configId, gateway)
      routes.push(...routesOf(config, gateway))
    } catch (error) {
      logFailure('gateway.work_failed', error, { gateway: config.gateway, configId: config.configId })
    }
  }
  return { gateways, routes }
}

const routesOf = ({ configId, countries, currencies, weight }: ConfigRow, gateway: Gateway): Route[] =>
  currencies.flatMap((currency) =>
    payoutAccountKinds.flatMap((kind) => {
      const can = gateway.payoutCapabilities(currency, kind)
      return can ? [{ configId, currency, kind, countries, weight, ...can }] : []
    }),
  )

/** Routes `r` as a table of SQL. */
const table = (routes: Route[]) => sql`jsonb_to_recordset(${JSON.stringify(routes)}::jsonb)
  as r ("configId" uuid, currency text, kind text, countries jsonb, weight int, "minMinor" bigint, "maxMinor" bigint)`

export interface RoutedPayout {
  payoutId: string
  via: Via
}

/**
 * Payouts that may be sent now and that a gateway can send, the longest waiting first, each with the gateway that does: chosen at random
 * by weight. One whose holder a gateway is still to name waits for that.
 */
export async function routedPayouts(
  ctx: Context,
  { gateways, routes }: Routes,
  limit: number,
): Promise<RoutedPayout[]> {
  if (routes.length === 0) return []
  const rows = await ctx.db.read(rowsOf({ payoutId: uuid, configId: uuid })`
    select p.id as "payoutId", c."configId"
      from payouts p join payout_accounts a on a.id = p.account_id
     cross join lateral (
       select r."configId" from ${table(routes)}
        where r.currency = p.currency and r.kind = a.kind and (r.countries = '[]' or r.countries ? a.country)
          and p.amount >= r."minMinor" and (r."maxMinor" is null or p.amount <= r."maxMinor")
        order by -ln(1 - random()) / r.weight limit 1) c
     where p.status = 'scheduled' and p.scheduled_for <= now() and khidma.may_be_sent(p) and a.name_check_at is null
     order by p.scheduled_for, p.id limit ${limit}`)
  return rows.flatMap(({ payoutId, configId }) => {
    const gateway = gateways.get(configId)
    return gateway ? [{ payoutId, via: { configId, gateway } }] : []
  })
}

/** Gateways that pay out to such an account, and may know whose it is. */
export const gatewaysFor = (
  { gateways, routes }: Routes,
  { kind, country, currency }: { kind: string; country: string; currency: string },
): Gateway[] =>
  routes.flatMap((route) => {
    const serves =
      route.kind === kind &&
      route.currency === currency &&
      (route.countries.length === 0 || route.countries.includes(country))
    const gateway = serves ? gateways.get(route.configId) : undefined
    return gateway ? [gateway] : []
  })

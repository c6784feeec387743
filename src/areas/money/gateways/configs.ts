import { type SQL, sql } from 'drizzle-orm'
import type { Context, UserActor } from '../../../core/context.ts'
import { seal } from '../../../core/crypto.ts'
import { gatewayConfigPurpose } from '../../../core/encryption.ts'
import { newId } from '../../../core/ids.ts'
import { invalidValuesOf, sentenceIn } from '../../../core/invalid-values.ts'
import { logFailure } from '../../../core/log.ts'
import { Problem } from '../../../core/problems.ts'
import { rowColumns } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { columnsOf, type RowOf, rowsOf } from '../../../db/rows.ts'
import { paymentGatewayConfigs } from '../../../db/schema/money/gateways.ts'
import { textArray } from '../../../db/sql.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { type GatewayName, gatewayMethods, gatewayNames } from '../../../providers/payments/gateway.ts'
import { GatewayError } from '../../../providers/payments/gateway-error.ts'
import { gatewayKind } from '../../../providers/payments/gateways.ts'
import { openGateway, sealedConfig } from './calls.ts'

const configRow = columnsOf(paymentGatewayConfigs)
export type ConfigRow = RowOf<typeof configRow>

const selectConfigs = (where: SQL): Statement<ConfigRow> =>
  rowsOf(
    configRow,
  )`select ${rowColumns(paymentGatewayConfigs, 'c')} from payment_gateway_configs c where ${where}`

export interface ConfigFilters {
  gateway?: GatewayName | undefined
  status?: ConfigRow['status'] | undefined
}

export function listConfigs(
  ctx: Context,
  { gateway, status }: ConfigFilters,
  page: PageRequest,
): Promise<ConfigRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`c.id`)
  const conditions = [after]
  if (gateway) conditions.push(sql`c.gateway = ${gateway}`)
  if (status) conditions.push(sql`c.status = ${status}`)
  return ctx.db.read(selectConfigs(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export const getConfig = async (ctx: Context, id: string): Promise<ConfigRow> =>
  one(await ctx.db.read(selectConfigs(sql`c.id = ${id}`)))

export interface Serves {
  displayName: string
  countries: string[]
  currencies: string[]
  methods: string[]
  sendsPayouts?: boolean | undefined
  weight: number
}

const inSql = ({
  countries,
  currencies,
  methods,
  ...rest
}: { [K in keyof Serves]?: Serves[K] | undefined }) => ({
  ...rest,
  ...(countries && { countries: textArray(countries) }),
  ...(currencies && { currencies: textArray(currencies) }),
  ...(methods && { methods: textArray(methods) }),
})

/** Effect that refuses a configuration which says that it takes what its gateway does not. */
const servesWhatItSays = async (id: string): Promise<SQL> => sql`
  select khidma.refuse(422, 'gateway_cannot_serve', jsonb_build_object('currency', u.currency, 'method', m.method))
    from payment_gateway_configs c cross join unnest(c.currencies) as u (currency) cross join unnest(c.methods) as m (method)
   where c.id = ${id} and concat_ws(' ', c.gateway, u.currency, m.method) <> all (${textArray(await whatGatewaysServe())})`

let served: Promise<string[]> | undefined

/** Everything that gateways take, as `stripe EGP card`: the same as long as this code is. */
function whatGatewaysServe(): Promise<string[]> {
  const currencies = Intl.supportedValuesOf('currency')
  served ??= Promise.all(gatewayNames.map(gatewayKind)).then((kinds) =>
    kinds.flatMap(({ name, capabilities }) =>
      currencies.flatMap((currency) =>
        gatewayMethods
          .filter((method) => capabilities(currency, method) !== null)
          .map((method) => `${name} ${currency} ${method}`),
      ),
    ),
  )
  return served
}

/** A draft: its secrets are sealed, and no answer shows them again. */
export async function createConfig(
  ctx: Context<UserActor>,
  gateway: GatewayName,
  config: unknown,
  serves: Serves,
): Promise<ConfigRow> {
  const kind = await gatewayKind(gateway)
  const parsed = kind.config.safeParse(config, { error: sentenceIn[ctx.locale], reportInput: false })
  if (!parsed.success)
    throw new Problem('invalid_request', {
      errors: parsed.error.issues.flatMap((issue) => invalidValuesOf(issue, undefined, ['config'])),
    })
  const id = newId(ctx.now.getTime())
  const sealed = await seal(ctx.secrets.encryptionKeys, gatewayConfigPurpose(id), JSON.stringify(parsed.data))
  const row = { id, gateway, config: sealed, createdBy: ctx.actor.userId, ...inSql(serves) }
  const insert = sql`insert into payment_gateway_configs ${insertion(paymentGatewayConfigs, row)}`
  return one(await ctx.db.write([insert, await servesWhatItSays(id)], selectConfigs(sql`c.id = ${id}`)))
}

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(c.version, ${version}) from payment_gateway_configs c where c.id = ${id} for update`

export async function updateConfig(
  ctx: Context,
  id: string,
  patch: { [K in keyof Serves]?: Serves[K] | undefined },
  expectedVersion: number | null,
): Promise<ConfigRow> {
  const changes = assignments(paymentGatewayConfigs, inSql(patch))
  const effects = [hasVersion(id, expectedVersion)]
  if (changes) effects.push(sql`update payment_gateway_configs set ${changes} where id = ${id}`)
  if (patch.currencies || patch.methods) effects.push(await servesWhatItSays(id))
  return one(await ctx.db.write(effects, selectConfigs(sql`c.id = ${id}`)))
}

/** One live call with its secrets: what activation asks for. */
export async function testConfig(ctx: Context, id: string): Promise<ConfigRow> {
  // Not read ahead: this asks the database what the caller may, before anything is done with the secrets.
  const begun = await ctx.db.step(
    [],
    rowsOf(sealedConfig)`
      select c.id as "configId", c.gateway, c.config from payment_gateway_configs c where c.id = ${id}`,
  )
  if (begun === null) return one(await ctx.db.write([], selectConfigs(sql`c.id = ${id}`)))
  const sealed = one(begun)
  const gateway = await openGateway(ctx, sealed)
  const failure = await gateway.ping().then(
    () => null,
    (error: unknown) => {
      if (!(error instanceof GatewayError)) throw error
      logFailure('gateway.call_failed', error, { gateway: sealed.gateway, configId: id })
      return error.status === null ? 'not_reached' : `answered_${error.status}`
    },
  )
  const tested = sql`update payment_gateway_configs set tested_at = now(), test_failure = ${failure} where id = ${id}`
  return one(await ctx.db.write([tested], selectConfigs(sql`c.id = ${id}`)))
}

/** Takes payments from now on. `replaces` retires the version before it: what began there ends there. */
export async function activateConfig(ctx: Context, id: string, replaces: string | null): Promise<ConfigRow> {
  const effects = [
    sql`select case when c.status <> 'draft' then khidma.refuse(409, 'invalid_transition', jsonb_build_object('from', c.status, 'to', 'active'))
                    when c.tested_at is null or c.test_failure is not null or c.tested_at < now() - interval '1 hour'
                      then khidma.refuse(409, 'gateway_untested') end
          from payment_gateway_configs c where c.id = ${id} for update`,
    await servesWhatItSays(id),
    sql`update payment_gateway_configs set status = 'active', activated_at = now() where id = ${id}`,
    sql`update payment_gateway_configs c set status = 'retired', retired_at = now()
         where c.id = ${replaces} and c.status = 'active' and c.gateway = (select n.gateway from payment_gateway_configs n where n.id = ${id})`,
  ]
  return one(await ctx.db.write(effects, selectConfigs(sql`c.id = ${id}`)))
}

/** Takes no new payments; finishes what it has begun, and is heard for as long. */
export async function retireConfig(ctx: Context, id: string): Promise<ConfigRow> {
  const retire = sql`update payment_gateway_configs set status = 'retired', retired_at = now() where id = ${id} and status <> 'retired'`
  return one(await ctx.db.write([retire], selectConfigs(sql`c.id = ${id}`)))
}

import { type SQL, sql } from 'drizzle-orm'
import type { Context } from '../../../core/context.ts'
import { newId } from '../../../core/ids.ts'
import { Problem } from '../../../core/problems.ts'
import { isoTime } from '../../../db/json.ts'
import { newestFirst, type PageRequest } from '../../../db/keyset.ts'
import { assignments, insertion } from '../../../db/patch.ts'
import { int, nullable, oneOf, type RowOf, rowsOf, text, time, uuid } from '../../../db/rows.ts'
import { pricingBands } from '../../../db/schema/money/pricing.ts'
import { one, type Statement } from '../../../db/unit.ts'
import { categoryStands } from '../../supply/catalog/categories.ts'

export const bandStates = ['scheduled', 'active', 'ended', 'canceled'] as const

export const pricingBandRow = {
  id: uuid,
  categoryId: uuid,
  city: nullable(text),
  minAmount: int,
  maxAmount: int,
  currency: text,
  validFrom: nullable(time),
  validUntil: nullable(time),
  state: oneOf(bandStates),
  createdAt: time,
  updatedAt: time,
  version: int,
}
export type PricingBandRow = RowOf<typeof pricingBandRow>

/**
 * State of a band `b`. By the clock rather than the time of the transaction: a band that was written in this transaction begins
 * or ends after it began.
 */
const stateOf = sql`case when isempty(b.valid_during) then 'canceled' when lower(b.valid_during) > clock_timestamp() then 'scheduled'
  when upper(b.valid_during) <= clock_timestamp() then 'ended' else 'active' end`

export const pricingBandColumns = sql`
  b.id, b.category_id as "categoryId", b.city, b.min_amount as "minAmount", b.max_amount as "maxAmount", b.currency,
  ${isoTime(sql`lower(b.valid_during)`)} as "validFrom", ${isoTime(sql`upper(b.valid_during)`)} as "validUntil", ${stateOf} as state,
  ${isoTime(sql`b.created_at`)} as "createdAt", ${isoTime(sql`b.updated_at`)} as "updatedAt", b.version`

const selectBands = (where: SQL): Statement<PricingBandRow> =>
  rowsOf(pricingBandRow)`select ${pricingBandColumns} from pricing_bands b where ${where}`

/** Condition that a band `b` is valid at an instant. */
export const isValidAt = (instant: SQL): SQL => sql`b.valid_during @> ${instant}`

/** Condition that a band `b` prices work in this city: by the city's name, or because the band is for every city. */
export const appliesIn = (city: SQL | string): SQL => sql`(b.city is null or lower(b.city) = lower(${city}))`

/**
 * First effect of every write: writers come one after the other, or two bands of a city in two currencies would wait for each
 * other (each is checked against the other only once it is written).
 */
const inTurn = sql`select pg_advisory_xact_lock(hashtextextended('pricing_bands', 0))`

const hasVersion = (id: string, version: number | null): SQL =>
  sql`select khidma.assert_version(b.version, ${version}) from pricing_bands b where b.id = ${id} for update`

export interface PricingBandFilters {
  categoryId?: string | undefined
  city?: string | undefined
  state?: PricingBandRow['state'] | undefined
}

export function listPricingBands(
  ctx: Context,
  { categoryId, city, state }: PricingBandFilters,
  page: PageRequest,
): Promise<PricingBandRow[]> {
  const { after, orderAndLimit } = newestFirst(page, sql`b.id`)
  const conditions = [after]
  if (categoryId !== undefined) conditions.push(sql`b.category_id = ${categoryId}`)
  if (city !== undefined) conditions.push(appliesIn(city))
  if (state !== undefined) conditions.push(sql`${stateOf} = ${state}`)
  return ctx.db.read(selectBands(sql`${sql.join(conditions, sql` and `)} ${orderAndLimit}`))
}

export async function getPricingBand(ctx: Context, id: string): Promise<PricingBandRow> {
  return one(await ctx.db.read(selectBands(sql`b.id = ${id}`)))
}

export interface NewPricingBand {
  categoryId: string
  city: string | null
  minAmount: number
  maxAmount: number
  currency: string
  /** Null: from now on. */
  validFrom: string | null
  /** Null: until it is retired. */
  validUntil: string | null
}

/** Instant at which a new band begins. After the turn of others: later than whatever they have ended. */
export const beginOf = ({ validFrom }: NewPricingBand): SQL =>
  sql`greatest(${validFrom}::timestamptz, clock_timestamp())`

/** Refuses a beginning before now, and an end that is not after the beginning. */
export function refusePast(ctx: Context, { validFrom, validUntil }: NewPricingBand): void {
  const from = validFrom === null ? ctx.now : new Date(validFrom)
  if (from < ctx.now) throw new Problem('price_band_in_the_past', { fields: ['validFrom'] })
  if (validUntil !== null && new Date(validUntil) <= from)
    throw new Problem('price_band_in_the_past', { fields: ['validUntil'] })
}

/** The end may have passed while others had their turn; the clock goes on between the statements. */
const refuseEnded = (validUntil: string | null, begin: SQL): SQL => sql`
  select khidma.refuse(422, 'price_band_in_the_past', '{"field":"validUntil"}')
   where ${validUntil}::timestamptz <= ${begin} + interval '1 second'`

export async function createPricingBand(ctx: Context, band: NewPricingBand): Promise<PricingBandRow> {
  refusePast(ctx, band)
  const id = newId(ctx.now.getTime())
  const { validFrom: _validFrom, validUntil, ...fields } = band
  const validDuring = sql`tstzrange(${beginOf(band)}, ${validUntil}::timestamptz)`
  const effects = [
    inTurn,
    categoryStands(fields.categoryId),
    refuseEnded(validUntil, beginOf(band)),
    sql`insert into pricing_bands ${insertion(pricingBands, { id, ...fields, validDuring })}`,
  ]
  return one(await ctx.db.write(effects, selectBands(sql`b.id = ${id}`)))
}

export interface PricingBandPatch {
  minAmount?: number | undefined
  maxAmount?: number | undefined
  /** Null: until it is retired. */
  validUntil?: string | null | undefined
}

/** Estimates from now on use the new amounts; those of tasks stay. */
export async function updatePricingBand(
  ctx: Context,
  id: string,
  { validUntil, ...amounts }: PricingBandPatch,
  expectedVersion: number | null,
): Promise<PricingBandRow> {
  const own = sql`from pricing_bands b where b.id = ${id}`
  const validDuring =
    validUntil === undefined ? undefined : sql`tstzrange(lower(valid_during), ${validUntil}::timestamptz)`
  const changes = assignments(pricingBands, { ...amounts, validDuring })
  const effects = [
    inTurn,
    hasVersion(id, expectedVersion),
    sql`select khidma.refuse(409, 'price_band_ended') ${own} and ${stateOf} in ('ended', 'canceled')`,
  ]
  if (typeof validUntil === 'string')
    effects.push(
      sql`select khidma.refuse(422, 'price_band_in_the_past', '{"field":"validUntil"}') ${own}
             and ${validUntil}::timestamptz <= greatest(lower(b.valid_during), clock_timestamp()) + interval '1 second'`,
    )
  if (changes) effects.push(sql`update pricing_bands set ${changes} where id = ${id}`)
  return one(await ctx.db.write(effects, selectBands(sql`b.id = ${id}`)))
}

/** Ends an active band now, and cancels a scheduled one. */
export async function retirePricingBand(
  ctx: Context,
  id: string,
  expectedVersion: number | null,
): Promise<PricingBandRow> {
  const effects = [
    inTurn,
    hasVersion(id, expectedVersion),
    sql`update pricing_bands b
           set valid_during = case when lower(b.valid_during) > clock_timestamp() then 'empty'
                                   else tstzrange(lower(b.valid_during), clock_timestamp()) end
         where b.id = ${id} and ${stateOf} in ('scheduled', 'active')`,
  ]
  return one(await ctx.db.write(effects, selectBands(sql`b.id = ${id}`)))
}

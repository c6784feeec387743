import { type SQL, sql } from 'drizzle-orm'

/** What the platform takes of a fare: 15 %. */
export const COMMISSION_BASIS_POINTS = 1_500

/** Of a fare in minor units, rounded half up; integers only. */
export const commissionOf = (fare: SQL): SQL =>
  sql`((${fare})::bigint * ${sql.raw(String(COMMISSION_BASIS_POINTS))} + 5000) / 10000`

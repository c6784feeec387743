import { type SQL, sql } from 'drizzle-orm'

/** A list as one Postgres array: left to itself, drizzle makes a list of parameters of it. */
export const textArray = (values: readonly string[]): SQL => sql`${sql.param(values)}::text[]`

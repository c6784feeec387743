import { sql } from 'drizzle-orm'
import { bigint, customType, integer, timestamp, uuid } from 'drizzle-orm/pg-core'

/** `timestamptz`, UTC. */
export const time = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })

/** Money: minor units of the ISO-4217 currency in the column beside it. */
export const money = (name: string) => bigint(name, { mode: 'number' })

/** UUIDv7 primary key, made by the caller. */
export const id = () => uuid('id').primaryKey()

export const createdAt = () => time('created_at').notNull().defaultNow()
/** Kept by the trigger `khidma.touch`. */
export const updatedAt = () => time('updated_at').notNull().defaultNow()
/** Counted up by the trigger `khidma.touch` on every update: the ETag, and the per-object sequence of events. */
export const version = () => integer('version').notNull().default(1)
export const stamps = () => ({ createdAt: createdAt(), updatedAt: updatedAt(), version: version() })

/** `geography(Point, 4326)`; distances in metres. Read and written in SQL only. */
export const geographyPoint = customType<{ data: string }>({ dataType: () => 'geography(Point, 4326)' })

export const timeRange = customType<{ data: string }>({ dataType: () => 'tstzrange' })

/** A Postgres 64-bit transaction id: which transaction wrote the row. */
export const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' })

/** Lexemes of a text with their weights. Read and written in SQL only. */
export const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' })

export const bytes = customType<{ data: string }>({ dataType: () => 'bytea' })

/** Texts as a list of SQL, for a check. */
export const inQuotes = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ')

export const emptyObject = sql`'{}'::jsonb`
export const emptyArray = sql`'[]'::jsonb`
export const emptyTextArray = sql`'{}'::text[]`

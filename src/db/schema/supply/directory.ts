import { sql } from 'drizzle-orm'
import {
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { geographyPoint, id, money, searchVector, time } from '../columns.ts'
import { users } from '../people/identity.ts'

/** Index that the directory reads: one row for each listed profile, and for each tasker who can be booked and has none. Kept by triggers. */
export const directoryEntries = pgTable(
  'directory_entries',
  {
    /** That of the profile, or of the tasker. */
    id: id(),
    taskerId: uuid('tasker_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Null: the entry of a tasker without a listed profile. */
    profession: text('profession'),
    categories: text('categories').array().notNull(),
    tags: text('tags').array().notNull(),
    attributes: jsonb('attributes').notNull().$type<Record<string, unknown>>(),
    languages: text('languages').array().notNull(),
    districts: text('districts').array().notNull(),
    priceAmount: money('price_amount'),
    priceCurrency: text('price_currency'),
    experienceYears: integer('experience_years'),
    ratingAvg: doublePrecision('rating_avg').notNull(),
    ratingCount: integer('rating_count').notNull(),
    /** Until then staff keep the tasker from transacting; `infinity`: until they lift it. */
    restrictedUntil: time('restricted_until'),
    searchVector: searchVector('search_vector').notNull(),
  },
  (t) => [
    index('idx_directory_entries_tasker').on(t.taskerId),
    index('idx_directory_entries_rating').on(t.profession, t.ratingAvg, t.id),
    index('idx_directory_entries_rating_all').on(t.ratingAvg, t.id),
    index('idx_directory_entries_price').on(t.profession, t.priceCurrency, t.priceAmount, t.id),
    index('idx_directory_entries_categories').using('gin', t.categories),
    index('idx_directory_entries_districts').using('gin', t.districts),
    index('idx_directory_entries_tags').using('gin', t.tags),
    index('idx_directory_entries_search').using('gin', t.searchVector),
  ],
)

/** Circles of entries, with coarse centres. */
export const directoryPlaces = pgTable(
  'directory_places',
  {
    entryId: uuid('entry_id')
      .notNull()
      .references(() => directoryEntries.id, { onDelete: 'cascade' }),
    place: integer('place').notNull(),
    /** As in the entry; empty without one. */
    profession: text('profession').notNull(),
    center: geographyPoint('center').notNull(),
    radiusM: doublePrecision('radius_m').notNull(),
    // As in the entry, so that near a place entries which do not match are not read.
    priceAmount: money('price_amount'),
    priceCurrency: text('price_currency'),
    experienceYears: integer('experience_years'),
    ratingAvg: doublePrecision('rating_avg').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.entryId, t.place] }),
    // The nearest of a profession in one scan.
    index('directory_places_profession_center').using('gist', t.profession, t.center),
    index('directory_places_center').using('gist', t.center),
  ],
)

/** Searches of a day, with how much was found. Nobody is named: neither a person nor a session, place or time of day. */
export const directorySearches = pgTable(
  'directory_searches',
  {
    id: id(),
    day: date('day', { mode: 'string' }).notNull(),
    term: text('term'),
    filters: jsonb('filters').notNull().$type<Record<string, unknown>>(),
    results: integer('results').notNull(),
  },
  (t) => [
    index('idx_directory_searches_day').on(t.day, t.id),
    check('directory_searches_results', sql`${t.results} >= 0`),
  ],
)

import { sql } from 'drizzle-orm'
import {
  exported,
  hidden,
  kept,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import { directoryEntries, directoryPlaces, directorySearches } from '../../../db/schema/supply/directory.ts'

export const personalData: PersonalTable[] = [
  personalTable(directoryPlaces, {
    of: ({ user }) => sql`t.entry_id in (select e.id from directory_entries e where e.tasker_id = ${user})`,
    erasure: 'delete',
    columns: {
      profession: exported,
      center: hidden,
      // Those of the entry.
      priceAmount: { exported: false },
      priceCurrency: { exported: false },
      experienceYears: { exported: false },
      ratingAvg: { exported: false },
    },
  }),
  personalTable(directoryEntries, {
    of: ownedBy(directoryEntries.taskerId),
    erasure: 'delete',
    columns: {
      profession: exported,
      categories: exported,
      tags: exported,
      attributes: exported,
      languages: exported,
      districts: exported,
      priceCurrency: exported,
      restrictedUntil: hidden,
      searchVector: hidden,
    },
  }),
  personalTable(directorySearches, {
    erasure: 'keep',
    why: 'Nobody is named: it holds the day, the words and the filters of a search.',
    columns: { term: kept, filters: kept },
  }),
]

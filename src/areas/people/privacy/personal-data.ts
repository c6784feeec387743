import { sql } from 'drizzle-orm'
import {
  cleared,
  hidden,
  kept,
  keptHidden,
  ownedBy,
  type PersonalTable,
  personalTable,
} from '../../../core/personal-data.ts'
import {
  consentDocuments,
  consents,
  erasureRequests,
  exportRequests,
  legalHolds,
  removals,
  retentionRuns,
} from '../../../db/schema/people/privacy.ts'

export const personalData: PersonalTable[] = [
  personalTable(exportRequests, {
    of: ownedBy(exportRequests.userId),
    erasure: 'delete',
    columns: {
      storageKey: hidden,
    },
  }),
  personalTable(erasureRequests, {
    of: ownedBy(erasureRequests.userId),
    erasure: 'keep',
    why: 'that we did what was asked',
    columns: {
      reason: cleared,
      obstacles: { kept: true, exported: () => sql`array_replace(t.obstacles, 'legal_hold', 'review')` },
      step: kept,
      stepCursor: kept,
      identifiers: keptHidden,
    },
  }),
  personalTable(consents, {
    of: ownedBy(consents.userId),
    erasure: 'keep',
    why: 'what was agreed to, by an id',
  }),
  personalTable(legalHolds, {
    of: ownedBy(legalHolds.userId),
    isExported: false,
    maskedIn: ownedBy(legalHolds.userId),
    erasure: 'keep',
    why: 'why data was held',
    columns: {
      reason: { masked: true },
      releaseReason: { masked: true },
    },
  }),
  personalTable(consentDocuments, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      documentVersion: kept,
      url: kept,
    },
  }),
  personalTable(removals, {
    erasure: 'keep',
    why: 'names of what is about to go, gone with it',
    columns: {
      key: kept,
    },
  }),
  personalTable(retentionRuns, {
    erasure: 'keep',
    why: 'ours',
    columns: {
      job: kept,
      report: kept,
      error: kept,
    },
  }),
]

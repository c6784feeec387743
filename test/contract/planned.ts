import { expect } from 'vitest'
import type { Operation } from '../../src/http/operation.ts'
import { keptOut } from '../../tools/plans/kept-out.ts'
import { plannedIn, roundTripsIn } from './declared.ts'

/** A statement whose text was changed without `npm run plans` is sent as it is, and Postgres plans it at each call. */
export function expectPlanned({ operationId }: Operation, headers: Headers): void {
  if (keptOut.some((kept) => kept.operationId === operationId)) return
  expect(plannedIn(headers), `${operationId} sends what has no function: npm run plans`).toBe(
    roundTripsIn(headers),
  )
}

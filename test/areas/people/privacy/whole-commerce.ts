import { sql } from 'drizzle-orm'
import { newId } from '../../../../src/core/ids.ts'
import { database } from '../../../support/api.ts'
import type { Someone } from './traces.ts'

/** Somebody who has bought from the platform. */
export async function buyAndUse({ caller }: Someone): Promise<void> {
  const me = caller.userId
  await database().write([
    sql`select khidma.grant_entitlement(${me}::uuid, 'contact_view', 3, 'order', ${newId()}::uuid)`,
    sql`select khidma.use_entitlement(${me}::uuid, 'contact_view', ${newId()}::uuid)`,
  ])
}

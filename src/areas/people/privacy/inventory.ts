import type { Area } from '../../../core/area.ts'
import { lazy } from '../../../core/lazy.ts'
import type { PersonalTable } from '../../../core/personal-data.ts'
import { areas } from '../../index.ts'

/** The personal data inventory: every table of the database, as its area declares it, in the order of the areas. */
export const loadInventory = lazy(async (): Promise<readonly PersonalTable[]> => {
  const parts = await Promise.all(areas.map(({ personalData }: Area) => personalData?.()))
  return parts.flatMap((part) => part?.personalData ?? [])
})

/** Rows that are found or held by others after those others: a table after every table that points at it. */
export function erasureOrder(tables: readonly PersonalTable[]): PersonalTable[] {
  const ordered = new Set<PersonalTable>()
  const visited = new Set<PersonalTable>()
  const visit = (table: PersonalTable) => {
    if (visited.has(table)) return
    visited.add(table)
    for (const other of tables) if (other.references.includes(table.name)) visit(other)
    ordered.add(table)
  }
  for (const table of tables) visit(table)
  return [...ordered]
}

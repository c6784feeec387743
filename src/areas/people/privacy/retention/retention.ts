import type { Area } from '../../../../core/area.ts'
import type { RetentionPolicy } from '../../../../core/retention.ts'
import { areas } from '../../../index.ts'

/** Every policy, in the order of the areas. */
export const retentionPolicies: readonly RetentionPolicy[] = areas.flatMap(
  ({ retention }: Area) => retention ?? [],
)

import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { caseKinds } from './kinds.ts'

const byKind = <Value extends z.ZodType>(value: Value) =>
  z.strictObject(
    Object.fromEntries(caseKinds.map((kind) => [kind, value.optional()])) as Record<
      string,
      z.ZodOptional<Value>
    >,
  )

export const config = {
  'cases.hours': configKey({
    description: 'Time in which a case is to be decided, in hours, by its kind; 48 where a kind has none.',
    schema: byKind(z.int().min(1).max(2_160)),
    default: { verification: 48, approval: 48, report: 24, dispute: 72, moderation: 24, second_look: 168 },
    scopes: [],
  }),
  'cases.second_look_percent': configKey({
    description:
      'Share of the decisions by people that another one looks at again, in percent, by the kind of case.',
    schema: byKind(z.number().min(0).max(100)),
    default: { verification: 2, approval: 2 },
    scopes: [],
  }),
}

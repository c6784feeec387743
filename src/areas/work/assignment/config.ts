import { z } from 'zod'
import { configKey } from '../../../core/config.ts'
import { taskPriorities } from '../../../db/schema/work/tasks.ts'

const scopes = ['country', 'city', 'category'] as const

/** A value for each priority. */
const byPriority = <Value extends z.ZodType>(value: Value) =>
  z.strictObject(
    Object.fromEntries(taskPriorities.map((priority) => [priority, value])) as Record<
      (typeof taskPriorities)[number],
      Value
    >,
  )

const minutes = z.int().min(1).max(43_200)

export const config = {
  'assignment.answer_minutes': configKey({
    description:
      'Time that a tasker has to answer an assigned task, in minutes, by its priority. Silence returns the task to the queue of staff.',
    schema: byPriority(minutes),
    default: { low: 240, normal: 120, high: 30, urgent: 10 },
    scopes,
    isPublic: true,
  }),
  'assignment.sla_minutes': configKey({
    description:
      'Service levels of tasks that staff assign, in minutes, by priority. `assign`: from the queue to a tasker. `accept`: from there to the answer of the tasker. `start`: from the agreed start to the start of the work. Clocks that run keep their minutes.',
    schema: byPriority(z.strictObject({ assign: minutes, accept: minutes, start: minutes })),
    default: {
      low: { assign: 1_440, accept: 240, start: 60 },
      normal: { assign: 240, accept: 120, start: 30 },
      high: { assign: 60, accept: 30, start: 15 },
      urgent: { assign: 15, accept: 10, start: 10 },
    },
    scopes,
  }),
  'assignment.undo_minutes': configKey({
    description: 'Time in which staff can take back the last assignment of a task, in minutes.',
    schema: z.int().min(1).max(1_440),
    default: 15,
    scopes,
  }),
  'assignment.expire_minutes': configKey({
    description:
      'Time after the wanted start at which a task that nobody was assigned to expires, in minutes.',
    schema: minutes,
    default: 1_440,
    scopes,
  }),
}

import { z } from '@hono/zod-openapi'
import { sourcing } from '../../../db/schema/enums.ts'
import { assignmentModes } from '../../../db/schema/supply/taskers.ts'
import { clockKinds } from '../../../db/schema/work/assignment.ts'
import { taskPriorities } from '../../../db/schema/work/tasks.ts'
import { relatedId } from '../../../http/list-query.ts'
import { pageOf, pageQuery } from '../../../http/pages.ts'
import {
  AmountMinor,
  Currency,
  Id,
  queryBoolean,
  queryInteger,
  Timestamp,
  Version,
} from '../../../http/schemas.ts'
import { BookingStatus } from '../bookings/schemas.ts'
import { estimateFields, taskFields } from '../tasks/field-schemas.ts'
import { TaskState } from '../tasks/schemas.ts'
import type { AssignmentRow, OwnAssignmentRow } from './assignments.ts'
import { assignmentMachine } from './machine.ts'
import { type DispatchedTask as DispatchedRow, queueStates } from './queue.ts'
import type { DispatchViewRow } from './views.ts'

export const Priority = z.enum(taskPriorities).openapi('TaskPriority', {
  example: 'high',
  description: 'Set by staff: which of the tasks come first.',
})

export const taskId = Id.openapi({ description: 'The task.' })

const AssignmentStatus = z.enum(assignmentMachine.states).openapi('AssignmentStatus', {
  example: 'pending',
  description:
    '`pending`: the tasker is asked. `accepted`: it is theirs. `declined` by the tasker. `expired`: not answered in time. `withdrawn` before the answer. `revoked`: taken away by staff.',
})

const Person = z
  .object({
    id: Id,
    name: z.string().nullable().openapi({ example: 'Nour Hassan', description: 'Full name.' }),
  })
  .openapi('DispatchPerson', { description: 'A party of a task.' })

const Clock = z
  .object({
    kind: z.enum(clockKinds).openapi({
      example: 'assign',
      description:
        '`assign`: until staff have assigned the task. `accept`: until the tasker has answered. `start`: until the work begins.',
    }),
    dueAt: Timestamp.openapi({ description: 'Instant until which the service level asks for it.' }),
    pausedAt: Timestamp.nullable().openapi({
      example: null,
      description: 'Since when a hold stops the clock; `dueAt` moves on by as long as it lasts.',
    }),
    isLate: z.boolean().openapi({ example: false, description: 'Whether that instant has passed.' }),
  })
  .openapi('TaskClock', { description: 'A clock that runs against a service level.' })

export const DispatchedTask = z
  .object({
    id: Id,
    sourcing: z
      .enum(sourcing.enumValues)
      .openapi({ example: 'assign', description: 'How a tasker is found.' }),
    state: TaskState,
    category: taskFields.category,
    subcategory: taskFields.subcategory,
    title: taskFields.title,
    description: taskFields.description,
    city: taskFields.city,
    district: taskFields.district,
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    estMinutes: taskFields.estMinutes.nullable(),
    pricingModel: taskFields.pricingModel,
    ...estimateFields,
    finalCostAmount: AmountMinor.nullable().openapi({
      example: null,
      description:
        'Price of the work as staff have set it, in minor units; null: the terms of the booking decide.',
    }),
    currency: Currency,
    priority: Priority,
    urgencyLevel: taskFields.urgencyLevel,
    clientNotes: taskFields.clientNotes,
    internalNotes: z.string().nullable().openapi({
      example: 'Call before you send anybody.',
      description: 'Notes of staff, which nobody else can read.',
    }),
    client: Person,
    assignedTo: z
      .union([Person, z.null()])
      .openapi({ description: 'Tasker to whom staff have assigned it; null: nobody.' }),
    assignedAt: Timestamp.nullable().openapi({
      example: '2026-11-21T08:35:00.000Z',
      description: 'When it was assigned.',
    }),
    booking: z
      .union([
        z
          .object({ id: Id, status: BookingStatus.openapi({ example: 'offered' }) })
          .openapi('DispatchBooking', { description: 'The booking of a task, in short.' }),
        z.null(),
      ])
      .openapi({ description: 'The newest booking; null: there was none.' }),
    assignment: z
      .union([
        z
          .object({
            id: Id,
            status: AssignmentStatus,
            expiresAt: Timestamp.nullable().openapi({
              description: 'Until when the tasker can answer; null where they are not asked.',
            }),
          })
          .openapi('LastAssignment', { description: 'The newest assignment of a task, in short.' }),
        z.null(),
      ])
      .openapi({ description: 'The newest assignment; null: there was none.' }),
    clocks: z.array(Clock).openapi({ description: 'Clocks that run, the next one first.' }),
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('DispatchedTask', { description: 'A task as those who dispatch it see it.' })

export const DispatchedTaskPage = pageOf(DispatchedTask, 'DispatchedTaskPage')

const queueFilters = {
  state: z
    .enum(queueStates)
    .optional()
    .openapi({ example: 'posted', description: 'Only tasks in this state.' }),
  sourcing: z
    .enum(sourcing.enumValues)
    .optional()
    .openapi({ example: 'assign', description: 'Only tasks whose tasker is found in this way.' }),
  city: taskFields.city.optional().openapi({ example: 'Cairo', description: 'Only tasks in this city.' }),
  category: taskFields.category
    .optional()
    .openapi({ example: 'plumbing', description: 'Only tasks of this category.' }),
  priority: Priority.optional().openapi({ description: 'Only tasks of this priority.' }),
  assignedTo: relatedId('Only tasks that are assigned to this tasker.'),
}
const urgencyFilter = { example: 4, description: 'Only tasks that are at least so urgent to the client.' }
const unassignedFilter = { example: true, description: 'Only tasks that nobody has, or only others.' }
const lateFilter = {
  example: true,
  description: 'Only tasks with a clock that is late, or only others.',
}

export const QueueFilters = z.object({
  ...pageQuery,
  ...queueFilters,
  urgencyLevel: queryInteger(1, 5).optional().openapi(urgencyFilter),
  isUnassigned: queryBoolean().optional().openapi(unassignedFilter),
  isLate: queryBoolean().optional().openapi(lateFilter),
})

/** The same as values of JSON. */
const SavedFilters = z
  .strictObject({
    ...queueFilters,
    urgencyLevel: z.int().min(1).max(5).optional().openapi(urgencyFilter),
    isUnassigned: z.boolean().optional().openapi(unassignedFilter),
    isLate: z.boolean().optional().openapi(lateFilter),
  })
  .openapi('QueueFilters', {
    description: 'Filters of the queue, as `dispatch.listQueue` takes them.',
    example: { state: 'posted', city: 'Cairo', isUnassigned: true },
  })

const viewName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .openapi({ example: 'Unassigned in Cairo', description: 'Name, unique among your views.' })
const isShared = z.boolean().openapi({
  example: true,
  description: 'Whether all who read the queue see the view; only its owner changes it.',
})

export const CreateDispatchView = z
  .strictObject({ name: viewName, filters: SavedFilters, isShared: isShared.optional() })
  .openapi('CreateDispatchView', {
    example: { name: 'Unassigned in Cairo', filters: { city: 'Cairo', isUnassigned: true }, isShared: true },
  })

export const UpdateDispatchView = z
  .strictObject({ name: viewName, filters: SavedFilters, isShared })
  .partial()
  .openapi('UpdateDispatchView', { example: { isShared: false } })

export const DispatchView = z
  .object({
    id: Id,
    ownerId: Id.openapi({ description: 'Member of staff who saved it.' }),
    name: viewName,
    filters: SavedFilters,
    isShared,
    version: Version,
    createdAt: Timestamp,
    updatedAt: Timestamp,
  })
  .openapi('DispatchView', { description: 'Saved filters of the queue.' })

export const DispatchViewPage = pageOf(DispatchView, 'DispatchViewPage')

export const Assignment = z
  .object({
    id: Id,
    taskId,
    bookingId: Id.openapi({ description: 'The booking that it opened.' }),
    tasker: Person,
    assignedBy: z
      .union([Person, z.null()])
      .openapi({ description: 'Member of staff who assigned it; null for the system.' }),
    mode: z.enum(assignmentModes).openapi({
      example: 'offer',
      description: '`offer`: the tasker was asked. `direct`: it was theirs at once.',
    }),
    status: AssignmentStatus,
    reason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Reason given by staff for the assignment.' }),
    outcomeReason: z
      .string()
      .nullable()
      .openapi({ example: null, description: 'Reason given for its end, by the tasker or by staff.' }),
    expiresAt: Timestamp.nullable().openapi({ description: 'Until when the tasker could answer.' }),
    endedAt: Timestamp.nullable().openapi({ description: 'When it was answered, or ended otherwise.' }),
    replacesId: Id.nullable().openapi({
      example: null,
      description: 'The assignment that it took the place of.',
    }),
    undoesId: Id.nullable().openapi({
      example: null,
      description: 'The assignment that was taken back, so that this one restores what was before.',
    }),
    createdAt: Timestamp,
  })
  .openapi('Assignment', { description: 'An act by which staff gave a task to a tasker.' })

export const AssignmentPage = pageOf(Assignment, 'AssignmentPage')

export const OwnAssignment = z
  .object({
    id: Id,
    taskId,
    bookingId: Id.openapi({ description: 'The booking: accept or decline it.' }),
    mode: Assignment.shape.mode,
    status: AssignmentStatus,
    category: taskFields.category,
    title: taskFields.title,
    city: taskFields.city,
    startsAt: Timestamp.openapi({ description: 'Planned start.' }),
    estMinutes: taskFields.estMinutes.nullable(),
    expiresAt: Timestamp.nullable().openapi({
      description: 'Until when you can answer; null where you are not asked.',
    }),
    endedAt: Timestamp.nullable().openapi({ description: 'When it was answered, or ended otherwise.' }),
    createdAt: Timestamp,
  })
  .openapi('OwnAssignment', { description: 'A task that staff assigned to you.' })

export const OwnAssignmentPage = pageOf(OwnAssignment, 'OwnAssignmentPage')

export const OwnAssignmentFilters = z.object({
  ...pageQuery,
  status: AssignmentStatus.optional().openapi({ description: 'Only assignments with this status.' }),
})

export const toDispatchedTask = ({ rank: _rank, ...row }: DispatchedRow): z.infer<typeof DispatchedTask> => ({
  ...row,
  pricingModel: row.pricingModel === 'fixed' ? 'fixed' : 'hourly',
})

/** The key by which the queue is sorted. */
export const queueKeyOf = ({ rank, id }: DispatchedRow): string[] => [String(rank), id]

export const toAssignment = (row: AssignmentRow): z.infer<typeof Assignment> => ({
  id: row.id,
  taskId: row.taskId,
  bookingId: row.bookingId,
  tasker: { id: row.taskerId, name: row.taskerName },
  assignedBy: row.assignedBy === null ? null : { id: row.assignedBy, name: row.assignedByName },
  mode: row.mode,
  status: row.status,
  reason: row.reason,
  outcomeReason: row.outcomeReason,
  expiresAt: row.expiresAt,
  endedAt: row.endedAt,
  replacesId: row.replacesId,
  undoesId: row.undoesId,
  createdAt: row.createdAt,
})

export const toOwnAssignment = (row: OwnAssignmentRow): z.infer<typeof OwnAssignment> => row

export const toDispatchView = (row: DispatchViewRow): z.infer<typeof DispatchView> => ({
  ...row,
  filters: SavedFilters.parse(row.filters),
})

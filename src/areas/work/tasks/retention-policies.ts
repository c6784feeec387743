import type { RetentionPolicy } from '../../../core/retention.ts'

export const tasksRetention = [
  {
    name: 'archived_tasks',
    data: 'Archived tasks',
    description:
      'Details of ended tasks: titles, descriptions, addresses, exact places, answers and notes move to an archive (`archived_tasks`) that the client and staff with the permission can read until the account is erased. Photos, reasons, candidates, and the chat with its files are deleted. What the ledger needs is kept.',
    tables: [
      'tasks',
      'archived_tasks',
      'task_photos',
      'bookings',
      'task_state_events',
      'booking_events',
      'task_candidates',
      'bids',
      'bid_portfolio',
      'task_questions',
      'assignments',
      'messages',
      'conversation_entries',
      'media_files',
    ],
    period: 'P5Y',
    since: 'the last change of the task',
    action: 'stripped',
    job: 'archiveTasks',
    underLegalHold: 'kept',
    note: 'If the client, the tasker or another participant of the chat is under hold, or a dispute is open, when the job selects the task. After that everything is deleted, the chat within minutes; its files become temporary files, deleted within minutes unless their owner is under hold. A task that a template or a running series names stays.',
  },
  {
    name: 'task_history',
    data: 'History of tasks',
    description:
      'Changes of state of tasks that have ended, with actor and reason; clocks of service levels and deadlines of their bookings.',
    tables: ['task_state_events', 'task_clocks', 'booking_deadlines'],
    period: 'P2Y',
    since: 'the change',
    action: 'deleted',
    job: 'purgeTaskHistory',
    underLegalHold: 'kept',
    note: 'If the client, the tasker or another participant of the chat is under hold, or a dispute is open.',
  },
] as const satisfies readonly RetentionPolicy[]

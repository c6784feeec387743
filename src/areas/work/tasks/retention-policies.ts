import type { RetentionPolicy } from '../../../core/retention.ts'

export const tasksRetention = [
  {
    name: 'archived_tasks',
    data: 'Archived tasks',
    description:
      'Details of ended tasks: descriptions, addresses, exact places, answers, reasons, candidates, and the chat with its files. What the ledger needs is kept.',
    tables: [
      'tasks',
      'bookings',
      'task_state_events',
      'booking_events',
      'task_candidates',
      'messages',
      'conversation_entries',
      'media_files',
    ],
    period: 'P5Y',
    since: 'the last change of the task',
    action: 'stripped',
    job: 'archiveTasks',
    underLegalHold: 'kept',
    note: 'If the client, the tasker or another participant of the chat is under hold, or a dispute is open, when the job selects the task. After that everything is deleted, the chat within minutes; its files become temporary files, deleted within minutes unless their owner is under hold.',
  },
] as const satisfies readonly RetentionPolicy[]

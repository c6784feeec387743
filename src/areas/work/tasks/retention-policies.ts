import type { RetentionPolicy } from '../../../core/retention.ts'

export const tasksRetention = [
  {
    name: 'archived_tasks',
    data: 'Archived tasks',
    description:
      'Of tasks that have ended: descriptions, addresses, exact places, answers to questions, reasons, who was considered, and their chat with its files. What the books need stays.',
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
    note: 'Where the client, the tasker or anybody in the chat is held, or a dispute is open, when the task is taken up. From then on all of it goes, the chat within minutes; its files are temporary ones from there on, and go in the next minutes unless their owner is held.',
  },
] as const satisfies readonly RetentionPolicy[]

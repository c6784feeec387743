import { defineArea } from '../../../core/area.ts'
import { taskMachine } from './machine.ts'
import { tasksRetention } from './retention-policies.ts'

export const tasks = defineArea({
  name: 'tasks',
  tags: {
    Tasks: 'Work that clients want done, from draft to review.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  retention: tasksRetention,
  machines: [taskMachine],
  scopes: {
    'tasks:read': 'Read tasks and their history',
    'tasks:write': 'Create, change, post and cancel tasks',
  },
  permissions: {
    'tasks.manage': {
      description: 'Change and cancel tasks of clients',
      heldBy: ['ops'],
    },
    'tasks.read': {
      description: 'View all tasks and their candidates',
      heldBy: ['ops', 'support'],
    },
  },
  problems: {
    starts_at_refused: {
      status: 422,
      fields: ['startsAt'],
      title: {
        en: 'The start time is not allowed',
        ar: 'موعد البدء غير مقبول',
      },
      detail: {
        en: 'Choose a time in the future, within a year.',
        ar: 'اختر موعدًا في المستقبل خلال عام.',
      },
      cause: 'The time is in the past or more than a year away.',
      remedy: 'Send a later or nearer time. Check the time zone: times are UTC.',
    },
  },
  events: {
    'task.created': {
      summary: 'A client drafted a task',
    },
    'task.posted': {
      summary: 'A task was posted',
    },
    'task.matching': {
      summary: 'The search for a tasker started',
    },
    'task.accepted': {
      summary: 'A tasker accepted the task',
    },
    'task.confirmed': {
      summary: 'The client confirmed the tasker',
    },
    'task.in_progress': {
      summary: 'The work started',
    },
    'task.completed': {
      summary: 'The work was completed',
    },
    'task.settled': {
      summary: 'The task was settled',
    },
    'task.reviewed': {
      summary: 'Both parties left a review',
    },
    'task.expired': {
      summary: 'No tasker was found in time',
      notifies: {
        client: {
          en: {
            title: 'No tasker was available',
            body: 'Change the time or the place, and post the task again.',
          },
          ar: {
            title: 'لم نجد مقدم خدمة متاحًا',
            body: 'غيّر الموعد أو المكان وانشر المهمة من جديد.',
          },
        },
      },
    },
    'task.canceled_by_client': {
      summary: 'The client canceled the task',
    },
    'task.canceled_by_tasker': {
      summary: 'The tasker canceled the task',
    },
    'task.disputed': {
      summary: 'A dispute about the task was opened',
    },
    'task.on_hold': {
      summary: 'The task was put on hold',
    },
    'task.failed': {
      summary: 'The task could not be carried out',
    },
  },
})

import { defineArea } from '../../../core/area.ts'
import { assignmentEvents } from './events.ts'
import { assignmentMachine } from './machine.ts'
import { assignmentProblems } from './problems.ts'

export const assignment = defineArea({
  name: 'assignment',
  tags: {
    Dispatch: 'The queue of staff, the tasks that they assign, and the board of a day.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [assignmentMachine],
  scopes: {
    'dispatch:read': 'Read the queue, the board and the assignments of tasks',
    'dispatch:write': 'Triage, assign, hold, resume and fail tasks',
  },
  permissions: {
    'dispatch.read': {
      description: 'View the queue of tasks, the dispatch board and the history of assignments',
      heldBy: ['ops', 'support'],
    },
    'tasks.assign': {
      description: 'Assign tasks to taskers, reassign them, and take assignments back',
      heldBy: ['ops'],
    },
    'tasks.fail': {
      description: 'Put tasks on hold, resume them, and end them as failed',
      heldBy: ['ops'],
    },
    'tasks.triage': {
      description: 'Set the priority, internal notes, estimate and final cost of tasks',
      heldBy: ['ops'],
    },
  },
  problems: assignmentProblems,
  constraints: {
    assignments_one_pending: 'already_assigned',
    assignments_undone_once: 'undo_refused',
    dispatch_views_name_key: ['already_exists', 'name'],
  },
  events: assignmentEvents,
})

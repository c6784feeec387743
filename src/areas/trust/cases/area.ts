import { defineArea } from '../../../core/area.ts'
import { caseMachine } from './machine.ts'

export const cases = defineArea({
  name: 'cases',
  tags: {
    Cases:
      'The queue of all work that waits for a person: verification, approval, reports, disputes, moderation.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  machines: [caseMachine],
  permissions: {
    'cases.work': {
      description: 'View cases, take them, and write internal notes',
      heldBy: ['ops', 'support'],
    },
    'cases.assign': {
      description: 'Assign cases to colleagues, and view the figures of reviewers',
      heldBy: ['ops'],
    },
  },
  problems: {
    own_decision: {
      status: 403,
      title: { en: 'Somebody else must look at it', ar: 'يجب أن يراجعه شخص آخر' },
      detail: {
        en: 'The first decision is of the same person.',
        ar: 'القرار الأول للشخص نفسه.',
      },
      cause: 'A second look, or a second approval, would be by the person who decided first.',
      remedy: 'Leave it to a colleague.',
    },
    assignee_not_permitted: {
      status: 422,
      fields: ['assigneeId'],
      title: { en: 'They may not work on cases', ar: 'لا يملك صلاحية العمل على الحالات' },
      detail: {
        en: 'Choose a colleague with the permission cases.work.',
        ar: 'اختر زميلًا لديه صلاحية cases.work.',
      },
      cause: 'The user named by `assigneeId` does not hold `cases.work`.',
      remedy: 'Name somebody who does.',
    },
    not_a_second_look: {
      status: 409,
      title: { en: 'The case is no second look', ar: 'هذه الحالة ليست مراجعة ثانية' },
      detail: {
        en: 'It is decided by the operation of what it is about.',
        ar: 'يُبتّ فيها عبر العملية الخاصة بموضوعها.',
      },
      cause: 'The kind of the case is not `second_look`.',
      remedy: 'Decide on its subject: a case closes with the decision.',
    },
    approval_not_permitted: {
      status: 403,
      title: { en: 'You may not decide on requests', ar: 'لا يمكنك البتّ في الطلبات' },
      detail: {
        en: 'Neither your roles nor your designation let you approve requests.',
        ar: 'لا تسمح لك أدوارك ولا مسماك الوظيفي بالموافقة على الطلبات.',
      },
      cause:
        'No granted role of the caller has `canApproveRequests`, and their designation does not have `canApprove`.',
      remedy: 'Ask a colleague who may, or an administrator for such a role.',
    },
  },
  events: {
    'case.assigned': { summary: 'A case was taken by, or given to, a member of staff' },
    'case.released': { summary: 'A case went back to its queue' },
    'case.closed': { summary: 'A case was decided' },
    'case.overdue': {
      summary: 'A case was not decided in time',
      notifies: {
        user: {
          en: { title: 'A case of yours is overdue', body: 'Decide on it, or release it.' },
          ar: { title: 'حالة لديك تجاوزت موعدها', body: 'ابتّ فيها أو أعدها إلى القائمة.' },
        },
      },
    },
  },
})

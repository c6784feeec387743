import { defineArea } from '../../../core/area.ts'

export const requirements = defineArea({
  name: 'requirements',
  tags: {
    Requirements:
      'What people must have to work: configuration by staff, checklists, waivers and the funnel.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  jobs: () => import('./jobs.ts'),
  permissions: {
    'requirements.read': {
      description: 'View requirements, checklists, waivers and the onboarding funnel',
      heldBy: ['ops', 'support'],
    },
    'requirements.manage': {
      description: 'Configure what is required of taskers and companies',
    },
    'requirements.waive': {
      description: 'Waive a requirement for one tasker or company',
      heldBy: ['ops'],
    },
  },
  problems: {
    requirements_not_met: {
      status: 409,
      title: { en: 'Something required is missing', ar: 'ما زالت هناك متطلبات ناقصة' },
      detail: { en: 'Missing: {missing}.', ar: 'الناقص: {missing}.' },
      cause: 'A required item of the checklist is neither complete nor waived.',
      remedy: 'Read the checklist, and complete or waive what is missing.',
    },
    requirement_not_attested: {
      status: 409,
      title: { en: 'This is not confirmed by yourself', ar: 'لا يمكنك تأكيد هذا بنفسك' },
      detail: {
        en: 'It is read from your data, or checked by us.',
        ar: 'يُقرأ من بياناتك أو نراجعه نحن.',
      },
      cause: 'Only requirements of the kind `terms` are attested.',
      remedy: 'Fill in the profile, or submit papers, as the kind of the requirement says.',
    },
  },
  constraints: {
    requirement_waivers_one: ['already_exists', 'requirementId'],
    requirement_waivers_not_own: 'forbidden',
  },
  events: {
    'requirement.lapsed': {
      summary: 'An active tasker lacks something that is required',
      notifies: {
        user: {
          en: {
            title: 'Something required is missing',
            body: 'See your checklist, and complete it to stay active.',
          },
          ar: { title: 'أحد المتطلبات ناقص', body: 'راجع قائمة المتطلبات وأكملها لتبقى نشطًا.' },
        },
      },
    },
  },
})

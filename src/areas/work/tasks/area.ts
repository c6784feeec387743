import { defineArea } from '../../../core/area.ts'
import { taskMachine } from './machine.ts'
import { tasksRetention } from './retention-policies.ts'

export const tasks = defineArea({
  name: 'tasks',
  tags: {
    Tasks: 'Work that clients want done, from draft to review.',
    'Repeated tasks': 'Templates of tasks, and series of tasks that come back.',
  },
  routes: () => import('./routes.ts'),
  config: () => import('./config.ts'),
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
    'tasks.read_archive': {
      description: 'View the words of tasks that were archived',
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
    addon_refused: {
      status: 422,
      fields: ['addons'],
      title: {
        en: 'The add-on cannot be chosen',
        ar: 'لا يمكن اختيار هذه الإضافة',
      },
      detail: {
        en: 'It is not offered for this category, has a price in another currency, or makes the work longer than a week.',
        ar: 'لا تُعرض لهذه الفئة، أو سعرها بعملة أخرى، أو تجعل العمل أطول من أسبوع.',
      },
      cause:
        'An add-on is unknown or inactive, belongs to neither the category nor the subcategory of the task, or has a price in another currency than the estimate.',
      remedy: 'Choose from `addons.list` of the category, with the currency of the estimate.',
    },
    address_refused: {
      status: 422,
      fields: ['addressId'],
      title: {
        en: 'The address cannot be used',
        ar: 'لا يمكن استخدام هذا العنوان',
      },
      detail: {
        en: 'Choose one of your saved addresses with a place on the map.',
        ar: 'اختر أحد عناوينك المحفوظة ذا موقع على الخريطة.',
      },
      cause: 'The client has no such saved address, or it has no coordinates.',
      remedy: 'Choose from `me.listAddresses`, or add its `location` first.',
    },
    inputs_refused: {
      status: 422,
      title: {
        en: 'The answers do not fit the questions',
        ar: 'الإجابات لا تطابق الأسئلة',
      },
      detail: {
        en: 'See which answers are missing or wrong.',
        ar: 'راجع الإجابات الناقصة أو غير الصحيحة.',
      },
      cause: 'The category asks questions, and `structuredInputs` does not answer them as asked.',
      remedy: 'Read `categories.getInputs`. `errors` points at each answer and says what would pass.',
    },
    task_deleted: {
      status: 409,
      title: {
        en: 'The task is deleted',
        ar: 'المهمة محذوفة',
      },
      detail: {
        en: 'Restore it first.',
        ar: 'استعدها أولًا.',
      },
      cause: 'The task was deleted by its client.',
      remedy: 'Restore it by `tasks.restore`, then try again.',
    },
    not_deletable: {
      status: 409,
      title: {
        en: 'The task cannot be deleted',
        ar: 'لا يمكن حذف المهمة',
      },
      detail: {
        en: 'Only drafts and tasks that have ended can be deleted.',
        ar: 'لا يمكن حذف سوى المسودات والمهام المنتهية.',
      },
      cause: 'The task is under way, or its payment is not settled.',
      remedy: 'Cancel it first, or wait until it has ended.',
    },
    task_archived: {
      status: 409,
      title: {
        en: 'The task is archived',
        ar: 'المهمة مؤرشفة',
      },
      detail: {
        en: 'It ended years ago. Describe the work anew.',
        ar: 'انتهت منذ سنوات. صف العمل من جديد.',
      },
      cause: 'The words of the task have moved to the archive.',
      remedy: 'Read them by `tasks.getArchived`, and create a new task.',
    },
    photos_incomplete: {
      status: 422,
      fields: ['photoIds'],
      title: {
        en: 'The photos are not those of the task',
        ar: 'هذه ليست صور المهمة',
      },
      detail: {
        en: 'Name each photo of the task once, in the new order.',
        ar: 'اذكر كل صورة من صور المهمة مرة واحدة بالترتيب الجديد.',
      },
      cause: 'A photo was left out, named twice, removed or added meanwhile.',
      remedy: 'Read the task again, and send the ids of all its photos.',
    },
    unknown_task: {
      status: 422,
      fields: ['taskId'],
      title: {
        en: 'Unknown task',
        ar: 'المهمة غير معروفة',
      },
      detail: {
        en: 'Choose one of your tasks.',
        ar: 'اختر إحدى مهامك.',
      },
      cause: 'There is no such task, or it is not yours.',
      remedy: 'Choose one of `tasks.list` with the role `client`.',
    },
    series_end_refused: {
      status: 422,
      fields: ['endsOn'],
      title: {
        en: 'The series would end before it starts',
        ar: 'تنتهي السلسلة قبل أن تبدأ',
      },
      detail: {
        en: 'Choose its first day or a later one.',
        ar: 'اختر يومها الأول أو يومًا بعده.',
      },
      cause: '`endsOn` is before `startsOn` of the series.',
      remedy: 'Send a later day, or end the series by `taskSeries.end`.',
    },
    series_ended: {
      status: 409,
      title: {
        en: 'The series has ended',
        ar: 'انتهت السلسلة',
      },
      detail: {
        en: 'Create a new one.',
        ar: 'أنشئ سلسلة جديدة.',
      },
      cause: 'The series was ended by its client.',
      remedy: 'Create a new series of the same task.',
    },
  },
  constraints: {
    task_templates_name_key: ['already_exists', 'name'],
    task_photos_once: ['already_exists', 'mediaId'],
    tasks_addons: ['addon_refused', 'addons'],
    task_series_dates: ['series_end_refused', 'endsOn'],
    task_series_two_people: ['unknown_task', 'taskId'],
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
            title: '{action, select, lapse {Your task has lapsed} other {No tasker was available}}',
            body: 'Change the time or the place, and post the task again.',
          },
          ar: {
            title: '{action, select, lapse {انتهت مهلة مهمتك} other {لم نجد مقدم خدمة متاحًا}}',
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
    'task.climbed': {
      summary: 'The tasker of the task is looked for in another way',
      notifies: {
        client: {
          en: {
            title: 'We are still looking',
            body: 'Nobody has taken your task yet. Open it: its tasker is now looked for in another way.',
          },
          ar: {
            title: 'ما زلنا نبحث',
            body: 'لم يقبل أحد مهمتك بعد. افتحها: نبحث الآن عن مقدم خدمة بطريقة أخرى.',
          },
        },
      },
    },
    'task.queued': {
      summary: 'The task waits for staff to assign it',
    },
    'task.on_hold': {
      summary: 'The task was put on hold',
      notifies: {
        client: {
          en: {
            title: 'Your task is on hold',
            body: 'See the task for the reason. We tell you when it goes on.',
          },
          ar: {
            title: 'مهمتك معلقة',
            body: 'تجد السبب في صفحة المهمة. سنخبرك عند استئنافها.',
          },
        },
        tasker: {
          en: {
            title: 'A task is on hold',
            body: 'Wait until our team resumes it.',
          },
          ar: {
            title: 'إحدى مهامك معلقة',
            body: 'انتظر حتى يستأنفها فريقنا.',
          },
        },
      },
    },
    'task.resumed': {
      summary: 'The task goes on after a hold',
      notifies: {
        client: {
          en: {
            title: 'Your task goes on',
            body: 'See the booking for the time.',
          },
          ar: {
            title: 'استُؤنفت مهمتك',
            body: 'تجد الموعد في صفحة الحجز.',
          },
        },
        tasker: {
          en: {
            title: 'A task goes on',
            body: 'See the booking for the time.',
          },
          ar: {
            title: 'استُؤنفت إحدى مهامك',
            body: 'تجد الموعد في صفحة الحجز.',
          },
        },
      },
    },
    'task.failed': {
      summary: 'The task could not be carried out',
      notifies: {
        client: {
          en: {
            title: 'Your task could not be carried out',
            body: 'See the task for the reason. You do not pay for it.',
          },
          ar: {
            title: 'تعذّر تنفيذ مهمتك',
            body: 'تجد السبب في صفحة المهمة. لن تدفع مقابلها.',
          },
        },
        tasker: {
          en: {
            title: 'A task could not be carried out',
            body: 'Our team has ended it. Your calendar is free again.',
          },
          ar: {
            title: 'تعذّر تنفيذ إحدى مهامك',
            body: 'أنهاها فريقنا، وأصبح وقتك متاحًا من جديد.',
          },
        },
      },
    },
    'task.deleted': {
      summary: 'The client deleted a task',
    },
    'task.restored': {
      summary: 'A deleted task was restored',
    },
    'task_series.skipped': {
      summary: 'An occurrence of a series could not be planned',
      notifies: {
        client: {
          en: {
            title: 'A repeated task was left out',
            body: 'It could not be posted for the next day. Check the series.',
          },
          ar: {
            title: 'تعذر نشر مهمة متكررة',
            body: 'لم نتمكن من نشرها لليوم التالي. راجع السلسلة.',
          },
        },
      },
    },
  },
})

import type { ProblemText } from './problem-text.ts'

/** Roles, grants and accounts of others. */
export const accessTexts = {
  not_held: {
    status: 403,
    title: { en: 'You cannot grant what you do not hold', ar: 'لا يمكنك منح ما لا تملكه' },
    detail: {
      en: 'The role has the permission "{permission}", which you do not hold yourself.',
      ar: 'يشمل الدور الصلاحية "{permission}" التي لا تملكها أنت.',
    },
  },
  own_role: {
    status: 403,
    title: { en: 'Nobody decides on their own roles', ar: 'لا أحد يقرر أدواره بنفسه' },
    detail: {
      en: 'Somebody else with the right to assign roles must do this.',
      ar: 'يجب أن يقوم بهذا شخص آخر يملك صلاحية منح الأدوار.',
    },
  },
  last_admin: {
    status: 409,
    title: { en: 'An administrator must be left', ar: 'يجب أن يبقى مدير واحد على الأقل' },
    detail: {
      en: 'This is the last administrator whose role does not run out. Make somebody else one first.',
      ar: 'هذا آخر مدير لا ينتهي دوره. عيّن مديرًا آخر أولًا.',
    },
  },
  system_role: {
    status: 409,
    title: { en: 'A system role stays as it is', ar: 'أدوار النظام لا تتغير' },
    detail: {
      en: 'Roles of the system cannot be changed or deleted. Make one of your own.',
      ar: 'لا يمكن تعديل أدوار النظام أو حذفها. أنشئ دورًا خاصًا بك.',
    },
  },
  role_in_use: {
    status: 409,
    title: { en: 'This role was granted or asked for', ar: 'سبق منح هذا الدور أو طلبه' },
    detail: {
      en: 'Only roles that nobody ever had or asked for can be deleted. Switch it off.',
      ar: 'لا تُحذف إلا الأدوار التي لم تُمنح لأحد ولم يطلبها أحد. عطّله بدلًا من ذلك.',
    },
  },
  not_pending: {
    status: 409,
    title: { en: 'This was decided already', ar: 'تم البت في هذا بالفعل' },
    detail: {
      en: 'The request or grant no longer stands.',
      ar: 'لم يعد الطلب أو المنح قائمًا.',
    },
  },
  time_in_the_past: {
    status: 422,
    title: { en: 'That time has passed', ar: 'هذا الوقت قد مضى' },
    detail: {
      en: 'Choose a time in the future, or none.',
      ar: 'اختر وقتًا في المستقبل، أو لا تختر وقتًا.',
    },
  },
  account_not_in_state: {
    status: 409,
    title: { en: 'The account is not in that state', ar: 'الحساب ليس في هذه الحالة' },
    detail: {
      en: 'Only active accounts can be suspended, and only suspended ones reinstated.',
      ar: 'يمكن إيقاف الحسابات النشطة فقط، وإعادة الحسابات الموقوفة فقط.',
    },
  },
  unknown_reference: {
    status: 422,
    title: { en: 'Something it refers to is not there', ar: 'عنصر مشار إليه غير موجود' },
    detail: {
      en: 'An id in the body names nothing that exists.',
      ar: 'أحد المعرّفات في الطلب لا يشير إلى شيء موجود.',
    },
  },
  manager_circle: {
    status: 409,
    title: { en: 'The managers would go in a circle', ar: 'سيدور تسلسل المديرين في حلقة' },
    detail: {
      en: 'The manager chosen stands below this employee.',
      ar: 'المدير المختار يقع تحت هذا الموظف في التسلسل.',
    },
  },
} as const satisfies Record<string, ProblemText>

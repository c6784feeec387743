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
  not_held_so_long: {
    status: 403,
    title: { en: 'You cannot grant it for longer than you hold it', ar: 'لا يمكنك منحه لمدة أطول من مدتك' },
    detail: {
      en: 'You hold the permission "{permission}" until {until}. Grant it until then at most.',
      ar: 'تملك الصلاحية "{permission}" حتى {until}. امنحها حتى ذلك الوقت على الأكثر.',
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
  own_account: {
    status: 403,
    title: { en: 'Nobody does this to their own account', ar: 'لا أحد يفعل هذا بحسابه هو' },
    detail: {
      en: 'This is your own account. Somebody else with the right to it must do this.',
      ar: 'هذا حسابك أنت. يجب أن يقوم بهذا شخص آخر يملك الصلاحية.',
    },
  },
  no_second_factor: {
    status: 409,
    title: { en: 'The account has no second factor', ar: 'ليس لهذا الحساب عامل تحقق ثانٍ' },
    detail: { en: 'There is nothing to take off.', ar: 'لا يوجد ما يُزال.' },
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
    fields: ['expiresAt'],
    title: { en: 'That time has passed', ar: 'هذا الوقت قد مضى' },
    detail: {
      en: 'Choose a time in the future, or none.',
      ar: 'اختر وقتًا في المستقبل، أو لا تختر وقتًا.',
    },
  },
  scope_unusable: {
    status: 422,
    fields: ['scopes'],
    title: { en: 'The key would open nothing with it', ar: 'لن يفتح المفتاح به شيئًا' },
    detail: {
      en: 'Nothing that these scopes open is open to you: {scopes}. Make the key without them.',
      ar: 'لا يحق لك استخدام أي شيء تفتحه هذه الصلاحيات: {scopes}. أنشئ المفتاح بدونها.',
    },
  },
  account_not_in_state: {
    status: 409,
    title: { en: 'The account is not in that state', ar: 'الحساب ليس في هذه الحالة' },
    detail: {
      en: 'Only active accounts can be suspended, only suspended ones reinstated, and closed ones are granted nothing.',
      ar: 'يمكن إيقاف الحسابات النشطة فقط، وإعادة الحسابات الموقوفة فقط، ولا يُمنح الحساب المغلق شيئًا.',
    },
  },
  employment_ended: {
    status: 409,
    title: { en: 'Their employment has ended', ar: 'انتهى عمل هذا الموظف' },
    detail: {
      en: 'Somebody whose employment has ended holds no role of staff.',
      ar: 'من انتهى عمله لا يحمل أي دور من أدوار الموظفين.',
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
  designation_elsewhere: {
    status: 409,
    fields: ['designationId', 'departmentId'],
    title: { en: 'The designation is of another department', ar: 'المسمى الوظيفي يتبع قسمًا آخر' },
    detail: {
      en: 'An employee and their designation are of one department.',
      ar: 'يتبع الموظف ومسماه الوظيفي قسمًا واحدًا.',
    },
  },
  manager_circle: {
    status: 409,
    fields: ['managerEmployeeId'],
    title: { en: 'The managers would go in a circle', ar: 'سيدور تسلسل المديرين في حلقة' },
    detail: {
      en: 'The manager chosen stands below this employee.',
      ar: 'المدير المختار يقع تحت هذا الموظف في التسلسل.',
    },
  },
} as const satisfies Record<string, ProblemText>

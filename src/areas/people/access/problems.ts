import type { Area } from '../../../core/area.ts'

export const accessProblems = {
  not_held: {
    status: 403,
    title: {
      en: 'You cannot grant a permission that you do not hold',
      ar: 'لا يمكنك منح صلاحية لا تملكها',
    },
    detail: {
      en: 'The role includes the permission "{permission}", which you do not hold.',
      ar: 'يتضمن الدور الصلاحية "{permission}"، وهي ليست من صلاحياتك.',
    },
    cause: 'A role can only be granted by somebody who holds each of its permissions.',
    remedy: 'Ask a holder of the permission that `detail` names, or grant a smaller role.',
  },
  settings_not_permitted: {
    status: 403,
    title: {
      en: 'You may not change system settings',
      ar: 'لا يمكنك تغيير إعدادات النظام',
    },
    detail: {
      en: 'None of your roles lets you manage system settings.',
      ar: 'لا يسمح لك أي من أدوارك بإدارة إعدادات النظام.',
    },
    cause:
      'The call changes a setting, or passes on a role that lets its holders change settings, and no granted role of the caller has `canManageSystemSettings`.',
    remedy: 'Ask an administrator for a role with `canManageSystemSettings`.',
  },
  not_held_so_long: {
    status: 403,
    title: {
      en: 'You cannot grant a permission for longer than you hold it',
      ar: 'لا يمكنك منح صلاحية لمدة أطول من مدتك',
    },
    detail: {
      en: 'You hold the permission "{permission}" until {until}. Choose that time or an earlier one.',
      ar: 'تملك الصلاحية "{permission}" حتى {until}. اختر هذا الموعد أو موعدًا قبله.',
    },
    cause: 'Your own role with this permission ends before the grant would.',
    remedy: 'Send `expiresAt` no later than the time in `detail`.',
  },
  own_role: {
    status: 403,
    title: {
      en: 'You cannot decide on your own roles',
      ar: 'لا يمكنك البتّ في أدوارك',
    },
    detail: {
      en: 'Another user who can assign roles must do this.',
      ar: 'يجب أن يقوم بهذا مستخدم آخر يملك صلاحية منح الأدوار.',
    },
    cause: "The grant or request is the caller's own.",
    remedy: 'Ask another member of staff who can assign roles.',
  },
  own_account: {
    status: 403,
    title: {
      en: 'Not possible for your own account',
      ar: 'هذا الإجراء غير متاح لحسابك',
    },
    detail: {
      en: 'Another user with this permission must do this.',
      ar: 'يجب أن يقوم بهذا مستخدم آخر يملك هذه الصلاحية.',
    },
    cause: 'The operation would act on the account of the caller.',
    remedy: 'Ask another member of staff with the permission.',
  },
  last_admin: {
    status: 409,
    title: {
      en: 'At least one administrator must remain',
      ar: 'يجب أن يبقى مدير واحد على الأقل',
    },
    detail: {
      en: 'This is the last administrator whose role does not expire. Appoint another one first.',
      ar: 'هذا آخر مدير لا تنتهي مدة دوره. عيّن مديرًا آخر أولًا.',
    },
    cause: 'Without this role, no administrator without an end date would remain.',
    remedy: 'Make another account administrator first.',
  },
  system_role: {
    status: 409,
    title: {
      en: 'System roles cannot be changed',
      ar: 'لا يمكن تعديل أدوار النظام',
    },
    detail: {
      en: 'System roles cannot be changed or deleted. Create a role of your own instead.',
      ar: 'لا يمكن تعديل أدوار النظام أو حذفها. أنشئ دورًا جديدًا بدلًا من ذلك.',
    },
    cause: 'The role comes with the system.',
    remedy: 'Create a role with the permissions that you need.',
  },
  role_in_use: {
    status: 409,
    title: {
      en: 'The role has been granted or requested',
      ar: 'سبق منح هذا الدور أو طلبه',
    },
    detail: {
      en: 'Only roles that were never granted or requested can be deleted. Deactivate it instead.',
      ar: 'لا يمكن حذف دور سبق منحه أو طلبه. عطّله بدلًا من ذلك.',
    },
    cause: 'Somebody holds, held or requested the role, so that its history needs it.',
    remedy: 'Set it inactive with `roles.update`.',
  },
  not_pending: {
    status: 409,
    title: {
      en: 'Already decided',
      ar: 'تم البتّ في الأمر بالفعل',
    },
    detail: {
      en: 'The request or grant is no longer active.',
      ar: 'لم يعد الطلب أو الدور الممنوح ساريًا.',
    },
    cause: 'The request was decided, or the grant has ended.',
    remedy: 'Read it again: its status says what happened.',
  },
  time_in_the_past: {
    status: 422,
    fields: ['expiresAt'],
    title: {
      en: 'The time is in the past',
      ar: 'هذا الموعد قد مضى',
    },
    detail: {
      en: 'Choose a time in the future, or omit it.',
      ar: 'اختر موعدًا في المستقبل، أو اتركه فارغًا.',
    },
    cause: 'The time is not after now.',
    remedy: 'Send a later time, or leave the field out for no end. Check the clock and the time zone.',
  },
  account_not_in_state: {
    status: 409,
    title: {
      en: 'Not possible in the current status of the account',
      ar: 'حالة الحساب لا تسمح بذلك',
    },
    detail: {
      en: 'Only active accounts can be suspended, only suspended ones can be reinstated, and closed ones cannot be granted roles.',
      ar: 'يمكن إيقاف الحسابات النشطة فقط، وإعادة تفعيل الحسابات الموقوفة فقط، ولا يمكن منح أدوار لحساب مغلق.',
    },
    cause: 'The status of the account does not allow the action.',
    remedy: 'Read the account again, and act by its `status`.',
  },
} as const satisfies Area['problems']

import { defineArea } from '../../../core/area.ts'

export const configuration = defineArea({
  name: 'configuration',
  tags: {
    Configuration:
      'Values that operators change while the system runs: by country, city and category, with their history.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'config:read': 'Read configuration with its history (staff)',
    'config:write': 'Change configuration (staff)',
  },
  permissions: {
    'config.manage': {
      description: 'Change configuration',
    },
    'config.read': {
      description: 'View configuration with its history',
      heldBy: ['ops', 'support'],
    },
  },
  problems: {
    unknown_config_key: {
      status: 422,
      fields: ['key'],
      title: {
        en: 'Unknown configuration key',
        ar: 'مفتاح إعداد غير معروف',
      },
      detail: {
        en: 'There is no key {key}. `GET /v1/config/keys` lists them.',
        ar: 'لا يوجد مفتاح باسم {key}. تجد القائمة في `GET /v1/config/keys`.',
      },
      cause: 'The name in `key` is none of the declared keys.',
      remedy: 'Take a name from `GET /v1/config/keys`.',
    },
    config_scope_not_allowed: {
      status: 422,
      fields: ['scope'],
      title: {
        en: 'The key has no such scope',
        ar: 'لا يقبل المفتاح هذا النطاق',
      },
      detail: {
        en: 'Entries of {key} cannot be narrowed by {scope}.',
        ar: 'لا يمكن تضييق قيم {key} بحسب {scope}.',
      },
      cause: 'The entry is narrowed by something that the key does not vary by.',
      remedy: 'Send only the scopes that `GET /v1/config/keys` names for the key.',
    },
    config_in_the_past: {
      status: 422,
      fields: ['validFrom', 'validUntil'],
      title: {
        en: 'The time has passed',
        ar: 'هذا الوقت قد مضى',
      },
      detail: {
        en: 'An entry begins now or later, and ends after it begins.',
        ar: 'تبدأ القيمة الآن أو لاحقًا، وتنتهي بعد بدايتها.',
      },
      cause: '`validFrom` is before now, or `validUntil` is not after the beginning.',
      remedy: 'Leave `validFrom` out to begin now, and let `validUntil` be later.',
    },
    config_entry_overlaps: {
      status: 409,
      fields: ['validFrom', 'validUntil'],
      title: {
        en: 'Another entry is scheduled for that time',
        ar: 'هناك قيمة أخرى مجدولة لهذا الوقت',
      },
      detail: {
        en: 'A key has one entry of a scope at a time. Revert the scheduled entry first, or end the new one before it.',
        ar: 'للمفتاح قيمة واحدة لكل نطاق في الوقت نفسه. ألغِ القيمة المجدولة أولًا، أو اجعل الجديدة تنتهي قبلها.',
      },
      cause: 'A scheduled entry of the same key and scope is in effect in a part of that time.',
      remedy:
        'Preview the entry: `conflicts` names what is in the way. Revert it, or send a `validUntil` before it begins.',
    },
    config_entry_ended: {
      status: 409,
      title: {
        en: 'The entry has ended',
        ar: 'انتهت هذه القيمة',
      },
      detail: {
        en: 'Only scheduled and active entries can be reverted; this one is {state}.',
        ar: 'لا يمكن التراجع إلا عن القيم المجدولة والسارية، وهذه القيمة حالتها {state}.',
      },
      cause: 'The entry has ended or was canceled, and history is not rewritten.',
      remedy: 'Create a new entry with the value that should hold.',
    },
  },
  constraints: {
    config_entries_one_at_a_time: 'config_entry_overlaps',
    config_entries_category_id_task_categories_id_fk: ['unknown_category', 'categoryId'],
  },
  events: {
    'config.changed': {
      summary: 'Configuration was changed, scheduled or reverted',
    },
  },
})

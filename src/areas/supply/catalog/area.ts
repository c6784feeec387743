import { defineArea } from '../../../core/area.ts'

export const catalog = defineArea({
  name: 'catalog',
  tags: {
    Catalog: 'The tree of categories, add-ons, prices and the list of languages.',
  },
  routes: () => import('./routes.ts'),
  personalData: () => import('./personal-data.ts'),
  scopes: {
    'catalog:write': 'Change categories, add-ons and languages (staff)',
  },
  permissions: {
    'catalog.manage': {
      description: 'Create, change and delete categories, add-ons and languages',
    },
  },
  problems: {
    unknown_category: {
      status: 422,
      fields: ['category', 'categories', 'categoryId', 'parentId'],
      title: {
        en: 'Unknown category',
        ar: 'الفئة غير معروفة',
      },
      detail: {
        en: 'The category does not exist, was deleted or is not active.',
        ar: 'الفئة غير موجودة أو حُذفت أو غير مفعّلة.',
      },
      cause:
        'The request names no category, or a deleted one. Tasks and taskers also cannot name one that is switched off, or that is below one that is.',
      remedy: 'Read `categories.getTree`, and send a category of it.',
    },
    category_cycle: {
      status: 409,
      fields: ['parentId'],
      title: {
        en: 'A category cannot be below itself',
        ar: 'لا يمكن أن تقع الفئة تحت نفسها',
      },
      detail: {
        en: 'The parent is the category itself or one below it.',
        ar: 'الفئة الأم هي الفئة نفسها أو فئة تحتها.',
      },
      cause: 'The new parent is the category itself or one of its descendants.',
      remedy: 'Choose a parent outside its own branch.',
    },
    parent_deleted: {
      status: 409,
      title: {
        en: 'The parent is deleted',
        ar: 'العنصر الأب محذوف',
      },
      detail: {
        en: 'Restore the parent first.',
        ar: 'استعد العنصر الأب أولًا.',
      },
      cause: 'The category is below a deleted one, or the add-on belongs to one.',
      remedy: 'Restore the parent, then this one.',
    },
  },
  constraints: {
    task_categories_slug_key: ['already_exists', 'slug'],
  },
})

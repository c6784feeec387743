export const TOP_CATEGORY_SLUGS = [
  'plumbing',
  'electrical',
  'cleaning',
  'carpentry',
  'painting',
  'ac-repair',
  'appliance-repair',
  'moving',
  'gardening',
  'pest-control',
  'tutoring',
  'beauty',
] as const

export type TopCategorySlug = (typeof TOP_CATEGORY_SLUGS)[number]

export interface DemoCategory {
  slug: string
  nameEn: string
  nameAr: string
  /** Slug of the parent; absent on a top-level category. */
  parent?: TopCategorySlug
  /** Within its parent, from 1. */
  sortOrder: number
}

interface Branch {
  nameEn: string
  nameAr: string
  children: readonly (readonly [slug: string, nameEn: string, nameAr: string])[]
}

const tree: Record<TopCategorySlug, Branch> = {
  plumbing: {
    nameEn: 'Plumbing',
    nameAr: 'سباكة',
    children: [
      ['leak-repair', 'Leak repair', 'إصلاح تسريب المياه'],
      ['drain-unblocking', 'Drain unblocking', 'تسليك المجاري والبالوعات'],
      ['water-heater', 'Water heaters', 'تركيب وصيانة السخانات'],
      ['bathroom-fixtures', 'Bathroom and kitchen fixtures', 'تركيب الخلاطات والأطقم الصحية'],
    ],
  },
  electrical: {
    nameEn: 'Electrical',
    nameAr: 'كهرباء',
    children: [
      ['wiring', 'Wiring', 'تأسيس وتمديد الأسلاك'],
      ['lighting', 'Lighting', 'تركيب النجف والإضاءة'],
      ['sockets-switches', 'Sockets and switches', 'المفاتيح والبرايز'],
      ['fuse-box', 'Fuse box and faults', 'لوحات الكهرباء وكشف الأعطال'],
    ],
  },
  cleaning: {
    nameEn: 'Cleaning',
    nameAr: 'تنظيف',
    children: [
      ['home-cleaning', 'Home cleaning', 'تنظيف المنازل'],
      ['deep-cleaning', 'Deep cleaning', 'تنظيف عميق'],
      ['carpet-sofa', 'Carpets and sofas', 'غسيل السجاد والأنتريهات'],
      ['office-cleaning', 'Office cleaning', 'تنظيف المكاتب'],
    ],
  },
  carpentry: {
    nameEn: 'Carpentry',
    nameAr: 'نجارة',
    children: [
      ['furniture-assembly', 'Furniture assembly', 'فك وتركيب الأثاث'],
      ['furniture-repair', 'Furniture repair', 'تصليح الأثاث'],
      ['doors-windows', 'Doors and windows', 'الأبواب والشبابيك'],
    ],
  },
  painting: {
    nameEn: 'Painting',
    nameAr: 'نقاشة ودهانات',
    children: [
      ['interior-painting', 'Interior painting', 'دهانات داخلية'],
      ['exterior-painting', 'Exterior painting', 'دهان الواجهات'],
      ['wallpaper', 'Wallpaper', 'تركيب ورق الحائط'],
    ],
  },
  'ac-repair': {
    nameEn: 'Air conditioning',
    nameAr: 'تكييفات',
    children: [
      ['ac-installation', 'AC installation', 'تركيب التكييف'],
      ['ac-cleaning', 'AC cleaning', 'تنظيف التكييف'],
      ['ac-gas', 'Gas refill and faults', 'شحن الفريون وإصلاح الأعطال'],
    ],
  },
  'appliance-repair': {
    nameEn: 'Appliance repair',
    nameAr: 'صيانة الأجهزة المنزلية',
    children: [
      ['washing-machines', 'Washing machines', 'صيانة الغسالات'],
      ['fridges', 'Fridges and freezers', 'صيانة الثلاجات والديب فريزر'],
      ['cookers', 'Cookers and ovens', 'صيانة البوتاجازات والأفران'],
      ['televisions', 'Televisions', 'صيانة الشاشات والتلفزيونات'],
    ],
  },
  moving: {
    nameEn: 'Moving',
    nameAr: 'نقل العفش',
    children: [
      ['home-moving', 'Home moving', 'نقل الشقق'],
      ['packing', 'Packing', 'التغليف والتعبئة'],
      ['single-item', 'Single heavy items', 'نقل قطعة واحدة'],
    ],
  },
  gardening: {
    nameEn: 'Gardening',
    nameAr: 'تنسيق الحدائق',
    children: [
      ['lawn-care', 'Lawn care', 'قص النجيل والعناية به'],
      ['tree-pruning', 'Tree pruning', 'تقليم الأشجار'],
      ['irrigation', 'Irrigation', 'شبكات الري'],
    ],
  },
  'pest-control': {
    nameEn: 'Pest control',
    nameAr: 'مكافحة الحشرات',
    children: [
      ['insects', 'Cockroaches, ants and bedbugs', 'الصراصير والنمل والبق'],
      ['rodents', 'Rodents', 'مكافحة الفئران'],
      ['termites', 'Termites', 'مكافحة النمل الأبيض'],
    ],
  },
  tutoring: {
    nameEn: 'Tutoring',
    nameAr: 'دروس خصوصية',
    children: [
      ['maths', 'Maths', 'رياضيات'],
      ['languages', 'Languages', 'لغات'],
      ['science', 'Science', 'علوم'],
      ['primary-school', 'Primary school', 'المرحلة الابتدائية'],
    ],
  },
  beauty: {
    nameEn: 'Beauty at home',
    nameAr: 'تجميل في المنزل',
    children: [
      ['hair', 'Hair', 'تصفيف الشعر'],
      ['makeup', 'Makeup', 'مكياج'],
      ['nails', 'Manicure and pedicure', 'مانيكير وباديكير'],
    ],
  },
}

function flatten(slug: TopCategorySlug, index: number): DemoCategory[] {
  const { nameEn, nameAr, children } = tree[slug]
  return [
    { slug, nameEn, nameAr, sortOrder: index + 1 },
    ...children.map(([child, en, ar], position) => ({
      slug: `${slug}-${child}`,
      nameEn: en,
      nameAr: ar,
      parent: slug,
      sortOrder: position + 1,
    })),
  ]
}

/** Parents come before their children. */
export const demoCategories: readonly DemoCategory[] = TOP_CATEGORY_SLUGS.flatMap(flatten)

export function subcategorySlugs(parent: TopCategorySlug): string[] {
  return demoCategories.filter((category) => category.parent === parent).map((category) => category.slug)
}

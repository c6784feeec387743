import type { Names, Translations } from '../../src/core/translations.ts'
import { names, type ProfessionCategorySlug, professionBranches } from './profession-categories.ts'

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
  names: Names
  descriptions: Translations
  color: string | null
  /** Slug of the parent; absent on a top-level category. */
  parent?: TopCategorySlug | ProfessionCategorySlug
  /** Within its parent, from 1. */
  sortOrder: number
}

export interface Branch {
  names: Names
  descriptions?: Translations
  color: string
  children: readonly (readonly [slug: string, names: Names])[]
}

const tree: Record<TopCategorySlug, Branch> = {
  plumbing: {
    names: names('Plumbing', 'سباكة', 'Сантехника', 'Сантехника', 'प्लंबिंग'),
    descriptions: names(
      'Water, drains and everything that is attached to them.',
      'المياه والصرف وكل ما يتصل بهما.',
      'Вода, канализация и всё, что к ним подключено.',
      'Суу, канализация жана аларга туташкан бардык нерселер.',
      'पानी, नाली और उनसे जुड़ा सारा काम।',
    ),
    color: '#1d7874',
    children: [
      [
        'leak-repair',
        names(
          'Leak repair',
          'إصلاح تسريب المياه',
          'Устранение протечек',
          'Суу агууну оңдоо',
          'रिसाव की मरम्मत',
        ),
      ],
      [
        'drain-unblocking',
        names(
          'Drain unblocking',
          'تسليك المجاري والبالوعات',
          'Прочистка канализации',
          'Канализацияны тазалоо',
          'नाली खोलना',
        ),
      ],
      [
        'water-heater',
        names('Water heaters', 'تركيب وصيانة السخانات', 'Водонагреватели', 'Суу жылыткычтар', 'वॉटर हीटर'),
      ],
      [
        'bathroom-fixtures',
        names(
          'Bathroom and kitchen fixtures',
          'تركيب الخلاطات والأطقم الصحية',
          'Сантехника для ванной и кухни',
          'Ванна жана ашкана жабдыктары',
          'बाथरूम और रसोई की फिटिंग',
        ),
      ],
    ],
  },
  electrical: {
    names: names('Electrical', 'كهرباء', 'Электрика', 'Электрика', 'बिजली का काम'),
    color: '#e0a030',
    children: [
      ['wiring', names('Wiring', 'تأسيس وتمديد الأسلاك', 'Проводка', 'Зым тартуу', 'वायरिंग')],
      ['lighting', names('Lighting', 'تركيب النجف والإضاءة', 'Освещение', 'Жарыктандыруу', 'लाइटिंग')],
      [
        'sockets-switches',
        names(
          'Sockets and switches',
          'المفاتيح والبرايز',
          'Розетки и выключатели',
          'Розеткалар жана өчүргүчтөр',
          'सॉकेट और स्विच',
        ),
      ],
      [
        'fuse-box',
        names(
          'Fuse box and faults',
          'لوحات الكهرباء وكشف الأعطال',
          'Электрощиты и неисправности',
          'Электр щиттери жана бузулуулар',
          'फ़्यूज़ बॉक्स और ख़राबी',
        ),
      ],
    ],
  },
  cleaning: {
    names: names('Cleaning', 'تنظيف', 'Уборка', 'Тазалоо', 'सफ़ाई'),
    descriptions: names(
      'Homes and offices, once or every week.',
      'المنازل والمكاتب، لمرة واحدة أو كل أسبوع.',
      'Дома и офисы, один раз или каждую неделю.',
      'Үйлөр жана кеңселер, бир жолу же жума сайын.',
      'घर और दफ़्तर, एक बार या हर हफ़्ते।',
    ),
    color: '#3a86c8',
    children: [
      ['home-cleaning', names('Home cleaning', 'تنظيف المنازل', 'Уборка дома', 'Үй тазалоо', 'घर की सफ़ाई')],
      [
        'deep-cleaning',
        names('Deep cleaning', 'تنظيف عميق', 'Генеральная уборка', 'Кылдат тазалоо', 'गहरी सफ़ाई'),
      ],
      [
        'carpet-sofa',
        names(
          'Carpets and sofas',
          'غسيل السجاد والأنتريهات',
          'Ковры и диваны',
          'Килемдер жана дивандар',
          'क़ालीन और सोफ़ा',
        ),
      ],
      [
        'office-cleaning',
        names('Office cleaning', 'تنظيف المكاتب', 'Уборка офисов', 'Кеңсе тазалоо', 'दफ़्तर की सफ़ाई'),
      ],
    ],
  },
  carpentry: {
    names: names('Carpentry', 'نجارة', 'Столярные работы', 'Жыгач усталык', 'बढ़ईगीरी'),
    color: '#8a5a33',
    children: [
      [
        'furniture-assembly',
        names('Furniture assembly', 'فك وتركيب الأثاث', 'Сборка мебели', 'Эмерек чогултуу', 'फ़र्नीचर जोड़ना'),
      ],
      [
        'furniture-repair',
        names('Furniture repair', 'تصليح الأثاث', 'Ремонт мебели', 'Эмерек оңдоо', 'फ़र्नीचर की मरम्मत'),
      ],
      [
        'doors-windows',
        names(
          'Doors and windows',
          'الأبواب والشبابيك',
          'Двери и окна',
          'Эшиктер жана терезелер',
          'दरवाज़े और खिड़कियाँ',
        ),
      ],
    ],
  },
  painting: {
    names: names('Painting', 'نقاشة ودهانات', 'Малярные работы', 'Сырдоо', 'पेंटिंग'),
    color: '#c8553d',
    children: [
      [
        'interior-painting',
        names('Interior painting', 'دهانات داخلية', 'Покраска внутри', 'Ичин сырдоо', 'अंदर की पेंटिंग'),
      ],
      [
        'exterior-painting',
        names('Exterior painting', 'دهان الواجهات', 'Покраска фасадов', 'Фасадды сырдоо', 'बाहर की पेंटिंग'),
      ],
      ['wallpaper', names('Wallpaper', 'تركيب ورق الحائط', 'Поклейка обоев', 'Тушкагаз чаптоо', 'वॉलपेपर')],
    ],
  },
  'ac-repair': {
    names: names('Air conditioning', 'تكييفات', 'Кондиционеры', 'Кондиционерлер', 'एयर कंडीशनिंग'),
    color: '#4fa3c7',
    children: [
      [
        'ac-installation',
        names(
          'AC installation',
          'تركيب التكييف',
          'Установка кондиционера',
          'Кондиционер орнотуу',
          'एसी लगाना',
        ),
      ],
      [
        'ac-cleaning',
        names('AC cleaning', 'تنظيف التكييف', 'Чистка кондиционера', 'Кондиционер тазалоо', 'एसी की सफ़ाई'),
      ],
      [
        'ac-gas',
        names(
          'Gas refill and faults',
          'شحن الفريون وإصلاح الأعطال',
          'Заправка и неисправности',
          'Газ толтуруу жана бузулуулар',
          'गैस भरना और ख़राबी',
        ),
      ],
    ],
  },
  'appliance-repair': {
    names: names(
      'Appliance repair',
      'صيانة الأجهزة المنزلية',
      'Ремонт бытовой техники',
      'Тиричилик техникасын оңдоо',
      'घरेलू उपकरणों की मरम्मत',
    ),
    color: '#5b6c8f',
    children: [
      [
        'washing-machines',
        names(
          'Washing machines',
          'صيانة الغسالات',
          'Стиральные машины',
          'Кир жуугуч машиналар',
          'वॉशिंग मशीन',
        ),
      ],
      [
        'fridges',
        names(
          'Fridges and freezers',
          'صيانة الثلاجات والديب فريزر',
          'Холодильники и морозильники',
          'Муздаткычтар жана тоңдургучтар',
          'फ़्रिज और फ़्रीज़र',
        ),
      ],
      [
        'cookers',
        names(
          'Cookers and ovens',
          'صيانة البوتاجازات والأفران',
          'Плиты и духовки',
          'Плиталар жана духовкалар',
          'चूल्हे और ओवन',
        ),
      ],
      [
        'televisions',
        names('Televisions', 'صيانة الشاشات والتلفزيونات', 'Телевизоры', 'Телевизорлор', 'टेलीविज़न'),
      ],
    ],
  },
  moving: {
    names: names('Moving', 'نقل العفش', 'Переезды', 'Көчүрүү', 'सामान शिफ़्ट करना'),
    color: '#7b5ea7',
    children: [
      ['home-moving', names('Home moving', 'نقل الشقق', 'Квартирный переезд', 'Үй көчүрүү', 'घर शिफ़्ट करना')],
      ['packing', names('Packing', 'التغليف والتعبئة', 'Упаковка', 'Таңгактоо', 'पैकिंग')],
      [
        'single-item',
        names(
          'Single heavy items',
          'نقل قطعة واحدة',
          'Отдельные тяжёлые вещи',
          'Жеке оор буюмдар',
          'एक भारी सामान',
        ),
      ],
    ],
  },
  gardening: {
    names: names('Gardening', 'تنسيق الحدائق', 'Садоводство', 'Багбанчылык', 'बाग़वानी'),
    color: '#4c9a4a',
    children: [
      [
        'lawn-care',
        names('Lawn care', 'قص النجيل والعناية به', 'Уход за газоном', 'Газонду багуу', 'लॉन की देखभाल'),
      ],
      [
        'tree-pruning',
        names('Tree pruning', 'تقليم الأشجار', 'Обрезка деревьев', 'Дарак бутоо', 'पेड़ों की छँटाई'),
      ],
      ['irrigation', names('Irrigation', 'شبكات الري', 'Полив', 'Сугаруу', 'सिंचाई')],
    ],
  },
  'pest-control': {
    names: names(
      'Pest control',
      'مكافحة الحشرات',
      'Борьба с вредителями',
      'Зыянкечтерге каршы күрөш',
      'कीट नियंत्रण',
    ),
    color: '#6b7a3a',
    children: [
      [
        'insects',
        names(
          'Cockroaches, ants and bedbugs',
          'الصراصير والنمل والبق',
          'Тараканы, муравьи и клопы',
          'Таракандар, кумурскалар жана канталалар',
          'तिलचट्टे, चींटियाँ और खटमल',
        ),
      ],
      ['rodents', names('Rodents', 'مكافحة الفئران', 'Грызуны', 'Кемирүүчүлөр', 'चूहे')],
      ['termites', names('Termites', 'مكافحة النمل الأبيض', 'Термиты', 'Термиттер', 'दीमक')],
    ],
  },
  tutoring: {
    names: names('Tutoring', 'دروس خصوصية', 'Репетиторство', 'Жеке сабактар', 'ट्यूशन'),
    color: '#b5467a',
    children: [
      ['maths', names('Maths', 'رياضيات', 'Математика', 'Математика', 'गणित')],
      ['languages', names('Languages', 'لغات', 'Языки', 'Тилдер', 'भाषाएँ')],
      ['science', names('Science', 'علوم', 'Естественные науки', 'Табигый илимдер', 'विज्ञान')],
      [
        'primary-school',
        names('Primary school', 'المرحلة الابتدائية', 'Начальная школа', 'Башталгыч мектеп', 'प्राथमिक स्कूल'),
      ],
    ],
  },
  beauty: {
    names: names('Beauty at home', 'تجميل في المنزل', 'Красота на дому', 'Үйдө сулуулук', 'घर पर ब्यूटी'),
    color: '#d46a92',
    children: [
      ['hair', names('Hair', 'تصفيف الشعر', 'Причёски', 'Чач жасалгалоо', 'बाल')],
      ['makeup', names('Makeup', 'مكياج', 'Макияж', 'Макияж', 'मेकअप')],
      [
        'nails',
        names(
          'Manicure and pedicure',
          'مانيكير وباديكير',
          'Маникюр и педикюр',
          'Маникюр жана педикюр',
          'मैनीक्योर और पेडीक्योर',
        ),
      ],
    ],
  },
}

function flatten<Slug extends TopCategorySlug | ProfessionCategorySlug>(
  [slug, { children, descriptions = {}, ...branch }]: [Slug, Branch],
  index: number,
): DemoCategory[] {
  return [
    { slug, ...branch, descriptions, sortOrder: index + 1 },
    ...children.map(([child, childNames], position) => ({
      slug: `${slug}-${child}`,
      names: childNames,
      descriptions: {},
      color: null,
      parent: slug,
      sortOrder: position + 1,
    })),
  ]
}

/** Parents come before their children. */
export const demoCategories: readonly DemoCategory[] = [
  ...TOP_CATEGORY_SLUGS.map((slug): [TopCategorySlug, Branch] => [slug, tree[slug]]),
  ...professionBranches,
].flatMap(flatten)

export interface DemoAddon {
  /** Slug of the category. */
  category: string
  names: Names
  descriptions: Translations
  priceMinor: number
  currency: string
  sortOrder: number
}

export const demoAddons: readonly DemoAddon[] = [
  {
    category: 'cleaning-home-cleaning',
    names: names(
      'Inside the oven',
      'تنظيف الفرن من الداخل',
      'Духовка изнутри',
      'Духовканын ичи',
      'ओवन के अंदर',
    ),
    descriptions: {},
    priceMinor: 7_500,
    currency: 'EGP',
    sortOrder: 1,
  },
  {
    category: 'cleaning-home-cleaning',
    names: names('Ironing', 'كي الملابس', 'Глажка', 'Үтүктөө', 'इस्त्री'),
    descriptions: names(
      'Up to ten pieces.',
      'حتى عشر قطع.',
      'До десяти вещей.',
      'Он буюмга чейин.',
      'दस कपड़ों तक।',
    ),
    priceMinor: 5_000,
    currency: 'EGP',
    sortOrder: 2,
  },
  {
    category: 'ac-repair-ac-installation',
    names: names('Wall bracket', 'حامل حائط', 'Настенный кронштейн', 'Дубал кронштейни', 'दीवार ब्रैकेट'),
    descriptions: {},
    priceMinor: 25_000,
    currency: 'EGP',
    sortOrder: 1,
  },
  {
    category: 'moving-home-moving',
    names: names('Cartons', 'كراتين', 'Коробки', 'Кутулар', 'गत्ते के डिब्बे'),
    descriptions: names(
      'Twenty cartons and tape.',
      'عشرون كرتونة وشريط لاصق.',
      'Двадцать коробок и скотч.',
      'Жыйырма куту жана скотч.',
      'बीस डिब्बे और टेप।',
    ),
    priceMinor: 15_000,
    currency: 'EGP',
    sortOrder: 1,
  },
]

export function subcategorySlugs(parent: TopCategorySlug): string[] {
  return demoCategories.filter((category) => category.parent === parent).map((category) => category.slug)
}

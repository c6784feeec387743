import type { Labels } from '../../src/areas/supply/professions/profession.ts'
import { labels } from '../../src/areas/supply/professions/profession.ts'
import { pickSome, type Random } from './random.ts'

/** Attributes and a service of the demo professionals of a profession. */
export interface ProfessionOffer {
  profession: string
  /** Slug of the category of its service. */
  category: string
  service: Labels
  priceType: 'hourly' | 'fixed' | 'per_unit' | 'from'
  unitName?: string
  durationMinutes: number
  /** Price of the service, in hours of the person. */
  hours: number
  extra: { name: Labels; hours: number; minutes: number }
  /** All attributes but the price. */
  attributes(random: Random): Record<string, unknown>
}

const some = (random: Random, ...words: string[]) => pickSome(random, words, 2)

export const professionOffers: readonly ProfessionOffer[] = [
  {
    profession: 'photographer',
    category: 'events-photography',
    service: labels(
      'Family portraits',
      'جلسة تصوير عائلية',
      'Семейная фотосессия',
      'Үй-бүлөлүк фотосессия',
      'पारिवारिक पोर्ट्रेट',
    ),
    priceType: 'fixed',
    durationMinutes: 120,
    hours: 4,
    extra: {
      name: labels('Printed album', 'ألبوم مطبوع', 'Печатный альбом', 'Басма альбом', 'मुद्रित एल्बम'),
      hours: 2,
      minutes: 0,
    },
    attributes: (random) => ({
      specialties: some(random, 'weddings', 'portraits', 'food', 'real estate'),
      cameraBrands: some(random, 'Canon', 'Nikon', 'Sony'),
      studioAvailable: random() < 0.4,
      outdoorShoots: random() < 0.8,
    }),
  },
  {
    profession: 'tutor',
    category: 'tutoring',
    service: labels(
      'One lesson at home',
      'حصة في المنزل',
      'Занятие на дому',
      'Үйдөгү сабак',
      'घर पर एक कक्षा',
    ),
    priceType: 'hourly',
    durationMinutes: 60,
    hours: 1,
    extra: {
      name: labels(
        'Practice papers',
        'نماذج امتحانات',
        'Тренировочные задания',
        'Машыгуу тапшырмалары',
        'अभ्यास प्रश्नपत्र',
      ),
      hours: 0.5,
      minutes: 15,
    },
    attributes: (random) => ({
      subjects: some(random, 'maths', 'physics', 'english', 'chemistry'),
      boardTypes: some(random, 'IGCSE', 'CBSE', 'WAEC', 'national'),
      qualification: 'Bachelor of Education',
      teachesOnline: random() < 0.6,
      teachesOffline: true,
    }),
  },
  {
    profession: 'makeup_artist',
    category: 'beauty',
    service: labels('Evening make-up', 'مكياج سهرة', 'Вечерний макияж', 'Кечки макияж', 'शाम का मेकअप'),
    priceType: 'fixed',
    durationMinutes: 90,
    hours: 2,
    extra: {
      name: labels('Hair styling', 'تصفيف الشعر', 'Укладка', 'Чач жасалга', 'बाल सँवारना'),
      hours: 1,
      minutes: 45,
    },
    attributes: (random) => ({
      specializations: some(random, 'bridal', 'evening', 'editorial'),
      kitBrands: some(random, 'MAC', 'NARS', 'Kryolan'),
      homeService: true,
      studioAvailable: random() < 0.3,
    }),
  },
  {
    profession: 'developer',
    category: 'digital-work-websites',
    service: labels(
      'Website for a small shop',
      'موقع لمتجر صغير',
      'Сайт для небольшого магазина',
      'Чакан дүкөн үчүн сайт',
      'छोटी दुकान की वेबसाइट',
    ),
    priceType: 'from',
    durationMinutes: 480,
    hours: 16,
    extra: {
      name: labels('A second language', 'لغة ثانية', 'Второй язык', 'Экинчи тил', 'दूसरी भाषा'),
      hours: 4,
      minutes: 120,
    },
    attributes: (random) => ({
      techStack: some(random, 'TypeScript', 'Postgres', 'React', 'PHP'),
      availability: random() < 0.5 ? 'freelance' : 'part_time',
      remoteOk: true,
    }),
  },
  {
    profession: 'video_editor',
    category: 'digital-work-video',
    service: labels(
      'Edit of one short film',
      'مونتاج فيديو قصير',
      'Монтаж короткого ролика',
      'Кыска видеону монтаждоо',
      'एक छोटे वीडियो का संपादन',
    ),
    priceType: 'per_unit',
    unitName: 'film',
    durationMinutes: 180,
    hours: 3,
    extra: {
      name: labels('Subtitles', 'ترجمة مكتوبة', 'Субтитры', 'Субтитрлер', 'उपशीर्षक'),
      hours: 1,
      minutes: 60,
    },
    attributes: (random) => ({
      softwareSkills: some(random, 'DaVinci Resolve', 'Premiere Pro', 'After Effects'),
      styleTags: some(random, 'documentary', 'weddings', 'reels'),
      turnaroundDays: 3,
    }),
  },
  {
    profession: 'graphic_designer',
    category: 'digital-work-design',
    service: labels(
      'Logo with two drafts',
      'شعار مع مسودتين',
      'Логотип с двумя вариантами',
      'Эки варианты менен логотип',
      'दो प्रारूपों वाला लोगो',
    ),
    priceType: 'fixed',
    durationMinutes: 360,
    hours: 8,
    extra: {
      name: labels('Business cards', 'بطاقات عمل', 'Визитки', 'Визиткалар', 'बिज़नेस कार्ड'),
      hours: 1,
      minutes: 60,
    },
    attributes: (random) => ({
      designTools: some(random, 'Figma', 'Illustrator', 'Inkscape'),
      styleTags: some(random, 'minimal', 'calligraphy', 'playful'),
      brandExperience: random() < 0.6,
    }),
  },
  {
    profession: 'social_media_manager',
    category: 'digital-work-social-media',
    service: labels(
      'A week of posts',
      'منشورات أسبوع',
      'Посты на неделю',
      'Бир жумалык посттор',
      'एक सप्ताह के पोस्ट',
    ),
    priceType: 'fixed',
    durationMinutes: 300,
    hours: 6,
    extra: { name: labels('One reel', 'ريل واحد', 'Один рилс', 'Бир рилс', 'एक रील'), hours: 1, minutes: 60 },
    attributes: (random) => ({
      platforms: some(random, 'Instagram', 'TikTok', 'Facebook'),
      industries: some(random, 'restaurants', 'fashion', 'clinics'),
      contentTypes: some(random, 'reels', 'stories', 'articles'),
      averageFollowerGrowth: 12,
    }),
  },
  {
    profession: 'fitness_trainer',
    category: 'fitness-personal-training',
    service: labels(
      'Personal training',
      'تدريب شخصي',
      'Персональная тренировка',
      'Жеке машыгуу',
      'व्यक्तिगत प्रशिक्षण',
    ),
    priceType: 'hourly',
    durationMinutes: 60,
    hours: 1,
    extra: {
      name: labels('Meal plan', 'خطة غذائية', 'План питания', 'Тамактануу планы', 'भोजन योजना'),
      hours: 1,
      minutes: 0,
    },
    attributes: (random) => ({
      disciplines: some(random, 'yoga', 'strength', 'boxing', 'pilates'),
      certifications: ['ACE'],
      onlineSessions: random() < 0.5,
      homeVisits: true,
      gymBased: random() < 0.5,
    }),
  },
  {
    profession: 'catering_service',
    category: 'events-catering',
    service: labels(
      'Dinner for guests',
      'عشاء للضيوف',
      'Ужин для гостей',
      'Конокторго кечки тамак',
      'मेहमानों का रात्रिभोज',
    ),
    priceType: 'per_unit',
    unitName: 'guest',
    durationMinutes: 300,
    hours: 1,
    extra: {
      name: labels('Serving staff', 'طاقم تقديم', 'Официанты', 'Официанттар', 'परोसने वाले'),
      hours: 4,
      minutes: 0,
    },
    attributes: (random) => ({
      cuisineTypes: some(random, 'Egyptian', 'West African', 'Indian', 'Central Asian'),
      eventTypes: some(random, 'weddings', 'birthdays', 'offices'),
      minGuests: 10,
      maxGuests: 150,
      hasSetupTeam: random() < 0.6,
      hasServingStaff: random() < 0.6,
    }),
  },
  {
    profession: 'ugc_content_creator',
    category: 'digital-work-video',
    service: labels(
      'One product video',
      'فيديو لمنتج واحد',
      'Видео об одном товаре',
      'Бир товар жөнүндө видео',
      'एक उत्पाद का वीडियो',
    ),
    priceType: 'per_unit',
    unitName: 'video',
    durationMinutes: 120,
    hours: 3,
    extra: {
      name: labels('Second cut', 'نسخة ثانية', 'Вторая версия', 'Экинчи версия', 'दूसरा संस्करण'),
      hours: 1,
      minutes: 30,
    },
    attributes: (random) => ({
      nicheTags: some(random, 'beauty', 'food', 'gadgets'),
      contentFormats: some(random, 'unboxing', 'review', 'tutorial'),
      platforms: some(random, 'TikTok', 'Instagram'),
      turnaroundDays: 4,
    }),
  },
]

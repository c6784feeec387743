import type { TopCategorySlug } from './categories.ts'
import type { DemoLocale } from './names.ts'
import type { DemoDistrict } from './places.ts'
import { pick, type Random } from './random.ts'

interface Trade {
  skills: readonly string[]
  /** A second trade that the same person plausibly offers. */
  related?: TopCategorySlug
  femaleShare: number
  /** Service that the bio says is offered. */
  service: Record<DemoLocale, string>
}

export const trades: Record<TopCategorySlug, Trade> = {
  plumbing: {
    skills: [
      'leak detection',
      'pipe fitting',
      'drain unblocking',
      'water heaters',
      'mixer taps',
      'water pumps',
    ],
    related: 'electrical',
    femaleShare: 0,
    service: {
      'ar-EG': 'أعمال السباكة والأدوات الصحية',
      en: 'Plumbing and bathroom fixtures',
      ru: 'Услуги сантехника',
      ky: 'сантехник кызматтары',
      hi: 'प्लंबिंग का काम',
    },
  },
  electrical: {
    skills: ['wiring', 'lighting', 'fault finding', 'fuse boxes', 'ceiling fans', 'intercoms'],
    related: 'ac-repair',
    femaleShare: 0,
    service: {
      'ar-EG': 'أعمال الكهرباء المنزلية',
      en: 'Home electrical work',
      ru: 'Услуги электрика',
      ky: 'электрик кызматтары',
      hi: 'बिजली का काम',
    },
  },
  cleaning: {
    skills: [
      'home cleaning',
      'deep cleaning',
      'window cleaning',
      'ironing',
      'carpet washing',
      'post-renovation',
    ],
    femaleShare: 0.6,
    service: {
      'ar-EG': 'تنظيف المنازل والمكاتب',
      en: 'Home and office cleaning',
      ru: 'Уборка квартир и офисов',
      ky: 'үйлөрдү жана кеңселерди тазалоо',
      hi: 'घर और दफ़्तर की सफ़ाई',
    },
  },
  carpentry: {
    skills: ['furniture assembly', 'door hanging', 'kitchen cabinets', 'wood finishing', 'lock fitting'],
    related: 'painting',
    femaleShare: 0,
    service: {
      'ar-EG': 'أعمال النجارة وتركيب الأثاث',
      en: 'Carpentry and furniture assembly',
      ru: 'Столярные работы и сборка мебели',
      ky: 'жыгач усталык жана эмерек чогултуу',
      hi: 'बढ़ईगीरी और फ़र्नीचर का काम',
    },
  },
  painting: {
    skills: ['interior painting', 'plaster repair', 'wallpaper', 'exterior painting', 'spray finish'],
    related: 'carpentry',
    femaleShare: 0.05,
    service: {
      'ar-EG': 'أعمال النقاشة والدهانات',
      en: 'Painting and decorating',
      ru: 'Малярные работы',
      ky: 'сырдоо иштери',
      hi: 'पेंटिंग का काम',
    },
  },
  'ac-repair': {
    skills: ['split units', 'gas refill', 'ac cleaning', 'ac installation', 'compressor repair'],
    related: 'appliance-repair',
    femaleShare: 0,
    service: {
      'ar-EG': 'تركيب وصيانة التكييفات',
      en: 'Air-conditioner installation and repair',
      ru: 'Установка и ремонт кондиционеров',
      ky: 'кондиционерлерди орнотуу жана оңдоо',
      hi: 'एसी लगाना और मरम्मत',
    },
  },
  'appliance-repair': {
    skills: ['washing machines', 'fridges', 'cookers', 'dishwashers', 'televisions', 'microwaves'],
    related: 'electrical',
    femaleShare: 0,
    service: {
      'ar-EG': 'صيانة الأجهزة المنزلية',
      en: 'Home appliance repair',
      ru: 'Ремонт бытовой техники',
      ky: 'тиричилик техникасын оңдоо',
      hi: 'घरेलू उपकरणों की मरम्मत',
    },
  },
  moving: {
    skills: ['packing', 'heavy lifting', 'van with driver', 'furniture dismantling', 'hoist work'],
    femaleShare: 0,
    service: {
      'ar-EG': 'نقل العفش والتغليف',
      en: 'Home moving and packing',
      ru: 'Переезды и перевозка мебели',
      ky: 'үй көчүрүү жана жүк ташуу',
      hi: 'घर का सामान शिफ़्ट करना',
    },
  },
  gardening: {
    skills: ['lawn care', 'tree pruning', 'drip irrigation', 'potted plants', 'hedge trimming'],
    femaleShare: 0.1,
    service: {
      'ar-EG': 'تنسيق الحدائق والعناية بها',
      en: 'Garden care',
      ru: 'Уход за садом',
      ky: 'бак-дарактарды багуу',
      hi: 'बाग़वानी',
    },
  },
  'pest-control': {
    skills: ['cockroaches', 'bedbugs', 'rodents', 'termites', 'odourless treatment'],
    related: 'cleaning',
    femaleShare: 0,
    service: {
      'ar-EG': 'مكافحة الحشرات والقوارض',
      en: 'Pest control',
      ru: 'Борьба с насекомыми и грызунами',
      ky: 'курт-кумурскаларга жана кемирүүчүлөргө каршы иштер',
      hi: 'कीट नियंत्रण',
    },
  },
  tutoring: {
    skills: ['maths', 'physics', 'chemistry', 'english', 'primary school', 'exam preparation'],
    femaleShare: 0.5,
    service: {
      'ar-EG': 'دروس خصوصية لجميع المراحل',
      en: 'Private lessons for school students',
      ru: 'Репетиторство для школьников',
      ky: 'мектеп окуучуларына жеке сабактар',
      hi: 'स्कूली बच्चों के लिए होम ट्यूशन',
    },
  },
  beauty: {
    skills: ['haircuts', 'hair colouring', 'bridal makeup', 'manicure', 'pedicure', 'threading'],
    femaleShare: 0.95,
    service: {
      'ar-EG': 'خدمات التجميل في المنزل',
      en: 'Beauty services at home',
      ru: 'Услуги красоты на дому',
      ky: 'үйгө барып сулуулук кызматтары',
      hi: 'घर पर ब्यूटी सेवाएँ',
    },
  },
}

const closings: Record<DemoLocale, readonly string[]> = {
  'ar-EG': ['السعر متفق عليه قبل بدء العمل.', 'التزام تام بالمواعيد.', 'مواعيد مسائية وفي أيام الإجازات.'],
  en: ['Price agreed before I start.', 'Always on time.', 'Evenings and weekends too.'],
  ru: ['Цена оговаривается заранее.', 'Приезжаю вовремя.', 'Работаю по вечерам и в выходные.'],
  ky: ['Баасын алдын ала макулдашабыз.', 'Убагында келем.', 'Кечинде жана дем алыш күндөрү да иштейм.'],
  hi: ['काम शुरू करने से पहले दाम तय।', 'हमेशा समय पर।', 'शाम को और छुट्टी के दिन भी।'],
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Worded so that it needs neither plural nor gender agreement in any of the five languages. */
export function demoBio(
  random: Random,
  locale: DemoLocale,
  trade: TopCategorySlug,
  district: DemoDistrict,
  sinceYear: number,
): string {
  const service = trades[trade].service[locale]
  const closing = pick(random, closings[locale])
  switch (locale) {
    case 'ar-EG': {
      const year = String(sinceYear).replace(/\d/g, (digit) => '٠١٢٣٤٥٦٧٨٩'.charAt(Number(digit)))
      return `${service} في ${district.nameAr ?? district.name} والمناطق المجاورة. خبرة منذ عام ${year}. ${closing}`
    }
    case 'en':
      return `${service} in ${district.name} and nearby. In the trade since ${sinceYear}. ${closing}`
    case 'ru':
      return `${service} в Бишкеке. Опыт работы с ${sinceYear} года. ${closing}`
    case 'ky':
      return `${capitalised(service)}, Бишкек. ${sinceYear}-жылдан бери иштейм. ${closing}`
    case 'hi':
      return `बेंगलुरु में ${service}। ${sinceYear} से अनुभव। ${closing}`
  }
}

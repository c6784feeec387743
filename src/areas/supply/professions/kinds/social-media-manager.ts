import { defineProfession, labels, price, wholeNumber, words } from '../profession.ts'

export const socialMediaManager = defineProfession({
  key: 'social_media_manager',
  labels: labels(
    'Social media manager',
    'مدير وسائل التواصل',
    'SMM-менеджер',
    'SMM-менеджер',
    'सोशल मीडिया मैनेजर',
  ),
  attributes: {
    platforms: words(labels('Platforms', 'المنصات', 'Платформы', 'Платформалар', 'प्लेटफ़ॉर्म'), ['Instagram']),
    industries: words(labels('Industries', 'المجالات', 'Отрасли', 'Тармактар', 'उद्योग'), ['restaurants']),
    contentTypes: words(
      labels('Kinds of content', 'أنواع المحتوى', 'Виды контента', 'Контент түрлөрү', 'सामग्री के प्रकार'),
      ['reels'],
    ),
    averageFollowerGrowth: wholeNumber(
      labels(
        'Average growth of followers',
        'متوسط نمو المتابعين',
        'Средний рост подписчиков',
        'Жазылуучулардын орточо өсүшү',
        'फ़ॉलोअर की औसत वृद्धि',
      ),
      'percent',
      1_000,
      12,
    ),
    startingPrice: price(labels('Starting price', 'السعر يبدأ من', 'Цена от', 'Баштапкы баа', 'शुरुआती कीमत')),
  },
  price: { attribute: 'startingPrice', unit: 'job' },
})

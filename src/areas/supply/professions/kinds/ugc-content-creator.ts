import { defineProfession, labels, price, wholeNumber, words } from '../profession.ts'

export const ugcContentCreator = defineProfession({
  key: 'ugc_content_creator',
  labels: labels(
    'UGC content creator',
    'صانع محتوى',
    'Создатель UGC-контента',
    'UGC-контент түзүүчү',
    'यूजीसी कंटेंट क्रिएटर',
  ),
  attributes: {
    nicheTags: words(labels('Niches', 'المجالات', 'Тематики', 'Темалар', 'विषय-क्षेत्र'), ['travel']),
    contentFormats: words(labels('Formats', 'صيغ المحتوى', 'Форматы', 'Форматтар', 'प्रारूप'), ['short video']),
    platforms: words(labels('Platforms', 'المنصات', 'Платформы', 'Платформалар', 'प्लेटफ़ॉर्म'), ['TikTok']),
    turnaroundDays: wholeNumber(
      labels('Turnaround', 'مدة التسليم', 'Срок выполнения', 'Даяр болуу мөөнөтү', 'पूरा होने का समय'),
      'days',
      365,
      5,
    ),
    startingPrice: price(labels('Starting price', 'السعر يبدأ من', 'Цена от', 'Баштапкы баа', 'शुरुआती कीमत')),
  },
  price: { attribute: 'startingPrice', unit: 'job' },
})

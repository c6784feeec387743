import { defineProfession, labels, price, wholeNumber, words } from '../profession.ts'

export const videoEditor = defineProfession({
  key: 'video_editor',
  labels: labels('Video editor', 'مونتير فيديو', 'Видеомонтажёр', 'Видео монтаждоочу', 'वीडियो एडिटर'),
  attributes: {
    softwareSkills: words(labels('Software', 'البرامج', 'Программы', 'Программалар', 'सॉफ़्टवेयर'), [
      'DaVinci Resolve',
    ]),
    styleTags: words(labels('Styles', 'الأساليب', 'Стили', 'Стилдер', 'शैलियाँ'), ['cinematic']),
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

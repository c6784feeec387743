import { defineProfession, flag, labels, price, wholeNumber, words } from '../profession.ts'

export const cateringService = defineProfession({
  key: 'catering_service',
  labels: labels('Catering', 'خدمات الضيافة', 'Кейтеринг', 'Кейтеринг', 'केटरिंग'),
  attributes: {
    cuisineTypes: words(labels('Cuisines', 'المطابخ', 'Кухни', 'Ашканалар', 'व्यंजन'), ['Egyptian']),
    eventTypes: words(
      labels(
        'Kinds of events',
        'أنواع المناسبات',
        'Виды мероприятий',
        'Иш-чаралардын түрлөрү',
        'आयोजनों के प्रकार',
      ),
      ['weddings'],
    ),
    minGuests: wholeNumber(
      labels('Fewest guests', 'أقل عدد ضيوف', 'Минимум гостей', 'Эң аз конок', 'न्यूनतम अतिथि'),
      'guests',
      100_000,
      20,
    ),
    maxGuests: wholeNumber(
      labels('Most guests', 'أكبر عدد ضيوف', 'Максимум гостей', 'Эң көп конок', 'अधिकतम अतिथि'),
      'guests',
      100_000,
      300,
    ),
    hasSetupTeam: flag(
      labels('Sets up', 'فريق تجهيز', 'Есть команда монтажа', 'Даярдоо тобу бар', 'सेटअप टीम'),
    ),
    hasServingStaff: flag(
      labels('Serves', 'طاقم تقديم', 'Есть официанты', 'Тейлөөчүлөрү бар', 'परोसने वाले कर्मचारी'),
    ),
    pricePerHead: price(
      labels('Price per head', 'السعر للفرد', 'Цена на человека', 'Бир кишиге баа', 'प्रति व्यक्ति कीमत'),
    ),
  },
  price: { attribute: 'pricePerHead', unit: 'head' },
})

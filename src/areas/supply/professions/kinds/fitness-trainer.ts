import { defineProfession, flag, labels, price, words } from '../profession.ts'

export const fitnessTrainer = defineProfession({
  key: 'fitness_trainer',
  labels: labels('Fitness trainer', 'مدرب لياقة', 'Фитнес-тренер', 'Фитнес машыктыруучу', 'फ़िटनेस ट्रेनर'),
  attributes: {
    disciplines: words(labels('Disciplines', 'الرياضات', 'Направления', 'Багыттар', 'विधाएँ'), ['yoga']),
    certifications: words(labels('Certifications', 'الشهادات', 'Сертификаты', 'Сертификаттар', 'प्रमाणपत्र'), [
      'ACE',
    ]),
    onlineSessions: flag(
      labels('Online sessions', 'جلسات عبر الإنترنت', 'Онлайн-занятия', 'Онлайн сабактар', 'ऑनलाइन सत्र'),
    ),
    homeVisits: flag(labels('Home visits', 'زيارات منزلية', 'Выезд на дом', 'Үйгө барат', 'घर पर सत्र')),
    gymBased: flag(labels('Works in a gym', 'يعمل في صالة', 'В зале', 'Залда иштейт', 'जिम में')),
    perSessionRate: price(
      labels('Price of a session', 'سعر الجلسة', 'Цена занятия', 'Сабактын баасы', 'प्रति सत्र दर'),
    ),
  },
  price: { attribute: 'perSessionRate', unit: 'session' },
})

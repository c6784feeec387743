import { defineProfession, flag, labels, price, words } from '../profession.ts'

export const photographer = defineProfession({
  key: 'photographer',
  labels: labels('Photographer', 'مصور فوتوغرافي', 'Фотограф', 'Фотограф', 'फ़ोटोग्राफ़र'),
  attributes: {
    specialties: words(labels('Specialties', 'التخصصات', 'Специализации', 'Адистиктер', 'विशेषज्ञताएँ'), [
      'weddings',
      'portraits',
    ]),
    cameraBrands: words(
      labels('Camera brands', 'ماركات الكاميرات', 'Марки камер', 'Камера маркалары', 'कैमरा ब्रांड'),
      ['Canon'],
    ),
    studioAvailable: flag(
      labels('Studio available', 'استوديو متاح', 'Есть студия', 'Студия бар', 'स्टूडियो उपलब्ध'),
    ),
    outdoorShoots: flag(
      labels('Outdoor shoots', 'تصوير خارجي', 'Съёмка на природе', 'Сыртта тартуу', 'बाहरी शूट'),
    ),
    startingPrice: price(labels('Starting price', 'السعر يبدأ من', 'Цена от', 'Баштапкы баа', 'शुरुआती कीमत')),
  },
  price: { attribute: 'startingPrice', unit: 'job' },
})

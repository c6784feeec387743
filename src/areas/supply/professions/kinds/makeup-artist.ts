import { defineProfession, flag, labels, price, words } from '../profession.ts'

export const makeupArtist = defineProfession({
  key: 'makeup_artist',
  labels: labels('Make-up artist', 'خبير تجميل', 'Визажист', 'Визажист', 'मेकअप आर्टिस्ट'),
  attributes: {
    specializations: words(
      labels('Specializations', 'التخصصات', 'Специализации', 'Адистиктер', 'विशेषज्ञताएँ'),
      ['bridal'],
    ),
    kitBrands: words(
      labels(
        'Brands in the kit',
        'ماركات المستحضرات',
        'Марки косметики',
        'Косметика маркалары',
        'किट के ब्रांड',
      ),
      ['MAC'],
    ),
    homeService: flag(labels('Comes to the home', 'خدمة منزلية', 'Выезд на дом', 'Үйгө барат', 'घर पर सेवा')),
    studioAvailable: flag(
      labels('Studio available', 'استوديو متاح', 'Есть студия', 'Студия бар', 'स्टूडियो उपलब्ध'),
    ),
    startingPrice: price(labels('Starting price', 'السعر يبدأ من', 'Цена от', 'Баштапкы баа', 'शुरुआती कीमत')),
  },
  price: { attribute: 'startingPrice', unit: 'job' },
})

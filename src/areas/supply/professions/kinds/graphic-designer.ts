import { defineProfession, flag, labels, price, words } from '../profession.ts'

export const graphicDesigner = defineProfession({
  key: 'graphic_designer',
  labels: labels(
    'Graphic designer',
    'مصمم جرافيك',
    'Графический дизайнер',
    'Графикалык дизайнер',
    'ग्राफ़िक डिज़ाइनर',
  ),
  attributes: {
    designTools: words(labels('Tools', 'الأدوات', 'Инструменты', 'Куралдар', 'उपकरण'), ['Illustrator']),
    styleTags: words(labels('Styles', 'الأساليب', 'Стили', 'Стилдер', 'शैलियाँ'), ['minimal']),
    brandExperience: flag(
      labels(
        'Experience with brands',
        'خبرة في الهوية التجارية',
        'Опыт работы с брендами',
        'Бренддер менен тажрыйба',
        'ब्रांड का अनुभव',
      ),
    ),
    startingPrice: price(labels('Starting price', 'السعر يبدأ من', 'Цена от', 'Баштапкы баа', 'शुरुआती कीमत')),
  },
  price: { attribute: 'startingPrice', unit: 'job' },
})

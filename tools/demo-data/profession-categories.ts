import type { Names } from '../../src/core/translations.ts'
import type { Branch } from './categories.ts'

/** Categories of what professionals do, beside the trades that come to a house. */
export type ProfessionCategorySlug = 'events' | 'digital-work' | 'fitness'

export const names = (en: string, ar: string, ru: string, ky: string, hi: string): Names => ({
  en,
  ar,
  ru,
  ky,
  hi,
})

export const professionBranches: [ProfessionCategorySlug, Branch][] = [
  [
    'events',
    {
      names: names('Events', 'مناسبات', 'Мероприятия', 'Иш-чаралар', 'आयोजन'),
      color: '#a23b72',
      children: [
        ['photography', names('Photography', 'تصوير', 'Фотосъёмка', 'Фото тартуу', 'फ़ोटोग्राफ़ी')],
        ['catering', names('Catering', 'ضيافة وطعام', 'Кейтеринг', 'Кейтеринг', 'खानपान सेवा')],
      ],
    },
  ],
  [
    'digital-work',
    {
      names: names('Digital work', 'أعمال رقمية', 'Цифровые услуги', 'Санариптик иштер', 'डिजिटल काम'),
      color: '#3f6fb5',
      children: [
        ['websites', names('Websites', 'مواقع إلكترونية', 'Сайты', 'Сайттар', 'वेबसाइट')],
        ['video', names('Video', 'فيديو', 'Видео', 'Видео', 'वीडियो')],
        ['design', names('Design', 'تصميم', 'Дизайн', 'Дизайн', 'डिज़ाइन')],
        [
          'social-media',
          names('Social media', 'وسائل التواصل', 'Социальные сети', 'Социалдык тармактар', 'सोशल मीडिया'),
        ],
      ],
    },
  ],
  [
    'fitness',
    {
      names: names('Fitness', 'لياقة', 'Фитнес', 'Фитнес', 'फ़िटनेस'),
      color: '#4f8a3c',
      children: [
        [
          'personal-training',
          names(
            'Personal training',
            'تدريب شخصي',
            'Персональные тренировки',
            'Жеке машыгуулар',
            'व्यक्तिगत प्रशिक्षण',
          ),
        ],
      ],
    },
  ],
]

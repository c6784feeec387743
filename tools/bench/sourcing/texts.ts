/** Words of tasks in four languages: each task combines one of each list. */
interface Phrases {
  language: string
  things: readonly string[]
  faults: readonly string[]
  places: readonly string[]
  asks: readonly string[]
}

/** Categories of the things, in their order. */
export const categories = [
  'plumbing',
  'plumbing',
  'plumbing',
  'ac-repair',
  'electrical',
  'carpentry',
  'appliance-repair',
  'carpentry',
  'painting',
  'moving',
] as const

const phrases: readonly Phrases[] = [
  {
    language: 'en',
    things: [
      'kitchen tap',
      'bathroom sink',
      'water heater',
      'air conditioner',
      'ceiling fan',
      'front door',
      'washing machine',
      'bookcase',
      'garden wall',
      'sofa in the living room',
    ],
    faults: [
      'drips day and night',
      'is broken',
      'makes a loud noise',
      'needs paint',
      'has to be moved',
      'must be cleaned',
    ],
    places: [
      'on the second floor',
      'behind the old market',
      'near the railway station',
      'opposite the school',
      'by the river',
      'at the corner of the square',
    ],
    asks: ['Please bring your own tools', 'Call before you come', 'Parking is free', 'The dog does not bite'],
  },
  {
    language: 'ar',
    things: [
      'حنفية المطبخ',
      'حوض الحمام',
      'سخان المياه',
      'مكيف الهواء',
      'مروحة السقف',
      'باب الشقة',
      'الغسالة',
      'المكتبة',
      'سور الحديقة',
      'كنبة الصالة',
    ],
    faults: [
      'تسرب المياه ليلا ونهارا',
      'معطلة',
      'تصدر صوتا عاليا',
      'تحتاج إلى دهان',
      'يجب نقلها',
      'تحتاج إلى تنظيف',
    ],
    places: [
      'في الدور الثاني',
      'خلف السوق القديم',
      'بجوار محطة القطار',
      'أمام المدرسة',
      'على النيل',
      'في ركن الميدان',
    ],
    asks: ['برجاء إحضار الأدوات', 'اتصل قبل الوصول', 'المصعد يعمل', 'يوجد مكان لركن السيارة'],
  },
  {
    language: 'ru',
    things: [
      'Кухонный кран',
      'Раковина в ванной',
      'Водонагреватель',
      'Кондиционер',
      'Потолочный вентилятор',
      'Входная дверь',
      'Стиральная машина',
      'Книжный шкаф',
      'Садовая стена',
      'Диван в гостиной',
    ],
    faults: [
      'капает днём и ночью',
      'не работает',
      'громко шумит',
      'нужно покрасить',
      'нужно перевезти',
      'нужно почистить',
    ],
    places: [
      'на втором этаже',
      'за старым рынком',
      'рядом с вокзалом',
      'напротив школы',
      'у реки',
      'на углу площади',
    ],
    asks: ['Инструменты нужны свои', 'Позвоните перед приездом', 'Парковка бесплатная', 'Собака не кусается'],
  },
  {
    language: 'hi',
    things: [
      'रसोई का नल',
      'बाथरूम का सिंक',
      'गीज़र',
      'एयर कंडीशनर',
      'छत का पंखा',
      'मुख्य दरवाज़ा',
      'वॉशिंग मशीन',
      'किताबों की अलमारी',
      'बगीचे की दीवार',
      'बैठक का सोफ़ा',
    ],
    faults: ['दिन रात टपकता है', 'खराब है', 'बहुत आवाज़ करता है', 'पेंट चाहिए', 'हटाना है', 'साफ़ करना है'],
    places: [
      'दूसरी मंज़िल पर',
      'पुराने बाज़ार के पीछे',
      'रेलवे स्टेशन के पास',
      'स्कूल के सामने',
      'नदी के किनारे',
      'चौक के कोने पर',
    ],
    asks: ['कृपया अपने औज़ार लाएँ', 'आने से पहले फ़ोन करें', 'पार्किंग मुफ़्त है', 'कुत्ता शांत है'],
  },
]

export interface TaskText {
  language: string
  i: number
  category: string
  title: string
  description: string
}

/** Every combination, numbered in its language. Each has a model of its own, a word that few tasks have. */
export function taskTexts(): TaskText[] {
  return phrases.flatMap(({ language, things, faults, places, asks }) => {
    const count = things.length * faults.length * places.length * asks.length
    return Array.from({ length: count }, (_, i) => {
      const thing = things[i % things.length]
      const fault = faults[Math.floor(i / things.length) % faults.length]
      const place = places[Math.floor(i / things.length / faults.length) % places.length]
      const ask = asks[Math.floor(i / things.length / faults.length / places.length)]
      return {
        language,
        i,
        category: categories[i % things.length] ?? 'plumbing',
        title: `${thing} ${fault}`,
        description: `${thing} ${fault} ${place}. ${ask}. ${language}x${i}`,
      }
    })
  })
}

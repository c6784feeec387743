import { defineProfession, flag, labels, line, price, words } from '../profession.ts'

export const tutor = defineProfession({
  key: 'tutor',
  labels: labels('Tutor', 'مدرس خصوصي', 'Репетитор', 'Репетитор', 'ट्यूटर'),
  attributes: {
    subjects: words(labels('Subjects', 'المواد', 'Предметы', 'Предметтер', 'विषय'), ['mathematics']),
    boardTypes: words(
      labels(
        'Boards and curricula',
        'المناهج والأنظمة التعليمية',
        'Учебные программы',
        'Окуу программалары',
        'बोर्ड और पाठ्यक्रम',
      ),
      ['IGCSE'],
    ),
    qualification: line(
      labels('Qualification', 'المؤهل', 'Квалификация', 'Квалификация', 'योग्यता'),
      'MSc in Mathematics, Cairo University',
    ),
    teachesOnline: flag(
      labels('Teaches online', 'يدرّس عبر الإنترنت', 'Занятия онлайн', 'Онлайн окутат', 'ऑनलाइन पढ़ाते हैं'),
    ),
    teachesOffline: flag(
      labels('Teaches in person', 'يدرّس حضوريًا', 'Очные занятия', 'Бетме-бет окутат', 'सामने पढ़ाते हैं'),
    ),
    hourlyRate: price(labels('Hourly rate', 'سعر الساعة', 'Цена за час', 'Саатына баа', 'प्रति घंटा दर')),
  },
  price: { attribute: 'hourlyRate', unit: 'hour' },
})

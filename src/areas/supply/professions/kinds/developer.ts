import { choice, defineProfession, flag, labels, price, words } from '../profession.ts'

export const developer = defineProfession({
  key: 'developer',
  labels: labels('Developer', 'مطوّر برمجيات', 'Разработчик', 'Программист', 'डेवलपर'),
  attributes: {
    techStack: words(labels('Technologies', 'التقنيات', 'Технологии', 'Технологиялар', 'तकनीकें'), [
      'TypeScript',
      'Postgres',
    ]),
    availability: choice(labels('Availability', 'التفرغ', 'Занятость', 'Жеткиликтүүлүк', 'उपलब्धता'), {
      full_time: labels('Full time', 'دوام كامل', 'Полная занятость', 'Толук убакыт', 'पूर्णकालिक'),
      part_time: labels('Part time', 'دوام جزئي', 'Частичная занятость', 'Жарым убакыт', 'अंशकालिक'),
      freelance: labels('Freelance', 'عمل حر', 'Фриланс', 'Фриланс', 'फ्रीलांस'),
    }),
    remoteOk: flag(
      labels('Works remotely', 'يعمل عن بُعد', 'Удалённая работа', 'Алыстан иштейт', 'दूरस्थ कार्य'),
    ),
    hourlyRate: price(labels('Hourly rate', 'سعر الساعة', 'Цена за час', 'Саатына баа', 'प्रति घंटा दर')),
  },
  price: { attribute: 'hourlyRate', unit: 'hour' },
})

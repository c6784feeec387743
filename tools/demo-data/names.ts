import type { DemoCountry } from './places.ts'
import { pick, type Random } from './random.ts'

export type DemoLocale = 'ar-EG' | 'en' | 'ru' | 'ky' | 'hi'
export type Gender = 'female' | 'male'

interface NamePool {
  female: readonly string[]
  male: readonly string[]
  family: readonly string[]
  /** Kyrgyz and Russian family names agree with the bearer. */
  feminineFamilySuffix?: string
}

const words = (text: string): readonly string[] => text.split(/\s*،\s*|\s*,\s*/)

const egyptArabic: NamePool = {
  female: words('منى، هبة، سارة، نهى، دعاء، إيمان، شيماء، مروة، ياسمين، رانيا، آية، أسماء، نورهان، هناء'),
  male: words(
    'أحمد، محمود، مصطفى، كريم، حسام، طارق، عمرو، إسلام، ياسر، وليد، شريف، هاني، سامح، رامي، عماد، أشرف، مينا، جرجس، سعيد، إبراهيم',
  ),
  family: words(
    'عبد الرحمن، السيد، حسن، فتحي، عبد العزيز، الشافعي، منصور، رمضان، جمال، عثمان، الجندي، شعبان، فوزي، صبحي، بدوي، زكي، النجار، سليمان، عادل، يوسف',
  ),
}

const egyptLatin: NamePool = {
  female: words('Mona, Heba, Sara, Noha, Doaa, Marwa, Yasmin, Rania, Aya, Nourhan'),
  male: words('Ahmed, Mahmoud, Mostafa, Karim, Hossam, Tarek, Amr, Sherif, Hany, Ramy, Mina, Bassem'),
  family: words(
    'Abdelrahman, El Sayed, Hassan, Fathy, Mansour, Ramadan, Osman, El Gendy, Fawzy, Zaki, El Naggar, Soliman',
  ),
}

const nigeria: NamePool = {
  female: words('Chioma, Ngozi, Funke, Yetunde, Blessing, Amina, Aisha, Folake, Adaeze, Temitope'),
  male: words('Emeka, Chinedu, Tunde, Segun, Femi, Ibrahim, Musa, Kunle, Obinna, Babatunde, Uche, Sunday'),
  family: words(
    'Okafor, Adeyemi, Balogun, Eze, Ogunleye, Bello, Nwosu, Adebayo, Okeke, Lawal, Ojo, Abubakar',
  ),
}

const kyrgyzstan: NamePool = {
  female: words('Айгуль, Нургуль, Айжан, Гульнара, Жылдыз, Бермет, Чолпон, Асель, Элнура, Мээрим'),
  male: words('Азамат, Бакыт, Нурлан, Эрлан, Тилек, Улан, Мирлан, Данияр, Кубанычбек, Талант, Санжар, Эмил'),
  family: words(
    'Асанов, Токтогулов, Жумабеков, Осмонов, Абдыкадыров, Исаков, Мамытов, Сыдыков, Бекболотов, Эсенов, Касымов, Турдубаев',
  ),
  feminineFamilySuffix: 'а',
}

const indiaLatin: NamePool = {
  female: words('Lakshmi, Kavitha, Priya, Shwetha, Anjali, Deepa, Meena, Asha, Fathima, Divya'),
  male: words(
    'Ravi, Manjunath, Suresh, Naveen, Prakash, Imran, Karthik, Girish, Santosh, Venkatesh, Arun, Joseph',
  ),
  family: words('Gowda, Reddy, Shetty, Rao, Kumar, Naik, Hegde, Murthy, Nair, Khan, Iyer, Bhat'),
}

const indiaHindi: NamePool = {
  female: words('सुनीता, पूजा, रेखा, आरती, कविता, नेहा, सीमा, अंजलि'),
  male: words('राजेश, सुनील, अमित, विकास, मनोज, दीपक, संजय, इमरान'),
  family: words('शर्मा, वर्मा, यादव, सिंह, गुप्ता, मिश्रा, चौहान, ख़ान'),
}

const ghana: NamePool = {
  female: words('Ama, Akosua, Abena, Efua, Adwoa, Esi, Afia, Naa, Dzifa, Mariama'),
  male: words('Kwame, Kofi, Kwabena, Kojo, Yaw, Kwesi, Nii, Selorm, Ebenezer, Abdul, Kwaku, Fiifi'),
  family: words('Mensah, Owusu, Asante, Boateng, Osei, Appiah, Addo, Quaye, Tetteh, Agyeman, Amoah, Lamptey'),
}

function poolFor(country: DemoCountry, locale: DemoLocale): NamePool {
  switch (country) {
    case 'EG':
      return locale === 'ar-EG' ? egyptArabic : egyptLatin
    case 'IN':
      return locale === 'hi' ? indiaHindi : indiaLatin
    case 'NG':
      return nigeria
    case 'KG':
      return kyrgyzstan
    case 'GH':
      return ghana
  }
}

/** In the script of the locale. */
export function demoName(random: Random, country: DemoCountry, locale: DemoLocale, gender: Gender): string {
  const pool = poolFor(country, locale)
  const suffix = gender === 'female' ? (pool.feminineFamilySuffix ?? '') : ''
  return `${pick(random, pool[gender])} ${pick(random, pool.family)}${suffix}`
}

export function demoLocale(random: Random, country: DemoCountry): DemoLocale {
  const chance = random()
  switch (country) {
    case 'EG':
      return chance < 0.8 ? 'ar-EG' : 'en'
    case 'KG':
      return chance < 0.6 ? 'ru' : 'ky'
    case 'IN':
      return chance < 0.65 ? 'en' : 'hi'
    case 'NG':
    case 'GH':
      return 'en'
  }
}

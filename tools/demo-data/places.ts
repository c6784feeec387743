export type DemoCurrency = 'EGP' | 'NGN' | 'KGS' | 'INR' | 'GHS'
export type DemoCountry = 'EG' | 'NG' | 'KG' | 'IN' | 'GH'
export type DemoCityName = 'Cairo' | 'Giza' | 'Lagos' | 'Bishkek' | 'Bengaluru' | 'Accra'

export interface DemoDistrict {
  name: string
  nameAr?: string
  /** WGS 84 degrees, near the middle of the district or its best-known square. */
  lat: number
  lng: number
}

export interface DemoCity {
  city: DemoCityName
  cityAr: string
  /** ISO 3166-1 alpha-2. */
  country: DemoCountry
  currency: DemoCurrency
  districts: DemoDistrict[]
}

export const TAHRIR_SQUARE = { lat: 30.0444, lng: 31.2357 } as const

const cairo: DemoCity = {
  city: 'Cairo',
  cityAr: 'القاهرة',
  country: 'EG',
  currency: 'EGP',
  districts: [
    { name: 'Downtown', nameAr: 'وسط البلد', lat: 30.0478, lng: 31.24 },
    { name: 'Garden City', nameAr: 'جاردن سيتي', lat: 30.0363, lng: 31.231 },
    { name: 'Zamalek', nameAr: 'الزمالك', lat: 30.0618, lng: 31.2194 },
    { name: 'Bulaq', nameAr: 'بولاق أبو العلا', lat: 30.058, lng: 31.231 },
    { name: 'Abdeen', nameAr: 'عابدين', lat: 30.0424, lng: 31.247 },
    { name: 'Sayeda Zeinab', nameAr: 'السيدة زينب', lat: 30.03, lng: 31.241 },
    { name: 'El Manial', nameAr: 'المنيل', lat: 30.019, lng: 31.2265 },
    { name: 'Old Cairo', nameAr: 'مصر القديمة', lat: 30.006, lng: 31.23 },
    { name: 'El Gamaleya', nameAr: 'الجمالية', lat: 30.05, lng: 31.262 },
    { name: 'Abbassia', nameAr: 'العباسية', lat: 30.072, lng: 31.283 },
    { name: 'Shubra', nameAr: 'شبرا', lat: 30.08, lng: 31.245 },
    { name: 'Rod El Farag', nameAr: 'روض الفرج', lat: 30.084, lng: 31.237 },
    { name: 'Hadayek El Kobba', nameAr: 'حدائق القبة', lat: 30.089, lng: 31.285 },
    { name: 'El Zeitoun', nameAr: 'الزيتون', lat: 30.106, lng: 31.31 },
    { name: 'El Matareya', nameAr: 'المطرية', lat: 30.1213, lng: 31.3138 },
    { name: 'Ain Shams', nameAr: 'عين شمس', lat: 30.1311, lng: 31.3191 },
    { name: 'El Marg', nameAr: 'المرج', lat: 30.1521, lng: 31.3357 },
    { name: 'El Salam City', nameAr: 'مدينة السلام', lat: 30.168, lng: 31.399 },
    { name: 'Heliopolis', nameAr: 'مصر الجديدة', lat: 30.0895, lng: 31.324 },
    { name: 'El Nozha', nameAr: 'النزهة', lat: 30.123, lng: 31.353 },
    { name: 'Sheraton', nameAr: 'مساكن شيراتون', lat: 30.103, lng: 31.375 },
    { name: 'Nasr City', nameAr: 'مدينة نصر', lat: 30.0566, lng: 31.3405 },
    { name: 'Mokattam', nameAr: 'المقطم', lat: 30.015, lng: 31.3 },
    { name: 'New Cairo', nameAr: 'القاهرة الجديدة', lat: 30.0131, lng: 31.4289 },
    { name: 'El Rehab', nameAr: 'الرحاب', lat: 30.061, lng: 31.492 },
    { name: 'Madinaty', nameAr: 'مدينتي', lat: 30.097, lng: 31.635 },
    { name: 'El Shorouk', nameAr: 'الشروق', lat: 30.14, lng: 31.615 },
    { name: 'Maadi', nameAr: 'المعادي', lat: 29.9602, lng: 31.2569 },
    { name: 'New Maadi', nameAr: 'المعادي الجديدة', lat: 29.977, lng: 31.28 },
    { name: 'Dar El Salam', nameAr: 'دار السلام', lat: 29.982, lng: 31.2422 },
    { name: 'Helwan', nameAr: 'حلوان', lat: 29.849, lng: 31.3342 },
  ],
}

const giza: DemoCity = {
  city: 'Giza',
  cityAr: 'الجيزة',
  country: 'EG',
  currency: 'EGP',
  districts: [
    { name: 'Dokki', nameAr: 'الدقي', lat: 30.0385, lng: 31.2122 },
    { name: 'Agouza', nameAr: 'العجوزة', lat: 30.054, lng: 31.212 },
    { name: 'Mohandessin', nameAr: 'المهندسين', lat: 30.056, lng: 31.2 },
    { name: 'Kit Kat', nameAr: 'الكيت كات', lat: 30.0666, lng: 31.213 },
    { name: 'Imbaba', nameAr: 'إمبابة', lat: 30.0758, lng: 31.2075 },
    { name: 'El Warraq', nameAr: 'الوراق', lat: 30.105, lng: 31.213 },
    { name: 'Bulaq El Dakrour', nameAr: 'بولاق الدكرور', lat: 30.035, lng: 31.188 },
    { name: 'Giza Square', nameAr: 'ميدان الجيزة', lat: 30.0107, lng: 31.207 },
    { name: 'El Omraniya', nameAr: 'العمرانية', lat: 30.003, lng: 31.196 },
    { name: 'El Moneeb', nameAr: 'المنيب', lat: 29.9811, lng: 31.2122 },
    { name: 'Faisal', nameAr: 'فيصل', lat: 30.004, lng: 31.174 },
    { name: 'Haram', nameAr: 'الهرم', lat: 29.996, lng: 31.16 },
    { name: 'Hadayek El Ahram', nameAr: 'حدائق الأهرام', lat: 29.97, lng: 31.105 },
    { name: 'Kerdasa', nameAr: 'كرداسة', lat: 30.03, lng: 31.111 },
    { name: 'Sheikh Zayed', nameAr: 'الشيخ زايد', lat: 30.042, lng: 30.977 },
    { name: '6th of October', nameAr: 'السادس من أكتوبر', lat: 29.972, lng: 30.944 },
  ],
}

const lagos: DemoCity = {
  city: 'Lagos',
  cityAr: 'لاغوس',
  country: 'NG',
  currency: 'NGN',
  districts: [
    { name: 'Ikeja', lat: 6.6018, lng: 3.3515 },
    { name: 'Yaba', lat: 6.5095, lng: 3.3711 },
    { name: 'Surulere', lat: 6.5, lng: 3.354 },
    { name: 'Lagos Island', lat: 6.4549, lng: 3.3947 },
    { name: 'Victoria Island', lat: 6.4295, lng: 3.4219 },
    { name: 'Ikoyi', lat: 6.4525, lng: 3.4358 },
    { name: 'Lekki Phase 1', lat: 6.4474, lng: 3.473 },
    { name: 'Ajah', lat: 6.467, lng: 3.572 },
    { name: 'Apapa', lat: 6.4488, lng: 3.359 },
    { name: 'Gbagada', lat: 6.553, lng: 3.391 },
    { name: 'Maryland', lat: 6.571, lng: 3.367 },
    { name: 'Oshodi', lat: 6.555, lng: 3.3436 },
    { name: 'Agege', lat: 6.6156, lng: 3.3334 },
    { name: 'Festac Town', lat: 6.4697, lng: 3.283 },
  ],
}

const bishkek: DemoCity = {
  city: 'Bishkek',
  cityAr: 'بيشكيك',
  country: 'KG',
  currency: 'KGS',
  districts: [
    { name: 'Ala-Too Square', lat: 42.876, lng: 74.6037 },
    { name: 'Osh Bazaar', lat: 42.8747, lng: 74.5697 },
    { name: 'Vostok-5', lat: 42.86, lng: 74.637 },
    { name: 'Alamedin-1', lat: 42.885, lng: 74.651 },
    { name: '6th Microdistrict', lat: 42.833, lng: 74.601 },
    { name: 'Jal', lat: 42.831, lng: 74.568 },
    { name: 'Asanbay', lat: 42.8186, lng: 74.62 },
    { name: 'Kok-Jar', lat: 42.814, lng: 74.639 },
    { name: 'Kyzyl-Asker', lat: 42.869, lng: 74.541 },
    { name: 'Ak-Orgo', lat: 42.864, lng: 74.517 },
    { name: 'Dordoi', lat: 42.9376, lng: 74.6204 },
  ],
}

const bengaluru: DemoCity = {
  city: 'Bengaluru',
  cityAr: 'بنغالور',
  country: 'IN',
  currency: 'INR',
  districts: [
    { name: 'MG Road', lat: 12.9756, lng: 77.6066 },
    { name: 'Indiranagar', lat: 12.9784, lng: 77.6408 },
    { name: 'Koramangala', lat: 12.9352, lng: 77.6245 },
    { name: 'Jayanagar', lat: 12.9308, lng: 77.5838 },
    { name: 'Basavanagudi', lat: 12.9422, lng: 77.575 },
    { name: 'JP Nagar', lat: 12.9063, lng: 77.5857 },
    { name: 'BTM Layout', lat: 12.9166, lng: 77.6101 },
    { name: 'HSR Layout', lat: 12.9116, lng: 77.6389 },
    { name: 'Marathahalli', lat: 12.9591, lng: 77.6974 },
    { name: 'Whitefield', lat: 12.9698, lng: 77.75 },
    { name: 'Electronic City', lat: 12.8452, lng: 77.6602 },
    { name: 'Malleshwaram', lat: 13.0031, lng: 77.5643 },
    { name: 'Rajajinagar', lat: 12.991, lng: 77.553 },
    { name: 'Hebbal', lat: 13.0358, lng: 77.597 },
    { name: 'Yelahanka', lat: 13.1007, lng: 77.5963 },
  ],
}

const accra: DemoCity = {
  city: 'Accra',
  cityAr: 'أكرا',
  country: 'GH',
  currency: 'GHS',
  districts: [
    { name: 'Osu', lat: 5.556, lng: -0.178 },
    { name: 'Labone', lat: 5.566, lng: -0.172 },
    { name: 'Cantonments', lat: 5.581, lng: -0.17 },
    { name: 'Airport Residential', lat: 5.605, lng: -0.179 },
    { name: 'East Legon', lat: 5.635, lng: -0.159 },
    { name: 'Dzorwulu', lat: 5.613, lng: -0.197 },
    { name: 'Achimota', lat: 5.613, lng: -0.229 },
    { name: 'Madina', lat: 5.6658, lng: -0.1631 },
    { name: 'Adabraka', lat: 5.564, lng: -0.208 },
    { name: 'Kaneshie', lat: 5.566, lng: -0.234 },
    { name: 'Dansoman', lat: 5.548, lng: -0.258 },
    { name: 'Spintex', lat: 5.633, lng: -0.112 },
    { name: 'Teshie', lat: 5.5837, lng: -0.1072 },
  ],
}

export const demoCities: readonly DemoCity[] = [cairo, giza, lagos, bishkek, bengaluru, accra]

export function demoCity(name: DemoCityName): DemoCity {
  const found = demoCities.find((place) => place.city === name)
  if (!found) throw new Error(`no demo city ${name}`)
  return found
}

import type { InvoiceLanguage } from '../../../db/schema/commerce/invoices.ts'

export interface PageTexts {
  invoice: string
  creditNote: string
  debitNote: string
  number: string
  issuedOn: string
  dueOn: string
  paidOn: string
  seller: string
  supplier: string
  onBehalf: string
  buyer: string
  taxId: string
  nameless: string
  item: string
  quantity: string
  price: string
  discount: string
  amount: string
  subtotal: string
  included: string
  total: string
  credited: string
  left: string
  reason: string
  reasons: Record<string, string>
  kinds: Record<'package' | 'service' | 'fee' | 'commission' | 'plan', string>
  states: Record<'paid' | 'void' | 'overdue' | 'unpaid', string>
}

/** Texts of the printed page, in the languages that invoices have. */
export const pageTexts: Record<InvoiceLanguage, PageTexts> = {
  en: {
    invoice: 'Invoice',
    creditNote: 'Credit note',
    debitNote: 'Debit note',
    number: 'Number',
    issuedOn: 'Issued on',
    dueOn: 'Due on',
    paidOn: 'Paid on',
    seller: 'Seller',
    supplier: 'Supplier',
    onBehalf: 'Issued on behalf of the supplier by',
    buyer: 'Buyer',
    taxId: 'Tax number',
    nameless: 'No name given',
    item: 'Item',
    quantity: 'Quantity',
    price: 'Price',
    discount: 'Discount',
    amount: 'Amount',
    subtotal: 'Subtotal',
    included: 'included',
    total: 'Total',
    credited: 'Credited',
    left: 'Total less credits',
    reason: 'Reason',
    reasons: {
      refund: 'Refund',
      fee_waived: 'The fee was waived',
      chargeback: 'Taken back by the bank',
      refund_reversed: 'The refund did not happen',
    },
    kinds: {
      package: 'Package',
      service: 'Service',
      fee: 'Fee',
      commission: 'Commission',
      plan: 'Subscription',
    },
    states: { paid: 'Paid', void: 'Void', overdue: 'Overdue', unpaid: 'To be paid' },
  },
  ar: {
    invoice: 'فاتورة',
    creditNote: 'إشعار دائن',
    debitNote: 'إشعار مدين',
    number: 'الرقم',
    issuedOn: 'تاريخ الإصدار',
    dueOn: 'تاريخ الاستحقاق',
    paidOn: 'تاريخ السداد',
    seller: 'البائع',
    supplier: 'المورّد',
    onBehalf: 'أصدرتها نيابة عن المورّد',
    buyer: 'المشتري',
    taxId: 'الرقم الضريبي',
    nameless: 'بدون اسم',
    item: 'البند',
    quantity: 'الكمية',
    price: 'السعر',
    discount: 'الخصم',
    amount: 'المبلغ',
    subtotal: 'المجموع الفرعي',
    included: 'مشمولة في السعر',
    total: 'الإجمالي',
    credited: 'المقيد بإشعارات دائنة',
    left: 'الإجمالي بعد الإشعارات الدائنة',
    reason: 'السبب',
    reasons: {
      refund: 'استرداد',
      fee_waived: 'أُعفي من الرسوم',
      chargeback: 'استرده البنك',
      refund_reversed: 'لم يتم الاسترداد',
    },
    kinds: { package: 'باقة', service: 'خدمة', fee: 'رسوم', commission: 'عمولة', plan: 'اشتراك' },
    states: { paid: 'مدفوعة', void: 'ملغاة', overdue: 'متأخرة', unpaid: 'مستحقة الدفع' },
  },
  ru: {
    invoice: 'Счёт',
    creditNote: 'Кредит-нота',
    debitNote: 'Дебет-нота',
    number: 'Номер',
    issuedOn: 'Дата выставления',
    dueOn: 'Оплатить до',
    paidOn: 'Дата оплаты',
    seller: 'Продавец',
    supplier: 'Исполнитель',
    onBehalf: 'Выставлено от имени исполнителя',
    buyer: 'Покупатель',
    taxId: 'ИНН',
    nameless: 'Имя не указано',
    item: 'Наименование',
    quantity: 'Количество',
    price: 'Цена',
    discount: 'Скидка',
    amount: 'Сумма',
    subtotal: 'Промежуточный итог',
    included: 'включено в цену',
    total: 'Итого',
    credited: 'Возвращено кредит-нотами',
    left: 'Итого за вычетом кредит-нот',
    reason: 'Основание',
    reasons: {
      refund: 'Возврат',
      fee_waived: 'Сбор отменён',
      chargeback: 'Возвращено банком',
      refund_reversed: 'Возврат не состоялся',
    },
    kinds: { package: 'Пакет', service: 'Услуга', fee: 'Сбор', commission: 'Комиссия', plan: 'Подписка' },
    states: { paid: 'Оплачен', void: 'Аннулирован', overdue: 'Просрочен', unpaid: 'К оплате' },
  },
  ky: {
    invoice: 'Эсеп',
    creditNote: 'Кредит-нота',
    debitNote: 'Дебет-нота',
    number: 'Номери',
    issuedOn: 'Берилген күнү',
    dueOn: 'Төлөө мөөнөтү',
    paidOn: 'Төлөнгөн күнү',
    seller: 'Сатуучу',
    supplier: 'Аткаруучу',
    onBehalf: 'Аткаруучунун атынан берди',
    buyer: 'Сатып алуучу',
    taxId: 'Салык номери (ИНН)',
    nameless: 'Аты көрсөтүлгөн эмес',
    item: 'Аталышы',
    quantity: 'Саны',
    price: 'Баасы',
    discount: 'Арзандатуу',
    amount: 'Суммасы',
    subtotal: 'Аралык жыйынтык',
    included: 'баага кирген',
    total: 'Жыйынтык',
    credited: 'Кредит-нота менен кайтарылган',
    left: 'Кредит-ноталарды эсепке алганда',
    reason: 'Себеби',
    reasons: {
      refund: 'Акчаны кайтаруу',
      fee_waived: 'Жыйым жокко чыгарылды',
      chargeback: 'Банк кайтарып алды',
      refund_reversed: 'Акча кайтарылган жок',
    },
    kinds: { package: 'Топтом', service: 'Кызмат', fee: 'Жыйым', commission: 'Комиссия', plan: 'Жазылуу' },
    states: { paid: 'Төлөндү', void: 'Жокко чыгарылды', overdue: 'Мөөнөтү өттү', unpaid: 'Төлөнүшү керек' },
  },
  hi: {
    invoice: 'चालान',
    creditNote: 'क्रेडिट नोट',
    debitNote: 'डेबिट नोट',
    number: 'संख्या',
    issuedOn: 'जारी करने की तारीख',
    dueOn: 'देय तारीख',
    paidOn: 'भुगतान की तारीख',
    seller: 'विक्रेता',
    supplier: 'सेवा प्रदाता',
    onBehalf: 'सेवा प्रदाता की ओर से जारीकर्ता',
    buyer: 'खरीदार',
    taxId: 'कर पहचान संख्या',
    nameless: 'नाम नहीं दिया गया',
    item: 'विवरण',
    quantity: 'मात्रा',
    price: 'मूल्य',
    discount: 'छूट',
    amount: 'राशि',
    subtotal: 'उप-योग',
    included: 'मूल्य में शामिल',
    total: 'कुल',
    credited: 'क्रेडिट नोट से वापस',
    left: 'क्रेडिट नोट घटाने के बाद कुल',
    reason: 'कारण',
    reasons: {
      refund: 'धन-वापसी',
      fee_waived: 'शुल्क माफ़ किया गया',
      chargeback: 'बैंक ने वापस लिया',
      refund_reversed: 'धन-वापसी नहीं हुई',
    },
    kinds: { package: 'पैकेज', service: 'सेवा', fee: 'शुल्क', commission: 'कमीशन', plan: 'सदस्यता' },
    states: { paid: 'भुगतान हो चुका', void: 'रद्द', overdue: 'अतिदेय', unpaid: 'भुगतान बाकी' },
  },
}

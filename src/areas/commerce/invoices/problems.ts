import type { Area } from '../../../core/area.ts'

export const invoicesProblems = {
  invoice_credited: {
    status: 409,
    title: { en: 'The invoice cannot be void', ar: 'لا يمكن إلغاء هذه الفاتورة' },
    detail: {
      en: 'It has credit notes, or is one. Credit what is left of it instead.',
      ar: 'لها إشعارات دائنة أو هي إشعار دائن. أصدر إشعارًا دائنًا بالمتبقي منها بدلًا من ذلك.',
    },
    cause: 'The invoice has credit notes, or it is a credit note.',
    remedy: 'Use `invoices.credit` for what is left of the invoice.',
  },
  invoice_void: {
    status: 409,
    title: { en: 'The invoice is void', ar: 'الفاتورة ملغاة' },
    detail: {
      en: 'Nothing is owed of it, so nothing of it can be credited.',
      ar: 'لا يُستحق منها شيء، فلا يمكن إصدار إشعار دائن بها.',
    },
    cause: 'The invoice has the status `void`.',
    remedy: 'Credit the invoice that replaced it, if there is one.',
  },
  amount_above_invoice: {
    status: 422,
    fields: ['amountMinor'],
    title: { en: 'That is more than is left of the invoice', ar: 'المبلغ أكبر من المتبقي في الفاتورة' },
    detail: {
      en: 'At most {maximum} in minor units of its currency can be credited.',
      ar: 'أقصى ما يمكن قيده هو {maximum} بالوحدات الصغرى لعملتها.',
    },
    cause:
      'The amount is above the total of the invoice, less its credit notes; `detail` names the most that is possible.',
    remedy: 'Read the invoice, and send at most `totalAmount` less `creditedAmount`.',
  },
  tax_number_missing: {
    status: 409,
    title: { en: 'The tax number is missing', ar: 'الرقم الضريبي غير مسجل' },
    detail: {
      en: 'Somebody is registered once they have stated their tax number.',
      ar: 'يُعد المستخدم مسجلًا بعد أن يذكر رقمه الضريبي.',
    },
    cause: 'The status is `registered`, and the user has stated no tax number.',
    remedy: 'Have the user send it by `me.setTaxDetails`.',
  },
} as const satisfies NonNullable<Area['problems']>

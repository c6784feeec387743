import type { Area } from '../../../core/area.ts'

export const priceRuleProblems = {
  discount_value: {
    status: 422,
    fields: ['discountValue'],
    title: { en: 'The discount is too large', ar: 'الخصم أكبر من المسموح' },
    detail: {
      en: 'A discount in percent is at most 100 %, which is 10000 basis points.',
      ar: 'الخصم بالنسبة المئوية لا يزيد على 100٪، أي 10000 نقطة أساس.',
    },
    cause: 'A `percent` discount has more than 10000 basis points.',
    remedy: 'Send basis points: 1500 is 15 %.',
  },
  discount_currency: {
    status: 422,
    fields: ['currency'],
    title: { en: 'A currency is missing', ar: 'العملة غير محددة' },
    detail: {
      en: 'A discount that names an amount needs its currency.',
      ar: 'الخصم الذي يحدد مبلغًا يحتاج إلى عملة.',
    },
    cause: 'The rule is `flat`, or has `maxDiscountMinor` or `minOrderMinor`, and no `currency`.',
    remedy: 'Send `currency`.',
  },
  discount_funder: {
    status: 422,
    fields: ['fundedBy', 'partner'],
    title: { en: 'The funding does not fit', ar: 'جهة التمويل غير مناسبة' },
    detail: {
      en: 'Name the partner where a partner pays for the discount, and only there. Taskers pay for no discount on packages.',
      ar: 'اذكر الشريك إذا كان هو من يتحمل الخصم، وليس في غير ذلك. لا يتحمل مقدمو الخدمات خصومات الباقات.',
    },
    cause: '`partner` is missing or not wanted, or `fundedBy` is `tasker` for a package.',
    remedy: 'Send `partner` with `fundedBy: partner` only; use another funder for packages.',
  },
  rule_period: {
    status: 422,
    fields: ['startsAt', 'endsAt'],
    title: { en: 'The end is before the beginning', ar: 'النهاية قبل البداية' },
    detail: { en: 'A rule ends after it begins.', ar: 'تنتهي القاعدة بعد بدايتها.' },
    cause: '`endsAt` is not after `startsAt`.',
    remedy: 'Send a later `endsAt`; to end a rule now, retire it.',
  },
  unknown_scope: {
    status: 422,
    fields: ['scopeId'],
    title: { en: 'There is no such scope', ar: 'النطاق غير موجود' },
    detail: {
      en: 'The category, service or package does not exist, or is missing.',
      ar: 'الفئة أو الخدمة أو الباقة غير موجودة أو غير محددة.',
    },
    cause: '`scopeId` names nothing of the kind in `scope`, is missing, or was sent with `global`.',
    remedy: 'Send the id of an existing category, service or package; none with `global`.',
  },
  budget_spent: {
    status: 409,
    fields: ['budgetMinor'],
    title: { en: 'More is spent already', ar: 'المبلغ المنفق أكبر' },
    detail: {
      en: 'A budget cannot be below what was spent of it.',
      ar: 'لا يمكن أن تقل الميزانية عما أُنفق منها.',
    },
    cause: 'The new budget is below `spentMinor`, which counts reserved discounts as well.',
    remedy: 'Send `spentMinor` or more; to end the discount now, retire the rule.',
  },
  tax_inclusive: {
    status: 422,
    fields: ['inclusive'],
    title: { en: 'This tax is always added', ar: 'تضاف هذه الضريبة دائمًا' },
    detail: {
      en: 'Tax collected at source is added to a price and never contained in it.',
      ar: 'الضريبة المحصّلة من المصدر تضاف إلى السعر ولا تكون ضمنه.',
    },
    cause: 'The rule is `tcs` and inclusive.',
    remedy: 'Leave `inclusive` out.',
  },
  tax_not_inclusive: {
    status: 422,
    fields: ['inclusive', 'appliesTo'],
    title: { en: 'This tax must be contained in the price', ar: 'يجب أن تكون هذه الضريبة ضمن السعر' },
    detail: {
      en: 'Fares, fees and commission are agreed on as they are: a tax on them is contained in them.',
      ar: 'يُتفق على الأجرة والرسوم والعمولة كما هي: الضريبة عليها تكون ضمنها.',
    },
    cause:
      '`appliesTo` names `service`, `fee` or `commission`, and the rule is not inclusive; or it names `commission`, and the rule is for `tcs`.',
    remedy: 'Send `inclusive` true, or make another rule for `package` and `plan`.',
  },
  price_rule_retired: {
    status: 409,
    title: { en: 'The rule is retired', ar: 'أُوقفت القاعدة' },
    detail: {
      en: 'A retired rule cannot be changed. Create a new one.',
      ar: 'لا يمكن تعديل قاعدة أُوقفت. أنشئ قاعدة جديدة.',
    },
    cause: 'The rule was retired; it stays as it was, for the documents that name it.',
    remedy: 'Create a new rule.',
  },
  discount_used_up: {
    status: 409,
    title: { en: 'The discount is used up', ar: 'استُنفد الخصم' },
    detail: {
      en: '“{name}” has been used up since the price was computed. Ask for the price again.',
      ar: 'استُنفد «{name}» بعد حساب السعر. اطلب السعر مرة أخرى.',
    },
    cause: 'The last use, or the rest of the budget, of a discount in the price went to another order.',
    remedy: 'Replace the quote (`orders.requote`) and show the new price.',
  },
} as const satisfies Area['problems']

import type { Area } from '../../../core/area.ts'

export const disputesProblems = {
  nothing_to_refund: {
    status: 409,
    title: { en: 'Nothing to refund', ar: 'لا يوجد ما يُسترد' },
    detail: { en: 'No payment was made for this booking.', ar: 'لم يُدفع أي مبلغ لهذا الحجز.' },
    cause: 'The booking has no captured payment.',
    remedy: 'Decide with `disputes.resolve` or `disputes.reject` instead.',
  },
  nothing_to_split: {
    status: 409,
    title: { en: 'There is nothing to split', ar: 'لا يوجد ما يُقسَّم' },
    detail: {
      en: 'No money is left that the dispute could split.',
      ar: 'لا يوجد مبلغ متبقٍ يمكن تقسيمه في هذا النزاع.',
    },
    cause: 'The contract of the booking holds nothing, nothing of its payment is left, and no fare is due.',
    remedy: 'Decide with `disputes.resolve` or `disputes.reject` instead.',
  },
  split_not_whole: {
    status: 422,
    fields: ['clientAmountMinor', 'taskerAmountMinor'],
    title: { en: 'The parts are not the whole', ar: 'مجموع الحصتين لا يساوي المبلغ كله' },
    detail: {
      en: 'Both parts together must be {amount} minor units.',
      ar: 'يجب أن يكون مجموع الحصتين {amount} بالوحدات الصغرى.',
    },
    cause: 'The parts of both sides do not add up to `splittableAmountMinor` of the dispute.',
    remedy: 'Read the dispute again, and send parts that add up to it.',
  },
  amount_above_paid: {
    status: 422,
    fields: ['amount', 'amountInQuestion'],
    title: { en: 'The amount is more than was paid', ar: 'المبلغ أكبر مما دُفع' },
    detail: {
      en: 'The payment for this booking was {maximum} minor units.',
      ar: 'المبلغ المدفوع لهذا الحجز هو {maximum} بالوحدات الصغرى.',
    },
    cause: 'The amount is higher than what was paid for the booking and not refunded.',
    remedy: 'Send at most `maximum` of `detail`, in minor units.',
  },
  dispute_open: {
    status: 409,
    title: { en: 'A dispute is open already', ar: 'هناك نزاع مفتوح بالفعل' },
    detail: {
      en: 'One dispute of a booking is open at a time.',
      ar: 'لا يُفتح للحجز أكثر من نزاع واحد في الوقت نفسه.',
    },
    cause: 'Another dispute about the booking is not decided.',
    remedy: 'Read `disputeId` of the booking, and add to that dispute.',
  },
  dispute_too_late: {
    status: 409,
    title: { en: 'It is too late for a dispute', ar: 'فات أوان فتح النزاع' },
    detail: {
      en: 'A dispute can be opened until {days} days after the work.',
      ar: 'يمكن فتح النزاع خلال {days} يومًا من انتهاء العمل.',
    },
    cause: 'The booking was completed longer ago than `openDays` of `disputes.limits`.',
    remedy: 'Contact support: staff can open a dispute.',
  },
  too_many_disputes: {
    status: 409,
    title: { en: 'Too many disputes', ar: 'عدد النزاعات كبير' },
    detail: {
      en: 'A booking can be disputed {maximum} times.',
      ar: 'يمكن فتح نزاع بشأن الحجز {maximum} مرات.',
    },
    cause: 'As many disputes were opened about the booking as `perBooking` of `disputes.limits` allows.',
    remedy: 'Appeal the decision, or contact support: staff can open a dispute.',
  },
  dispute_decided: {
    status: 409,
    title: { en: 'The dispute has ended', ar: 'انتهى النزاع' },
    detail: { en: 'It is {status}.', ar: 'حالته الآن {status}.' },
    cause: 'The dispute was decided, agreed on or withdrawn.',
    remedy: 'Read the dispute again. A decision of staff can be appealed until `appealUntil`.',
  },
  dispute_offer_exists: {
    status: 409,
    title: { en: 'Another offer is waiting for answers', ar: 'هناك عرض آخر في انتظار الرد' },
    detail: {
      en: 'One offer waits at a time. Answer or withdraw it first.',
      ar: 'لا ينتظر الرد أكثر من عرض واحد. أجب عنه أو اسحبه أولًا.',
    },
    cause: 'An offer of this dispute is `pending`.',
    remedy: 'List the offers of the dispute; accept, decline or withdraw the pending one.',
  },
  dispute_offer_expired: {
    status: 409,
    title: { en: 'The offer has expired', ar: 'انتهت مهلة العرض' },
    detail: { en: 'It could be accepted until {expiredAt}.', ar: 'كان قبوله ممكنًا حتى {expiredAt}.' },
    cause: 'The instant in `expiresAt` of the offer has passed.',
    remedy: 'Propose it again.',
  },
  dispute_offer_outdated: {
    status: 409,
    title: { en: 'The amount has changed', ar: 'تغيّر المبلغ' },
    detail: {
      en: 'There are {amount} minor units to split now. Propose another split.',
      ar: 'المبلغ المتاح للتقسيم الآن هو {amount} بالوحدات الصغرى. اقترح تقسيمًا آخر.',
    },
    cause: 'A chargeback or a refund has taken from what the offer splits.',
    remedy: 'Withdraw or decline the offer, and propose another one.',
  },
  dispute_not_appealable: {
    status: 409,
    title: { en: 'It cannot be appealed', ar: 'لا يمكن الاعتراض على القرار' },
    detail: {
      en: 'Only a decision of staff can be appealed, once, while the booking is not canceled.',
      ar: 'يمكن الاعتراض على قرار فريقنا مرة واحدة فقط، ما دام الحجز غير ملغى.',
    },
    cause:
      'The dispute is not decided, is an appeal itself, ended by agreement or withdrawal, or its booking is canceled.',
    remedy: 'Show no appeal where `appealUntil` is null.',
  },
  appeal_too_late: {
    status: 409,
    title: { en: 'It is too late for an appeal', ar: 'فات أوان الاعتراض' },
    detail: { en: 'It was possible until {appealUntil}.', ar: 'كان ممكنًا حتى {appealUntil}.' },
    cause: 'The instant in `appealUntil` of the dispute has passed.',
    remedy: 'Show it. Retrying does not help.',
  },
  decided_by_you: {
    status: 403,
    title: { en: 'You decided the first time', ar: 'أنت من أصدر القرار الأول' },
    detail: {
      en: 'An appeal is decided by somebody else.',
      ar: 'يبتّ في الاعتراض شخص آخر.',
    },
    cause: 'The caller has decided the dispute that this one is the appeal of.',
    remedy: 'Leave it to another member of staff.',
  },
  messages_not_archived: {
    status: 409,
    title: { en: 'The messages are too new', ar: 'الرسائل حديثة جدًا' },
    detail: {
      en: 'The archive reaches to {archivedSeq}. Try again in a few minutes.',
      ar: 'وصل الأرشيف إلى {archivedSeq}. حاول مرة أخرى بعد دقائق.',
    },
    cause: 'The messages that are cited have not reached the archive, which evidence is copied from.',
    remedy: 'Try again in a few minutes, or cite up to `archivedSeq` of `detail`.',
  },
  nothing_cited: {
    status: 422,
    fields: ['fromSeq', 'toSeq'],
    title: { en: 'There is no message to cite', ar: 'لا توجد رسالة لاقتباسها' },
    detail: {
      en: 'The conversation of the booking has no message there.',
      ar: 'لا توجد رسالة في هذا الموضع من محادثة الحجز.',
    },
    cause: 'Between both places the log of the conversation has no message, or there is no conversation.',
    remedy: 'Take the places from `seq` of messages of the booking’s conversation.',
  },
  too_much_evidence: {
    status: 409,
    title: { en: 'That is enough evidence', ar: 'بلغت الحد الأقصى للأدلة' },
    detail: {
      en: 'Each side can add {maximum} pieces to a dispute.',
      ar: 'يمكن لكل طرف إضافة {maximum} دليلًا إلى النزاع.',
    },
    cause: 'The side has added as many pieces as `evidencePerSide` of `disputes.limits` allows.',
    remedy: 'Show it. Statements can hold 4000 characters.',
  },
} as const satisfies Area['problems']

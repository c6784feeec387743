import type { Area } from '../../../core/area.ts'

export const contractsEvents = {
  'contract.drafted': {
    summary: 'A side drafted the contract of a booking',
    notifies: {
      client: {
        en: { title: 'A contract was drafted', body: 'Read it, revise it or sign it.' },
        ar: { title: 'كُتبت مسودة عقد', body: 'اقرأها ثم عدّلها أو وقّعها.' },
      },
      tasker: {
        en: { title: 'A contract was drafted', body: 'Read it, revise it or sign it.' },
        ar: { title: 'كُتبت مسودة عقد', body: 'اقرأها ثم عدّلها أو وقّعها.' },
      },
    },
  },
  'contract.revised': {
    summary: 'A side revised the draft of a contract; signatures are void',
    notifies: {
      client: {
        en: { title: 'The contract was revised', body: 'Read it again before you sign.' },
        ar: { title: 'عُدّلت مسودة العقد', body: 'اقرأها مرة أخرى قبل التوقيع.' },
      },
      tasker: {
        en: { title: 'The contract was revised', body: 'Read it again before you sign.' },
        ar: { title: 'عُدّلت مسودة العقد', body: 'اقرأها مرة أخرى قبل التوقيع.' },
      },
    },
  },
  'contract.signed': {
    summary: 'A side signed the contract; the other one has not yet',
    notifies: {
      client: {
        en: { title: 'Your tasker signed the contract', body: 'Sign it to begin.' },
        ar: { title: 'وقّع مقدم الخدمة العقد', body: 'وقّعه أنت لتبدأ.' },
      },
      tasker: {
        en: { title: 'Your client signed the contract', body: 'Sign it to begin.' },
        ar: { title: 'وقّع العميل العقد', body: 'وقّعه أنت لتبدأ.' },
      },
    },
  },
  'contract.active': {
    summary: 'Both sides have signed the contract',
    notifies: {
      client: {
        en: { title: 'The contract is signed', body: 'Pay the first milestone into escrow.' },
        ar: { title: 'وُقّع العقد', body: 'ادفع المرحلة الأولى في حساب الضمان.' },
      },
      tasker: {
        en: { title: 'The contract is signed', body: 'Begin once the first milestone is funded.' },
        ar: { title: 'وُقّع العقد', body: 'ابدأ عند تمويل المرحلة الأولى.' },
      },
    },
  },
  'contract.completed': {
    summary: 'The contract has ended, and the tasker was paid for it',
    notifies: {
      client: {
        en: { title: 'The contract is completed', body: 'See what was paid, and tell us how it went.' },
        ar: { title: 'اكتمل العقد', body: 'اطّلع على المدفوعات وأخبرنا كيف كانت تجربتك.' },
      },
      tasker: {
        en: { title: 'The contract is completed', body: 'See what was paid, and tell us how it went.' },
        ar: { title: 'اكتمل العقد', body: 'اطّلع على المدفوعات وأخبرنا كيف كانت تجربتك.' },
      },
    },
  },
  'contract.canceled': {
    summary: 'The contract was canceled; what was held has gone back',
    notifies: {
      client: {
        en: { title: 'The contract was canceled', body: 'What was held goes back to you.' },
        ar: { title: 'أُلغي العقد', body: 'يعود إليك المبلغ المحجوز.' },
      },
      tasker: {
        en: { title: 'The contract was canceled', body: 'Milestones that were released stay yours.' },
        ar: { title: 'أُلغي العقد', body: 'ما صُرف من المراحل يبقى لك.' },
      },
    },
  },
  'contract.disputed': {
    summary: 'The contract is frozen by a dispute',
    notifies: {
      client: {
        en: { title: 'The contract is frozen', body: 'Nothing is paid out until the dispute is decided.' },
        ar: { title: 'جُمّد العقد', body: 'لا يُصرف شيء حتى يُبتّ في النزاع.' },
      },
      tasker: {
        en: { title: 'The contract is frozen', body: 'Nothing is paid out until the dispute is decided.' },
        ar: { title: 'جُمّد العقد', body: 'لا يُصرف شيء حتى يُبتّ في النزاع.' },
      },
    },
  },
  'contract.dormant': {
    summary: 'Nothing happens in the contract; it will be closed',
    notifies: {
      client: {
        en: {
          title: 'Your contract is about to be closed',
          body: 'Nothing has happened in it for long. Keep it open if you still need it.',
        },
        ar: {
          title: 'عقدك على وشك الإغلاق',
          body: 'لم يحدث فيه شيء منذ مدة. أبقه مفتوحًا إذا كنت لا تزال تحتاجه.',
        },
      },
      tasker: {
        en: {
          title: 'Your contract is about to be closed',
          body: 'Nothing has happened in it for long. Keep it open if you still need it.',
        },
        ar: {
          title: 'عقدك على وشك الإغلاق',
          body: 'لم يحدث فيه شيء منذ مدة. أبقه مفتوحًا إذا كنت لا تزال تحتاجه.',
        },
      },
    },
  },
  'contract.amendment_proposed': {
    summary: 'A side proposed and signed an amendment of the contract',
    notifies: {
      counterparty: {
        en: { title: 'An amendment of your contract was proposed', body: 'Sign or reject it.' },
        ar: { title: 'اقتُرح تعديل على عقدك', body: 'وقّعه أو ارفضه.' },
      },
    },
  },
  'contract.amendment_accepted': {
    summary: 'Both sides have signed an amendment; it is in force',
    notifies: {
      proposer: {
        en: { title: 'Your amendment was signed', body: 'The contract has the new terms from now on.' },
        ar: { title: 'وُقّع تعديلك', body: 'تسري الشروط الجديدة على العقد من الآن.' },
      },
    },
  },
  'contract.amendment_rejected': {
    summary: 'An amendment of the contract was rejected',
    notifies: {
      proposer: {
        en: { title: 'Your amendment was rejected', body: 'The contract stays as it was signed.' },
        ar: { title: 'رُفض تعديلك', body: 'يبقى العقد كما وُقّع.' },
      },
    },
  },
  'contract.amendment_withdrawn': {
    summary: 'An amendment of the contract was withdrawn',
    notifies: {
      counterparty: {
        en: { title: 'A proposed amendment was withdrawn', body: 'The contract stays as it was signed.' },
        ar: { title: 'سُحب تعديل مقترح', body: 'يبقى العقد كما وُقّع.' },
      },
    },
  },
  'contract.amendment_expired': {
    summary: 'An amendment ended without an answer',
    notifies: {
      proposer: {
        en: {
          title: 'Your amendment has ended',
          body: 'It was not answered before its time was over or the contract ended.',
        },
        ar: { title: 'انتهى تعديلك المقترح', body: 'لم يُردّ عليه قبل انتهاء مهلته أو انتهاء العقد.' },
      },
    },
  },
  'milestone.pending': {
    summary: 'An overdue milestone has a new deadline',
  },
  'milestone.in_progress': {
    summary: 'A milestone was begun, or has a new deadline',
    notifies: {
      client: {
        en: { title: 'A milestone was begun', body: '{title}' },
        ar: { title: 'بدأت مرحلة', body: 'المرحلة: {title}' },
      },
    },
  },
  'milestone.submitted': {
    summary: 'The tasker handed in a milestone',
    notifies: {
      client: {
        en: {
          title: 'A milestone was handed in',
          body: '{title}: approve it, or ask for changes. Silence approves it.',
        },
        ar: { title: 'سُلّمت مرحلة', body: '{title}: اعتمدها أو اطلب تعديلات. عدم الرد يُعد موافقة.' },
      },
    },
  },
  'milestone.returned': {
    summary: 'The client asked for changes of a milestone',
    notifies: {
      tasker: {
        en: { title: 'Changes were asked for', body: '{title}: see what the client wrote.' },
        ar: { title: 'طُلبت تعديلات', body: '{title}: اقرأ ما كتبه العميل.' },
      },
    },
  },
  'milestone.overdue': {
    summary: 'A milestone was not handed in by its deadline',
    notifies: {
      client: {
        en: { title: 'A milestone is overdue', body: '{title}' },
        ar: { title: 'تأخرت مرحلة', body: 'المرحلة: {title}' },
      },
      tasker: {
        en: { title: 'A milestone is overdue', body: '{title}: hand it in, or agree on another date.' },
        ar: { title: 'تأخرت مرحلة', body: '{title}: سلّمها أو اتفقا على موعد آخر.' },
      },
    },
  },
  'milestone.completed': {
    summary: 'A milestone was released',
    notifies: {
      client: {
        en: { title: 'A milestone was released', body: '{title}' },
        ar: { title: 'صُرفت مرحلة', body: 'المرحلة: {title}' },
      },
      tasker: {
        en: { title: 'A milestone was released', body: '{title}: its amount is yours, less commission.' },
        ar: { title: 'صُرفت مرحلة', body: '{title}: مبلغها لك بعد خصم العمولة.' },
      },
    },
  },
  'milestone.canceled': {
    summary: 'A milestone will not be delivered',
  },
  'milestone.due_soon': {
    summary: 'The deadline of a milestone is near',
    notifies: {
      client: {
        en: { title: 'A milestone is due soon', body: '{title}' },
        ar: { title: 'اقترب موعد مرحلة', body: 'المرحلة: {title}' },
      },
      tasker: {
        en: { title: 'A milestone is due soon', body: '{title}' },
        ar: { title: 'اقترب موعد مرحلة', body: 'المرحلة: {title}' },
      },
    },
  },
  'milestone.release_reminder': {
    summary: 'Silence will release a milestone soon',
    notifies: {
      client: {
        en: {
          title: 'A milestone is about to be released',
          body: '{title}: approve it, or ask for changes while you can.',
        },
        ar: { title: 'ستُصرف مرحلة قريبًا', body: '{title}: اعتمدها أو اطلب تعديلات قبل انتهاء المهلة.' },
      },
    },
  },
  'milestone.release_requested': {
    summary: 'The tasker asked for the release of a milestone',
    notifies: {
      client: {
        en: { title: 'Your tasker asks for the release', body: '{title}' },
        ar: { title: 'يطلب مقدم الخدمة الصرف', body: 'المرحلة: {title}' },
      },
    },
  },
  'escrow.held': {
    summary: 'The first payment of a contract is in escrow',
  },
  'escrow.partial_release': {
    summary: 'The first milestone of a contract was released',
  },
  'escrow.full_release': {
    summary: 'Nothing of a contract is held any more',
  },
  'escrow.disputed': {
    summary: 'Escrow is frozen by a dispute',
  },
  'escrow.funded': {
    summary: 'The client paid for milestones of a contract into escrow',
    notifies: {
      tasker: {
        en: { title: 'Milestones are funded', body: 'The money is in escrow. You can begin.' },
        ar: { title: 'مُوّلت مراحل من العقد', body: 'المبلغ في حساب الضمان. يمكنك أن تبدأ.' },
      },
    },
  },
} as const satisfies Area['events']

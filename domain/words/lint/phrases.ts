import type { Locale } from '../template.ts';

/** What no message may say, with the sentence that a finding gives. */
export const BANNED_KINDS = {
  threat: 'threatens the customer',
  shame: 'shames the customer or speaks of doing so',
  crime: 'brings in criminal law',
  'exit-ban': 'speaks of a ban on travel',
  seizure: 'speaks of seizing or freezing what the customer has',
  employer: "brings in the customer's workplace",
  family: 'brings in family, friends or neighbours',
  label: 'gives the customer a name that is not "customer"',
  pressure: 'presses for haste',
} as const;
export type BannedKind = keyof typeof BANNED_KINDS;

/**
 * The conduct rules ban these acts; a text that only mentions them is read as one. A bank's own name is no exception: `lintTemplate`
 * tries the texts with names that hold none of these words.
 */
export const BANNED: Readonly<Record<Locale, Readonly<Record<BannedKind, RegExp>>>> = {
  'zh-CN': {
    threat: /后果|后悔|最后通牒|最后机会|最后一次|否则将|勿谓|别怪|不客气|采取一切|追究/u,
    shame: /老赖|可耻|羞耻|丢脸|曝光|公布|公开您|张贴|黑名单|失信|高消费|信誉扫地/u,
    crime: /刑|犯罪|诈骗|恶意|坐牢|牢狱|拘留|逮捕|报警|公安|警察|立案/u,
    'exit-ban': /出境|离境|边控|限制出行|乘坐飞机|乘坐高铁/u,
    seizure: /冻结|查封|扣押|扣划|强制|拍卖|没收|搬走/u,
    employer: /单位|雇主|同事|公司|上司|领导|人事部/u,
    family: /家人|家属|家庭|亲属|亲戚|亲友|父母|配偶|妻子|丈夫|子女|朋友|邻居|村委|居委|紧急联系人/u,
    label: /债务人|欠债|欠款人|拖欠|催收|追讨|赖账/u,
    pressure: /立即|立刻|马上|务必|限时|今日内|24小时|尽快/u,
  },
  'zh-TW': {
    threat: /後果|後悔|最後通牒|最後機會|最後一次|否則將|勿謂|別怪|不客氣|採取一切|追究/u,
    shame: /老賴|可恥|羞恥|丟臉|曝光|公布|公開您|張貼|黑名單|失信|高消費|信譽掃地/u,
    crime: /刑|犯罪|詐騙|詐欺|惡意|坐牢|牢獄|拘留|逮捕|報警|警察|檢察|立案/u,
    'exit-ban': /出境|離境|限制出行/u,
    seizure: /凍結|查封|扣押|扣薪|強制|拍賣|沒收|搬走/u,
    employer: /單位|雇主|同事|公司|主管|老闆|人事部/u,
    family: /家人|家屬|家庭|親屬|親戚|親友|父母|配偶|太太|丈夫|子女|朋友|鄰居|村里長|緊急聯絡人/u,
    label: /債務人|欠債|欠款人|拖欠|催收|討債|追討|賴帳/u,
    pressure: /立即|立刻|馬上|務必|限時|今日內|24小時|儘快/u,
  },
  en: {
    threat:
      /consequence|final (warning|chance|demand)|last (chance|warning)|or else|you will regret|we will have no choice|without further notice/i,
    shame: /\bshame|disgrace|embarrass|expose|publish|blacklist|dishono?u?r|irresponsib/i,
    crime: /crimin|fraud|prison|jail|arrest|police|prosecut/i,
    'exit-ban': /(exit|travel) ban|leav(e|ing) the country|passport/i,
    seizure: /freez|seiz|enforce|repossess|bailiff|confiscat|garnish/i,
    employer: /employer|workplace|colleague|your boss|your manager/i,
    family: /family|relatives|parents|spouse|\bwife|husband|children|friends?\b|neighbou?r/i,
    label: /debt|delinquen|default|fail(ed|ure)? to|collect|\bowe/i,
    pressure: /immediately|at once\b(?! can)|\bmust\b|urgent|right away|within 24 hours|as soon as possible/i,
  },
};

/**
 * Words that belong to a consequence which is true of some accounts only: they come in through the slot `consequences`, or in a
 * template that is sent only where they are true.
 */
export const CONSEQUENCE_WORDS: Readonly<Record<Locale, Readonly<Record<'bureau' | 'suspension' | 'agency' | 'suit', RegExp>>>> = {
  'zh-CN': {
    bureau: /征信|信用记录|信用报告/u,
    suspension: /停用|暂停使用|停卡/u,
    agency: /委托|外包|第三方机构/u,
    suit: /法律|诉讼|起诉|法院|律师|仲裁/u,
  },
  'zh-TW': {
    bureau: /聯徵|信用資料|信用紀錄|信用報告/u,
    suspension: /停用|暫停使用|停卡/u,
    agency: /委託|委外|第三方機構/u,
    suit: /法律|訴訟|起訴|法院|律師|仲裁/u,
  },
  en: {
    bureau: /credit (bureau|record|report|score|reference)/i,
    suspension: /suspend|block(ed)? (the|your) card/i,
    agency: /\bagency|agencies|third part/i,
    suit: /\blegal|court|lawyer|proceeding|lawsuit|\bsue\b|attorney/i,
  },
};

/** Characters of the other script that a text of this one must not hold; the most frequent of those that differ. */
export const OTHER_SCRIPT: Readonly<Partial<Record<Locale, RegExp>>> = {
  'zh-CN':
    /[帳戶請還對為這們個說時間過現發書經團隊聯繫電銀務盡難異議證據與繳餘額費業來會應從關於讓給見實際無點線開網頁號碼節變動種類總結單項權義產條約協議決轉處裡]/u,
  'zh-TW':
    /[账户请还对为这们个说时间过现发书经团队联系电银务尽难异议证据与缴余额费业来会应从关于让给见实际无点线开网页号码节变动种类总结单项权义产条约协议决转处里]/u,
};

/** How a text shows that it says a part which no value can show. */
export const SAID: Readonly<
  Record<Locale, Readonly<Record<'help' | 'object' | 'decision' | 'basis' | 'rights' | 'evidence' | 'seal', RegExp>>>
> = {
  'zh-CN': {
    help: /困难|还款安排|疑问/u,
    object: /异议/u,
    decision: /决定.*法律程序/u,
    basis: /合同/u,
    rights: /权利和义务/u,
    evidence: /证据/u,
    seal: /盖章/u,
  },
  'zh-TW': {
    help: /困難|還款方案|疑問/u,
    object: /異議/u,
    decision: /決定.*法律程序/u,
    basis: /契約/u,
    rights: /權利與義務/u,
    evidence: /證據/u,
    seal: /用印/u,
  },
  en: {
    help: /hard (for you )?to pay|arrangement|difficulty paying/i,
    object: /\bobject/i,
    decision: /decided to refer.*legal proceedings/i,
    basis: /account agreement/i,
    rights: /rights and duties/i,
    evidence: /evidence/i,
    seal: /\(seal\)/i,
  },
};
